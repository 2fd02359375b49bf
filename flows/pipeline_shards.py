"""Which part of the feeds a run takes: the same for a host in every process and on every machine."""

import hashlib
from urllib.parse import urlsplit


def part_of(url: str, count: int) -> int:
    """The part, 0 to `count` - 1, of an address: a stable hash of its host, so that one run alone is polite to it.

    Raises ValueError where `count` is below one.
    """
    if count < 1:
        raise ValueError(f"at least one part, not {count}")
    host = (urlsplit(url).netloc or url).lower()
    return int.from_bytes(hashlib.sha256(host.encode()).digest()[:8], "big") % count

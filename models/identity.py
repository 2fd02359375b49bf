"""Stable keys from raw inputs: canonical addresses, content hashes, folded names.

A key is made of the fewest raw inputs that identify a thing, so that better cleaning elsewhere never changes it.
"""

import hashlib
import re
import unicodedata
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# Parameters that say where a reader came from, never which page it is.
_TRACKING = re.compile(
    r"^(utm_\w+|at_\w+|xtor|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ocid|ncid|cmpid|origin|wt_?mc\w*|_ga|"
    r"pk_\w+|mtm_\w+|rss|from)$",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str | None:
    """One address for one page: scheme and host in lower case, no tracking, no fragment, no default port.

    None where it is not an http(s) address with a host.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    host = parts.hostname.lower().rstrip(".")
    netloc = f"[{host}]" if ":" in host else host
    if port and port != _DEFAULT_PORTS[scheme]:
        netloc += f":{port}"
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([(k, v) for k, v in pairs if not _TRACKING.match(k)])
    return urlunsplit((scheme, netloc, parts.path or "/", query, ""))


def digest(*parts: str) -> str:
    """A short stable hash (16 hexadecimal digits of SHA-256) of raw parts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def content_hash(text: str) -> str:
    """The hash of a text's words: equal where only white space, case or punctuation differ."""
    return digest(" ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())))


def fold(name: str) -> str:
    """A name without accents, case or punctuation: `Société Générale` and `societe generale` are one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.findall(r"[a-z0-9]+", plain))

"""What a site lets a reader of pages do: robots.txt and its reservations of text and data mining. Pure.

docs/rights.md says where each rule comes from.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego

AGENT = "Vigie"
MAX_BYTES = 512_000  # RFC 9309, 2.5, asks to read 500 KiB at least
LONGEST_DELAY = 30.0  # seconds between two pages; a longer Crawl-delay would never let a day's articles be read
_META = re.compile(rb"<meta\s[^>]{0,400}>", re.IGNORECASE)
_META_NAME = re.compile(rb"""\bname\s*=\s*["']?tdm-reservation\b""", re.IGNORECASE)
_META_VALUE = re.compile(rb"""\bcontent\s*=\s*["']?\s*1\b""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one robots.txt for us."""

    rules: Any
    delay: float = 0.0

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """The rules of a robots.txt, whatever its bytes are."""
        rules = Protego.parse(body[:MAX_BYTES].decode("utf-8", "replace").replace("\x00", ""))
        asked = rules.crawl_delay(AGENT)
        return cls(rules, min(max(asked or 0.0, 0.0), LONGEST_DELAY))

    def allows(self, url: str) -> bool:
        """Whether a page may be fetched."""
        return bool(self.rules.can_fetch(url, AGENT))


ALL_ALLOWED = Robots.parse(b"")
"""Where there is no robots.txt (4xx)."""
NONE_ALLOWED = Robots.parse(b"User-agent: *\nDisallow: /\n")
"""Where the server fails on it: RFC 9309, 2.3.1.4, takes that for a complete disallow."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """One rule of a /.well-known/tdmrep.json: where text and data mining is reserved, or is not."""

    parts: tuple[str, ...]  # what stands between the stars of its location, in order
    to_the_end: bool  # the location ends with "$"
    length: int
    reserved: bool

    def fits(self, path: str) -> bool:
        """Whether the location matches a path; linear, where a regular expression of a site's stars is not."""
        first, *others = self.parts
        if not path.startswith(first):
            return False
        at = len(first)
        last = others.pop() if others and self.to_the_end else None
        for part in others:
            found = path.find(part, at)  # the leftmost leaves most for the parts after it
            if found < 0:
                return False
            at = found + len(part)
        if last is not None:
            return path.endswith(last) and len(path) - len(last) >= at
        return not self.to_the_end or at == len(path)


def parse_tdmrep(body: bytes) -> tuple[Reservation, ...]:
    """The rules of a tdmrep.json; none where it is not one (a site's error page in its place, most often)."""
    try:
        written = json.loads(body[:MAX_BYTES])
    except (ValueError, RecursionError):  # not JSON, or not UTF-8
        return ()
    rules = written if isinstance(written, list) else [written]
    return tuple(
        _reservation(rule) for rule in rules[:1000] if isinstance(rule, dict) and "tdm-reservation" in rule
    )


def _reservation(rule: Mapping[str, Any]) -> Reservation:
    location = str(rule.get("location") or "/")[:1000]
    path = location if location.startswith("/") else urlsplit(location).path or "/"
    return Reservation(
        parts=tuple(path.removesuffix("$").split("*")),
        to_the_end=path.endswith("$"),
        length=len(path),
        reserved=str(rule["tdm-reservation"]).strip() in {"1", "True", "true"},
    )


def reserved_at(rules: tuple[Reservation, ...], url: str) -> bool:
    """Whether the most specific rule for an address reserves it."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fitting = [rule for rule in rules if rule.fits(path)]
    return bool(fitting) and max(fitting, key=lambda rule: rule.length).reserved


def reserved_by_page(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a response reserves text and data mining, in its header or its HTML head (TDMRep, 6.2 and 6.3)."""
    if "tdm-reservation" in headers:
        return headers["tdm-reservation"].split(",")[0].strip() == "1"
    head = body[:200_000]
    return any(_META_NAME.search(meta) and _META_VALUE.search(meta) for meta in _META.findall(head))

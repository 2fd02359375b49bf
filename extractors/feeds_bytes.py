"""A feed's bytes before and beside the parser: what is refused, what is repaired, what is told.

Repairs make the strict parser read what it otherwise would not; each leaves its words for the user.
"""

import re
from dataclasses import dataclass
from typing import Any

from extractors.markup import has_oversized_tag
from models.records import ParsedFeed
from models.vocabulary import Health

MAX_ITEMS = 5_000  # the largest real archives hold some 3,000; 100,000 take a parser minutes
_ILLEGAL = bytes([*range(9), 11, 12, *range(14, 32)])  # control bytes that XML forbids
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
_HIGH = re.compile(rb"[\x80-\xff]")
_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_CLOSING = re.compile(
    rb"</(?:rss|feed|(?:\w+:)?RDF|channel|\w+:feed|\w+:rss)\s*>\s*(?:<!--[^>]*-->\s*)*$", re.IGNORECASE
)
_CLOSED_ITEM = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
# An entity that names a file, or is long, or is made of others, serves no feed: its declarations are cut out.
_RISKY_ENTITY = re.compile(
    rb"<!ENTITY\s+(?:%\s+)?\S+\s+(?:SYSTEM|PUBLIC|[\"'][^\"'&]{0,400}+(?:&\w|[^\"']))", re.IGNORECASE
)
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_HTML = re.compile(
    rb"^\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|div|title|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_ROBOT_CHECK = re.compile(
    rb"just a moment|captcha|are you (?:a )?human|cf-chl|datadome|access denied|v\xc3\xa9rifi\w+ que vous",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    rb"consentement|cookies? wall|didomi|onetrust|accepter (?:et continuer|les cookies)|nous et nos partenaires",
    re.IGNORECASE,
)
_SKIP_HOURS = re.compile(rb"<skipHours>(.{0,2000}?)</skipHours>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Repaired:
    """A feed's bytes as the parser gets them, and what was found on the way."""

    body: bytes
    content_type: str
    note: str = ""
    truncated: bool = False
    closed_items: int = 0


def refusal(body: bytes, content_type: str) -> ParsedFeed | None:
    """The result for bytes that no parser is to see; None where they may be parsed."""
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        return ParsedFeed(health=Health.EMPTY, problem="réponse vide")
    if _HTML.match(start):
        return not_a_feed(body)
    if start[:1] in {b"{", b"["}:
        return ParsedFeed(health=Health.NOT_A_FEED, problem="du JSON, et non un flux RSS ou Atom")
    if re.search(rb"<opml[\s>]", start, re.IGNORECASE):
        return ParsedFeed(
            health=Health.NOT_A_FEED, problem="une liste OPML : à importer par « vigie feeds import »"
        )
    if has_oversized_tag(body):
        return ParsedFeed(health=Health.BROKEN, problem="une balise de plus de 64 Kio : flux refusé avant lecture")
    if (items := len(_ITEM.findall(body))) > MAX_ITEMS:
        return ParsedFeed(
            health=Health.BROKEN, problem=f"{items} entrées, plus que les {MAX_ITEMS} admises : refusé"
        )
    return None


def not_a_feed(body: bytes) -> ParsedFeed:
    """The result for a page, or anything else, in a feed's place."""
    head = body[:100_000]
    if _ROBOT_CHECK.search(head):
        words = "une page de contrôle anti-robot à la place du flux"
    elif _CONSENT.search(head):
        words = "une page de consentement à la place du flux"
    elif _HTML.match(head.lstrip(b"\xef\xbb\xbf \t\r\n")):
        words = "une page HTML à la place du flux"
    else:
        words = "ni RSS ni Atom"
    return ParsedFeed(health=Health.NOT_A_FEED, problem=words)


def repair(body: bytes, content_type: str) -> Repaired:
    """The bytes without what XML forbids, under the encoding that they really have."""
    wide = body[:2] in {b"\xff\xfe", b"\xfe\xff"} or body[:200].count(0) > min(len(body), 200) // 4
    if wide:  # UTF-16 or 32: control bytes are half of every character
        return Repaired(body, content_type, truncated=False, closed_items=MAX_ITEMS)
    notes = []
    legal = _REFERENCE.sub(_legal, body.translate(None, _ILLEGAL) if _CONTROL.search(body) else body)
    if legal != body:
        body = legal
        notes.append("caractères de contrôle interdits en XML, retirés")
    declared = _declared(body, content_type)
    if _HIGH.search(body):
        content_type, wrong = _true_type(body, declared, content_type)
        if wrong:
            notes.append(wrong)
    if _RISKY_ENTITY.search(body):
        body = _DOCTYPE.sub(b"", body, count=1)
        notes.append("entités externes ou emboîtées, ignorées")
    truncated = not _CLOSING.search(body[-2000:].rstrip())
    return Repaired(body, content_type, " ; ".join(notes), truncated, len(_CLOSED_ITEM.findall(body)))


def _legal(reference: re.Match[bytes]) -> bytes:
    """A character reference as it is, or nothing where XML forbids the character (a surrogate ends feedparser)."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    fine = code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return reference[0] if fine else b""


def _declared(body: bytes, content_type: str) -> str:
    """The encoding that is announced: by HTTP, else by the XML declaration, else XML's own default."""
    if spoken := _CHARSET.search(content_type):
        return spoken[1].lower()
    written = _DECLARED.match(body.lstrip(b"\xef\xbb\xbf \t\r\n"))
    return written[1].decode("ascii").lower() if written else "utf-8"


def _true_type(body: bytes, declared: str, content_type: str) -> tuple[str, str]:
    """The content type to parse under, and words where the announced encoding is not the real one.

    Text beyond ASCII that is valid UTF-8 is UTF-8, whatever is announced: chance does not make it so.
    """
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        if declared not in {"utf-8", "utf8", "us-ascii", "ascii"}:
            return content_type, ""
        return (
            "application/xml; charset=windows-1252",
            f"encodage annoncé faux : {declared}, lu comme windows-1252",
        )
    if declared in {"utf-8", "utf8"}:
        return "application/xml; charset=utf-8", ""
    return "application/xml; charset=utf-8", f"encodage annoncé faux : {declared}, lu comme utf-8"


def breakage(found: Any, repaired: Repaired, entries: int) -> str:
    """What broke the XML, in words, and how many entries were rescued; empty where it is well formed."""
    error = found.get("bozo_exception") if found.get("bozo") else None
    if error is None or not hasattr(error, "getLineNumber"):
        return ""  # feedparser's other complaints are of encodings and content types, told above
    what = "XML tronqué" if repaired.truncated else f"XML mal formé (ligne {error.getLineNumber()})"
    rescued = f"{entries} entrée{'s' if entries > 1 else ''} sauvée{'s' if entries > 1 else ''}"
    return f"{what}, {rescued if entries else 'aucune entrée sauvée'}"


def skip_hours(body: bytes) -> frozenset[int]:
    """The hours (UTC) of RSS's skipHours, which feedparser does not read; none where all 24 are named."""
    found = _SKIP_HOURS.search(body)
    hours = (
        frozenset(int(hour) % 24 for hour in _HOUR.findall(found[1]) if int(hour) <= 24) if found else frozenset()
    )
    return hours if len(hours) < 24 else frozenset()

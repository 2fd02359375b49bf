"""Hostile text made harmless for every receiver, once, before it is put into any message. Pure.

What is left is one line without controls, without direction overrides, and without anything that a chat or mail
program would turn into a mention, a link or markup by itself. Escaping for HTML is left to the template.
"""

import re
import unicodedata
from urllib.parse import quote

from models.identity import canonical_url

JOINER = "\u2060"  # invisible, unbreakable: parts what a receiver would read as one
TITLE = 300
QUOTE = 500
URL = 2000
_SAFE = "/:?#@&=+$,;%-._[]"  # no quote, bracket, star or bar: what may end or style a link somewhere

_SPACES = re.compile(r"\s+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?=//)|\b(javascript|data|mailto|vbscript|tel):", re.IGNORECASE)
_WWW = re.compile(r"\bwww\.", re.IGNORECASE)
_MENTION = re.compile(r"([@#!])(?=\w)")
_LOOKALIKES = str.maketrans({"<": "‹", ">": "›", "`": "ˋ", "|": "¦", "[": "⁅", "]": "⁆", "\\": "＼"})
_EMPHASIS = re.compile(r"(?<!\d)[*_~]|[*_~](?!\d)")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_EMOJI = re.compile(r":(?=[\w+-]+:)")


def clean(text: str | None, limit: int = TITLE) -> str:
    """A text as one harmless line of at most `limit` characters; an empty one for None."""
    if not text:
        return ""
    # Only a piece is looked at: a title of 1 MB must not cost more than a sane one.
    piece = unicodedata.normalize("NFC", text[: limit * 8])
    piece = "".join(" " if c in "\r\n\t\u2028\u2029\x85" else c for c in piece if _kept(c))
    piece = _SPACES.sub(lambda m: m[0][0], piece.strip())
    piece = _defused(_APOSTROPHE.sub("’", piece))
    return piece if len(piece) <= limit else piece[: limit - 1].rstrip() + "…"


def _kept(char: str) -> bool:
    """Whether a character has a look of its own: no controls, formats (among them direction overrides), halves."""
    return char in "\r\n\t\x85" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _defused(text: str) -> str:
    """Mentions, addresses and markup parted or replaced so that they stay readable and dead."""
    text = text.translate(_LOOKALIKES)
    text = _SCHEME.sub(lambda m: f"{m[1] or m[2]}{JOINER}:{JOINER}", text)
    text = _WWW.sub(lambda m: f"{m[0][:-1]}{JOINER}.", text)
    text = _MENTION.sub(lambda m: m[1] + JOINER, text)
    text = _EMPHASIS.sub(lambda m: {"*": "∗", "_": "＿", "~": "∼"}[m[0]], text)
    text = text.replace("=?", f"={JOINER}?")  # a header's encoded word
    return _EMOJI.sub(":" + JOINER, text)


def link(url: str | None) -> str:
    """An address that may be shown live: canonical, http or https, in ASCII without markup; else empty."""
    if not url or len(url) > URL:
        return ""
    canonical = canonical_url(url)
    if not canonical:
        return ""
    safe = quote(canonical, safe=_SAFE, errors="replace").replace("~", "%7E")
    host = safe.split("/", 3)[2]
    return safe if re.fullmatch(r"[A-Za-z0-9.\-\[\]:]+", host) else ""

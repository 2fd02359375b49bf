"""Text at the border: what comes in from feeds and pages becomes plain, composed and printable here, once."""

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree, html

from extractors.markup import has_oversized_tag, parser_failures
from models.errors import ParseError
from models.identity import stream_safe

# Characters that reorder, hide or join what a reader sees; a zero-width joiner stays, emoji need it.
_HIDDEN = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0x061C, 0x2060, 0xFEFF, 0x00AD]
)
_SPACES = dict.fromkeys([0x00A0, 0x2007, 0x2009, 0x200A, 0x202F, 0x3000], " ")  # those around French punctuation
_BREAKS = dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], "\n")
_TABLE = {**_HIDDEN, **_SPACES, **_BREAKS}
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MARKUP = re.compile(r"<[A-Za-z/!?]|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
_BLOCKS = frozenset((
    "p", "br", "li", "div", "td", "th", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dd", "dt",
    "figure", "figcaption", "section", "article",
))  # fmt: skip
_DROPPED = frozenset(("script", "style", "noscript", "template", "iframe", "object", "svg", "head"))


def clean(text: str) -> str:
    """NFC, without control, bidirectional or invisible characters; lines trimmed, one between paragraphs."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_TABLE)
    text = unicodedata.normalize("NFC", stream_safe(text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str, longest: int) -> str:
    """A clean text on one line, cut at a word's end with an ellipsis where it is longer than `longest`."""
    line = " ".join(clean(text).split())
    if len(line) <= longest:
        return line
    head = line[: longest - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[longest // 2 :] else head).rstrip() + "…"


def plain(markup: str) -> str:
    """The clean text of a piece of HTML, paragraphs on lines of their own; text without markup as it is.

    A piece with an oversized tag gives an empty text: no parser may see it.
    """
    if not _MARKUP.search(markup):
        return clean(markup)
    raw = markup.replace("\x00", "").encode("utf-8", "replace")
    if has_oversized_tag(raw, html=True):
        return ""
    try:
        with parser_failures():
            text = "".join(_pieces(html.document_fromstring(raw, parser=html.HTMLParser(encoding="utf-8"))))
    except ParseError:  # nothing but comments, or what lxml fails on
        return ""
    return clean(text)


def _pieces(root: etree._Element) -> Iterator[str]:
    """The text of a tree in order, a line break around each block; scripts and the like left out.

    The tree is only read: character references may have put text there that lxml would not let be set.
    """
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if element.tag in _DROPPED:
                walk.skip_subtree()
                continue
            yield "\n" if element.tag in _BLOCKS else ""
            yield element.text or ""
        else:
            yield "\n" if element.tag in _BLOCKS else ""
            yield element.tail or "" if element is not root else ""

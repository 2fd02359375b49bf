"""The size of tags, measured before any parser sees them.

HTML and feed parsers take quadratic time for a tag's attributes: 340 KB of them in one tag cost 14 s, 1.8 MB
326 s. Real tags stay far below the limit, inlined images included.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from models.errors import ParseError

MAX_TAG = 64 * 1024  # bytes; at this size the quadratic cost is still under half a second

# Attributes as parsers cut them (HTML 5, 13.2.5): a quote opens only after "=". Possessive, so that no input
# makes the search itself slow.
_ATTRIBUTES = (
    rb"""(?:[\s/]*+=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+|["'].*+)?+)?+)*+[\s/]*+"""
)
_SKIPPED = rb"<!--(?:>|->|.*?--!?>|.*+)|<!\[CDATA\[(?:.*?\]\]>|.*+)"
_RAW = rb"<(?:script|style)(?=[\s/>])" + _ATTRIBUTES + rb">(?:.*?(?=</(?:script|style))|.*+)"
_ANY = rb"<[A-Za-z/!?][^\s/>]*+" + _ATTRIBUTES
_XML = re.compile(rb"(?P<skip>%s)|%s" % (_SKIPPED, _ANY), re.DOTALL)
_HTML = re.compile(rb"(?P<skip>%s|%s)|%s" % (_SKIPPED, _RAW, _ANY), re.DOTALL | re.IGNORECASE)
_OPENING = re.compile(rb"<(?:script|style)(?=[\s/>])" + _ATTRIBUTES, re.DOTALL | re.IGNORECASE)


@contextmanager
def parser_failures() -> Iterator[None]:
    """Around a call of a parsing library: what it raises on one site's bytes is that site's failure, a ParseError.

    Whatever is raised elsewhere is a bug of ours, and no site's failure.
    """
    try:
        yield
    except (MemoryError, RecursionError):  # told in words of their own
        raise
    except Exception as error:  # hostile bytes find every bug of a library, of any kind
        raise ParseError(f"lecture impossible ({type(error).__name__})") from error


def has_oversized_tag(data: bytes, *, html: bool = False, limit: int = MAX_TAG) -> bool:
    """Whether some tag is longer than `limit` bytes. Comments and CDATA are no tags, nor is a page's script."""
    if len(data) <= limit:
        return False
    for found in (_HTML if html else _XML).finditer(data):
        if found.end() - found.start() > limit and not (found["skip"] and _harmless(found[0], limit)):
            return True
    return False


def _harmless(skipped: bytes, limit: int) -> bool:
    """A long comment or script is harmless; a script whose opening tag is what is long is not."""
    opening = _OPENING.match(skipped)
    return opening is None or opening.end() <= limit

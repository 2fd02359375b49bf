"""Text at the border, and the size of tags."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import furniture
from extractors.markup import MAX_TAG, has_oversized_tag
from extractors.plaintext import clean, one_line, plain
from models.identity import content_hash, fold, person_name, stream_safe


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a<b>b</b>c</p><!-- x --> d<script>z</script> e<br>f", "abc\nd e\nf"),
        ("a < b & c", "a < b & c"),
        ("R&amp;D", "R&D"),
        ("x&#7;y", "xy"),
        ("<!-- rien -->", ""),
        ("<style>p{}</style>t<noscript>n</noscript>u", "tu"),
        ("<!channel> bonjour", "bonjour"),
        ("", ""),
    ],
)
def test_plain(markup: str, text: str) -> None:
    assert plain(markup) == text


@given(st.text())
def test_clean_text_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(c in once for c in "\x00\r\x07\u202e\u200b\ud800")


@given(st.text(), st.integers(1, 50))
def test_one_line_is_one_line_of_bounded_length(text: str, longest: int) -> None:
    line = one_line(text, longest)
    assert len(line) <= longest
    assert "\n" not in line


FLOOD = b" x" * MAX_TAG


@pytest.mark.parametrize(
    ("data", "html", "oversized"),
    [
        (b"<a" + FLOOD + b">", False, True),
        (b"<a" + FLOOD, True, True),
        (b"<a b=\"" + b"<>" * MAX_TAG + b"\">", True, True),
        (b"<a b' c='>' d='" + FLOOD + b"'>", True, True),  # a quote opens only after "="
        (b"<script" + FLOOD + b"></script>", True, True),
        (b"<a>" + b"l'heure d'ete " * MAX_TAG, True, False),
        (b"<![CDATA[" + b"<p>l'ete " * MAX_TAG + b"]]>", False, False),
        (b"<!--" + FLOOD + b"-->", True, False),
        (b"<!--><a" + FLOOD + b"-->", True, True),  # HTML ends an empty comment at once
        (b"<script>if(a<b && c='" + b"x " * MAX_TAG + b"')</script>", True, False),
        (b"<a b='" + b"x" * 60_000 + b"'>", True, False),
    ],
)  # fmt: skip
def test_oversized_tags_are_seen(data: bytes, html: bool, oversized: bool) -> None:
    assert has_oversized_tag(data, html=html) is oversized


@pytest.mark.parametrize(
    "piece", [b"<", b"<!--", b"<a '", b"<a b=", b'<a b="', b"<![CDATA[", b"<script>", b"<a =", b"<a b ="]
)
def test_no_input_makes_the_measure_slow(piece: bytes) -> None:
    begun = time.process_time()
    for html in (False, True):
        has_oversized_tag(piece * (2_000_000 // len(piece)), html=html)
    assert time.process_time() - begun < 9


PIECES = [
    "<", "<a", "<a ", "</", "<!--", "<p>", "<b><i>", "&", "&#x", "&a", " ", "\t", "-", "a ", "d'", "1 ", "«", "(",
    "\u0301\u0316", "\u0301", "inscrivez-vous ", "newsletter ", "suivez ", "partager ", "par ", "abonnez ",
    "cookies ", "partenaires ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_makes_cleaning_and_hashing_slow(piece: str) -> None:
    long = (piece * 400_000)[:400_000]
    begun = time.process_time()
    for read in (plain, clean, content_hash, fold, furniture.cut, furniture.teaser):
        read(long)
    person_name(long[:2000])
    assert time.process_time() - begun < 8


def test_marks_that_a_writing_needs_stay() -> None:
    assert clean("e\u0301te\u0301 " + "=" * 50) == "été " + "=" * 50
    assert stream_safe("e" + "\u0301" * 30) == "e" + "\u0301" * 30
    assert stream_safe("e" + "\u0301" * 31 + "-" * 40) == "e" + "\u0301" * 30 + "-" * 40

"""HTML to article: the readable text, its title and date, and what keeps it from being a whole article.

trafilatura finds the text, and never the network: pages come from extractors.fetching only. The feed's title and
date win over the page's, which carry the site's name and, at times, the date of another story.
"""

import re
from datetime import UTC, datetime
from typing import Any

import trafilatura
from lxml import etree, html

from extractors import furniture
from extractors.feeds_dates import parse_date, plausible
from extractors.markup import has_oversized_tag, parser_failures
from extractors.plaintext import clean, one_line, plain
from models.identity import canonical_url, content_hash
from models.records import Article, Entry
from models.vocabulary import ArticleFlag

LONGEST_TEXT = 100_000  # characters; the longest press articles measured stay below 60,000
_LONGEST_TITLE = 300
_SHORT = 1_500  # characters: an article marked as paid for and shorter than this is its beginning
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_SPOKEN = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|main|div|p)[\s>]", re.IGNORECASE)
_PAID = re.compile(rb'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)
_DATED = ("article:published_time", "og:article:published_time", "datePublished", "date", "DC.date.issued")
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')


def read_article(
    body: bytes, *, url: str, content_type: str = "", entry: Entry | None = None, now: datetime
) -> Article:
    """The article of a page's bytes. What is wrong stands in `flags` and `error` (French).

    Raises ParseError where lxml or trafilatura fails on them, MemoryError, RecursionError (told by parsing).
    `entry` is what the feed said of it; its title and date win. No date is after `now`.
    """
    if has_oversized_tag(body, html=True):
        return _failed(url, entry, now, "une balise de plus de 64 Kio : page refusée avant lecture")
    tree = _tree(_decoded(body, content_type)) if _HTML.search(body) else None
    if tree is None:
        return _failed(url, entry, now, "page vide ou illisible, ou qui n'est pas du HTML", ArticleFlag.EMPTY)
    language = _language(tree)
    published = (entry and entry.published) or _page_date(tree, now)
    told = bool(entry and entry.title and entry.publisher and published)
    headings = _headings(tree) if told else []
    found = _extracted(tree, url, now, described=not told)
    whole = clean(found.text or "")[:LONGEST_TEXT] if found else ""
    page_title = one_line(plain(found.title or ""), _LONGEST_TITLE) if found else ""
    title = (entry and entry.title) or page_title
    published = published or (parse_date(found.date, now) if found else None)
    return Article(
        url=canonical_url(url) or url,
        title=title,
        text=(text := furniture.cut(whole, title, page_title, *headings)),
        fetched=now,
        published=published,
        publisher=(entry and entry.publisher) or (one_line(found.sitename or "", 100) if found else ""),
        language=language,
        content_hash=content_hash(text),
        flags=_flags(whole, text, body, published),
        entry_key=entry.key if entry else None,
    )


def _extracted(tree: html.HtmlElement, url: str, now: datetime, *, described: bool) -> Any:
    """What trafilatura finds in a page; None where it finds no text.

    `described`: with title, date and publisher, a search that takes as long as that of the text, and that a feed
    which tells all three makes needless.
    """
    with parser_failures():
        return trafilatura.bare_extraction(
            tree,
            url=url,
            favor_precision=True,
            include_comments=False,
            with_metadata=described,
            date_extraction_params={
                "original_date": True,
                "max_date": now.strftime("%Y-%m-%d"),
                "extensive_search": False,
            },
        )


def article_of_entry(entry: Entry, now: datetime) -> Article:
    """The feed's own text of an item, flagged SUMMARY: where the page may not, or could not, be read."""
    text = furniture.cut(plain(entry.content)[:LONGEST_TEXT] or entry.summary, entry.title)
    flags = {ArticleFlag.SUMMARY}
    if not entry.published:
        flags.add(ArticleFlag.UNDATED)
    if not text and not entry.title:
        flags.add(ArticleFlag.EMPTY)
    return Article(
        url=entry.url or f"{entry.feed_url}#{entry.key}",
        title=entry.title,
        text=text or entry.title,
        fetched=now,
        published=entry.published and plausible(entry.published, now),
        publisher=entry.publisher,
        content_hash=content_hash(text),
        flags=frozenset(flags),
        entry_key=entry.key,
    )


def failed_article(url: str, error: str, entry: Entry | None, now: datetime) -> Article:
    """The article of a page that could not be fetched, or whose reading was ended; flagged FAILED."""
    return _failed(url, entry, now, error)


def _failed(
    url: str, entry: Entry | None, now: datetime, error: str, flag: ArticleFlag = ArticleFlag.FAILED
) -> Article:
    return Article(
        url=canonical_url(url) or url,
        title=entry.title if entry else "",
        text="",
        fetched=now,
        published=entry.published if entry else None,
        publisher=entry.publisher if entry else "",
        flags=frozenset({flag}),
        error=error,
        entry_key=entry.key if entry else None,
    )


def _flags(whole: str, text: str, body: bytes, published: datetime | None) -> frozenset[ArticleFlag]:
    flags = set()
    if furniture.is_consent(whole):
        flags.add(ArticleFlag.CONSENT)
    elif not text:
        flags.add(ArticleFlag.EMPTY)
    elif furniture.teaser(whole) or (len(text) < _SHORT and _PAID.search(body)):
        flags.add(ArticleFlag.PARTIAL)
    if published is None:
        flags.add(ArticleFlag.UNDATED)
    return frozenset(flags)


def _decoded(body: bytes, content_type: str) -> str:
    """UTF-8 where the bytes are valid UTF-8, whatever is announced; else as announced, else windows-1252."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    spoken = _SPOKEN.search(content_type)
    written = _CHARSET.search(body[:4096])
    names = [spoken[1] if spoken else "", written[1].decode("ascii") if written else "", "windows-1252"]
    for name in names:
        if name.lower() in {"", "utf-8", "utf8", "iso-8859-1", "latin-1", "latin1"}:
            continue  # browsers, too, read latin-1 as windows-1252 (WHATWG Encoding, 4.2)
        try:
            return body.decode(name)
        except (LookupError, UnicodeError):  # no such encoding, or one like "undefined", which always fails
            continue
    return body.decode("windows-1252", "replace")


def _tree(page: str) -> html.HtmlElement | None:
    clear = page.replace("\x00", "")
    if not clear.strip():
        return None
    raw = clear.encode("utf-8", "replace")
    with parser_failures():
        try:
            return html.document_fromstring(raw, parser=html.HTMLParser(encoding="utf-8"))
        except (etree.ParserError, etree.XMLSyntaxError):  # nothing but comments; too little memory for the tree
            return None


def _language(tree: html.HtmlElement) -> str:
    """The language that a page declares, as two letters; French where it declares none."""
    written = str(tree.get("lang") or tree.get("xml:lang") or "").strip().lower()
    return written[:2] if re.match(r"[a-z]{2}\b", written) else "fr"


def _headings(tree: html.HtmlElement) -> list[str]:
    """What a page calls itself: its text may begin with it, in other words than the feed's."""
    shared = tree.xpath("//head/meta[@property='og:title']/@content")[:1]
    above = [heading.text_content() for heading in tree.xpath("//h1")[:3]]
    return [one_line(str(words), _LONGEST_TITLE) for words in (*shared, *above)]


def _page_date(tree: html.HtmlElement, now: datetime) -> datetime | None:
    """When a page says that it was published, to the second; what its text says is htmldate's work."""
    for name in _DATED:
        for meta in tree.xpath("//meta[@property=$name or @name=$name or @itemprop=$name]", name=name):
            if found := parse_date(meta.get("content"), now):
                return found
    for script in tree.xpath("//script[@type='application/ld+json']"):
        if (written := _JSON_DATE.search(script.text or "")) and (found := parse_date(written[1], now)):
            return found
    moments = (parse_date(time.get("datetime"), now) for time in tree.xpath("//article//time[@datetime]")[:1])
    return next((moment.astimezone(UTC) for moment in moments if moment), None)

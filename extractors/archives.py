"""A feed's past: older entries from paged feeds, WordPress's pages and news sitemaps, gently and resumably."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml import etree
from protego import Protego

from extractors.feeds_dates import parse_date
from extractors.fetching import Fetcher
from extractors.markup import has_oversized_tag
from extractors.parsing import Workshop
from extractors.plaintext import one_line
from models.identity import canonical_url, digest
from models.records import Entry, Feed
from models.vocabulary import Outcome

PAUSE = 2.0  # seconds between two requests: history is in no hurry
MOST_PAGES = 200
_MOST_SITEMAPS = 50
_PARSER_OPTIONS = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """Some older entries, and the cursor with which to go on after them; no cursor: this was the last page."""

    entries: tuple[Entry, ...]
    cursor: str | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one sitemap holds: the addresses of others, or pages with their dates."""

    sitemaps: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


async def older_entries(
    feed: Feed, since: datetime, *, fetcher: Fetcher, workshop: Workshop, now: datetime, cursor: str | None = None,
    pause: float = PAUSE,
) -> AsyncIterator[ArchivePage]:  # fmt: skip
    """Pages of a feed's entries, latest first, back to `since`; `cursor` of an earlier page resumes after it.

    First the feed's own archives, then WordPress's `?paged=`. It ends at the first page that is missing, holds
    nothing new, or is older than `since`.
    """
    seen: set[str] = set()
    address: str | None = cursor or feed.url
    for turn in range(MOST_PAGES):
        if address is None:
            return
        if turn:
            await asyncio.sleep(pause)
        fetched = await fetcher.fetch(address)
        if fetched.outcome is not Outcome.OK:
            words = "" if fetched.status == 404 else fetched.error or ""  # WordPress ends its pages with a 404
            yield ArchivePage((), None, words)
            return
        kind = fetched.headers.get("content-type", "")
        parsed = await workshop.parse_feed(
            fetched.body, feed_url=fetched.final_url, content_type=kind, publisher=feed.publisher, now=now
        )
        fresh = tuple(entry for entry in parsed.entries if entry.key not in seen)
        seen |= {entry.key for entry in fresh}
        address = _following(address, parsed.older, fresh, since)
        yield ArchivePage(_since(fresh, since), address, "" if parsed.entries else parsed.problem or "")


def _following(address: str, older: str | None, fresh: tuple[Entry, ...], since: datetime) -> str | None:
    """The address of the page after one; None where there is no use in going on."""
    dates = [entry.published for entry in fresh if entry.published]
    if not fresh or not dates or min(dates) < since:
        return None
    return older if older and older != address else paged(address)


def paged(address: str) -> str:
    """WordPress's next page of a feed: `?paged=2`, then 3 and so on."""
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True)
    current = next((int(value) for key, value in query if key == "paged" and value.isdigit()), 1)
    query = [(key, value) for key, value in query if key != "paged"] + [("paged", str(current + 1))]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _since(entries: tuple[Entry, ...], since: datetime) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.published is None or entry.published >= since)


async def sitemap_entries(
    feed: Feed,
    since: datetime,
    *,
    fetcher: Fetcher,
    now: datetime,
    cursor: str | None = None,
    pause: float = PAUSE,
) -> AsyncIterator[ArchivePage]:
    """Pages of entries from the site's sitemaps as its robots.txt names them; titles only from news sitemaps.

    `cursor` of an earlier page resumes after it: the sitemaps that are still to be read.
    """
    waiting = cursor.split("\n") if cursor else await _named_sitemaps(feed, fetcher)
    for turn in range(_MOST_SITEMAPS):
        if not waiting:
            return
        if turn:
            await asyncio.sleep(pause)
        address, *waiting = waiting
        fetched = await fetcher.fetch(address, accept="application/xml, text/xml;q=0.9, */*;q=0.1")
        if fetched.outcome is not Outcome.OK:
            yield ArchivePage((), "\n".join(waiting) or None, fetched.error or "")
            continue
        found = parse_sitemap(fetched.body, feed, since, now)
        waiting = [*found.sitemaps, *waiting]
        yield ArchivePage(found.entries, "\n".join(waiting) or None)


async def _named_sitemaps(feed: Feed, fetcher: Fetcher) -> list[str]:
    root = urljoin(feed.site or feed.url, "/")
    fetched = await fetcher.fetch(urljoin(root, "/robots.txt"), accept="text/plain")
    named = (
        Protego.parse(fetched.body.decode("utf-8", "replace")).sitemaps if fetched.outcome is Outcome.OK else []
    )
    sitemaps = [address for address in named if canonical_url(address)]
    return sorted(sitemaps, key=lambda address: "news" not in address)[:_MOST_SITEMAPS] or [f"{root}sitemap.xml"]


def parse_sitemap(body: bytes, feed: Feed, since: datetime, now: datetime) -> Sitemap:
    """What a sitemap's bytes hold that is no older than `since`; nothing where they are no sitemap. Pure."""
    if has_oversized_tag(body):
        return Sitemap()
    try:
        root = etree.fromstring(body, etree.XMLParser(**_PARSER_OPTIONS))
    except (etree.XMLSyntaxError, ValueError):  # ValueError: an encoding that nobody knows
        return Sitemap()
    nested = tuple(
        address
        for part in root.iterfind("{*}sitemap")
        if (address := _inner(part, "loc"))
        and canonical_url(address)
        and _recent(_inner(part, "lastmod"), since, now)
    )
    entries = (_entry(part, feed, now) for part in root.iterfind("{*}url"))
    kept = (entry for entry in entries if entry and entry.published and entry.published >= since)
    return Sitemap(nested[:_MOST_SITEMAPS], tuple(kept))


def _entry(part: etree._Element, feed: Feed, now: datetime) -> Entry | None:
    url = canonical_url(_inner(part, "loc"))
    if url is None:
        return None
    date = parse_date(_inner(part, "news/{*}publication_date") or _inner(part, "lastmod"), now)
    title = one_line(_inner(part, "news/{*}title"), 300)
    return Entry(digest("url", url), feed.url, url, title, published=date, publisher=feed.publisher or feed.title)


def _recent(written: str, since: datetime, now: datetime) -> bool:
    """Whether a sitemap may hold entries since then; one that does not say may."""
    changed = parse_date(written, now)
    return changed is None or changed >= since


def _inner(part: etree._Element, path: str) -> str:
    found = part.find("{*}" + path)
    return (found.text or "").strip() if found is not None else ""

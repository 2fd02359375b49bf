"""Feeds' past read gently: archives, then sitemaps, then the pages found; it alerts nobody and can be resumed."""

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from extractors import archives
from extractors.archives import ArchivePage
from flows.alerts.french import counted
from flows.pipeline import read_pages, understand_and_tell
from flows.pipeline_desk import Desk
from models.records import Feed

log = logging.getLogger(__name__)
_DONE = "done"
_STAGES = ("archive", "sitemap")


@dataclass(frozen=True, slots=True)
class Past:
    """What one backfill did. `failures`: feeds whose past ended in an error, in words."""

    feeds: int = 0
    pages: int = 0
    entries: int = 0
    articles: int = 0
    events: int = 0
    failures: tuple[str, ...] = ()

    def line(self) -> str:
        """One French line."""
        return (
            f"{self.feeds} flux, {counted(self.pages, 'page d’archives', 'pages d’archives')}, "
            f"{counted(self.entries, 'entrée ancienne', 'entrées anciennes')}, "
            f"{counted(self.articles, 'article lu', 'articles lus')}, "
            f"{counted(self.events, 'événement nouveau', 'événements nouveaux')}, aucune alerte"
        )


async def read_past(
    desk: Desk, feeds: Sequence[Feed], since: datetime, *, limit: int | None = None, pause: float = archives.PAUSE
) -> Past:
    """Read the feeds' entries since then that the watch would not alert on any more; about `limit` pages of them.

    Entries younger than `alert_max_age` and undated ones are left to the watch, so that nothing found here ever
    alerts, also where a later cycle reads it. Each page's place is kept: a second call goes on there.
    """
    quiet = replace(desk, settings=desk.settings.model_copy(update={"rules": ()}))
    total = Past(feeds=len(feeds))
    for feed in feeds:
        for stage in _STAGES:
            total = await _walk(quiet, feed, stage, since, total, pause)
    read = await read_pages(quiet, limit=limit)
    told = await understand_and_tell(quiet)
    return replace(total, articles=read.articles, events=told.new)


async def _walk(desk: Desk, feed: Feed, stage: str, since: datetime, total: Past, pause: float) -> Past:
    name = f"{stage} {since:%Y-%m-%d} {feed.id}"
    place = desk.store.history_place(name)
    if place == _DONE:
        return total
    until = desk.clock() - desk.settings.alert_max_age
    async for page in _pages(desk, feed, stage, since, place, pause):
        old = [e for e in page.entries if e.published and since <= e.published < until and _own(feed, e.url or "")]
        kept = desk.store.keep_history(feed.url, old, name, page.cursor or _DONE, desk.clock())
        failures = (*total.failures, f"{feed.name} : {page.problem}") if page.problem else total.failures
        total = replace(total, pages=total.pages + 1, entries=total.entries + kept, failures=failures)
        log.info("%s : %s (%s)", feed.name, counted(kept, "entrée ancienne", "entrées anciennes"), stage)
    desk.store.keep_history(feed.url, (), name, _DONE, desk.clock())
    return total


def _pages(
    desk: Desk, feed: Feed, stage: str, since: datetime, place: str | None, pause: float
) -> AsyncIterator[ArchivePage]:
    now = desk.clock()
    if stage == "archive":
        return archives.older_entries(
            feed, since, fetcher=desk.fetcher, workshop=desk.workshop, now=now, cursor=place, pause=pause
        )
    return archives.sitemap_entries(feed, since, fetcher=desk.fetcher, now=now, cursor=place, pause=pause)


def _own(feed: Feed, url: str) -> bool:
    """Whether an entry is of the feed's own site: a sitemap can name any address."""
    return _host(url) in {_host(feed.url), _host(feed.site)}


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")

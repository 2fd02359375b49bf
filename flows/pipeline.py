"""The pipeline, without Prefect. Each step takes its work from the store, so a crash anywhere loses nothing.

feeds that are due ─poll→ entries ─read_pages→ articles ─understand, tell→ events and alerts ─deliver→ deliveries
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from extractors import feeds
from extractors.fetching import Fetcher
from flows.pipeline_deliver import deliver
from flows.pipeline_desk import Desk
from flows.pipeline_feeds import feed_after
from flows.pipeline_pages import read_page
from flows.pipeline_shards import part_of
from flows.pipeline_summary import Cycle, CycleSummary, Failure, Polled, Read
from flows.pipeline_tell import understand_and_tell
from models.records import Article, Entry, Feed, FeedResult
from models.vocabulary import ArticleFlag, Outcome

__all__ = ["BATCH", "deliver", "poll", "poll_one", "read_pages", "run_cycle", "understand_and_tell"]

log = logging.getLogger(__name__)
T = TypeVar("T")

BATCH = 500
"""Entries taken from the store at once: what is in memory at most."""


async def run_cycle(desk: Desk, *, every: bool = False, shard: tuple[int, int] = (0, 1)) -> CycleSummary:
    """One cycle from feeds to deliveries. `every`: due or not; `shard`: which part of how many."""
    started = desk.clock()
    polled = await poll(desk, every=every, shard=shard)
    read = await read_pages(desk)
    telling = await understand_and_tell(desk, newcomers=polled.newcomers)
    delivered = await deliver(desk)
    summary = Cycle(polled, read, telling, delivered).summary(started, desk.clock())
    log.info("%s", summary.line())
    return summary


async def poll(desk: Desk, *, every: bool = False, shard: tuple[int, int] = (0, 1)) -> Polled:
    """Fetch and parse the feeds that are due, at once but politely, and record each as soon as it is there."""
    due = _part(desk.store.due_feeds(desk.clock(), every=every), *shard)
    results: list[FeedResult] = []
    entries = 0
    async for result in _as_completed(poll_one(desk.fetcher, feed, desk.clock()) for feed in due):
        fresh = await asyncio.to_thread(_record, desk, result)
        entries += fresh
        _log_feed(result, fresh)
        results.append(_light(result))
        desk.progress("flux", len(results), len(due))
    return Polled(tuple(sorted(results, key=lambda r: r.feed.url)), entries)


def _record(desk: Desk, result: FeedResult) -> int:
    now = desk.clock()
    return desk.store.record_result(result, feed_after(result, now, desk.settings.fetching.interval), now)


def _part(due: Sequence[Feed], index: int, count: int) -> tuple[Feed, ...]:
    """The feeds of one of `count` parts: those of one host stay together, so that one process is polite to it."""
    return tuple(feed for feed in due if part_of(feed.url, count) == index)


async def poll_one(fetcher: Fetcher, feed: Feed, now: datetime) -> FeedResult:
    """One feed fetched and, where it changed, parsed; parsing runs beside the event loop."""
    fetched = await fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
    if fetched.outcome is not Outcome.OK:
        return FeedResult(feed, fetched)
    parsed = await asyncio.to_thread(
        feeds.parse_feed,
        fetched.body,
        feed_url=fetched.final_url or feed.url,
        content_type=fetched.headers.get("content-type", ""),
        publisher=feed.publisher,
        now=now,
    )
    return FeedResult(feed, fetched, parsed)


def _light(result: FeedResult) -> FeedResult:
    """The result without its body: a thousand feeds need not stay in memory."""
    return replace(result, fetched=replace(result.fetched, body=b""))


def _log_feed(result: FeedResult, fresh: int) -> None:
    fetched, name = result.fetched, result.feed.name
    if fetched.error:
        log.warning("%s : %s", name, fetched.error)
    elif result.parsed is not None and result.parsed.problem:
        log.warning("%s : %s", name, result.parsed.problem)
    else:
        log.info("%s : %s, %d nouveautés, %.2f s", name, fetched.outcome.value, fresh, fetched.seconds)


async def read_pages(desk: Desk) -> Read:
    """Fetch and read the page of each entry that was not read yet; save each article as soon as it is there."""
    total = Read()
    seen: set[str] = set()
    while pending := [e for e in desk.store.pending_entries(BATCH) if e.key not in seen]:
        seen.update(entry.key for entry in pending)
        total = await _read_batch(desk, pending, total)
    return total


async def _read_batch(desk: Desk, pending: Sequence[Entry], total: Read) -> Read:
    done = 0
    async for article, entry in _as_completed(_read_one(desk, entry) for entry in pending):
        await asyncio.to_thread(desk.store.save_article, article, desk.clock(), entry)
        total = _counted(total, article, entry)
        done += 1
        desk.progress("articles", done, len(pending))
    return total


async def _read_one(desk: Desk, entry: Entry) -> tuple[Article, Entry]:
    return await read_page(desk, entry), entry


def _counted(total: Read, article: Article, entry: Entry) -> Read:
    failures = total.failures
    if article.error or not article.readable:
        words = article.error or "; ".join(sorted(flag.value for flag in article.flags)) or "page sans texte"
        log.info("%s : %s", entry.url or entry.title, words)
        failures = (*failures, Failure(entry.url or entry.title, words))
    return Read(
        articles=total.articles + article.readable,
        summaries=total.summaries + (ArticleFlag.SUMMARY in article.flags),
        failures=failures,
    )


async def _as_completed(work: Iterable[Coroutine[Any, Any, T]]) -> AsyncIterator[T]:
    """Results in the order in which they are there; where one raises (a bug), the others are cancelled."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for pending in tasks:
            pending.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

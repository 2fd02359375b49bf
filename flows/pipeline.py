"""The pipeline, without Prefect. Each step takes its work from the store, so a crash anywhere loses nothing.

feeds that are due ─poll→ entries ─read_pages→ articles ─understand, tell→ events and alerts ─deliver→ deliveries
"""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from extractors.schedule import feed_after, may_call
from flows.pipeline_deliver import deliver, delivering_anyway
from flows.pipeline_desk import Desk, given_back
from flows.pipeline_pages import PageRead, judge_feeds, read_page
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
BUNDLE = 250
BUNDLE_BYTES = 5_000_000
"""Results of feeds recorded in one transaction: unchanged feeds many at once, large new ones a few."""
PAGES = 25
PAGES_SECONDS = 1.0
"""Articles saved in one transaction, and how long one may wait for others: what a crash lets be read again."""
LEASE = timedelta(minutes=15)
"""Of a feed or an entry. Pages of one host are read one a second; what is read twice after all is stored once."""


async def run_cycle(desk: Desk, *, every: bool = False, shard: tuple[int, int] = (0, 1)) -> CycleSummary:
    """One cycle from feeds to deliveries. `every`: due or not; `shard`: which part of how many."""
    started = desk.clock()
    async with delivering_anyway(desk, deliver):
        polled = await poll(desk, every=every, shard=shard)
        read = await read_pages(desk, limit=None if every else desk.settings.fetching.articles_per_cycle)
        telling = await understand_and_tell(desk)
    delivered = await deliver(desk)
    summary = Cycle(polled, read, telling, delivered).summary(started, desk.clock())
    log.info("%s", summary.line())
    return summary


async def poll(desk: Desk, *, every: bool = False, shard: tuple[int, int] = (0, 1)) -> Polled:
    """Fetch and parse the feeds that are due, at once but politely, and record them as they come in.

    They are leased until then, so that two workers never fetch one feed at once.
    """
    now, (index, count) = desk.clock(), shard

    def wanted(feed: Feed) -> bool:
        return may_call(feed, now) and part_of(feed.url, count) == index

    due = await asyncio.to_thread(desk.store.claim_feeds, desk.worker, now, LEASE, every=every, wanted=wanted)
    results: list[FeedResult] = []
    entries = 0
    with given_back(desk, "feed", due):
        polled = _as_completed(poll_one(desk, feed) for feed in due)
        async for some in bundled(polled, most=BUNDLE, bulk=lambda result: len(result.fetched.body)):
            entries += await asyncio.to_thread(_record, desk, some)
            results += [_light(result) for result in some]
            desk.progress("flux", len(results), len(due))
    return Polled(tuple(sorted(results, key=lambda r: r.feed.url)), entries)


def _record(desk: Desk, results: Sequence[FeedResult]) -> int:
    now, interval = desk.clock(), desk.settings.fetching.interval
    for result in results:
        _log_feed(result)
    return desk.store.record_results([(r, feed_after(r, now, interval)) for r in results], now)


async def poll_one(desk: Desk, feed: Feed) -> FeedResult:
    """One feed fetched and, where it changed, parsed; parsing runs in another process."""
    fetched = await desk.fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
    if fetched.outcome is not Outcome.OK:
        return FeedResult(feed, fetched)
    parsed = await desk.workshop.parse_feed(
        fetched.body,
        feed_url=fetched.final_url or feed.url,
        content_type=fetched.headers.get("content-type", ""),
        publisher=feed.publisher,
        now=desk.clock(),
    )
    return FeedResult(feed, fetched, parsed)


def _light(result: FeedResult) -> FeedResult:
    """The result without its body: a thousand feeds need not stay in memory."""
    return replace(result, fetched=replace(result.fetched, body=b""))


def _log_feed(result: FeedResult) -> None:
    fetched, name = result.fetched, result.feed.name
    if fetched.error:
        log.warning("%s : %s", name, fetched.error)
    elif result.parsed is not None and result.parsed.problem:
        log.warning("%s : %s", name, result.parsed.problem)
    else:
        log.info("%s : %s, %.2f s", name, fetched.outcome.value, fetched.seconds)


async def read_pages(desk: Desk, *, limit: int | None = None) -> Read:
    """Fetch and read the page of each entry that was not read yet; save the articles as they come in.

    `limit`: about how many at most; the others wait for the next cycle.
    """
    total, taken = Read(), 0
    feeds: dict[str, Feed] = {}
    read: set[str] = set()
    while limit is None or taken < limit:
        now, wanted = desk.clock(), BATCH if limit is None else min(BATCH, limit - taken)
        claimed = await asyncio.to_thread(desk.store.claim_entries, desk.worker, now, wanted, LEASE)
        if not claimed:
            break
        taken += len(claimed)
        with given_back(desk, "entry", claimed):
            feeds = feeds or {feed.url: feed for feed in await asyncio.to_thread(desk.store.feeds)}
            policies = {url: feed.policy for url, feed in feeds.items()}
            total = await _read_batch(desk, claimed, policies, total)
        read |= {entry.feed_url for entry in claimed}
    await asyncio.to_thread(judge_feeds, desk, [feeds[url] for url in sorted(read & feeds.keys())])
    await desk.workshop.rest()  # the model of French comes next: both at once took 600 MB
    return total


async def _read_batch(desk: Desk, claimed: Sequence[Entry], policies: Mapping[str, str], total: Read) -> Read:
    done = 0
    pages = _as_completed(_read_one(desk, e, policies.get(e.feed_url, "")) for e in claimed)
    async for some in bundled(pages, most=PAGES, seconds=PAGES_SECONDS):
        now = desk.clock()
        kept = [(page.article, entry) for page, entry in some if page.wait is None]
        if kept:
            await asyncio.to_thread(desk.store.save_articles, kept, now)
        for page, entry in some:
            if page.wait is not None:
                await asyncio.to_thread(desk.store.put_off_entry, entry, now + page.wait)
            total = _counted(total, page.article, entry)
        done += len(some)
        desk.progress("articles", done, len(claimed))
    return total


async def _read_one(desk: Desk, entry: Entry, policy: str) -> tuple[PageRead, Entry]:
    return await read_page(desk, entry, policy), entry


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


async def bundled(
    results: AsyncIterator[T], *, most: int, seconds: float = math.inf, bulk: Callable[[T], int] = lambda _: 0
) -> AsyncIterator[list[T]]:
    """The results in bundles of `most`, each of which is one transaction.

    Fewer where they came more than `seconds` apart, or where they amount to BUNDLE_BYTES by `bulk`.
    """
    bundle: list[T] = []
    size, begun = 0, 0.0
    clock = asyncio.get_running_loop().time
    async for result in results:
        begun = begun if bundle else clock()
        bundle.append(result)
        size += bulk(result)
        if len(bundle) >= most or size >= BUNDLE_BYTES or clock() - begun >= seconds:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle


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

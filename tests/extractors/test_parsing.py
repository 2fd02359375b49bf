"""The parsing processes: the same results as here, and an end to whatever does not end."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from extractors.articles import read_article
from extractors.feeds import parse_feed
from extractors.parsing import Workshop
from models.records import Article, ParsedFeed
from models.vocabulary import ArticleFlag, Health

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://site.example/feed"
ITEM = b"<item><title>Un titre</title><link>https://site.example/%d</link></item>"
SMALL = b"<rss version='2.0'><channel><title>F</title>" + ITEM % 1 + b"</channel></rss>"
LARGE = (
    b"<rss version='2.0'><channel><title>F</title>"
    + b"".join(ITEM % n for n in range(5_000))
    + b"</channel></rss>"
)
PAGE = (
    b"<html><body><article>"
    + b"<p>Une phrase assez longue pour compter comme du texte.</p>" * 9
    + b"</article></body></html>"
)


def run(act: Callable[[Workshop], Awaitable[T]], *, seconds: float = 20.0, megabytes: int = 512) -> T:
    async def go() -> T:
        async with Workshop(workers=2, seconds=seconds, megabytes=megabytes) as workshop:
            return await act(workshop)

    return asyncio.run(go())


def test_results_are_those_of_this_process() -> None:
    async def act(shop: Workshop) -> tuple[ParsedFeed, Article]:
        return await asyncio.gather(
            shop.parse_feed(SMALL, feed_url=URL, publisher="P", now=NOW), shop.read_article(PAGE, url=URL, now=NOW)
        )

    parsed, article = run(act)
    assert parsed == parse_feed(SMALL, feed_url=URL, publisher="P", now=NOW)
    assert article == read_article(PAGE, url=URL, now=NOW)
    assert article.readable


def test_a_deadline_ends_the_reading_and_the_next_one_works() -> None:
    async def act(shop: Workshop) -> tuple[ParsedFeed, ParsedFeed]:
        return await shop.parse_feed(LARGE, feed_url=URL, now=NOW), await shop.parse_feed(
            SMALL, feed_url=URL, now=NOW
        )

    slow, quick = run(act, seconds=0.2)
    assert (slow.health, slow.entries) == (Health.BROKEN, ())
    assert "abandonnée après" in (slow.problem or "")
    assert len(quick.entries) == 1


def test_memory_is_bounded() -> None:
    async def act(shop: Workshop) -> Article:
        return await shop.read_article(b"<div>" + b"<p>x" * 2_000_000, url=URL, now=NOW)

    article = run(act, megabytes=120)
    assert article.flags & {ArticleFlag.FAILED, ArticleFlag.EMPTY}
    assert article.error


def test_a_worker_that_dies_is_replaced() -> None:
    async def act(shop: Workshop) -> list[ParsedFeed]:
        results = [await shop.parse_feed(SMALL, feed_url=URL, now=NOW)]
        os.kill(shop._idle[0]._process.pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        results += [await shop.parse_feed(SMALL, feed_url=URL, now=NOW) for _ in range(2)]
        return results

    before, during, after = run(act)
    assert "succombé" in (during.problem or "")
    assert before == after


def test_the_worker_has_none_of_the_users_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_SLACK_URL", "slack://secret")

    async def act(shop: Workshop) -> bytes:
        await shop.parse_feed(SMALL, feed_url=URL, now=NOW)
        pid = shop._idle[0]._process.pid
        with open(f"/proc/{pid}/environ", "rb") as environment:  # noqa: ASYNC230, PTH123 - a few bytes of /proc
            return environment.read()

    if not os.path.isdir("/proc/self"):  # noqa: PTH112 - a mount point, not a file of ours
        pytest.skip("needs /proc")
    assert b"secret" not in run(act)


def test_no_process_is_left() -> None:
    async def act(shop: Workshop) -> int:
        await shop.parse_feed(SMALL, feed_url=URL, now=NOW)
        return shop._idle[0]._process.pid

    pid = run(act)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_cancelled_reading_leaves_the_workshop_usable() -> None:
    async def act(shop: Workshop) -> ParsedFeed:
        task = asyncio.ensure_future(shop.parse_feed(LARGE, feed_url=URL, now=NOW))
        await asyncio.sleep(3)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return await shop.parse_feed(SMALL, feed_url=URL, now=NOW)

    assert len(run(act).entries) == 1

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
from extractors.parsing import ParsingBugError, Workshop
from extractors.parsing_worker import Ending, answer
from extractors.plaintext import plain
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


def run(act: Callable[[Workshop], Awaitable[T]], *, seconds: float = 120.0, megabytes: int = 512) -> T:
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
        slow = await shop.parse_feed(LARGE, feed_url=URL, now=NOW)
        shop._seconds = 120.0  # a small one may take longer than this deadline, where others are at work
        return slow, await shop.parse_feed(SMALL, feed_url=URL, now=NOW)

    slow, quick = run(act, seconds=0.1)
    assert (slow.health, slow.entries) == (Health.BROKEN, ())
    assert "abandonnée après" in (slow.problem or "")
    assert len(quick.entries) == 1


def test_a_parsers_error_is_the_sites_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("feedparser.parse", fails)
    monkeypatch.setattr("trafilatura.bare_extraction", fails)
    told = (Ending.UNREADABLE, "lecture impossible (KeyError)")
    assert answer(parse_feed, SMALL, {"feed_url": URL, "now": NOW}) == told
    assert answer(read_article, PAGE, {"url": URL, "now": NOW}) == told
    monkeypatch.setattr("lxml.html.document_fromstring", fails)
    assert answer(read_article, PAGE, {"url": URL, "now": NOW}) == told
    assert plain("<p>Un <b>mot</b></p>") == ""


def test_a_bug_of_ours_is_raised_here_with_its_traceback() -> None:
    dated = SMALL.replace(b"</title><link>", b"</title><pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate><link>")

    async def act(shop: Workshop) -> ParsedFeed:
        with pytest.raises(ParsingBugError, match=r"(?s)Traceback.*feeds_dates\.py.*TypeError"):
            await shop.parse_feed(dated, feed_url=URL, now="no time")  # type: ignore[arg-type]
        return await shop.parse_feed(dated, feed_url=URL, now=NOW)

    assert len(run(act).entries) == 1


@pytest.mark.parametrize(
    "charset", ["undefined", "idna", "punycode", "hex", "unicode_escape", "utf-7", "x", "mbcs"]
)
def test_no_announced_encoding_is_a_bug(charset: str) -> None:
    body = SMALL.replace(b"Un titre", b"Un titre \xe9\x81") + PAGE
    kind = f"text/html; charset={charset}"
    assert answer(parse_feed, body, {"feed_url": URL, "content_type": kind, "now": NOW})[0] is not Ending.BUG
    assert answer(read_article, body, {"url": URL, "content_type": kind, "now": NOW})[0] is not Ending.BUG
    written = f"<?xml version='1.0' encoding='{charset}'?>".encode() + body
    assert answer(parse_feed, written, {"feed_url": URL, "now": NOW})[0] is not Ending.BUG


@pytest.mark.parametrize(
    "part",
    [
        "<pubDate>12 ſept 2026</pubDate>",
        "<pubDate>12 JUİN 2026</pubDate>",
        "<pubDate>12 juın 2026 25:61</pubDate>",
        "<pubDate>Sun, 99 Foo 99999999999 99:99:99 +9999</pubDate>",
        "<pubDate>" + "9" * 5_000 + "</pubDate>",
        "<pubDate>9999-12-31T23:59:59-23:59</pubDate>",
        "<ttl>0000001" + "9" * 5_000 + "</ttl>",
        "<link>http://[</link>",
        "<link>http://a:99999/</link>",
        "<guid>" + "&#xD800;" + "</guid>",
    ],
)
def test_no_value_of_a_feed_is_a_bug(part: str) -> None:
    body = SMALL.replace(b"</title>", b"</title>" + part.encode())
    assert answer(parse_feed, body, {"feed_url": URL, "now": NOW})[0] is Ending.READ


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

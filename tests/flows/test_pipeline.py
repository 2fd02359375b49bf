"""The pipeline without Prefect, end to end over a newsroom on loopback into SQLite."""

import asyncio
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flows.pipeline import poll, read_pages, run_cycle
from flows.pipeline_desk import open_desk, utc_now
from flows.pipeline_shards import part_of
from flows.pipeline_summary import CycleSummary
from flows.settings import load_settings
from models.records import Feed
from models.store import Store
from models.vocabulary import ArticleFlag, Kind

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom


def follow(config: Path, newsroom: "Newsroom") -> None:
    with Store.open(load_settings(config, {}).database) as store:
        store.add_feeds([Feed(url=f"{newsroom.base}/{site}/feed", publisher=site) for site in newsroom.sites])


def cycle(config: Path, *, every: bool = True, later: timedelta = timedelta(0)) -> CycleSummary:
    async def run() -> CycleSummary:
        async with open_desk(load_settings(config, os.environ)) as desk:
            return await run_cycle(replace(desk, clock=lambda: utc_now() + later), every=every)

    return asyncio.run(run())


def test_a_cycle_goes_from_feeds_to_deliveries_and_a_second_one_finds_nothing(
    newsroom: "Newsroom", config: Path
) -> None:
    follow(config, newsroom)
    first = cycle(config)
    assert (first.feeds, first.ok, first.failed) == (2, 2, ())
    assert (first.entries, first.articles, first.events_new) == (3, 3, 2)
    assert first.alerts == first.deliveries == 2
    with Store.open(load_settings(config, {}).database) as store:
        assert {e.kind for e in store.events()} == {Kind.DEPARTURE, Kind.LAYOFF}
    sent = len(newsroom.webhooks)
    newsroom.requests.clear()
    second = cycle(config)
    assert (second.not_modified, second.entries, second.articles) == (2, 0, 0)
    assert (second.events_new, second.events_changed, second.alerts, second.deliveries) == (0, 0, 0, 0)
    assert newsroom.articles_asked() == 0
    assert len(newsroom.webhooks) == sent == 2


def test_only_feeds_that_are_due_are_polled(newsroom: "Newsroom", config: Path) -> None:
    follow(config, newsroom)
    assert cycle(config, every=False).feeds == 2
    assert cycle(config, every=False).feeds == 0


def test_a_feed_that_fails_is_told_in_words_and_holds_back_no_other(newsroom: "Newsroom", config: Path) -> None:
    newsroom.broken_feeds.add("alpha")
    follow(config, newsroom)
    summary = cycle(config)
    assert [f.what for f in summary.failed] == ["alpha"]
    assert "500" in summary.failed[0].words
    assert summary.ok == 1
    assert summary.events_new == 1
    assert not summary.clean


def test_a_page_that_fails_for_a_while_is_read_later(newsroom: "Newsroom", config: Path) -> None:
    story = newsroom.sites["alpha"][0]
    newsroom.sites = {"alpha": [replace(story, broken=True)]}
    follow(config, newsroom)
    summary = cycle(config)
    assert (summary.articles, len(summary.unreadable)) == (0, 1)
    newsroom.sites = {"alpha": [story]}
    assert cycle(config, later=timedelta(minutes=10)).articles == 0
    mended = cycle(config, later=timedelta(minutes=40))
    assert (mended.articles, mended.summaries, mended.alerts) == (1, 0, 1)


def test_a_page_that_is_not_there_is_not_asked_for_again(newsroom: "Newsroom", config: Path) -> None:
    newsroom.sites = {"alpha": [replace(newsroom.sites["alpha"][0], missing=True)]}
    follow(config, newsroom)
    assert cycle(config).summaries == 1


def test_a_page_that_fails_leaves_what_the_feed_says(newsroom: "Newsroom", config: Path) -> None:
    newsroom.sites = {"alpha": [replace(newsroom.sites["alpha"][0], broken=True)]}
    follow(config, newsroom)
    for later in (timedelta(0), timedelta(minutes=40)):
        assert cycle(config, later=later).articles == 0
    summary = cycle(config, later=timedelta(hours=7))
    assert (summary.articles, summary.summaries, len(summary.unreadable)) == (1, 1, 1)
    with Store.open(load_settings(config, {}).database) as store:
        article = store.article(f"{newsroom.base}/alpha/moreau")
    assert article is not None
    assert ArticleFlag.SUMMARY in article.flags
    assert article.text.startswith("Étienne Moreau")
    assert article.error


def test_history_is_kept_and_not_alerted(newsroom: "Newsroom", config: Path) -> None:
    newsroom.now = datetime.now(UTC) - timedelta(days=30)
    follow(config, newsroom)
    summary = cycle(config)
    assert summary.events_new == 2
    assert summary.alerts == 0
    assert newsroom.webhooks == []


@pytest.mark.parametrize("step", ["read_pages", "understand_and_tell"])
def test_undated_articles_of_first_contact_alert_nobody_whatever_comes_between(
    newsroom: "Newsroom", config: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    newsroom.dated = False
    late = newsroom.sites["beta"].pop()
    newsroom.broken_feeds.add("alpha")
    with Store.open(load_settings(config, {}).database) as store:  # its name comes with its first entries
        store.add_feeds([Feed(url=f"{newsroom.base}/{site}/feed") for site in newsroom.sites])
    cycle(config)
    newsroom.broken_feeds.clear()

    async def crash(*args: object, **kwargs: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(f"flows.pipeline.{step}", crash)
        with pytest.raises(OSError):  # noqa: PT011 - whatever it is
            cycle(config)
    summary = cycle(config)
    assert (summary.events_new, summary.alerts) == (1, 0)
    newsroom.sites["alpha"].append(late)
    summary = cycle(config)
    assert (summary.events_new, summary.alerts) == (1, 1)


@pytest.mark.parametrize("step", ["read_pages", "understand_and_tell", "deliver"])
def test_a_crash_before_any_step_loses_nothing(
    newsroom: "Newsroom", config: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    follow(config, newsroom)

    class CrashError(Exception):
        pass

    async def crash(*args: object, **kwargs: object) -> None:
        raise CrashError

    with monkeypatch.context() as broken:
        broken.setattr(f"flows.pipeline.{step}", crash)
        with pytest.raises(CrashError):
            cycle(config)
    after = cycle(config)
    assert after.not_modified == 2
    assert len(newsroom.webhooks) == 2
    with Store.open(load_settings(config, {}).database) as store:
        assert len(store.events()) == 2


def test_reading_stops_where_entries_stay_pending(newsroom: "Newsroom", config: Path) -> None:
    follow(config, newsroom)
    cycle(config)

    async def again() -> int:
        async with open_desk(load_settings(config, {})) as desk:
            return (await read_pages(desk)).articles

    assert asyncio.run(again()) == 0


def test_the_parsing_processes_are_gone_before_the_models_are_loaded(newsroom: "Newsroom", config: Path) -> None:
    follow(config, newsroom)

    async def waiting() -> tuple[int, int]:
        async with open_desk(load_settings(config, {})) as desk:
            await poll(desk)
            before = len(desk.workshop._idle)
            await read_pages(desk)
            return before, len(desk.workshop._idle)

    before, after = asyncio.run(waiting())
    assert before > 0 == after


def test_a_host_is_always_in_one_part_and_parts_share_the_work() -> None:
    urls = [f"https://site{n}.example/feed" for n in range(400)]
    assert all(part_of(u, 4) == part_of(u.replace("/feed", "/autre"), 4) for u in urls)
    sizes = [sum(part_of(u, 4) == k for u in urls) for k in range(4)]
    assert sum(sizes) == 400
    assert min(sizes) > 60
    assert part_of("https://a.example/x", 1) == 0
    with pytest.raises(ValueError, match="at least one"):
        part_of("https://a.example/x", 0)


@pytest.mark.parametrize("door", ["record_results", "save_articles", "tell"])
def test_a_crash_within_a_step_leaves_nothing_leased(
    newsroom: "Newsroom", config: Path, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    follow(config, newsroom)

    class CrashError(Exception):
        pass

    def crash(*args: object, **kwargs: object) -> None:
        raise CrashError

    with monkeypatch.context() as broken:
        broken.setattr(Store, door, crash)
        with pytest.raises(CrashError):
            cycle(config)
    after = cycle(config)
    assert after.failed == ()
    assert len(newsroom.webhooks) == 2


def test_two_cycles_at_once_share_the_work_and_tell_each_thing_once(newsroom: "Newsroom", config: Path) -> None:
    newsroom.sites |= {f"site{n}": [] for n in range(10)}
    follow(config, newsroom)

    async def one() -> CycleSummary:
        async with open_desk(load_settings(config, os.environ)) as desk:
            return await run_cycle(desk, every=True)

    async def both() -> tuple[CycleSummary, CycleSummary]:
        return await asyncio.gather(one(), one())

    summaries = asyncio.run(both())
    assert sum(s.feeds for s in summaries) == 12
    assert all(count == 1 for path, count in newsroom.requests.items() if path.endswith("/feed"))
    assert sum(s.failed != () for s in summaries) == 0
    assert sum(s.events_new for s in summaries) == 2
    cycle(config)  # what one of them had in hand while the other looked
    assert len(newsroom.webhooks) == 2


def test_parts_of_one_deployment_poll_every_feed_once(newsroom: "Newsroom", config: Path) -> None:
    follow(config, newsroom)

    async def part(index: int) -> CycleSummary:
        async with open_desk(load_settings(config, os.environ)) as desk:
            return await run_cycle(desk, every=True, shard=(index, 3))

    counts = [asyncio.run(part(index)).feeds for index in range(3)]
    assert sorted(counts) == [0, 0, 2]  # both sites are of one host, and a host is in one part

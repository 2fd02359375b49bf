"""The nightly keeping, and the line that tells that a silence is real."""

import asyncio
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flows.pipeline import poll, run_cycle
from flows.pipeline_desk import open_desk
from flows.pipeline_upkeep import Upkept, heartbeat, keep
from flows.settings import load_settings
from models.events import Event
from models.queries import Tally
from models.records import Feed

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom


def test_the_heartbeat_tells_what_came_of_a_day() -> None:
    tally = Tally(feeds=61, well=58, articles=214, events=2, waiting=0, given_up=0, pending=3)
    assert heartbeat(tally) == "61 flux, 58 sains, 214 articles, 2 événements, 0 alerte en attente"


def test_the_keeping_tells_the_day_and_those_that_ail(newsroom: "Newsroom", config: Path) -> None:
    newsroom.broken_feeds.add("beta")

    async def day() -> Upkept:
        async with open_desk(load_settings(config, os.environ)) as desk:
            desk.store.add_feeds([Feed(f"{newsroom.base}/{site}/feed") for site in newsroom.sites])
            await poll(desk, every=True)
            return await keep(desk)

    done = asyncio.run(day())
    assert done.day == "2 flux, 1 sain, 0 article, 0 événement, 0 alerte en attente"
    assert done.line() == f"{done.day} ; 1 en difficulté ; effacés : 0\u00a0texte, 0\u00a0ligne"


def test_after_their_time_no_text_is_left_in_any_file_and_events_show_their_quotes(
    newsroom: "Newsroom", config: Path
) -> None:
    words = "La start-up lyonnaise, qui fabrique des bras articulés"
    assert words in newsroom.sites["alpha"][0].text

    async def days() -> None:
        async with open_desk(load_settings(config, os.environ)) as desk:
            desk.store.add_feeds([Feed(f"{newsroom.base}/{site}/feed") for site in newsroom.sites])
            await run_cycle(desk, every=True)
            told = desk.store.events()
            assert len(told) == 2
            assert all(quotes(event) for event in told)
            soon = replace(desk, clock=lambda: desk.clock() + desk.settings.text_retention - timedelta(hours=1))
            assert (await keep(soon)).purged == 0
            assert words in files_of(config.parent)
            late = replace(desk, clock=lambda: desk.clock() + desk.settings.text_retention + timedelta(hours=1))
            assert (await keep(late)).purged == 3
            assert desk.store.events() == told
            stored = [
                desk.store.article(f"{newsroom.base}/{n}/{s.slug}") for n, of in newsroom.sites.items() for s in of
            ]
            assert [(a.text, bool(a.title)) for a in stored if a] == [("", True)] * 3

    asyncio.run(days())
    left = files_of(config.parent)
    assert words not in left
    assert "Moreau" in left


def quotes(event: Event) -> list[str]:
    """The words that prove an event."""
    return [proof.quote for m in event.mentions for proof in m.mention.evidence.values() if proof.quote]


def files_of(folder: Path) -> str:
    """What the files of the data folder hold."""
    return "\n".join(p.read_bytes().decode("utf-8", "replace") for p in folder.iterdir() if p.is_file())

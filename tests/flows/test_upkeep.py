"""The nightly keeping, and the line that tells that a silence is real."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from flows.pipeline import poll
from flows.pipeline_desk import open_desk
from flows.pipeline_upkeep import Upkept, heartbeat, keep
from flows.settings import load_settings
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
    assert done.line() == f"{done.day} ; 1 en difficulté ; 0 textes et 0 lignes effacés"

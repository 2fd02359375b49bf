"""The house kept: what is past its time is let go, and how the feeds fare is told."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from flows.alerts.french import counted
from flows.pipeline_desk import Desk
from models.queries import Tally
from models.vocabulary import Health

log = logging.getLogger(__name__)
AILING = frozenset(
    {
        Health.EMPTY,
        Health.NOT_A_FEED,
        Health.BROKEN,
        Health.UNREACHABLE,
        Health.REFUSED,
        Health.GONE,
        Health.TEMPLATE,
    }
)

DAY = timedelta(days=1)
HISTORY = timedelta(days=365)
"""Of fetches and of attempts at sending: a year shows a feed's seasons, and is a few thousand rows each."""


@dataclass(frozen=True, slots=True)
class Upkept:
    """What one keeping of the house found and did. `purged`: texts of articles; `lines`: of history."""

    feeds: int = 0
    ailing: int = 0
    purged: int = 0
    lines: int = 0
    day: str = ""  # the day's heartbeat

    def line(self) -> str:
        """One French line for logs and terminals."""
        done = f"effacés : {counted(self.purged, 'texte')}, {counted(self.lines, 'ligne')}"
        return f"{self.day or f'{self.feeds} flux'} ; {self.ailing} en difficulté ; {done}"


def heartbeat(tally: Tally) -> str:
    """What came of a time, in one French line, which tells that a silence is real."""
    parts = (
        (tally.feeds, "flux", "flux"),
        (tally.well, "sain", "sains"),
        (tally.articles, "article", "articles"),
        (tally.events, "événement", "événements"),
        (tally.waiting, "alerte en attente", "alertes en attente"),
    )
    return ", ".join(f"{count} {many if count > 1 else one}" for count, one, many in parts)


async def keep(desk: Desk) -> Upkept:
    """Let go what is past its time, and count the feeds that ail."""
    now = desk.clock()
    purged = await asyncio.to_thread(desk.store.purge_texts, now - desk.settings.text_retention, now)
    lines = await asyncio.to_thread(desk.store.purge_history, now - HISTORY)
    if purged:
        await asyncio.to_thread(desk.store.compact)  # else the texts stay in the file's free pages
    feeds = await asyncio.to_thread(desk.store.feeds)
    day = heartbeat(await asyncio.to_thread(desk.store.tally, now - DAY))
    done = Upkept(len(feeds), sum(feed.health in AILING for feed in feeds), purged, lines, day)
    log.info("%s", done.line())
    return done

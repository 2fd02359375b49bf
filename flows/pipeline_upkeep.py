"""The house kept: how the feeds fare."""

import asyncio
import logging
from dataclasses import dataclass

from flows.pipeline_desk import Desk
from models.vocabulary import Health

log = logging.getLogger(__name__)
AILING = frozenset(
    {Health.EMPTY, Health.NOT_A_FEED, Health.BROKEN, Health.UNREACHABLE, Health.REFUSED, Health.GONE}
)


@dataclass(frozen=True, slots=True)
class Upkept:
    """What one keeping of the house found."""

    feeds: int = 0
    ailing: int = 0

    def line(self) -> str:
        """One French line for logs and terminals."""
        return f"{self.feeds} flux suivis, {self.ailing} en difficulté"


async def keep(desk: Desk) -> Upkept:
    """Count the feeds that ail."""
    feeds = await asyncio.to_thread(desk.store.feeds)
    done = Upkept(len(feeds), sum(feed.health in AILING for feed in feeds))
    log.info("%s", done.line())
    return done

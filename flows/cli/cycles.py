"""A cycle with or without Prefect, for the command `watch`."""

import asyncio
from typing import Any

from flows.cli.importing import heavy_imports
from flows.logging_setup import prepare_prefect
from flows.pipeline import run_cycle
from flows.pipeline_desk import Progress, open_desk
from flows.pipeline_summary import CycleSummary
from flows.settings import Settings


def plain(settings: Settings, every: bool, progress: Progress) -> CycleSummary:
    """The cycle in this process, without Prefect."""

    async def cycle() -> CycleSummary:
        async with open_desk(settings, progress) as desk:
            return await run_cycle(desk, every=every)

    return asyncio.run(cycle())


def with_prefect(every: bool) -> CycleSummary:
    """The cycle as a flow run of the configured API, or of a server that Prefect starts for it."""
    prepare_prefect()
    with heavy_imports():
        from prefect.client.schemas.objects import State

        from flows.watch import watch_feeds

    async def run() -> CycleSummary:
        state: State[Any] = await watch_feeds(every=every, return_state=True)
        summary: CycleSummary = await state.aresult()
        return summary

    return asyncio.run(run())

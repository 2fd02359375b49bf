"""What the Prefect UI shows of a run: the events of the cycle, the health of the feeds, progress on long work."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from httpx import HTTPError
from prefect.artifacts import (
    acreate_markdown_artifact,
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)
from prefect.context import AsyncClientContext, FlowRunContext
from prefect.exceptions import PrefectException
from prefect.settings import PREFECT_UI_URL

from flows import signals
from flows.artifacts_text import deliveries_markdown, events_markdown, feeds_table
from flows.cli.api import without_password
from flows.logging_setup import run_logs
from flows.pipeline_desk import Desk, Progress, configured, open_desk
from flows.pipeline_summary import Cycle, CycleSummary, Delivered
from models.records import Feed

log = logging.getLogger(__name__)


async def publish(cycle: Cycle, summary: CycleSummary, known: Sequence[Feed]) -> None:
    """The artifacts of a cycle, its events for automations, and a run name that says what was found."""
    await acreate_markdown_artifact(
        key="vigie-events",
        markdown=events_markdown(cycle.telling, summary, digest_page()),
        description=summary.line(),
    )
    await acreate_table_artifact(
        key="vigie-feeds",
        table=feeds_table(cycle, known),
        description=f"{len(known)} feeds, the ailing ones first",
    )
    signals.emit(cycle)
    found = f"{summary.events_new} new" + (f", {summary.events_changed} changed" if summary.events_changed else "")
    await name_run(f"watch {summary.feeds} feeds · {found}")


def digest_page() -> str:
    """The address of the digest's artifact in the UI of the API that is used; nothing where there is no UI."""
    ui = PREFECT_UI_URL.value()
    return f"{without_password(ui.rstrip('/'))}/artifacts/key/vigie-digest" if ui else ""


async def publish_failures(done: Delivered) -> None:
    """An artifact of the deliveries that failed; none where all went well."""
    if done.failures:
        await acreate_markdown_artifact(
            key="vigie-deliveries",
            markdown=deliveries_markdown(done),
            description=f"{len(done.failures)} deliveries failed, {len(done.given_up)} given up",
        )


async def name_run(name: str) -> None:
    """Give the run that is under way its final name."""
    context = FlowRunContext.get()
    if context is not None and context.flow_run is not None:
        async with AsyncClientContext.get_or_create() as api:  # the run's own: a client of one's own costs 50 ms
            await api.client.update_flow_run(context.flow_run.id, name=name)


@asynccontextmanager
async def desk_of_run() -> AsyncIterator[Desk]:
    """A desk for the run that is under way: our packages' logs and the progress of long work are on its page.

    Raises ConfigurationError, StoreError.
    """
    with run_logs():
        async with watched_progress() as progress, open_desk(configured(), progress) as desk:
            yield desk


@asynccontextmanager
async def watched_progress(period: float = 5.0) -> AsyncIterator[Progress]:
    """A progress callback for the pipeline; work longer than `period` seconds gets a bar on the run's page."""
    state: dict[str, tuple[int, int]] = {}

    def note(step: str, done: int, total: int) -> None:
        state[step] = (done, total)

    showing = asyncio.create_task(_show(state, period))
    try:
        yield note
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing


async def _show(state: dict[str, tuple[int, int]], period: float) -> None:
    """Bars until the API has a hiccup: they are an ornament, and no reason to fail a cycle that is complete."""
    try:
        await _show_bars(state, period)
    except (PrefectException, HTTPError, OSError, RuntimeError) as error:  # a RuntimeError where it is not reached
        log.warning("plus de barres de progression : l’API Prefect a répondu %s", type(error).__name__)


async def _show_bars(state: dict[str, tuple[int, int]], period: float) -> None:
    bars: dict[str, Any] = {}
    while True:
        await asyncio.sleep(period)
        for step, (done, total) in list(state.items()):
            share = round(100 * done / max(total, 1), 1)
            if step not in bars and share < 100:
                bars[step] = await acreate_progress_artifact(share, key=f"vigie-{step}", description=step)
            elif step in bars:
                await aupdate_progress_artifact(bars[step], progress=share)
                if share >= 100:
                    del state[step], bars[step]

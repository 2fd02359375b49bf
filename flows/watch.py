"""The main flow: one cycle of the watch, from the feeds that are due to the alerts that are delivered."""

from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import Field

from flows import artifacts, tasks
from flows.pipeline_deliver import delivering_anyway
from flows.pipeline_summary import Cycle, CycleSummary
from models.errors import ConfigurationError


@flow(
    name="watch",
    description="One cycle: feeds that are due → entries → articles → events → alerts → deliveries.",
    flow_run_name="watch · part {shard} of {shards}",
)
async def watch_feeds(
    every: bool = False,
    shard: Annotated[int, Field(ge=0)] = 0,
    shards: Annotated[int, Field(ge=1, le=64)] = 1,
) -> State[CycleSummary]:
    """One cycle of the watch. The configuration is that of the worker: VIGIE_CONFIG, else ./vigie.toml.

    Args:
        every: Poll every feed now, also those that are not due.
        shard: Which part of the feeds this run takes, from 0 to shards - 1.
        shards: In how many parts the feeds are shared, one run each; hosts are kept whole.
    """
    if shard >= shards:
        raise ConfigurationError(f"part {shard} de {shards} : elles se comptent de 0 à {shards - 1}")
    async with artifacts.desk_of_run() as desk:
        started = desk.clock()
        async with delivering_anyway(desk, tasks.deliver):
            polled = await tasks.poll(desk, every=every, shard=(shard, shards))
            read = await tasks.read_pages(desk, limit=None if every else desk.settings.fetching.articles_per_cycle)
            telling = await tasks.understand_and_tell(desk)
        delivered = await tasks.deliver(desk)
        cycle = Cycle(polled, read, telling, delivered)
        summary = cycle.summary(started, desk.clock())
        known = desk.store.feeds()
    await artifacts.publish(cycle, summary, known)
    return Completed(
        name="Completed" if summary.clean else "CompletedWithErrors", message=summary.line(), data=summary
    )

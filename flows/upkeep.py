"""The nightly flow: what is past its time is let go, what ails is told."""

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.artifacts import desk_of_run, name_run
from flows.artifacts_text import feeds_table
from flows.pipeline_summary import Cycle
from flows.pipeline_upkeep import Upkept, keep

keep_task = task(name="let go and count", cache_policy=NO_CACHE)(keep)


@flow(
    name="upkeep",
    description="Let go texts past their time, give their room back, tell which feeds ail.",
    flow_run_name="upkeep",
)
async def keep_house() -> State[Upkept]:
    """Keep house: `text_retention` says how long texts are kept; quotes, titles and links stay."""
    async with desk_of_run() as desk:
        done = await keep_task(desk)
        known = desk.store.feeds()
    await acreate_table_artifact(
        key="vigie-feeds-nightly",
        table=feeds_table(Cycle(), known),
        description=f"{done.ailing} of {done.feeds} ail",
    )
    await name_run(f"upkeep · {done.purged} texts let go · {done.ailing} of {done.feeds} feeds ail")
    return Completed(message=done.line(), data=done)

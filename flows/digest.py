"""The flow of the morning: what the last day brought, as an artifact, and the digests that are due."""

from datetime import timedelta
from typing import Annotated

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import Field

from flows import signals, tasks
from flows.alerts.french import counted
from flows.artifacts import desk_of_run, name_run, publish_failures
from flows.artifacts_text import digest_markdown
from flows.pipeline_summary import Cycle, Delivered
from models.queries import EventQuery

SHOWN = 500


@flow(
    name="digest",
    description="What the last hours brought, and the digests of rules with mode daily or weekly that are due.",
    flow_run_name="digest of {hours} hours",
)
async def send_digests(
    hours: Annotated[int, Field(ge=1, le=24 * 31)] = 24,
) -> State[Delivered]:
    """Send the digests that are due (a rule's `at` says when), and show what the last hours brought.

    Args:
        hours: How far back the artifact looks.
    """
    async with desk_of_run() as desk:
        done = await tasks.deliver(desk)
        since = desk.clock() - timedelta(hours=hours)
        found = desk.store.events(EventQuery(since=since, limit=SHOWN))
    signals.emit(Cycle(delivered=done))
    await publish_failures(done)
    await acreate_markdown_artifact(
        key="vigie-digest", markdown=digest_markdown(found, hours), description=f"{len(found)} events in {hours} h"
    )
    told = f"{counted(len(found), 'événement')} en {hours} h"
    await name_run(f"digest {len(found)} events · {done.sent} sent")
    return Completed(
        name="CompletedWithErrors" if done.failures else "Completed",
        message=f"{told} ; {counted(done.sent, 'envoi')}, {len(done.failures)} en échec",
        data=done,
    )

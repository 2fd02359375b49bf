"""The flow that reads stored articles again with today's understanding; history alerts nobody."""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import artifacts, tasks
from flows.alerts.french import counted
from flows.pipeline_summary import Telling


@flow(
    name="backfill",
    description="Read the stored articles that this version of the understanding has not read yet.",
    flow_run_name="backfill",
)
async def read_again() -> State[Telling]:
    """Understand stored articles anew. Stories older than alert_max_age alert nobody, as always."""
    async with artifacts.desk_of_run() as desk:
        telling = await tasks.understand_and_tell(desk)
    await artifacts.name_run(f"backfill {telling.articles} articles · {telling.new} new events")
    read = counted(telling.articles, "article relu", "articles relus")
    new = counted(telling.new, "événement nouveau", "événements nouveaux")
    return Completed(message=f"{read}, {new}", data=telling)

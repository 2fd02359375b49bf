"""The flow that empties the outbox between two cycles: retries that are due, and the ends of quiet hours."""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import signals, tasks
from flows.alerts.french import counted
from flows.artifacts import desk_of_run, name_run, publish_failures
from flows.pipeline_summary import Cycle, Delivered


@flow(name="deliver", description="Send what is due in the outbox.", flow_run_name="deliver")
async def deliver_alerts() -> State[Delivered]:
    """Send the alerts that are due. The configuration is that of the worker."""
    async with desk_of_run() as desk:
        done = await tasks.deliver(desk)
    signals.emit(Cycle(delivered=done))
    await publish_failures(done)
    await name_run(f"deliver {done.sent} alerts" + (f" · {len(done.failures)} failed" if done.failures else ""))
    return Completed(
        name="CompletedWithErrors" if done.failures else "Completed",
        message=f"{counted(done.sent, 'envoi')}, {len(done.failures)} en échec",
        data=done,
    )

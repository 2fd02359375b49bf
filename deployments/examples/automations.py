"""Two automations for a team that lives in the Prefect UI; change them to taste, then run this file.

    PREFECT_API_URL=http://127.0.0.1:4200/api python deployments/examples/automations.py [--silence 600]

- a new layoff starts the digest at once, whatever its schedule;
- a run whose machine died is marked as crashed: Prefect hears no heartbeat, and would show it as running for ever.
Run again, it changes nothing.
"""

import argparse
from datetime import timedelta
from uuid import UUID

from prefect.automations import (
    Automation,
    AutomationCore,
    ChangeFlowRunState,
    EventTrigger,
    Posture,
    RunDeployment,
)
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType

SILENCE = timedelta(minutes=10)
"""More than three heartbeats (three minutes apart unless PREFECT_FLOWS_HEARTBEAT_FREQUENCY says otherwise)."""
_TAKEN = ("heartbeat", "Submitting", "Pending")  # a worker may die before its run's first heartbeat, too
_ALIVE = ("heartbeat", "Running", "Completed", "Failed", "Cancelled", "Crashed")


def new_layoff(digest: UUID) -> Automation:
    """A new layoff starts the digest."""
    return Automation(
        name="vigie: digest on a new layoff",
        trigger=EventTrigger(
            expect={"vigie.event.new"},
            match={"prefect.resource.id": "vigie.event.*", "vigie.kind": "layoff"},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=[RunDeployment(deployment_id=digest, parameters={"hours": 24})],
    )


def lost_run(silence: timedelta) -> Automation:
    """A run that a worker took, and that gave no sign of life for so long, is marked as crashed."""
    return Automation(
        name="vigie: a run whose machine died",
        trigger=EventTrigger(
            after={f"prefect.flow-run.{sign}" for sign in _TAKEN},
            expect={f"prefect.flow-run.{sign}" for sign in _ALIVE},
            match={"prefect.resource.id": ["prefect.flow-run.*"]},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=silence,
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, message=f"no heartbeat for {silence}")],
    )


def install(silence: timedelta) -> list[str]:
    """Create the automations that are not there yet; their names. The deployments must be there."""
    with get_client(sync_client=True) as client:
        digest = client.read_deployment_by_name("digest/digest")
    wanted: list[Automation] = [new_layoff(digest.id), lost_run(silence)]
    created = []
    for automation in wanted:
        if not _known(automation):
            automation.create()
            created.append(automation.name)
    return created


def _known(automation: AutomationCore) -> bool:
    try:
        return bool(Automation.read(name=automation.name))
    except ValueError:
        return False


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--silence", type=int, default=int(SILENCE.total_seconds()), metavar="SECONDS")
    asked = parser.parse_args()
    for name in install(timedelta(seconds=asked.silence)):
        print(f"created: {name}")  # noqa: T201 - a script for an operator

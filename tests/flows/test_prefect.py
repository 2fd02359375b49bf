"""The flows in a temporary Prefect: states, run names, artifacts, logs; and the traps of its pins."""

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import typer.testing

from flows.cli.application import app
from models.records import Feed
from models.store import Store

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.slow,
    # Prefect leaves connections of its own to the garbage collector, which says so.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def followed(newsroom: "Newsroom", config: Path, monkeypatch: pytest.MonkeyPatch) -> "Newsroom":
    """The tiny newsroom, followed by the configuration that the flows find."""
    monkeypatch.setenv("VIGIE_CONFIG", str(config))
    with Store.open(f"sqlite:///{config.parent / 'vigie.db'}") as store:
        store.add_feeds([Feed(url=f"{newsroom.base}/{site}/feed", publisher=site) for site in newsroom.sites])
    return newsroom


def watch(**parameters: Any) -> Any:
    """The final state of one run of the watch."""
    from flows.watch import watch_feeds

    async def run() -> Any:
        return await watch_feeds(**parameters, return_state=True)

    return asyncio.run(run())


async def _seen(run_id: UUID) -> tuple[Any, list[Any], list[Any]]:
    """A run, its artifacts and all of its logs."""
    from prefect import get_client
    from prefect.client.schemas.filters import (
        ArtifactFilter,
        ArtifactFilterFlowRunId,
        LogFilter,
        LogFilterFlowRunId,
    )
    from prefect.logging.handlers import APILogHandler

    await APILogHandler.aflush()  # they are sent in batches, a moment later
    async with get_client() as client:
        run = await client.read_flow_run(run_id)
        artifacts = await client.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run_id]))
        )
        logs = await client.read_logs(LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run_id])))
    return run, artifacts, logs


async def _tasks(run_id: UUID, last: str) -> list[str]:
    """The names of a run's tasks, once it is known that the last one has ended: the server hears of it later."""
    from prefect import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    mine = FlowRunFilter(id=FlowRunFilterId(any_=[run_id]))
    async with get_client() as client, asyncio.timeout(240):
        while True:
            tasks = await client.read_task_runs(flow_run_filter=mine)
            ended = [task.name.rpartition("-")[0] for task in tasks if task.state and task.state.is_final()]
            if last in ended and len(ended) == len(tasks):
                return sorted(ended)
            await asyncio.sleep(0.25)


def test_a_run_shows_its_events_its_feeds_and_its_logs(prefect: None, followed: "Newsroom") -> None:
    state = watch(every=True)
    assert state.name == "Completed"
    run, artifacts, logs = asyncio.run(_seen(state.state_details.flow_run_id))
    assert run.name == "watch 2 feeds · 2 new"
    by_key = {artifact.key: artifact.data for artifact in artifacts}
    shown = by_key["vigie-events"]
    assert "Moreau" in shown
    assert "> " in shown
    assert f"<{followed.base}/alpha/moreau>" in shown
    assert "Verdon Cloud" in shown
    assert [row["santé"] for row in json.loads(by_key["vigie-feeds"])] == ["fresh", "fresh"]
    assert any(log.name == "flows.pipeline" and "alpha" in log.message for log in logs)
    everything = f"{by_key}{[log.message for log in logs]}{run.parameters}"
    assert "/hook" not in everything  # the channel's address is a secret


def test_a_cycle_has_the_same_number_of_tasks_whatever_the_feeds(prefect: None, followed: "Newsroom") -> None:
    first = asyncio.run(_tasks(watch(every=True).state_details.flow_run_id, "deliver"))
    followed.sites |= {f"site{n}": [] for n in range(20)}
    with Store.open(f"sqlite:///{_database()}") as store:
        store.add_feeds([Feed(url=f"{followed.base}/site{n}/feed", publisher=f"site{n}") for n in range(20)])
    second = asyncio.run(_tasks(watch(every=True).state_details.flow_run_id, "deliver"))
    assert first == second
    assert len(first) == 4


def _database() -> Path:
    import os

    return Path(os.environ["VIGIE_CONFIG"]).parent / "vigie.db"


def test_what_fails_is_in_the_state_and_in_the_artifact(prefect: None, followed: "Newsroom") -> None:
    followed.broken_feeds.add("beta")
    state = watch(every=True)
    assert state.name == "CompletedWithErrors"
    assert state.is_completed()
    _, artifacts, _ = asyncio.run(_seen(state.state_details.flow_run_id))
    shown = next(a.data for a in artifacts if a.key == "vigie-events")
    assert "## En échec" in shown
    assert "500" in shown


def test_hostile_titles_stay_text_in_the_artifact(prefect: None, followed: "Newsroom") -> None:
    first = followed.sites["alpha"][0]
    hostile = replace(first, title=f"{first.title} <img src=x onerror=alert(1)> [clic](javascript:alert(1))")
    followed.sites["alpha"] = [hostile]
    state = watch(every=True)
    _, artifacts, _ = asyncio.run(_seen(state.state_details.flow_run_id))
    shown = next(a.data for a in artifacts if a.key == "vigie-events")
    assert "<img" not in shown
    assert re.search(r"(?<!\\)\]\(javascript", shown) is None


def test_the_other_flows_run(prefect: None, followed: "Newsroom") -> None:
    from flows.backfill import read_again
    from flows.deliver import deliver_alerts
    from flows.digest import send_digests
    from flows.upkeep import keep_house

    watch(every=True)

    async def all_of_them() -> list[Any]:
        flows: list[Any] = [deliver_alerts, send_digests, read_again, keep_house]
        return [await flow(return_state=True) for flow in flows]

    assert [state.name for state in asyncio.run(all_of_them())] == ["Completed"] * 4
    assert len(followed.webhooks) == 2


def test_who_is_forgotten_is_in_no_table_no_file_and_no_new_artifact(
    prefect: None, followed: "Newsroom", config: Path
) -> None:
    """Also when the same is read again: at its old address, at another one, and in another outlet."""
    left = replace(followed.sites["alpha"][0], slug="depart")  # an address with the name would not be asked again
    followed.sites["alpha"] = [left]
    watch(every=True)
    folder = config.parent
    assert "Moreau" in found_in(folder)
    erased = typer.testing.CliRunner().invoke(app, ["--config", str(config), "forget", NAME, "--yes"])
    assert erased.exit_code == 0, erased.output
    assert "Moreau" not in found_in(folder) + erased.output
    named = replace(left, slug="etienne-moreau-quitte-calypso", title=f"{NAME} quitte Calypso Robotics")
    followed.sites["alpha"] = [replace(left, title=f"{left.title} (mis à jour)"), named]
    followed.sites["gamma"] = [left, named]
    with Store.open(f"sqlite:///{_database()}") as store:
        store.add_feeds([Feed(url=f"{followed.base}/gamma/feed", publisher="gamma")])
    state = watch(every=True)
    run, artifacts, logs = asyncio.run(_seen(state.state_details.flow_run_id))
    assert (followed.requests["/alpha/depart"], followed.requests["/gamma/depart"]) == (2, 1)
    shown = f"{run.name}{state.message}{[a.data for a in artifacts]}{[log.message for log in logs]}"
    assert "gamma" in shown
    for place in (shown, found_in(folder)):
        assert "moreau" not in place.casefold()
    assert len(followed.webhooks) == 2


NAME = "Étienne Moreau"


def found_in(folder: Path) -> str:
    """Every file of the data folder, and every row of every table, as text."""
    from models.tables import Base

    files = [path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.iterdir()) if path.is_file()]
    with Store.open(f"sqlite:///{folder / 'vigie.db'}") as store, store.database.reading() as session:
        rows = [str(row) for table in Base.metadata.sorted_tables for row in session.execute(table.select())]
    return "\n".join(files + rows)


def test_a_schedule_creates_runs(prefect: None) -> None:
    """With SQLAlchemy 2.1 everything looks well, and no scheduled run is ever created."""
    from prefect import get_client
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
    from prefect.server.services.scheduler import schedule_deployments

    from flows.serving import deployments

    served = {deployment.name: deployment for deployment in deployments()}

    async def created() -> list[Any]:
        deployment_id = await served["watch"].aapply()
        await schedule_deployments()  # the service itself: the temporary server does not run its loop
        async with get_client() as client:
            chosen = DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))
            return await client.read_flow_runs(deployment_filter=chosen)

    runs = asyncio.run(created())
    assert runs, "the scheduler created no run: is SQLAlchemy below 2.1?"
    assert all(run.auto_scheduled for run in runs)
    assert {run.expected_start_time.minute % 15 for run in runs} == {0}


def test_the_server_imports() -> None:
    """With FastAPI 0.155 and later it does not."""
    import prefect.server.api.server as server

    assert callable(server.create_app)

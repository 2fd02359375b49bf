"""What an operator does with a Prefect server, in real processes: deployments, workers, automations.

One story, because its server takes half a minute to start: what was deployed from the repository is run by a
worker elsewhere; a new layoff starts the digest; a worker killed with its run is noticed; the next one takes over.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.processes import kill, stop
from models.records import Feed
from models.store import Store

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a worker's processes are found in /proc"),
]
ROOT = Path(__file__).parents[2]
SILENCE = 60
"""Seconds without a heartbeat that make a run a lost one, here, at least: Prefect's shortest period is 30."""


@dataclass(frozen=True)
class Operator:
    """The API of a running server, and the environment of commands that use it."""

    api: str
    environment: dict[str, str]
    elsewhere: Path

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """One exchange with the API; asked again where its database is busy (503), as Prefect's client does."""
        waits = iter((1, 2, 4, 8))
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.api}/{path}", data, {"Content-Type": "application/json"}, method=method
        )
        while True:
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                wait = next(waits, None)
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE or wait is None:
                    raise
                time.sleep(wait)

    def run(self, *command: str, cwd: Path = ROOT) -> str:
        """What a Python command says; it must succeed."""
        done = subprocess.run(
            [sys.executable, *command], cwd=cwd, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def worker(self) -> Iterator["subprocess.Popen[bytes]"]:
        """A worker in another folder."""
        command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "vigie", "--limit", "2"]
        with (self.elsewhere / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=self.elsewhere,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            stop(process)

    def start(self, deployment: str, **parameters: Any) -> str:
        """The id of a new run of a deployment."""
        found = self.ask(f"deployments/name/{deployment}")
        return str(self.ask(f"deployments/{found['id']}/create_flow_run", {"parameters": parameters})["id"])

    def ended(self, run: str) -> dict[str, Any]:
        """A run once it has ended."""
        found: dict[str, Any] = awaited(
            run, lambda: self.ask(f"flow_runs/{run}"), lambda r: r["state_type"] in ENDS
        )
        return found


ENDS = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


def awaited(what: str, found: Callable[[], Any], good: Callable[[Any], Any] = bool, seconds: float = 900) -> Any:
    """What `found` gives once it is good."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if good(answer := found()):
            return answer
        time.sleep(0.5)
    pytest.fail(f"{what}: not within {seconds} s, {answer}")


@pytest.fixture
def operator(config: Path, tmp_path: Path, free_port: int) -> Iterator[Operator]:
    """A server of its own, with the deployments of the repository and without their schedules."""
    from flows.logging_setup import prefect_environment
    from flows.serving import local_server

    environment = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "PREFECT_"))}
    environment |= prefect_environment() | {
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PYTHONPATH": str(ROOT),
        "VIGIE_CONFIG": str(config),
    }
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with local_server(free_port, environment, patience=600) as api:
        at_work = Operator(api, environment | {"PREFECT_API_URL": api}, elsewhere)
        at_work.run("-m", "prefect", "work-pool", "create", "vigie", "--type", "process")
        file = "deployments/prefect.yaml"
        at_work.run("-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", file)
        for deployment in at_work.ask("deployments/filter", {}):
            for schedule in deployment["schedules"]:
                at_work.ask(f"deployments/{deployment['id']}/schedules/{schedule['id']}", method="DELETE")
        yield at_work


def follow(newsroom: "Newsroom", config: Path) -> Store:
    """The store of the configuration, which follows the newsroom's sites."""
    store = Store.open(f"sqlite:///{config.parent / 'vigie.db'}")
    store.add_feeds([Feed(url=f"{newsroom.base}/{site}/feed", publisher=site) for site in newsroom.sites])
    return store


def test_deployed_run_by_a_worker_elsewhere_and_watched_by_automations(
    operator: Operator, newsroom: "Newsroom", config: Path
) -> None:
    automations = str(ROOT / "deployments" / "examples" / "automations.py")
    said = operator.run(automations, "--silence", "3600", cwd=operator.elsewhere)
    assert said.count("created: vigie") == 2
    assert operator.run(automations, cwd=operator.elsewhere) == ""
    with follow(newsroom, config) as store:
        # Before the worker looks for any: else it might have ended the first before it sees the second.
        at_once = [operator.start("watch/watch", every=True) for _ in range(2)]
        with operator.worker() as worker:
            seen = sorted(map(operator.ended, at_once), key=lambda run: run["state_type"], reverse=True)
            assert [run["state_type"] for run in seen] == ["COMPLETED", "CANCELLED"]
            assert "concurrency limit" in seen[1]["state"]["message"].casefold()
            assert (seen[0]["state_name"], seen[0]["name"]) == ("Completed", "watch 2 feeds · 2 new")
            digest = awaited("the digest that a new layoff starts", lambda: digest_of(operator))
            assert operator.ended(digest["id"])["state_name"] == "Completed"
            silence = max(SILENCE, 5 * round(seconds_to_start(operator, seen[0]["id"])))
            (automation,) = (a for a in operator.ask("automations/filter", {}) if "machine died" in a["name"])
            operator.ask(f"automations/{automation['id']}", method="DELETE")
            said = operator.run(automations, "--silence", str(silence), cwd=operator.elsewhere)
            assert said.count("created: vigie") == 1
            with config.open("a", encoding="utf-8") as file:
                file.write('[fetching]\ndeadline = "1h"\n')
            lost = kill_half_way(operator, newsroom, worker)
        assert len(store.events()) == 2
        assert store.lease_owners() != ()
        crashed = operator.ended(lost)
        assert crashed["state_type"] == "CRASHED"
        assert "no heartbeat" in crashed["state"]["message"]
        newsroom.going.set()
        with operator.worker():
            last = operator.ended(operator.start("watch/watch", every=True))
        assert (last["state_name"], last["name"]) == ("Completed", "watch 2 feeds · 3 new")
        assert len({e.get("person") for e in store.events()} - {None}) == 4
        assert len(newsroom.webhooks) == 5


def seconds_to_start(operator: Operator, run: str) -> float:
    """How long a run took from its worker's choice to its code: seconds, or minutes where others are at work."""
    states = {s["type"]: s["timestamp"] for s in operator.ask(f"flow_run_states/?flow_run_id={run}")}
    chosen, running = (datetime.fromisoformat(states[name]) for name in ("PENDING", "RUNNING"))
    return (running - chosen).total_seconds()


def digest_of(operator: Operator) -> dict[str, Any] | None:
    """The run of the digest that an automation made."""
    runs = operator.ask("flow_runs/filter", {"sort": "EXPECTED_START_TIME_ASC"})
    made = (r for r in runs if (r["created_by"] or {}).get("type") == "AUTOMATION")
    found: dict[str, Any] | None = next(made, None)
    return found


def kill_half_way(operator: Operator, newsroom: "Newsroom", worker: "subprocess.Popen[bytes]") -> str:
    """A run of the watch that is killed with its worker while it reads pages; the run's id."""
    (first, *_) = newsroom.sites["alpha"]
    names = ("Hélène Garnier", "Bruno Castel", "Sophie Lenoir")
    firms = ("Ardoise Software", "Belvédère Télécom", "Cormoran Robotics")
    told = [
        replace(
            first,
            slug=f"depart-{n}",
            title=first.title.replace("Calypso Robotics", firm),
            text=first.text.replace("Étienne Moreau", name).replace("Calypso Robotics", firm),
        )
        for n, (name, firm) in enumerate(zip(names, firms, strict=True))
    ]
    newsroom.sites["alpha"] = told
    newsroom.going.clear()
    run = operator.start("watch/watch", every=True)
    awaited("the pages", lambda: newsroom.requests["/alpha/depart-0"])
    kill(worker.pid)
    assert operator.ask(f"flow_runs/{run}")["state_type"] == "RUNNING"
    return run

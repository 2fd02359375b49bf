"""A thousand feeds in shards by Prefect, PostgreSQL and process workers: one, two, and one of two killed.

    python -m benchmarks.scale_out [--feeds 1000] [--shards 4] [--latency 0.05]

One PostgreSQL (of this machine, with contrib) holds Prefect's database and one of Vigie for each scenario; workers
take one run at a time. `watch` is started once for each shard. In the last scenario one of two workers is killed
with SIGKILL, its run with it, once half of the pages were asked for; an automation marks the run as crashed, and
the next cycle completes what is left. Feeds, pages and events are invented (benchmarks/scale_out_newsroom.py).

Exit 1 where a feed is not fetched exactly once a cycle, or an article, event or alert is missing or twice.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import postgresql
from benchmarks.prefect_overhead import ask, clean_environment, free_port
from benchmarks.processes import kill, stop
from flows.demo.server import Newsroom, serving
from flows.serving import local_server
from models.queries import EventQuery
from models.records import Feed
from models.store import Store
from models.vocabulary import DeliveryState

ROOT = Path(__file__).resolve().parents[1]
HOSTS = 250
SILENCE = 90
"""Seconds without a heartbeat after which a run is lost; Prefect's shortest period between two is 30."""
PATIENCE = 1800.0
ENDS = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
LOST_RUN = (
    "import runpy, sys; from datetime import timedelta;"
    "runpy.run_path(sys.argv[1])['lost_run'](timedelta(seconds=int(sys.argv[2]))).create()"
)


@dataclass(frozen=True)
class Bench:
    """What all scenarios share: the servers, their addresses, and the environment of their processes."""

    folder: Path
    site: int  # port of the newsroom
    database: int  # port of PostgreSQL
    api: str
    environment: dict[str, str]
    feeds: int
    shards: int
    hook: Newsroom = field(repr=False)

    def site_ask(self, path: str) -> Any:
        """An answer of the newsroom's own pages."""
        with urllib.request.urlopen(f"http://127.0.1.1:{self.site}{path}", timeout=60) as answer:
            body = answer.read()
        return json.loads(body) if path != "/_forget" else None

    def python(self, *arguments: str, cwd: Path = ROOT) -> None:
        """A Python command that must succeed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{arguments[:4]} ended with {done.returncode}:\n{done.stderr[-1500:]}")

    def deploy(self) -> None:
        """The pool, and the deployment `watch` as the repository has it, with room for one run a shard."""
        text = (ROOT / "deployments" / "prefect.yaml").read_text("utf-8")
        kept = text[: text.index("  - name: deliver")].replace("limit: 1", f"limit: {self.shards}")
        schedule = '    schedules:\n      - cron: "*/15 * * * *"\n        timezone: Europe/Paris\n'
        if schedule not in kept:
            raise RuntimeError("deployments/prefect.yaml has another form than this benchmark knows")
        file = self.folder / "prefect.yaml"
        file.write_text(kept.replace(schedule, "    schedules: []\n"), "utf-8")
        self.python("-m", "prefect", "work-pool", "create", "vigie", "--type", "process")
        self.python("-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(file))
        automations = ROOT / "deployments" / "examples" / "automations.py"
        self.python("-c", LOST_RUN, str(automations), str(SILENCE))


class Scenario:
    """One fresh database of Vigie that workers fill."""

    def __init__(self, bench: Bench, name: str) -> None:
        self.bench, self.name = bench, name
        self.folder = bench.folder / name
        self.folder.mkdir()
        with psycopg.connect(
            f"postgresql://postgres@127.0.0.1:{bench.database}/postgres", autocommit=True
        ) as base:
            base.execute(f'CREATE DATABASE "vigie_{name}"'.encode())
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{bench.database}/vigie_{name}"
        allowed = json.dumps([f"127.0.1.{n}:{bench.site}" for n in range(1, HOSTS + 1)] + [bench.hook.base[7:]])
        (self.folder / "vigie.toml").write_text(
            f"allow_private_hosts = {allowed}\n[fetching]\narticles_per_cycle = {2 * bench.feeds}\n"
            f'[channels.essai]\nurl = "vigie+{bench.hook.base}/alertes"\n'
            '[[rules]]\nname = "tout"\nchannels = ["essai"]\n',
            "utf-8",
        )
        with Store.open(self.url) as store:
            hosts = (f"127.0.1.{number % HOSTS + 1}:{bench.site}" for number in range(bench.feeds))
            store.add_feeds(Feed(url=f"http://{host}/s{n}/flux") for n, host in enumerate(hosts))
        bench.site_ask("/_forget")
        bench.hook.received.clear()

    @contextmanager
    def worker(self, number: int) -> Iterator["subprocess.Popen[bytes]"]:
        """A worker that takes one run at a time; stopped at the end."""
        command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "vigie", "--limit", "1"]
        with (self.folder / f"worker-{number}.log").open("wb") as log:
            environment = self.bench.environment | {
                "VIGIE_CONFIG": str(self.folder / "vigie.toml"),
                "VIGIE_DATABASE_URL": self.url,
            }
            process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            stop(process)

    def cycle(self) -> list[str]:
        """One run of the watch for each shard; their ids."""
        deployment = ask(self.bench.api, "deployments/name/watch/watch")["id"]
        path = f"deployments/{deployment}/create_flow_run"
        parameters = [{"shard": n, "shards": self.bench.shards} for n in range(self.bench.shards)]
        return [str(ask(self.bench.api, path, {"parameters": asked})["id"]) for asked in parameters]

    def ended(self, runs: list[str]) -> list[dict[str, Any]]:
        """The runs once all have ended."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = [ask(self.bench.api, f"flow_runs/{run}") for run in runs]
            if all(run["state_type"] in ENDS for run in found):
                return found
            time.sleep(1)
        states = [run["state_name"] for run in found]
        raise RuntimeError(f"{self.name}: runs not ended after {PATIENCE:.0f} s: {states}")

    def kill_half_way(self, worker: "subprocess.Popen[bytes]") -> int:
        """Kill a worker with all that it started once half of the pages were asked for; how many were."""
        deadline = time.monotonic() + PATIENCE
        while (asked := int(self.bench.site_ask("/_pages"))) < self.bench.feeds // 2:
            if time.monotonic() > deadline:
                raise RuntimeError(f"only {asked} pages were asked for")
            time.sleep(0.2)
        kill(worker.pid)
        return asked

    def stored(self) -> dict[str, Any]:
        """What is there at the end, and what was asked and delivered."""
        with Store.open(self.url) as store:
            events = store.events(EventQuery(limit=100_000))
            alerts = store.alerts(limit=100_000)
            sent = store.deliveries(state=DeliveryState.SENT, limit=100_000)
            tally = store.tally(datetime(2000, 1, 1).astimezone())
        log = self.bench.site_ask("/_log")
        fetched = Counter(target for _, target, _ in log if target.endswith("/flux"))
        pages = Counter(target for _, target, _ in log if "/recit-" in target)
        received = Counter(message["id"] for message in self.bench.hook.received)
        told = [(e.kind.value, e.get("company"), e.get("person")) for e in events]
        return {
            "feeds fetched": len(fetched),
            "fetched twice": sum(n > 1 for n in fetched.values()),
            "pages": len(pages),
            "pages twice": sum(n > 1 for n in pages.values()),
            "articles": tally.articles,
            "unread": tally.pending,
            "events": len(set(told)),
            "events twice": len(told) - len(set(told)),
            "of two outlets": sum(len(set(e.outlets)) == 2 for e in events),
            "alerts": len({a.event.id for a in alerts}),
            "alerts twice": len(alerts) - len({a.event.id for a in alerts}),
            "sent": len(sent),
            "received": len(received),
            "received twice": sum(n > 1 for n in received.values()),
        }


def seconds_of(runs: list[dict[str, Any]]) -> float:
    """From the start of the first to the end of the last."""
    starts = [datetime.fromisoformat(run["start_time"]) for run in runs if run["start_time"]]
    return (max(datetime.fromisoformat(run["end_time"]) for run in runs) - min(starts)).total_seconds()


def calm(bench: Bench, workers: int) -> dict[str, Any]:
    """A cycle by so many workers, to its end."""
    scenario = Scenario(bench, f"by_{workers}")
    with ExitStack() as stack:
        for number in range(workers):
            stack.enter_context(scenario.worker(number))
        runs = scenario.ended(scenario.cycle())
    states = dict(Counter(run["state_name"] for run in runs))
    return {"runs": states, "seconds": round(seconds_of(runs), 1), **scenario.stored()}


def killed(bench: Bench) -> dict[str, Any]:
    """A cycle by two workers one of which is killed, then the next cycle by the other one."""
    scenario = Scenario(bench, "killed")
    with scenario.worker(0) as doomed, scenario.worker(1):
        runs = scenario.cycle()
        at = scenario.kill_half_way(doomed)
        first = scenario.ended(runs)
        second = scenario.ended(scenario.cycle())
    states = [dict(Counter(run["state_name"] for run in some)) for some in (first, second)]
    return {"killed at page": at, "runs": states[0], "next cycle": states[1], **scenario.stored()}


def passed(result: dict[str, Any], bench: Bench, *, torn: bool) -> bool:
    """Whether everything is there, once. A killed run may have asked for what it had no time to keep."""
    twice = ("events twice", "alerts twice") + (() if torn else ("fetched twice", "pages twice", "received twice"))
    whole = all(result[name] == bench.feeds for name in ("feeds fetched", "pages", "articles"))
    told = result["events"] == result["of two outlets"] == result["alerts"] == result["sent"] == result["received"]
    ends = set(result.get("next cycle", result["runs"])) == {"Completed"}
    return ends and whole and told and result["events"] == bench.feeds // 5 and not any(result[n] for n in twice)


def run(bench: Bench) -> bool:
    """All scenarios; prints a table of throughput, and what each found."""
    bench.deploy()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}, {bench.feeds} feeds, {bench.shards} shards\n")
    print("| workers | seconds | articles a minute | times one worker |\n| --- | --- | --- | --- |", flush=True)
    results = {}
    for workers in (1, 2):
        found = results[f"{workers} workers"] = calm(bench, workers)
        ratio = results["1 workers"]["seconds"] / found["seconds"]
        rate = found["articles"] / found["seconds"] * 60
        print(f"| {workers} | {found['seconds']:.0f} | {rate:.0f} | {ratio:.2f} |", flush=True)
    results["one of two killed"] = killed(bench)
    print("\n" + json.dumps(results, indent=2))
    return all(passed(found, bench, torn="killed" in name) for name, found in results.items())


@contextmanager
def newsroom(feeds: int, latency: float) -> Iterator[int]:
    """The port of the newsroom, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scale_out_newsroom", "--feeds", str(feeds)]
    asked = ["--hosts", str(HOSTS), "--latency", str(latency)]
    server = subprocess.Popen([*command, *asked], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert server.stdout is not None  # noqa: S101 - PIPE was asked for
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    """Runs it; 0 with a word where this machine has no PostgreSQL of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--latency", type=float, default=0.05)
    asked = parser.parse_args()
    programs = postgresql.programs()
    if programs is None:
        print("skipped: no PostgreSQL with pg_trgm is installed here (Debian: postgresql)")
        return 0
    hook = Newsroom((), datetime.now().astimezone())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = stack.enter_context(postgresql.running(programs))
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", autocommit=True) as base:
            base.execute("CREATE DATABASE prefect")
        server = f"postgresql+asyncpg://postgres@127.0.0.1:{port}/prefect"
        environment = clean_environment(folder) | {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
        own = environment | {"PREFECT_SERVER_DATABASE_CONNECTION_URL": server}
        log = stack.enter_context((folder / "server.log").open("wb"))
        api = stack.enter_context(local_server(free_port(), own, log, PATIENCE))
        site = stack.enter_context(newsroom(asked.feeds, asked.latency))
        stack.enter_context(serving(hook))
        environment |= {"PREFECT_API_URL": api}
        met = run(Bench(folder, site, port, api, environment, asked.feeds, asked.shards, hook))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

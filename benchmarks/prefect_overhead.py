"""What Prefect adds to a cycle: `vigie watch` as a flow run against the same cycle without, in pairs.

    python -m benchmarks.prefect_overhead [--feeds 100] [--pairs 7] [--latency 0.05]

Two databases follow the same feeds on loopback, one watched with `--prefect` (a running server with SQLite and
Vigie's settings), one with `--no-prefect`. Each pair is measured back to back, the other one first every second
time. Seconds are of the whole command, start of Python and imports included; the first cycle of each also compiles
the modules that it imports. Then the task runs of a cycle with a
tenth, once and ten times as many feeds are counted. Exit 1 where the median of an idle cycle goes beyond 3 s, or
the number of task runs depends on that of feeds.
"""

import argparse
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.logging_setup import prefect_environment
from flows.serving import local_server
from models.records import Feed
from models.store import Store

ROOT = Path(__file__).resolve().parents[1]
HOSTS = 250
AIM = 3.0
"""Seconds that Prefect may add to a cycle of a hundred feeds: a third of a per cent of 15 minutes."""

RECORDED = 7.0
"""Seconds after which the server has recorded a task run: it writes what it heard every 5."""


@dataclass(frozen=True)
class Site:
    """The server of feeds that every cycle reads."""

    port: int

    def addresses(self, count: int) -> list[str]:
        """The addresses of the first feeds."""
        return [f"http://127.0.1.{number % HOSTS + 1}:{self.port}/feed/{number}" for number in range(count)]

    def publish(self, feeds: int, pages: int) -> None:
        """Some feeds have so many entries more."""
        url = f"http://127.0.1.1:{self.port}/_change?feeds={feeds}&pages={pages}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            answer.read()


@dataclass(frozen=True)
class Cost:
    """What one cycle took, in seconds."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Watch:
    """One configuration with its own database, and the command run on it."""

    folder: Path
    environment: dict[str, str]

    @classmethod
    def of(cls, folder: Path, site: Site, feeds: int, api: str | None, policy: str = "") -> "Watch":
        """A new folder that follows so many feeds; `api`: Prefect's, None without."""
        folder.mkdir()
        allowed = json.dumps([f"127.0.1.{number}:{site.port}" for number in range(1, HOSTS + 1)])
        text = f'database_url = "sqlite:///{folder / "vigie.db"}"\nallow_private_hosts = {allowed}\n'
        (folder / "vigie.toml").write_text(text, "utf-8")
        with Store.open(f"sqlite:///{folder / 'vigie.db'}") as store:
            store.add_feeds(Feed(url=url, policy=policy) for url in site.addresses(feeds))
        return cls(folder, clean_environment(folder) | ({"PREFECT_API_URL": api} if api else {}))

    def cycle(self) -> Cost:
        """One cycle over every feed, and what it cost. Raises RuntimeError where it fails."""
        way = "--prefect" if "PREFECT_API_URL" in self.environment else "--no-prefect"
        command = [sys.executable, "-c", "from flows.cli import main; main()"]
        begun, used = time.perf_counter(), cpu_of_children()
        done = subprocess.run(
            [*command, "--config", str(self.folder / "vigie.toml"), "--json", "watch", "--all", way],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        cost = Cost(time.perf_counter() - begun, cpu_of_children() - used)
        if done.returncode:
            raise RuntimeError(f"watch {way} ended with {done.returncode}:\n{done.stderr[-1500:]}")
        return cost


def cpu_of_children() -> float:
    """CPU seconds of every process started here so far, those that still run (the servers) included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = 0
    for pid in (n for t in Path("/proc/self/task").iterdir() for n in (t / "children").read_text().split()):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # utime and stime, proc(5)
    return ended.ru_utime + ended.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def clean_environment(home: Path) -> dict[str, str]:
    """This process's environment without its own Vigie and Prefect; Prefect and Python write below `home` only.

    Python keeps its bytecode there, as it does where Vigie is installed, whatever is set here: without, each cycle
    compiles thousands of modules, and Prefect's are the most.
    """
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "PREFECT_", "PYTHONDONTWRITE"))}
    own = {"PREFECT_HOME": str(home / "prefect"), "PYTHONPYCACHEPREFIX": str(home / "bytecode")}
    return bare | prefect_environment() | own | {"PYTHONPATH": str(ROOT)}


def free_port() -> int:
    """A port of loopback that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def feeds_served(feeds: int, latency: float) -> Iterator[Site]:
    """The server of feeds in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.fetching_server"]
    asked = ["--feeds", str(feeds), "--latency", str(latency), "--hosts", str(HOSTS)]
    server = subprocess.Popen([*command, *asked], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert server.stdout is not None  # noqa: S101 - PIPE was asked for
        yield Site(int(server.stdout.readline()))
    finally:
        server.terminate()
        server.wait()


def pairs(plain: Watch, with_prefect: Watch, count: int) -> list[tuple[Cost, Cost]]:
    """Costs without and with Prefect, measured back to back; who comes first changes each time."""
    found = []
    for turn in range(count):
        if turn % 2:
            second, first = with_prefect.cycle(), plain.cycle()
        else:
            first, second = plain.cycle(), with_prefect.cycle()
        found.append((first, second))
    return found


def row(name: str, found: list[tuple[Cost, Cost]]) -> float:
    """Prints one line of the table; the median of the seconds that Prefect adds."""
    added = [second.wall - first.wall for first, second in found]
    cpu = statistics.median(second.cpu - first.cpu for first, second in found)
    plain, with_prefect = (statistics.median(cost.wall for cost in column) for column in zip(*found, strict=True))
    median = statistics.median(added)
    spread = f"{min(added):.2f} to {max(added):.2f}"
    cells = (len(found), f"{plain:.2f}", f"{with_prefect:.2f}", f"{median:.2f}", spread, f"{cpu:.2f}")
    print(f"| {name} | " + " | ".join(map(str, cells)) + " |", flush=True)
    return median


def task_runs(api: str) -> int:
    """How many task runs the last flow run had, once the server has recorded all it heard."""
    asked = {"sort": "START_TIME_DESC", "limit": 1}
    (run,) = ask(api, "flow_runs/filter", asked)
    chosen = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    count, before = 0, -1
    while count != before:
        time.sleep(RECORDED)
        before, count = count, int(ask(api, "task_runs/count", chosen))
    return count


def ask(api: str, path: str, body: Any = None) -> Any:
    """One question to Prefect's API; a POST where there is a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{api}/{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def run(folder: Path, site: Site, api: str, *, feeds: int, count: int) -> bool:
    """The pairs, then the counts; whether the aims are met."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {feeds} feeds\n")
    print("| cycle | pairs | without s | with s | Prefect adds s | spread | CPU s added |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    plain = Watch.of(folder / "plain", site, feeds, None)
    with_prefect = Watch.of(folder / "with", site, feeds, api)
    row("first fill, a page each", pairs(plain, with_prefect, 1))
    median = row("idle", pairs(plain, with_prefect, count))
    site.publish(max(feeds // 20, 1), 10)
    row("5 % changed, 10 pages each", pairs(plain, with_prefect, 1))
    counts = {}
    for size in (feeds // 10, feeds, feeds * 10):
        Watch.of(folder / f"of-{size}", site, size, api, policy="feed").cycle()
        counts[size] = task_runs(api)
    print("\n| feeds | task runs |\n| --- | --- |")
    print("\n".join(f"| {size} | {runs} |" for size, runs in counts.items()))
    return median <= AIM and len(set(counts.values())) == 1


def main() -> int:
    """Runs it; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--latency", type=float, default=0.05)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        feeds_served(asked.feeds * 10, asked.latency) as site,
        local_server(free_port(), clean_environment(Path(folder)), patience=600) as api,
    ):
        met = run(Path(folder), site, api, feeds=asked.feeds, count=asked.pairs)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

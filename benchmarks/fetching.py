"""How quick a cycle is beside the network alone, and beside lemon24/reader, on the same server.

    python -m benchmarks.fetching [--feeds 1000] [--latency 0.05] [--reader PYTHON]

`--reader`: an interpreter that has `reader` and `sgmllib3k`. The floor is a bare client that makes the very
requests that our cycle made, 50 at once, and reads the answers; it is measured right after the cycle that it is
compared with.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.fetching_faults import Peak

HERE = Path(__file__).resolve().parent
HOSTS = 250


@dataclass(frozen=True)
class Bench:
    """One run: where the server is and where the databases go."""

    port: int
    feeds: int
    folder: Path
    reader: str | None

    @property
    def addresses(self) -> list[str]:
        """Every feed's address."""
        return [f"http://127.0.1.{number % HOSTS + 1}:{self.port}/feed/{number}" for number in range(self.feeds)]

    def ask(self, path: str) -> Any:
        """One answer of the server's own pages."""
        with urllib.request.urlopen(f"http://127.0.1.1:{self.port}{path}", timeout=60) as answer:
            body = answer.read()
        return json.loads(body) if path == "/_log" else body


def main() -> None:
    """Runs the three cycles and prints a table of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--reader", help="an interpreter with reader and sgmllib3k")
    parser.add_argument("--cycle", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.cycle:
        print(json.dumps(asyncio.run(cycle(Path(given.cycle)))))
        return
    command = [sys.executable, "-m", "benchmarks.fetching_server"]
    asked = ["--feeds", str(given.feeds), "--latency", str(given.latency), "--hosts", str(HOSTS)]
    server = subprocess.Popen([*command, *asked], stdout=subprocess.PIPE, text=True, cwd=HERE.parent)
    try:
        assert server.stdout is not None  # noqa: S101 - PIPE was asked for
        with tempfile.TemporaryDirectory() as folder:
            run(Bench(int(server.stdout.readline()), given.feeds, Path(folder), given.reader))
    finally:
        server.terminate()
        server.wait()


def run(bench: Bench) -> None:
    """Fill, idle and five per cent, one after another."""
    (bench.folder / "addresses").write_text("\n".join(bench.addresses), "utf-8")
    config = bench.folder / "vigie.toml"
    allowed = json.dumps([f"127.0.1.{number}:{bench.port}" for number in range(1, HOSTS + 1)])
    config.write_text(f'database_url = "sqlite:///bench.db"\nallow_private_hosts = {allowed}\n', "utf-8")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {bench.feeds} feeds\n")
    print("| cycle | who | requests | wall s | CPU s | peak MB | x floor |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in ("first fill", "idle", "5 % changed, 10 pages each"):
        if name.startswith("5 %"):
            bench.ask(f"/_change?feeds={bench.feeds // 20}&pages=10")
        bench.ask("/_log")
        ours = child([sys.executable, "-m", "benchmarks.fetching", "--cycle", str(config)])
        log = bench.ask("/_log")
        floor, cpu = timed(bare(log))
        row(name, "vigie", len(log), ours, floor)
        client, more = timed(guarded(log, json.loads(allowed)))
        print(f"| | the guarded client alone | {len(log)} | {client:.2f} | {more:.2f} | | {client / floor:.1f} |")
        print(f"| | network alone | {len(log)} | {floor:.2f} | {cpu:.2f} | | 1.0 |", flush=True)
        if bench.reader:
            bench.ask("/_log")
            theirs = child(
                [
                    bench.reader,
                    str(HERE / "fetching_reader.py"),
                    f"{bench.folder}/reader.db",
                    f"{bench.folder}/addresses",
                ]
            )
            row("", "reader, 10 workers, no pages", len(bench.ask("/_log")), theirs, floor)


def row(name: str, who: str, requests: int, told: dict[str, float], floor: float) -> None:
    """One line of the table."""
    wall, cpu, peak = told["wall"], told["cpu"], told["peak"]
    print(
        f"| {name} | {who} | {requests} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {wall / floor:.1f} |", flush=True
    )


def child(command: list[str]) -> dict[str, float]:
    """What a process of its own measured of itself."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE.parent)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} failed:\n{done.stderr[-2000:]}")
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


async def cycle(config: Path) -> dict[str, float]:
    """Feeds to stored articles, as a cycle does it: fetched, parsed, pages read and extracted, all kept.

    Imports, the feeds' addition and the understanding of the articles are not counted.
    """
    from flows.pipeline import poll, read_pages
    from flows.pipeline_desk import open_desk
    from flows.settings import load_settings
    from models.records import Feed

    settings = load_settings(config, {})
    addresses = (config.parent / "addresses").read_text("utf-8").split()
    async with open_desk(settings) as desk:
        desk.store.add_feeds(Feed(url=url) for url in addresses)
        peak = Peak()
        watching = asyncio.create_task(watched(peak))
        before, begun = used(), time.perf_counter()
        await poll(desk, every=True)
        read = await read_pages(desk)
        wall, main_cpu = time.perf_counter() - begun, used() - before
        watching.cancel()
    helpers = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = main_cpu + helpers.ru_utime + helpers.ru_stime
    return {"wall": wall, "cpu": cpu, "peak": float(peak.rss), "articles": read.articles}


async def watched(peak: Peak) -> None:
    """Samples the memory of this process and its helpers until it is cancelled."""
    while True:
        peak.sample(os.getpid(), 0.0)
        await asyncio.sleep(0.2)


def timed(work: Coroutine[Any, Any, float]) -> tuple[float, float]:
    """The seconds that some work says, and its CPU seconds."""
    before = used()
    seconds = asyncio.run(work)
    return seconds, used() - before


def used() -> float:
    """CPU seconds of this process so far."""
    mine = resource.getrusage(resource.RUSAGE_SELF)
    return mine.ru_utime + mine.ru_stime


async def bare(log: list[tuple[str, str, str]]) -> float:
    """Seconds in which a bare client makes these requests, 50 at once."""
    import aiohttp

    slots = asyncio.Semaphore(50)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def one(host: str, target: str, tag: str) -> None:
            headers = {"If-None-Match": tag} if tag else {}
            async with slots, session.get(f"http://{host}{target}", headers=headers) as answer:
                await answer.read()

        begun = time.perf_counter()
        await asyncio.gather(*(one(*request) for request in log))
        return time.perf_counter() - begun


async def guarded(log: list[tuple[str, str, str]], allowed: list[str]) -> float:
    """Seconds in which our own client makes these requests, with its limits of two a host and fifty overall."""
    from extractors.fetching import Fetcher

    async with Fetcher(allow_private=allowed) as fetcher:
        begun = time.perf_counter()
        await asyncio.gather(*(fetcher.fetch(f"http://{host}{target}", etag=tag) for host, target, tag in log))
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()

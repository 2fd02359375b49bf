"""One whole cycle over a newsroom with faults: how long, how much memory, what each feed's health says.

    python -m benchmarks.fetching_faults NEWSROOM_SCRIPT DOCUMENTS [--sites 8] [--prefect]

Starts the newsroom (its `/opml?faults=1` names the healthy and the faulty feeds), follows all of its feeds, runs
`vigie watch --all` as a process of its own and samples the memory of its whole process tree: the sum of RSS, which
counts what is shared as often as it is shared. Exit 1 where the cycle takes longer than 120 s or more than 600 MB,
a healthy page is not read or an article not understood, a fault has no words, or anything of `/internal/secret` or
`/etc/passwd` was asked for or stored.
"""

import argparse
import gzip
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import tree

ROOT = Path(__file__).resolve().parents[1]
MOST_SECONDS, MOST_MEGABYTES = 120.0, 600
SECRETS = (b"TOP SECRET", b"root:x:", b"internal/secret")
"""What must be stored nowhere: the newsroom's secret, the first line of /etc/passwd, an inward link."""


@dataclass
class Peak:
    """The most memory that a process tree took at once, in MB of RSS, when, and the processes of that moment."""

    rss: int = 0
    at: float = 0.0
    parts: list[tuple[int, str]] = field(default_factory=list)

    def sample(self, root: int, elapsed: float) -> None:
        """Looks at the tree once."""
        found = [one for pid in tree(root) if (one := memory(pid))]
        rss = sum(one[0] for one in found)
        if rss > self.rss:
            self.rss, self.at, self.parts = rss, elapsed, sorted(found, reverse=True)


def memory(pid: int) -> tuple[int, str] | None:
    """RSS in MB and the command of a process; None where it has ended."""
    with suppress(OSError, IndexError):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\x00", b" ").decode("utf-8", "replace")
        return pages * resource.getpagesize() >> 20, words[-60:]
    return None


class Room:
    """The newsroom's process and its own pages."""

    def __init__(self, script: Path, documents: Path, sites: int) -> None:
        command = [sys.executable, str(script), str(documents), "--port", "0", "--sites", str(sites)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None  # noqa: S101 - PIPE was asked for
        self.base = str(json.loads(self.process.stdout.readline())["base"])

    def get(self, path: str) -> bytes:
        """One of its pages."""
        with urllib.request.urlopen(f"{self.base}{path}", timeout=60) as answer:
            return bytes(answer.read())

    def pages(self, sites: int) -> set[str]:
        """The address of every page that the healthy feeds list."""
        from datetime import UTC, datetime

        from extractors.feeds import parse_feed

        found: set[str] = set()
        for number in range(sites):
            url = f"{self.base}/s{number}/feed"
            request = urllib.request.Request(url, headers={"Accept-Encoding": "identity"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                body = answer.read()
            if body.startswith(b"\x1f\x8b"):
                body = gzip.decompress(body)
            found |= {e.url for e in parse_feed(body, feed_url=url, now=datetime.now(UTC)).entries if e.url}
        return found


def cycle(folder: Path, room: Room, prefect: bool, faults: bool = True) -> tuple[float, int, Peak]:
    """One `vigie watch` over all that the newsroom names; its seconds, exit code and peak memory."""
    (folder / "list.opml").write_bytes(room.get("/opml?faults=1" if faults else "/opml"))
    host = room.base.removeprefix("http://")
    config = folder / "vigie.toml"
    config.write_text(f'database_url = "sqlite:///vigie.db"\nallow_private_hosts = ["{host}"]\n', "utf-8")
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "PREFECT_"))}
    vigie = [sys.executable, "-c", "from flows.cli import main; main()", "--config", str(config)]
    subprocess.run([*vigie, "feeds", "import", str(folder / "list.opml")], cwd=ROOT, env=bare, check=True)
    room.get("/reset")
    peak, begun = Peak(), time.monotonic()
    with (folder / "said").open("wb") as said:
        asked = [*vigie, "watch", "--all", "--prefect" if prefect else "--no-prefect"]
        home = {"PREFECT_HOME": str(folder / "prefect")}
        running = subprocess.Popen(asked, cwd=ROOT, env=bare | home, stdout=said, stderr=said)
        while running.poll() is None and time.monotonic() - begun < 3 * MOST_SECONDS:
            peak.sample(running.pid, time.monotonic() - begun)
            time.sleep(0.05)
    seconds = time.monotonic() - begun
    if running.poll() is None:
        running.send_signal(signal.SIGKILL)
    return seconds, running.wait(), peak


def stored(folder: Path) -> tuple[dict[str, tuple[str, str]], set[str], int, list[bytes]]:
    """Each feed's health, the pages read, how many articles were not understood, the secrets that are stored."""
    with closing(sqlite3.connect(f"file:{folder / 'vigie.db'}?mode=ro", uri=True)) as base:
        health = {
            url: (state, note) for url, state, note in base.execute("SELECT url, health, health_note FROM feeds")
        }
        read = {row[0] for row in base.execute("SELECT url FROM articles WHERE text != '' AND error IS NULL")}
        (left,) = base.execute("SELECT count(*) FROM articles WHERE readable AND understood = ''").fetchone()
    files = b"".join(one.read_bytes() for one in folder.glob("vigie.db*"))
    return health, read, int(left), [secret for secret in SECRETS if secret in files]


def main() -> int:
    """Runs it and prints the figures and a table of the faults."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("newsroom", type=Path)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--sites", type=int, default=8)
    parser.add_argument("--prefect", action="store_true")
    given = parser.parse_args()
    room = Room(given.newsroom, given.documents, given.sites)
    try:
        with tempfile.TemporaryDirectory() as name:
            folder, wanted = Path(name), room.pages(given.sites)
            seconds, code, peak = cycle(folder, room, given.prefect)
            asked = json.loads(room.get("/stats"))["paths"]
            return told(folder, wanted, seconds, code, peak, asked)
    finally:
        room.process.terminate()
        room.process.wait()


def told(folder: Path, wanted: set[str], seconds: float, code: int, peak: Peak, asked: dict[str, int]) -> int:
    """Prints what came of it; 1 where something is not as it must be."""
    health, read, left, secrets = stored(folder)
    faults = {url: state for url, state in health.items() if "/fault/" in url}
    missing, mute = sorted(wanted - read), [url for url, (_, words) in faults.items() if not words]
    inward = sorted(path for path in asked if path.startswith("/internal"))
    print((folder / "said").read_text("utf-8", "replace").strip().rpartition("\n")[2][-400:])
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    machine = f"{cpu:.1f} s of CPU, load {os.getloadavg()[0]:.1f}"
    print(f"{seconds:.1f} s, {machine}, exit {code}; peak at {peak.at:.1f} s: {peak.rss} MB of RSS")
    print(*(f"  {size:4} MB {words}" for size, words in peak.parts), sep="\n")
    print(f"pages of healthy feeds: {len(wanted)}, not read: {len(missing)} {missing[:3]}; not understood: {left}")
    print(f"faults: {len(faults)}, without words: {mute}; inward requests: {inward}; stored: {secrets}\n")
    print("| fault | health | words |", "| --- | --- | --- |", sep="\n")
    for url, (state, words) in sorted(faults.items()):
        print(f"| {url.rpartition('/')[2]} | {state} | {words} |")
    whole = not (missing or left or mute or inward or secrets) and code in {0, 1}
    return 0 if whole and seconds <= MOST_SECONDS and peak.rss <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())

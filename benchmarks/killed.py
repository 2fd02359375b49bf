"""Kill a real `vigie watch` again and again in the middle of its cycle: no article twice, none lost.

    python -m benchmarks.killed [--kills 20] [--seed 1] [--sites 9]

Follows the demonstration's newsroom on loopback. A cycle that nobody disturbs shows what is there to be found;
then, on a fresh database, cycles are killed with SIGKILL, each as soon as so much more is served or stored as
chance wants, and one whole cycle ends it. A cycle that ends before its kill, as on a busy machine, leaves nothing
to be killed: another database follows. Exit 1 where the articles, entries, mentions or events of one differ from
the undisturbed ones, or an article is there twice.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.demo.server import Newsroom, serving
from flows.demo.stories import load
from models.records import Feed
from models.store import Store

ROOT = Path(__file__).resolve().parents[1]
CYCLE_SECONDS = 1800.0  # a guard; on an idle machine a cycle takes a few
EARLY = 4
"""So many of the kills come while feeds are asked for, before anything of the cycle is stored."""
STORED = (
    "SELECT (SELECT count(*) FROM entries) + (SELECT count(*) FROM articles)"
    " + (SELECT count(*) FROM articles WHERE understood != '')"
)
COUNTED = {
    "articles": "SELECT url FROM articles ORDER BY url",
    "entries": "SELECT f.url || ' ' || key FROM entries e JOIN feeds f ON f.id = e.feed_id ORDER BY 1",
    "unread entries": "SELECT id FROM entries WHERE read IS NULL",
    "not understood": "SELECT url FROM articles WHERE understood = ''",
    "mentions": "SELECT url || ' ' || kind FROM mentions m JOIN articles a ON a.id = m.article_id ORDER BY 1",
    "events": "SELECT kind FROM events ORDER BY 1",
}


class Watch:
    """One folder with a configuration and a database, and the command run on it."""

    def __init__(self, folder: Path, room: Newsroom, more: str = "") -> None:
        """`more`: what its configuration says besides."""
        folder.mkdir()
        self.folder, self.room = folder, room
        self.database = folder / "vigie.db"
        host = room.base.removeprefix("http://")
        (folder / "vigie.toml").write_text(
            f'database_url = "sqlite:///{self.database}"\nallow_private_hosts = ["{host}"]\n'
            f"[fetching]\nper_host = 8\n{more}",
            "utf-8",
        )
        with Store.open(f"sqlite:///{self.database}") as store:
            store.add_feeds(Feed(url=url, title=name, publisher=name) for name, url in room.feed_urls())

    def start(self) -> "subprocess.Popen[bytes]":
        """A cycle as a process of its own."""
        command = [sys.executable, "-c", "from flows.cli import main; main()"]
        bare = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "PREFECT_"))}
        return subprocess.Popen(
            [*command, "--config", str(self.folder / "vigie.toml"), "watch", "--all", "--no-prefect"],
            cwd=ROOT,
            env=bare,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "said").open("ab"),
        )

    def asked(self, sql: str) -> list[Any]:
        """The first column of an answer of the database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as base:
            return [row[0] for row in base.execute(sql)]

    def stored(self) -> int:
        """How far the work is, as the database has it."""
        return int(self.asked(STORED)[0])

    def served(self) -> int:
        """How many feeds were asked of the newsroom."""
        return self.room.counts["feeds"] + self.room.counts["unchanged"]

    def whole(self) -> float:
        """One cycle to its end; its seconds. Raises RuntimeError where it fails."""
        begun = time.monotonic()
        process = self.start()
        try:
            code = process.wait(CYCLE_SECONDS)
        finally:
            process.kill()
            process.wait()
        if code:
            words = (self.folder / "said").read_text("utf-8", "replace")[-1500:]
            raise RuntimeError(f"a cycle that nobody killed ended with {code}:\n{words}")
        return time.monotonic() - begun

    def killed_after(self, more: int, *, early: bool) -> int | None:
        """A cycle killed once so much more is served (`early`) or stored; how far it was, or None."""
        measure = self.served if early else self.stored
        wanted = measure() + more
        process = self.start()
        deadline = time.monotonic() + CYCLE_SECONDS
        while measure() < wanted and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        return measure() if process.wait(30) == -signal.SIGKILL else None

    def result(self) -> dict[str, list[Any]]:
        """What is there at the end."""
        return {name: self.asked(sql) for name, sql in COUNTED.items()}


def run(folder: Path, *, kills: int, seed: int, sites: int, say: Any = print) -> dict[str, Any]:
    """The undisturbed cycle, the killed ones, the last one; what came of them."""
    chance = random.Random(seed)
    room = Newsroom(load()[:sites], datetime.now().astimezone())
    with serving(room):
        calm = Watch(folder / "calm", room)
        seconds = calm.whole()
        wanted, total = calm.result(), calm.stored()
        say(f"undisturbed: {len(wanted['articles'])} articles, {len(wanted['events'])} events in {seconds:.1f} s")
        torn = Watch(folder / "torn", room)
        done, whole = 0, True
        for turn in range(3 * kills):
            if done == kills:
                break
            early = turn < min(EARLY, kills // 2)
            left = max(total - torn.stored(), 1) / max(kills - done, 1)
            more = chance.randint(1, sites) if early else chance.randint(1, max(1, round(left)))
            at = torn.killed_after(more, early=early)
            done += at is not None
            place = f"after {more} feeds were asked for" if early else f"{at} of {total} stored"
            say(f"kill {done:2}: {place if at is not None else 'ended before'}", flush=True)
            if at is None:
                whole = whole and bool(_compared(wanted, torn.result())["passed"])
                torn = Watch(folder / f"torn after {turn}", room)
        seconds = torn.whole()
    compared = _compared(wanted, torn.result())
    return {"kills": done, "last cycle s": round(seconds, 1), **compared, "passed": whole and compared["passed"]}


def _compared(wanted: dict[str, list[Any]], found: dict[str, list[Any]]) -> dict[str, Any]:
    twice = len(found["articles"]) - len(set(found["articles"]))
    lost = len(set(wanted["articles"]) - set(found["articles"]))
    return {
        **{name: f"{len(found[name])} of {len(wanted[name])}" for name in COUNTED},
        "articles twice": twice,
        "articles lost": lost,
        "passed": not twice and not lost and found == wanted and not found["unread entries"],
    }


def main() -> int:
    """Runs it and prints its figures as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sites", type=int, default=9)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), kills=asked.kills, seed=asked.seed, sites=asked.sites)
    print(json.dumps(result, indent=2))
    return 0 if result["passed"] and result["kills"] == asked.kills else 1


if __name__ == "__main__":
    sys.exit(main())

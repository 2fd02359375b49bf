"""Start two `vigie watch` at once on one SQLite file, again and again: nobody hears that it is locked.

    python -m benchmarks.at_once [--turns 50] [--together 2] [--sites 9]

Follows the demonstration's newsroom on loopback, which publishes more before every fifth turn. Every cycle is
the real command `watch --all --no-prefect` in a process of its own, forked from one that has imported it already:
started as commands they would begin tenths of a second apart. Exit 1 where one of them fails or says anything,
where an article, event, mention or entry is twice or missing beside a calm run on a database of its own, or where
an alert is not delivered exactly once.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.killed import ROOT, Watch
from flows.cli import main as main_of_vigie
from flows.demo.server import Newsroom, serving
from flows.demo.stories import load
from models.dates import PartialDate
from models.records import Document

SAME = 5
"""Turns from one publication to the next: those without cost a tenth, and meet at the database's lock as well."""
LOCKED = ("locked", "occupée")
"""What SQLite says, and what the store says in its place."""


def channel(room: Newsroom) -> str:
    """A rule for everything, and a webhook of the newsroom's own for it."""
    host = room.base.removeprefix("http://")
    return (
        f'\n[channels.essai]\nurl = "vigie+http://{host}/alertes"\n'
        '[[rules]]\nname = "tout"\nchannels = ["essai"]\n'
    )


def moments(room: Newsroom, turns: int) -> list[datetime]:
    """The newsroom's clock at each turn: from its oldest story to its opening, about as many stories a step."""
    stories = sorted(story.when for site in room.sites.values() for story in site.stories)
    steps = -(-turns // SAME)
    clocks = [stories[(len(stories) - 1) * step // steps] for step in range(1, steps)] + [room.opened]
    return [clocks[turn // SAME] for turn in range(turns)]


def run(folder: Path, *, turns: int, together: int, sites: int) -> dict[str, Any]:
    """The turns, then a calm cycle on another database; what came of them."""
    room = Newsroom(load()[:sites], datetime.now().astimezone())
    with serving(room):
        shared = Watch(folder / "shared", room, channel(room))
        codes: Counter[int] = Counter()
        begun = time.monotonic()
        with nursery(shared) as start:
            for moment in moments(room, turns):
                room.clock = moment
                codes.update(start(together))
        seconds = time.monotonic() - begun
        received = Counter(json.dumps(message, sort_keys=True) for message in room.received)
        calm = Watch(folder / "calm", room)
        calm.whole()
    said = (shared.folder / "said").read_text("utf-8", "replace")
    found, wanted = shared.result(), calm.result()
    (alerts,) = shared.asked("SELECT count(*) FROM alerts")
    return {
        "turns": turns,
        "processes": codes.total(),
        "ended with 0": codes[0],
        "said of a lock": sum(word in said for word in LOCKED),
        "said": said[-1000:],
        "seconds a turn": round(seconds / turns, 1),
        **{name: f"{len(found[name])} of {len(wanted[name])}" for name in wanted},
        "articles twice": len(found["articles"]) - len(set(found["articles"])),
        "alerts": alerts,
        "delivered": received.total(),
        "delivered twice": received.total() - len(received),
        "passed": set(codes) == {0}
        and not said
        and found == wanted
        and alerts == received.total() == len(received) > 0,
    }


@contextmanager
def nursery(watch: Watch) -> Iterator[Callable[[int], list[int]]]:
    """Starts so many cycles at once; how they ended. In a process without threads, which may be forked."""
    command = [sys.executable, "-m", "benchmarks.at_once", "--nurse", str(watch.folder)]
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "PREFECT_"))}
    with subprocess.Popen(
        command, cwd=ROOT, env=bare, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        asked, told = process.stdin, process.stdout
        assert asked is not None  # noqa: S101 - pipes were asked for
        assert told is not None  # noqa: S101

        def start(together: int) -> list[int]:
            print(together, file=asked, flush=True)
            return [int(code) for code in told.readline().split()]

        yield start
        asked.close()


def nurse(folder: Path) -> None:
    """Forks a cycle for each of the number on each line of stdin; tells their exit codes on one line."""
    import flows.cli.cycles  # noqa: F401 - what a cycle needs, before the fork
    from extractors.events import understand

    warm = Document(
        "", "Zoé Le Goff, directrice de Calypso, a démissionné.", None, PartialDate("2026-11"), None, None
    )
    list(understand([warm]))
    for line in sys.stdin:
        children = [cycle(folder) for _ in range(int(line))]
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        print(*codes, flush=True)


def cycle(folder: Path) -> int:
    """The id of a process that runs one cycle."""
    if child := os.fork():
        return child
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(folder / "said", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), 2)
        main_of_vigie(["--config", str(folder / "vigie.toml"), "watch", "--all", "--no-prefect"])
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        os._exit(code)  # nothing of the parent is to be closed here


def main() -> int:
    """Runs it and prints its figures as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--turns", type=int, default=50)
    parser.add_argument("--together", type=int, default=2)
    parser.add_argument("--sites", type=int, default=9)
    parser.add_argument("--nurse", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.nurse:
        nurse(asked.nurse)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), turns=asked.turns, together=asked.together, sites=asked.sites)
    print(json.dumps(result, indent=2, ensure_ascii=False))
    return 0 if result["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())

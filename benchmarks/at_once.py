"""Start two `vigie watch` at once on one SQLite file, again and again: nobody hears that it is locked.

    python -m benchmarks.at_once [--turns 50] [--together 2] [--sites 9]

Follows the demonstration's newsroom on loopback, which publishes a little more before each turn. Every process is
a real `vigie watch --all --no-prefect`; those of a turn are started together. Exit 1 where one of them fails or
says anything, where an article, event, mention or entry is twice or missing beside a calm run on a database of its
own, or where an alert is not delivered exactly once.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.killed import CYCLE_SECONDS, Watch
from flows.demo.server import Newsroom, serving
from flows.demo.stories import load

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
    """The newsroom's clock at each turn: from its oldest story to its opening, about as many new each time."""
    stories = sorted(story.when for site in room.sites.values() for story in site.stories)
    return [*(stories[(len(stories) - 1) * turn // turns] for turn in range(1, turns)), room.opened]


def run(folder: Path, *, turns: int, together: int, sites: int) -> dict[str, Any]:
    """The turns, then a calm cycle on another database; what came of them."""
    room = Newsroom(load()[:sites], datetime.now().astimezone())
    with serving(room):
        shared = Watch(folder / "shared", room, channel(room))
        codes: Counter[int] = Counter()
        begun = time.monotonic()
        for moment in moments(room, turns):
            room.clock = moment
            codes.update(turn(shared, together))
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


def turn(watch: Watch, together: int) -> list[int]:
    """So many cycles started at once; how they ended."""
    processes: list[subprocess.Popen[bytes]] = [watch.start() for _ in range(together)]
    return [process.wait(CYCLE_SECONDS) for process in processes]


def main() -> int:
    """Runs it and prints its figures as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--turns", type=int, default=50)
    parser.add_argument("--together", type=int, default=2)
    parser.add_argument("--sites", type=int, default=9)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), turns=asked.turns, together=asked.together, sites=asked.sites)
    print(json.dumps(result, indent=2, ensure_ascii=False))
    return 0 if result["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())

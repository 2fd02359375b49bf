"""Cycles killed with SIGKILL in the middle: the next one completes, no article twice, none lost."""

import os
import subprocess
import sys
from pathlib import Path

from flows.pipeline_desk import is_dead, worker_name

ROOT = Path(__file__).resolve().parents[2]


def test_killed_cycles_lose_nothing_and_double_nothing() -> None:
    command = [sys.executable, "-m", "benchmarks.killed", "--kills", "3", "--sites", "2", "--seed", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=840, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"kills": 3' in done.stdout


def test_only_a_worker_of_this_machine_whose_process_ended_is_dead() -> None:
    mine = worker_name()
    assert not is_dead(mine)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    place, _, rest = mine.partition(f":{os.getpid()}:")
    assert is_dead(f"{place}:{ended.pid}:{rest}")
    assert not is_dead(f"elsewhere:{ended.pid}:{rest}")
    assert not is_dead("a name of another form")

"""Processes that benchmarks and tests start: found with all below them, and ended with them."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.processes import kill, stop, tree

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found in /proc")


def family() -> "subprocess.Popen[bytes]":
    """A shell with two sleepers below it."""
    shell = subprocess.Popen(["sh", "-c", "sleep 60 & sleep 60 & wait"])
    while len(tree(shell.pid)) < 3:
        time.sleep(0.01)
    return shell


def runs(pid: int) -> bool:
    """Whether a process is there and has not ended; one that nobody has buried yet has."""
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_a_killed_process_takes_with_it_all_that_it_started() -> None:
    shell = family()
    root, *below = tree(shell.pid)
    assert (root, len(below)) == (shell.pid, 2)
    kill(shell.pid)
    assert shell.wait(10) == -9
    while any(runs(pid) for pid in below):
        time.sleep(0.01)
    kill(shell.pid)
    assert tree(shell.pid) == [shell.pid]


def test_a_process_that_ends_when_asked_is_not_killed() -> None:
    sleeper = subprocess.Popen(["sleep", "60"])
    stop(sleeper)
    assert sleeper.returncode == -15

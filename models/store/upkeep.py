"""What is let go in time, and what the store weighs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.orm import Session

from models.queries import Tally
from models.store import events
from models.store.base import Doors
from models.tables import (
    ArticleRow,
    AttemptRow,
    Base,
    DeliveryRow,
    EntryRow,
    EventRow,
    FeedRow,
    FetchRow,
    LeaseRow,
)
from models.vocabulary import DeliveryState, Health

_WELL = (Health.FRESH, Health.QUIET, Health.MOVED)


class UpkeepDoors(Doors):
    """Retention, and counts."""

    def purge_texts(self, before: datetime, now: datetime) -> int:
        """Let go the texts of articles and entries read before; titles, links, quotes stay. How many articles."""
        old = (ArticleRow.fetched < before, ArticleRow.purged.is_(None))
        with self.database.writing() as session:
            purged = _changed(session, update(ArticleRow).where(*old).values(text="", purged=now))
            long = (EntryRow.summary != "") | (EntryRow.content != "")
            read = (EntryRow.seen < before, EntryRow.read.is_not(None), long)
            session.execute(update(EntryRow).where(*read).values(summary="", content=""))
        return purged

    def purge_history(self, before: datetime) -> int:
        """Let go the lines of feeds' history, the attempts of sendings and the leases that are older; how many."""
        with self.database.writing() as session:
            done = select(DeliveryRow.id).where(
                DeliveryRow.state.in_((DeliveryState.SENT, DeliveryState.GIVEN_UP))
            )
            return (
                _changed(session, delete(FetchRow).where(FetchRow.started < before))
                + _changed(
                    session, delete(AttemptRow).where(AttemptRow.at < before, AttemptRow.delivery_id.in_(done))
                )
                + _changed(session, delete(LeaseRow).where(LeaseRow.until < before))
            )

    def compact(self) -> None:
        """Give the room of what was let go back, so that it is in no file any more; plan by what is there now."""
        with self.database.outside() as connection:
            if self.database.is_sqlite:
                connection.execute(text("VACUUM"))
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
                connection.execute(text("PRAGMA optimize"))
            else:
                for table in Base.metadata.sorted_tables:
                    connection.execute(text(f'VACUUM (FULL, ANALYZE) "{table.name}"'))

    def tally(self, since: datetime) -> Tally:
        """What there is, and what came since."""
        with self.database.reading() as session:
            return Tally(
                feeds=_count(session, FeedRow.id),
                well=_count(session, FeedRow.id, FeedRow.health.in_(_WELL)),
                articles=_count(session, ArticleRow.id, ArticleRow.fetched >= since),
                events=_count(
                    session,
                    EventRow.id,
                    EventRow.first_told >= since,
                    EventRow.merged_into.is_(None),
                    events.shown(),
                ),
                waiting=_count(
                    session, DeliveryRow.id, DeliveryRow.state.in_((DeliveryState.WAITING, DeliveryState.LEASED))
                ),
                given_up=_count(session, DeliveryRow.id, DeliveryRow.state == DeliveryState.GIVEN_UP),
                pending=_count(session, EntryRow.id, EntryRow.read.is_(None)),
            )


def _changed(session: Session, statement: Any) -> int:
    """How many rows a statement touched."""
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)


def _count(session: Session, column: Any, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(column)).where(*conditions)) or 0

"""Leases: what one worker has to itself for a while. One that dies leaves them to end by themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, delete, exists, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.store.base import Doors, batches, insert_for
from models.tables import LeaseRow


class LeaseDoors(Doors):
    """Leases of whatever has a name: a host, a cycle."""

    def lease(self, names: Sequence[str], owner: str, now: datetime, length: timedelta) -> tuple[str, ...]:
        """The names that are now this owner's until `now + length`: those that were free, run out, or its own."""
        with self.database.writing() as session:
            return take(session, names, owner, now, length)

    def release(self, names: Sequence[str], owner: str) -> None:
        """Give an owner's leases back before their end."""
        with self.database.writing() as session:
            give(session, names, owner)

    def lease_owners(self) -> tuple[str, ...]:
        """Whoever has something leased, run out or not."""
        with self.database.reading() as session:
            return tuple(session.scalars(select(LeaseRow.owner).distinct().order_by(LeaseRow.owner)))

    def release_all(self, owners: Sequence[str]) -> None:
        """Give back whatever these owners have: they are known to be dead."""
        if not owners:
            return
        with self.database.writing() as session:
            for some in batches(owners):
                session.execute(delete(LeaseRow).where(LeaseRow.owner.in_(some)))


def take(session: Session, names: Sequence[str], owner: str, now: datetime, length: timedelta) -> tuple[str, ...]:
    """The names that could be leased, in their order; one statement each batch, safe between processes."""
    granted: set[str] = set()
    for some in batches(sorted(set(names))):
        wanted = insert_for(session, LeaseRow).on_conflict_do_update(
            index_elements=[LeaseRow.name],
            set_={"owner": owner, "until": now + length},
            where=(LeaseRow.until <= now) | (LeaseRow.owner == owner),
        )
        values = [{"name": n, "owner": owner, "until": now + length} for n in some]
        granted.update(session.scalars(wanted.returning(LeaseRow.name), values))
    return tuple(name for name in names if name in granted)


def give(session: Session, names: Sequence[str], owner: str | None = None) -> None:
    """End leases; only those of one owner, if told."""
    for some in batches(names):
        ended = delete(LeaseRow).where(LeaseRow.name.in_(some))
        session.execute(ended.where(LeaseRow.owner == owner) if owner is not None else ended)


def free(id_: InstrumentedAttribute[int], kind: str, now: datetime) -> ColumnElement[bool]:
    """The condition that nobody has a row leased."""
    name = literal(f"{kind}:") + cast(id_, String)
    return ~exists().where(LeaseRow.name == name, LeaseRow.until > now)

"""Organisations and persons, each under all of its names."""

from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.errors import InputError, NotStoredError
from models.identity import fold
from models.queries import Alias
from models.store.base import Doors, bounded
from models.tables import (
    DecisionRow,
    EventRow,
    OrganisationAliasRow,
    OrganisationRow,
    PersonAliasRow,
    PersonRow,
)

Sort = Literal["organisation", "person"]


def key(name: str) -> str:
    """The folded name; a name in another script, which folds to nothing, in lower case."""
    return bounded(fold(name) or name.casefold().strip())


def tables(
    sort: Sort,
) -> tuple[type[OrganisationRow | PersonRow], type[OrganisationAliasRow | PersonAliasRow]]:
    """The two tables of organisations, or of persons."""
    return (OrganisationRow, OrganisationAliasRow) if sort == "organisation" else (PersonRow, PersonAliasRow)


def owner(session: Session, sort: Sort, name: str, now: datetime, by: str = "vigie") -> int:
    """The id of whom a name names, who is added if nobody has that name."""
    own, aliases = tables(sort)
    found = session.scalar(select(aliases.owner_id).where(aliases.key == key(name)))
    if found is not None:
        return found
    row = own(name=name)
    session.add(row)
    session.flush()
    session.add(aliases(key=key(name), owner_id=row.id, alias=name, by=by, at=now))
    session.flush()
    return row.id


class NameDoors(Doors):
    """Names given by hand."""

    def aliases(self) -> tuple[Alias, ...]:
        """Every name beyond the own one, of organisations and persons."""
        found: list[Alias] = []
        with self.database.reading() as session:
            for sort in ("organisation", "person"):
                own, aliases = tables(sort)
                query = select(own.name, aliases.key, aliases.alias, aliases.by)
                query = query.join(own, own.id == aliases.owner_id).order_by(own.name, aliases.key)
                for name, folded, alias, by in session.execute(query):
                    if folded != key(name):
                        found.append(Alias(sort, name, alias, by))
        return tuple(found)

    def add_alias(self, alias: Alias, now: datetime) -> tuple[str, ...]:
        """Give another name to an organisation or a person; the ids of the events to be resolved again.

        Where the alias named somebody else, both become one. Raises InputError where both names are the same.
        """
        if key(alias.name) == key(alias.alias):
            raise InputError(f"« {alias.alias} » et « {alias.name} » sont déjà le même nom")
        own, aliases = tables(alias.kind)
        column = EventRow.organisation_id if alias.kind == "organisation" else EventRow.person_id
        with self.database.writing() as session:
            self._in_line(session)
            kept = owner(session, alias.kind, alias.name, now, alias.by)
            other = session.scalar(select(aliases.owner_id).where(aliases.key == key(alias.alias)))
            if other == kept:
                return ()
            if other is None:
                session.add(aliases(key=key(alias.alias), owner_id=kept, alias=alias.alias, by=alias.by, at=now))
            else:
                session.execute(
                    update(aliases).where(aliases.owner_id == other).values(owner_id=kept, by=alias.by)
                )
                session.execute(update(EventRow).where(column == other).values({column: kept}))
                session.execute(delete(own).where(own.id == other))
            session.add(
                DecisionRow(
                    action="alias",
                    subject=alias.name,
                    other=alias.alias,
                    mentions=[],
                    actor=alias.by,
                    at=now,
                    note=alias.kind,
                )
            )
            query = select(EventRow.id).where(column == kept, EventRow.merged_into.is_(None))
            return tuple(session.scalars(query.order_by(EventRow.id)))

    def remove_alias(self, alias: Alias, who: str, now: datetime) -> None:
        """Take a name away from whom it was given to; later events stand under it alone. Raises NotStoredError."""
        own, aliases = tables(alias.kind)
        with self.database.writing() as session:
            query = select(aliases).join(own, own.id == aliases.owner_id)
            row = session.scalar(query.where(aliases.key == key(alias.alias), own.name == alias.name))
            if row is None or key(alias.alias) == key(alias.name):
                raise NotStoredError(f"« {alias.alias} » n'est pas un autre nom de « {alias.name} »")
            session.delete(row)
            session.add(
                DecisionRow(
                    action="unalias",
                    subject=alias.name,
                    other=alias.alias,
                    mentions=[],
                    actor=who,
                    at=now,
                    note=alias.kind,
                )
            )

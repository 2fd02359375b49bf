"""Events: how they are loaded and written within a transaction, and what may be asked of them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, delete, func, insert, select, type_coerce, update
from sqlalchemy.orm import Session

from models.errors import NotStoredError
from models.events import Change, Event
from models.queries import EventQuery, Stored
from models.records import DOUBTFUL
from models.store import names
from models.store.base import Doors, batches, bounded, unique
from models.store.rows import change_of, chosen_of, chosen_values, mention_of
from models.tables import (
    ApartRow,
    ArticleRow,
    ChangeRow,
    EventKeyRow,
    EventRow,
    EventValueRow,
    MentionRow,
    OrganisationAliasRow,
    PersonAliasRow,
)


class EventDoors(Doors):
    """What is known of events."""

    def event(self, event_id: str) -> Event:
        """One event; of one that was merged, that into which it was. Raises NotStoredError."""
        with self.database.reading() as session:
            return load(session, [standing(session, event_id)])[0]

    def events(self, query: EventQuery | None = None) -> tuple[Event, ...]:
        """The events that a query asks for, the latest to change first."""
        return tuple(stored.event for stored in self.stored(query))

    def stored(self, query: EventQuery | None = None) -> tuple[Stored, ...]:
        """As `events`, with when each was first told and last changed."""
        with self.database.reading() as session:
            rows = list(session.execute(_selection(session, query or EventQuery())))
            events = load(session, [row.id for row in rows])
            return tuple(Stored(e, row.first_told, row.changed) for e, row in zip(events, rows, strict=True))

    def history(self, event_id: str) -> tuple[Change, ...]:
        """An event's changes, oldest first, with those of the events merged into it. Raises NotStoredError."""
        with self.database.reading() as session:
            ids = merged(session, standing(session, event_id))
            query = select(ChangeRow).where(ChangeRow.event_id.in_(ids)).order_by(ChangeRow.at, ChangeRow.id)
            return tuple(change_of(row) for row in session.scalars(query))


def standing(session: Session, event_id: str) -> str:
    """The id of the event that an id stands for today, merges followed. Raises NotStoredError."""
    row = session.execute(select(EventRow.merged_into).where(EventRow.id == event_id)).one_or_none()
    if row is None:
        raise NotStoredError(f"aucun événement {event_id} : « vigie events list » les montre")
    return row.merged_into or event_id


def merged(session: Session, event_id: str) -> list[str]:
    """An event's id and those of all that were merged into it."""
    return [event_id, *session.scalars(select(EventRow.id).where(EventRow.merged_into == event_id))]


def found(session: Session, keys: Iterable[str]) -> tuple[str, ...]:
    """The ids of the events that have one of these keys; a merged one's keys lead to the one that remains."""
    ids: set[str] = set()
    query = select(func.coalesce(EventRow.merged_into, EventRow.id)).join(
        EventKeyRow, EventKeyRow.event_id == EventRow.id
    )
    for some in batches(sorted({bounded(key) for key in keys})):
        ids.update(session.scalars(query.where(EventKeyRow.key.in_(some))))
    return tuple(sorted(ids))


def load(session: Session, ids: Sequence[str]) -> tuple[Event, ...]:
    """The events of these ids, in their order; an id that names none is left out."""
    events: dict[str, Event] = {}
    for some in batches(unique(ids)):
        rows = list(session.scalars(select(EventRow).where(EventRow.id.in_(some))))
        values: dict[str, dict[str, Any]] = {row.id: {} for row in rows}
        for value in session.scalars(select(EventValueRow).where(EventValueRow.event_id.in_(some))):
            values[value.event_id][value.field] = chosen_of(value)
        mentions: dict[str, list[Any]] = {row.id: [] for row in rows}
        told = select(MentionRow, ArticleRow.url).join(ArticleRow).where(MentionRow.event_id.in_(some))
        told = told.where(MentionRow.withdrawn.is_(None)).order_by(MentionRow.position, MentionRow.id)
        pinned: dict[str, set[str]] = {row.id: set() for row in rows}
        for mention, url in session.execute(told):
            mentions[mention.event_id].append(mention_of(mention, url))
            if mention.pinned:
                pinned[mention.event_id].add(mention.id)
        apart: dict[str, set[str]] = {row.id: set() for row in rows}
        for pair in session.scalars(select(ApartRow).where(ApartRow.event_id.in_(some))):
            apart[pair.event_id].add(pair.other_id)
        for row in rows:
            events[row.id] = Event(
                id=row.id,
                kind=row.kind,
                life=row.life,
                values=values[row.id],
                mentions=tuple(mentions[row.id]),
                salience=row.salience,
                dismissed=row.dismissed,
                pinned=frozenset(pinned[row.id]),
                apart=frozenset(apart[row.id]),
            )
    return tuple(events[id_] for id_ in ids if id_ in events)


def write(session: Session, event: Event, keys: Iterable[str] | None, now: datetime) -> bool:
    """Make an event's rows what the record says; whether that changed any. `keys` None: they stay."""
    row = session.get(EventRow, event.id)
    columns = _columns(session, event, now)
    written = row is None
    if row is None:
        row = EventRow(id=event.id, first_told=now, changed=now, dismissed=event.dismissed, **columns)
        session.add(row)
        session.flush()
    else:
        if row.merged_into is not None:
            raise ValueError(f"event {event.id} was merged into {row.merged_into}: it has no values of its own")
        for name, value in columns.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                written = True
    written |= _write_values(session, event)
    written |= _place(session, event)
    if keys is not None:
        _write_keys(session, event.id, keys)
    if written:
        row.changed = now
    session.flush()
    return written


def _columns(session: Session, event: Event, now: datetime) -> dict[str, Any]:
    """What an event's row repeats of its values."""
    company, person = event.get("company"), event.get("person")
    headcount, percent, date = event.get("headcount"), event.get("percent"), event.get("date")
    return {
        "kind": event.kind,
        "life": event.life,
        "salience": event.salience,
        "organisation_id": names.owner(session, "organisation", str(company), now) if company else None,
        "person_id": names.owner(session, "person", str(person), now) if person else None,
        "headcount": int(headcount) if isinstance(headcount, int | float) else None,
        "percent": float(percent) if isinstance(percent, int | float) else None,
        "date": date if isinstance(date, str) else None,
    }


def _write_values(session: Session, event: Event) -> bool:
    query = select(EventValueRow).where(EventValueRow.event_id == event.id)
    stored = {row.field: row for row in session.scalars(query)}
    written = False
    for field, chosen in event.values.items():
        values = chosen_values(chosen)
        row = stored.pop(field, None)
        if row is None:
            session.add(EventValueRow(event_id=event.id, field=field, **values))
            written = True
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            written = True
    for row in stored.values():
        session.delete(row)
    return written or bool(stored)


def _place(session: Session, event: Event) -> bool:
    """Gather an event's mentions under it, in their order; one that none lists any more stays where it is."""
    query = select(MentionRow.id, MentionRow.event_id, MentionRow.position, MentionRow.pinned)
    stored: dict[str, tuple[str | None, int, bool]] = {}
    for some in batches([m.id for m in event.mentions]):
        for id_, event_id, position, pinned in session.execute(query.where(MentionRow.id.in_(some))):
            stored[id_] = (event_id, position, pinned)
    moved = []
    for position, mention in enumerate(event.mentions):
        if stored.get(mention.id) != (event.id, position, mention.id in event.pinned):
            moved.append(
                {
                    "id": mention.id,
                    "event_id": event.id,
                    "position": position,
                    "pinned": mention.id in event.pinned,
                }
            )
    if moved:
        session.execute(update(MentionRow), moved)
    return bool(moved)


def _write_keys(session: Session, event_id: str, keys: Iterable[str]) -> None:
    wanted = {bounded(key) for key in keys}
    stored = set(session.scalars(select(EventKeyRow.key).where(EventKeyRow.event_id == event_id)))
    if gone := stored - wanted:
        session.execute(delete(EventKeyRow).where(EventKeyRow.event_id == event_id, EventKeyRow.key.in_(gone)))
    if new := wanted - stored:
        session.execute(insert(EventKeyRow), [{"key": key, "event_id": event_id} for key in sorted(new)])


def shown(*, doubtful: bool = False) -> ColumnElement[bool]:
    """That an article tells an event today, surely unless `doubtful`."""
    live = select(MentionRow.id).where(MentionRow.event_id == EventRow.id, MentionRow.withdrawn.is_(None))
    if not doubtful:
        rule = type_coerce(MentionRow.evidence, JSON)[("salience", 4)].as_string()
        live = live.where(func.coalesce(rule, "") != DOUBTFUL)
    return live.exists()


def _selection(session: Session, query: EventQuery) -> Select[Any]:
    """The ids that a query asks for, as a statement."""
    asked: Select[Any] = select(EventRow.id, EventRow.first_told, EventRow.changed)
    asked = asked.where(EventRow.merged_into.is_(None)).order_by(EventRow.changed.desc(), EventRow.id)
    asked = asked.where(shown(doubtful=query.doubtful))
    conditions: list[tuple[Any, Callable[[Any], ColumnElement[bool]]]] = [
        (query.kind, EventRow.kind.__eq__),
        (query.salience, EventRow.salience.__eq__),
        (query.dismissed, EventRow.dismissed.__eq__),
        (query.min_headcount, EventRow.headcount.__ge__),
        (query.min_percent, EventRow.percent.__ge__),
        (query.since, EventRow.changed.__ge__),
        (query.until, EventRow.changed.__lt__),
        (query.dated_since and query.dated_since.iso, EventRow.date.__ge__),
    ]
    asked = asked.where(*(compare(value) for value, compare in conditions if value is not None))
    if query.life:
        asked = asked.where(EventRow.life.in_(query.life))
    if query.company is not None:
        owners = select(OrganisationAliasRow.owner_id).where(OrganisationAliasRow.key == names.key(query.company))
        asked = asked.where(EventRow.organisation_id.in_(owners))
    if query.person is not None:
        owners = select(PersonAliasRow.owner_id).where(PersonAliasRow.key == names.key(query.person))
        asked = asked.where(EventRow.person_id.in_(owners))
    return asked.limit(query.limit) if query.limit is not None else asked

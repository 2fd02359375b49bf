"""Erasing a person from what is stored already."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, or_, select, update
from sqlalchemy.orm import Session

from models.columns import Value, Words
from models.identity import fold
from models.queries import Forgotten
from models.store import names
from models.store.base import Doors, batches
from models.store.forgetting import COVER, covered, covered_key, suppress, words_of
from models.tables import (
    AlertRow,
    ApartRow,
    Base,
    ChangeRow,
    DecisionRow,
    EntryRow,
    EventRow,
    EventValueRow,
    MentionRow,
    PersonAliasRow,
    PersonRow,
)

# What is left as it is: hashes, which are no words, and the addresses of feeds, which a person chose to follow.
_LEFT = {"hash", "content_hash", "text_hash", "digest", "url_key"}
_LEFT_OF = {
    "feeds": {"url", "site", "moved_to"},
    "former_addresses": {"url"},
    "articles": {"key"},
    "meta": {"value"},
}
# Keys by which rows are found again.
_KEYS = {"entries": {"key"}, "articles": {"entry_key"}}
ROWS = 500


class ForgettingDoors(Doors):
    """`vigie forget`."""

    def forget(self, name: str, who: str, now: datetime) -> Forgotten:
        """Erase a person, and keep the name out of what is read later. Raises InputError on half a name.

        Events, mentions, alerts and history of the person's own departures go; elsewhere the name is covered. What
        was sent cannot be called back. `compact` afterwards takes it out of the database's files.
        """
        with self.database.writing() as session:
            self._in_line(session)
            words = suppress(session, name, now)
            events = _own_events(session, words)
            mentions, alerts = _erase_events(session, events)
            mentions += _erase_mentions(session, words)
            _erase_person(session, words)
            texts = sum(_cover_table(session, table, words) for table in Base.metadata.sorted_tables)
            _leave_covered(session, now)
            row = DecisionRow(action="forget", subject="", other=None, mentions=[], actor=who, at=now, note="")
            session.add(row)
        return Forgotten(len(events), mentions, alerts, texts)


def _own_events(session: Session, words: tuple[str, ...]) -> list[str]:
    """The events of the person's departures, with those that were merged into them, or are named so."""
    keyed = select(PersonAliasRow.owner_id).where(PersonAliasRow.key == names.key(" ".join(words)))
    told = [
        event
        for event, person in session.execute(select(MentionRow.event_id, MentionRow.person).distinct())
        if event is not None and person is not None and words_of(person) == words
    ]
    own = set(session.scalars(select(EventRow.id).where(EventRow.person_id.in_(keyed)))) | set(told)
    for some in batches(sorted(own)):
        own.update(session.scalars(select(EventRow.id).where(EventRow.merged_into.in_(some))))
    return sorted(own)


def _erase_events(session: Session, events: list[str]) -> tuple[int, int]:
    """Delete events with all that refers to them; how many mentions and alerts went."""
    gone_mentions = gone_alerts = 0
    for some in batches(events):
        mentions = list(session.scalars(select(MentionRow.id).where(MentionRow.event_id.in_(some))))
        alerts = list(session.scalars(select(AlertRow.id).where(AlertRow.event_id.in_(some))))
        _run(session, update(AlertRow).where(AlertRow.first_id.in_(alerts)).values(first_id=None))
        _run(session, delete(AlertRow).where(AlertRow.id.in_(alerts)))
        about = or_(ChangeRow.event_id.in_(some), ChangeRow.mention_id.in_(mentions))
        lines = select(ChangeRow.id).where(about)
        _run(session, update(AlertRow).where(AlertRow.change_id.in_(lines)).values(change_id=None))
        _run(session, delete(ChangeRow).where(about))
        _run(session, delete(MentionRow).where(MentionRow.id.in_(mentions)))
        _run(session, delete(DecisionRow).where(or_(DecisionRow.subject.in_(some), DecisionRow.other.in_(some))))
        _run(session, delete(ApartRow).where(or_(ApartRow.event_id.in_(some), ApartRow.other_id.in_(some))))
        gone_mentions += len(mentions)
        gone_alerts += len(alerts)
    for some in batches(events):
        _run(session, update(EventRow).where(EventRow.id.in_(some)).values(merged_into=None))
        _run(session, delete(EventRow).where(EventRow.id.in_(some)))
    return gone_mentions, gone_alerts


def _erase_mentions(session: Session, words: tuple[str, ...]) -> int:
    """Delete the person's mentions that are in no event; take the name away where it is a successor's."""
    people = select(MentionRow.id, MentionRow.person, MentionRow.successor)
    rows = session.execute(people).all()
    own = [id_ for id_, person, _ in rows if person is not None and words_of(person) == words]
    for some in batches(own):
        _run(session, update(ChangeRow).where(ChangeRow.mention_id.in_(some)).values(mention_id=None))
        _run(session, delete(MentionRow).where(MentionRow.id.in_(some)))
    follows = [id_ for id_, _, successor in rows if successor is not None and words_of(successor) == words]
    for some in batches(follows):
        _run(session, update(MentionRow).where(MentionRow.id.in_(some)).values(successor=None))
    values = select(EventValueRow).where(EventValueRow.field == "successor")
    for value in session.scalars(values):
        if isinstance(value.value, str) and words_of(value.value) == words:
            session.delete(value)
    session.flush()
    return len(own)


def _leave_covered(session: Session, now: datetime) -> None:
    """An entry whose address is covered can be read no more."""
    waits = update(EntryRow).where(EntryRow.read.is_(None), EntryRow.url.contains(COVER))
    _run(session, waits.values(read=now))


def _erase_person(session: Session, words: tuple[str, ...]) -> None:
    key = names.key(" ".join(words))
    owners = set(session.scalars(select(PersonAliasRow.owner_id).where(PersonAliasRow.key == key)))
    _run(session, delete(PersonAliasRow).where(PersonAliasRow.owner_id.in_(owners)))
    _run(session, delete(PersonRow).where(PersonRow.id.in_(owners)))


def _run(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})


def _cover_table(session: Session, table: Table, words: tuple[str, ...]) -> int:
    """Cover the name in every text of one table; in how many rows it stood."""
    left = _LEFT | _LEFT_OF.get(table.name, set())
    columns = [c for c in table.columns if isinstance(c.type, Words | Value) and c.name not in left]
    if not columns:
        return 0
    own = list(table.primary_key.columns)
    found = session.execute(select(*dict.fromkeys((*own, *columns))), execution_options={"yield_per": ROWS})
    keys = _KEYS.get(table.name, set())
    changed = []
    for row in found.mappings():
        if any(_holds(text, words) for c in columns for text in _texts(row[c.name])):
            values = {c.name: _covered(row[c.name], words) for c in columns}
            for name in keys:
                if values[name] != row[name]:
                    values[name] = covered_key(row[name])
            changed.append(({c.name: row[c.name] for c in own}, values))
    for where, values in changed:
        _run(session, update(table).where(*(c == where[c.name] for c in own)).values(**values))
    return len(changed)


def _holds(text: str, words: tuple[str, ...]) -> bool:
    """Whether the whole name stands in a text; quick where its last word does not."""
    if words[-1] not in fold(text) and words[-1] not in text.casefold():
        return False
    folded = words_of(text)
    return any(folded[i : i + len(words)] == words for i in range(len(folded) - len(words) + 1))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield str(name)
            yield from _texts(part)


def _covered(value: Any, words: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return covered(value, [words])
    if isinstance(value, list | tuple):
        return [_covered(part, words) for part in value]
    if isinstance(value, dict):
        return {_covered(name, words): _covered(part, words) for name, part in value.items()}
    return value

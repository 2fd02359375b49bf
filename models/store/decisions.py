"""Decisions made by hand: merge, split, dismiss, restore. They are kept, and every later run respects them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import InputError, NotStoredError
from models.events import Change, Event, SourcedMention
from models.identity import digest
from models.queries import Decision
from models.store import events
from models.store.base import Doors
from models.store.stories import absorb, keep_apart, keep_change
from models.tables import ApartRow, DecisionRow, EventRow


class Stories(Protocol):
    """What is pure in an event: `extractors.stories` is one."""

    def rebuild(self, event_id: str, mentions: Sequence[SourcedMention], /) -> Event:
        """The event that these mentions tell, under this id."""

    def event_keys(self, event: Event, /) -> tuple[str, ...]:
        """The keys under which an event is found again."""


class DecisionDoors(Doors):
    """What a person knows better."""

    def merge(self, keep: str, other: str, who: str, now: datetime, stories: Stories, note: str = "") -> Event:
        """Make two events one, under the first's id. Raises NotStoredError, InputError where that cannot be."""
        with self.database.writing() as session:
            self._in_line(session)
            kept, lost = _both(session, keep, other)
            mentions = (*kept.mentions, *lost.mentions)
            pinned = kept.pinned | {m.id for m in mentions}
            event = replace(stories.rebuild(kept.id, mentions), dismissed=kept.dismissed, pinned=pinned)
            for pair in ((kept.id, lost.id), (lost.id, kept.id)):
                if row := session.get(ApartRow, pair):
                    session.delete(row)
            absorb(session, lost.id, kept.id)
            events.write(session, event, stories.event_keys(event), now)
            keep_change(session, _line(event.id, f"fusionné avec {lost.id}{_why(note)}", who), now)
            _note(session, "merge", kept.id, who, now, note, other=lost.id)
            return events.load(session, [event.id])[0]

    def split(
        self, event: str, mentions: Sequence[str], who: str, now: datetime, stories: Stories, note: str = ""
    ) -> tuple[Event, Event]:
        """Take mentions out of an event, into a new one; both, the old one first.

        Raises NotStoredError on a mention that the event does not hold, InputError where none would be left.
        """
        with self.database.writing() as session:
            self._in_line(session)
            old = events.load(session, [events.standing(session, event)])[0]
            taken, left = _parted(old, set(mentions))
            new_id = _fresh_id(session, old.id, taken)
            rest = replace(
                stories.rebuild(old.id, left), dismissed=old.dismissed, pinned=frozenset(m.id for m in left)
            )
            fresh = replace(stories.rebuild(new_id, taken), pinned=frozenset(m.id for m in taken))
            for part in (rest, fresh):
                events.write(session, part, stories.event_keys(part), now)
            keep_apart(session, rest.id, fresh.id)
            said = ", ".join(m.provenance.outlet or m.provenance.url for m in taken)
            keep_change(session, _line(rest.id, f"séparé de {fresh.id} ({said}){_why(note)}", who), now)
            keep_change(session, _line(fresh.id, f"séparé de {rest.id}{_why(note)}", who), now)
            _note(session, "split", rest.id, who, now, note, other=fresh.id, mentions=[m.id for m in taken])
            session.flush()
            both = events.load(session, [rest.id, fresh.id])
            return both[0], both[1]

    def dismiss(self, event: str, who: str, now: datetime, note: str = "") -> None:
        """Set an event aside as none: it is listed and told no more. Raises NotStoredError."""
        self._set_aside(event, True, who, now, note)

    def restore(self, event: str, who: str, now: datetime, note: str = "") -> None:
        """Take a dismissal back. Raises NotStoredError."""
        self._set_aside(event, False, who, now, note)

    def decisions(self, event: str | None = None) -> tuple[Decision, ...]:
        """What was decided by hand, of one event or of all, oldest first."""
        query = select(DecisionRow).order_by(DecisionRow.at, DecisionRow.id)
        if event is not None:
            query = query.where((DecisionRow.subject == event) | (DecisionRow.other == event))
        with self.database.reading() as session:
            return tuple(_decision(row) for row in session.scalars(query))

    def _set_aside(self, event: str, dismissed: bool, who: str, now: datetime, note: str) -> None:
        with self.database.writing() as session:
            self._in_line(session)
            row = session.get_one(EventRow, events.standing(session, event))
            if row.dismissed == dismissed:
                return
            row.dismissed, row.changed = dismissed, now
            said = "écarté" if dismissed else "repris"
            keep_change(session, _line(row.id, f"{said}{_why(note)}", who), now)
            _note(session, "dismiss" if dismissed else "restore", row.id, who, now, note)


def _both(session: Session, keep: str, other: str) -> tuple[Event, Event]:
    ids = [events.standing(session, keep), events.standing(session, other)]
    if ids[0] == ids[1]:
        raise InputError(f"{keep} et {other} sont déjà le même événement")
    kept, lost = events.load(session, ids)
    if kept.kind is not lost.kind:
        raise InputError(f"{keep} est un {kept.kind}, {other} un {lost.kind} : ils ne peuvent être fusionnés")
    return kept, lost


def _parted(event: Event, asked: set[str]) -> tuple[tuple[SourcedMention, ...], tuple[SourcedMention, ...]]:
    """The mentions that are taken out, and those that are left."""
    held = {m.id for m in event.mentions}
    if strangers := sorted(asked - held):
        raise NotStoredError(f"l'événement {event.id} n'a pas de mention {', '.join(strangers)}")
    if not asked or asked == held:
        raise InputError(f"il faut prendre à {event.id} une mention au moins, et lui en laisser une")
    taken = tuple(m for m in event.mentions if m.id in asked)
    return taken, tuple(m for m in event.mentions if m.id not in asked)


def _fresh_id(session: Session, event_id: str, taken: Sequence[SourcedMention]) -> str:
    """An id that no event has had: the same split made twice, with a merge between, gives another."""
    rank = 1
    while session.get(EventRow, new := digest("split", event_id, str(rank), *sorted(m.id for m in taken))):
        rank += 1
    return new


def _line(event: str, summary: str, who: str) -> Change:
    return Change(event=event, news=None, summary=summary, actor=who)


def _why(note: str) -> str:
    return f" : {note}" if note else ""


Action = Literal["merge", "split", "dismiss", "restore"]


def _note(
    session: Session,
    action: Action,
    subject: str,
    who: str,
    now: datetime,
    note: str,
    other: str | None = None,
    mentions: Sequence[str] = (),
) -> None:
    row = DecisionRow(
        action=action, subject=subject, other=other, mentions=list(mentions), actor=who, at=now, note=note
    )
    session.add(row)


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        action=row.action,  # type: ignore[arg-type]  # only this package writes them
        subject=row.subject,
        other=row.other,
        mentions=tuple(row.mentions),
        actor=row.actor,
        at=row.at,
        note=row.note,
    )

"""Telling: everything of one article in one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.errors import NotStoredError
from models.events import Alert, Change, Event, SourcedMention
from models.queries import Told, Verdict
from models.records import Article, Reading
from models.sourcing import source
from models.store import events, leases, outbox
from models.store.articles import article_key
from models.store.base import Doors, unique
from models.store.forgetting import Suppressor
from models.store.rows import article_of, change_values, mention_values
from models.tables import ApartRow, ArticleRow, ChangeRow, EventRow, MentionRow

Lookup = Callable[[Iterable[str]], tuple[Event, ...]]
Decide = Callable[[tuple[SourcedMention, ...], Lookup], Verdict]


class StoryDoors(Doors):
    """How an article's mentions become events, history and alerts, all or nothing."""

    def tell(self, article: Article, reading: Reading, version: str, decide: Decide, now: datetime) -> Told:
        """Keep what was understood of a stored article, and what `decide` makes of it, in one transaction.

        `decide(mentions, lookup)` is pure; docs/architecture.md tells what `lookup(keys)` gives. An article whose
        text was revised since it was read is left for the next cycle. Raises NotStoredError on one not stored.
        """
        with self.database.writing() as session:
            row = _row_of(session, article)
            if row is None:
                raise NotStoredError(f"l'article {article.url} n'est pas dans la base : lisez-le d'abord")
            if article.content_hash and article.content_hash != row.content_hash:
                return Told(article.url)
            forgotten = Suppressor.of(session)
            cleaned = (forgotten.clean_mention(m) for m in source(article_of(row), reading))
            mentions = tuple(m for m in cleaned if m is not None)
            told = Told(row.url)
            if mentions or _known(session, row.id):
                self._in_line(session)
                told = _tell(session, row, mentions, _known(session, row.id), decide, now)
            if row.understood != version:
                row.understood = version
            leases.give(session, [f"article:{row.id}"])
            return told

    def retell(self, events_: Iterable[str], decide: Decide, now: datetime) -> Told:
        """Resolve the mentions of events again, all at once: names or rules have changed since they were told.

        One transaction; `article` is empty in what is told of it.
        """
        with self.database.writing() as session:
            self._in_line(session)
            loaded = events.load(session, unique(events.standing(session, id_) for id_ in events_))
            mentions = tuple(m for event in loaded for m in event.mentions)
            verdict = decide(mentions, _Lookup(session, [event.id for event in loaded], set()))
            return _write(session, verdict, Told("", len(mentions)), now)


def _row_of(session: Session, article: Article) -> ArticleRow | None:
    """The row of an article that the store gave, or of one with its address (which may be covered in the row)."""
    row = session.get(ArticleRow, article.id) if article.id is not None else None
    return row or session.scalar(select(ArticleRow).where(ArticleRow.key == article_key(article)))


def _known(session: Session, article_id: int) -> dict[str, MentionRow]:
    query = select(MentionRow).where(MentionRow.article_id == article_id)
    return {row.id: row for row in session.scalars(query.execution_options(populate_existing=True))}


def _tell(
    session: Session,
    row: ArticleRow,
    mentions: tuple[SourcedMention, ...],
    known: dict[str, MentionRow],
    decide: Decide,
    now: datetime,
) -> Told:
    here = {mention.id for mention in mentions}
    gone = {id_ for id_, old in known.items() if id_ not in here and old.withdrawn is None}
    lookup = _Lookup(session, tuple(m.event_id for m in known.values() if m.event_id), gone)
    verdict = decide(mentions, lookup)
    _keep_mentions(session, row.id, mentions, known)
    if gone:
        session.execute(update(MentionRow).where(MentionRow.id.in_(gone)).values(withdrawn=now))
    return _write(session, verdict, Told(row.url, len(mentions), len(gone)), now)


def _write(session: Session, verdict: Verdict, told: Told, now: datetime) -> Told:
    """Write a verdict; what was told, with the events and alerts that it made and changed."""
    concerned = {*(r.event.id for r in verdict.resolutions), *(e.id for e in verdict.events)}
    before = {id_ for id_ in concerned if session.get(EventRow, id_) is not None}
    written = _write_events(session, verdict, now)
    changes = _keep_changes(session, verdict, now)
    return replace(
        told,
        events=tuple(id_ for id_ in written if id_ not in before),
        changed=tuple(id_ for id_ in written if id_ in before),
        alerts=_keep_alerts(session, verdict, changes, now),
    )


class _Lookup:
    """Candidates by indexed keys, and always the events in which the article's earlier telling stands."""

    def __init__(self, session: Session, always: Sequence[str], gone: set[str]) -> None:
        self._session, self._always, self._gone = session, always, gone

    def __call__(self, keys: Iterable[str]) -> tuple[Event, ...]:
        ids = unique((*self._always, *events.found(self._session, keys)))
        return tuple(self._without(event) for event in events.load(self._session, ids))

    def _without(self, event: Event) -> Event:
        if not any(m.id in self._gone for m in event.mentions):
            return event
        return replace(event, mentions=tuple(m for m in event.mentions if m.id not in self._gone))


def _keep_mentions(
    session: Session, article_id: int, mentions: Sequence[SourcedMention], known: dict[str, MentionRow]
) -> None:
    """Add the new mentions; renew those that the article tells otherwise than before."""
    new = []
    for mention in mentions:
        values = mention_values(mention)
        row = known.get(mention.id)
        if row is None:
            state = {"article_id": article_id, "event_id": None, "position": 0, "pinned": False, "withdrawn": None}
            new.append(values | state)
            continue
        for name, value in (values | {"withdrawn": None}).items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    session.flush()
    if new:
        session.execute(insert(MentionRow), new)


def _write_events(session: Session, verdict: Verdict, now: datetime) -> tuple[str, ...]:
    """Write each event once, as its last resolution leaves it; the ids of those that this changed."""
    last = {r.event.id: r.event for r in verdict.resolutions} | {e.id: e for e in verdict.events}
    written = [id_ for id_, event in last.items() if events.write(session, event, verdict.keys.get(id_), now)]
    for old, kept in verdict.absorbed.items():
        absorb(session, old, kept)
    return tuple(written)


def absorb(session: Session, old: str, kept: str) -> None:
    """Make an event's id, and its keys, lead to another one, which stays apart from what the first did.

    Whatever led to the first leads to the other at once, so that one step is always enough.
    """
    row = session.get(EventRow, old)
    if row is None or row.merged_into is not None or old == kept:
        return
    session.flush()
    lead = update(EventRow).where((EventRow.id == old) | (EventRow.merged_into == old))
    session.execute(lead.values(merged_into=kept))
    session.refresh(row)
    move_apart(session, old, kept)
    rest = update(MentionRow).where(MentionRow.event_id == old, MentionRow.withdrawn.is_not(None))
    session.execute(rest.values(event_id=kept))


def move_apart(session: Session, old: str, kept: str) -> None:
    """What was told apart from one event is told apart from the one that takes its place."""
    others = set(session.scalars(select(ApartRow.other_id).where(ApartRow.event_id == old)))
    for other in others - {kept}:
        keep_apart(session, kept, other)
    for pair in session.scalars(select(ApartRow).where((ApartRow.event_id == old) | (ApartRow.other_id == old))):
        session.delete(pair)
    session.flush()


def keep_apart(session: Session, one: str, other: str) -> None:
    """Note that two events are two."""
    for pair in ((one, other), (other, one)):
        if session.get(ApartRow, pair) is None:
            session.add(ApartRow(event_id=pair[0], other_id=pair[1]))


def keep_change(session: Session, change: Change, now: datetime) -> int:
    """Add a line to an event's history."""
    row = ChangeRow(event_id=change.event, mention_id=change.mention, at=change.at or now, **change_values(change))
    session.add(row)
    session.flush()
    return row.id


def _keep_changes(session: Session, verdict: Verdict, now: datetime) -> dict[Change, int]:
    changes = unique(change for r in verdict.resolutions for change in r.changes)
    return {change: keep_change(session, change, now) for change in changes}


def _keep_alerts(session: Session, verdict: Verdict, changes: dict[Change, int], now: datetime) -> tuple[str, ...]:
    """Put what is to be told into the outbox, unless it is there."""
    kept = []
    for alert in verdict.alerts:
        change = _change_id(session, alert, changes, now)
        deliveries = [d for d in verdict.deliveries if d.alert == alert.id]
        if outbox.put(session, alert, change, deliveries, now):
            kept.append(alert.id)
    return tuple(kept)


def _change_id(session: Session, alert: Alert, changes: dict[Change, int], now: datetime) -> int | None:
    if alert.change is None or alert.change in changes:
        return changes[alert.change] if alert.change else None
    return keep_change(session, alert.change, now)

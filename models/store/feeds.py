"""Feeds: who is followed, when each is due, what its fetches gave."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from models.columns import storable
from models.errors import InputError, NotStoredError
from models.identity import content_hash, digest
from models.queries import FetchRecord
from models.records import Entry, Feed, FeedResult
from models.store import leases
from models.store.base import Doors, batches, insert_for
from models.store.forgetting import Suppressor
from models.store.rows import FEED_COLUMNS, FEED_FIELDS, address_key, entry_of, entry_values, feed_of, fetch_of
from models.tables import EntryRow, FeedRow, FetchRow, FormerAddressRow, MetaRow

# Browsers and servers take no longer address.
LONGEST_ADDRESS = 2000
_TAG = re.compile(r"<[^<>]*>")  # without "<", else each of many would be sought an end for: quadratic

Wanted = Callable[[Feed], bool]


def words_digest(entry: Entry) -> str:
    """What tells that an entry's words changed: not its dates, nor the markup around the words."""
    return digest(*(content_hash(_TAG.sub(" ", t)) for t in (entry.title, entry.summary, entry.content)))


class FeedDoors(Doors):
    """Feeds, their entries, and their history."""

    def add_feeds(self, feeds: Iterable[Feed]) -> tuple[Feed, ...]:
        """Follow feeds; those that were not followed yet, under this address or another that they had before.

        Raises InputError on an address that is too long.
        """
        asked = {storable(feed.url): feed for feed in feeds}
        for url in asked:
            if len(url) > LONGEST_ADDRESS:
                raise InputError(f"adresse de flux trop longue : {url[:60]}… ({len(url)} caractères)")
        with self.database.writing() as session:
            known: set[str] = set()
            for some in batches(list(asked)):
                known.update(session.scalars(select(FeedRow.url).where(FeedRow.url.in_(some))))
                known.update(session.scalars(select(FormerAddressRow.url).where(FormerAddressRow.url.in_(some))))
            forgotten = Suppressor.of(session)
            new = [_new_row(forgotten.clean_feed(feed)) for url, feed in asked.items() if url not in known]
            added: list[int] = []
            for rows in batches(new):
                wanted = insert_for(session, FeedRow).values(rows).on_conflict_do_nothing()
                added += session.scalars(wanted.returning(FeedRow.id))
            found: list[Feed] = []
            for ids in batches(added):
                found += map(feed_of, session.execute(select(*FEED_COLUMNS).where(FeedRow.id.in_(ids))))
            return tuple(sorted(found, key=lambda feed: feed.id or 0))

    def remove_feed(self, url: str) -> None:
        """Follow a feed no longer; its articles and events stay. Raises NotStoredError."""
        with self.database.writing() as session:
            row = session.scalar(select(FeedRow).where(FeedRow.url == url))
            if row is None:
                raise NotStoredError(f"aucun flux {url} : « vigie feeds list » les montre")
            session.delete(row)

    def update_feed(self, feed: Feed, now: datetime) -> None:
        """Change what a person may set of a followed feed: its title, folder, policy, pause… or its address.

        The feed is known by its id. Raises NotStoredError, InputError where another feed has the address.
        """
        with self.database.writing() as session:
            row = session.get(FeedRow, feed.id) if feed.id is not None else None
            if row is None:
                raise NotStoredError(f"aucun flux {feed.url} : « vigie feeds list » les montre")
            if feed.url != row.url and not _move(session, row.id, row.url, feed.url, now):
                raise InputError(f"un autre flux est déjà suivi à l'adresse {feed.url}")
            for name in FEED_FIELDS:
                setattr(row, name, getattr(feed, name))

    def set_health(self, feeds: Sequence[Feed]) -> None:
        """Keep the health of followed feeds, its words and since when, and nothing else of them."""
        names = ("id", "health", "health_note", "health_since")
        with self.database.writing() as session:
            forgotten = Suppressor.of(session)
            values = [{name: getattr(forgotten.clean_feed(feed), name) for name in names} for feed in feeds]
            for some in batches(sorted(values, key=lambda one: one["id"])):
                session.execute(update(FeedRow), some)

    def feeds(self) -> tuple[Feed, ...]:
        """Every feed, by folder and name."""
        with self.database.reading() as session:
            query = select(*FEED_COLUMNS).order_by(FeedRow.folder, FeedRow.publisher, FeedRow.url)
            return tuple(map(feed_of, session.execute(query)))

    def due_feeds(self, now: datetime, *, every: bool = False) -> tuple[Feed, ...]:
        """The feeds to fetch now, the longest waiting first; due or not where `every`. None that is paused."""
        with self.database.reading() as session:
            return tuple(map(feed_of, session.execute(_due(now, every))))

    def claim_feeds(
        self, worker: str, now: datetime, lease: timedelta, *, every: bool = False, wanted: Wanted | None = None
    ) -> tuple[Feed, ...]:
        """As `due_feeds`, those that `wanted` takes, leased to one worker until their results are recorded."""
        with self.database.writing() as session:
            due = map(feed_of, session.execute(_due(now, every)))
            asked = {lease_of(feed.id): feed for feed in due if wanted is None or wanted(feed)}
            return tuple(asked[name] for name in leases.take(session, list(asked), worker, now, lease))

    def record_result(self, result: FeedResult, feed: Feed, now: datetime) -> int:
        """Keep one exchange: its line of history, the feed's new state, its entries; how many are new or changed.

        One transaction. 0, and nothing kept, where the feed was removed meanwhile.
        """
        return self.record_results([(result, feed)], now)

    def record_results(self, results: Iterable[tuple[FeedResult, Feed]], now: datetime) -> int:
        """As `record_result`, for several feeds in one transaction."""
        with self.database.writing() as session:
            forgotten = Suppressor.of(session)
            # In one order whoever writes: two writers that lock the same rows crosswise would wait for ever.
            ordered = sorted(results, key=lambda pair: pair[0].feed.url)
            return sum(_recorded(session, some, forgotten, now) for some in batches(ordered))

    def fetches(self, feed_url: str, limit: int = 20) -> tuple[FetchRecord, ...]:
        """The last exchanges with a feed, latest first."""
        query = select(FetchRow).join(FeedRow).where(FeedRow.url == feed_url)
        with self.database.reading() as session:
            rows = session.scalars(query.order_by(FetchRow.started.desc(), FetchRow.id.desc()).limit(limit))
            return tuple(fetch_of(row, feed_url) for row in rows)

    def notices(self, whom: str) -> Mapping[int, str]:
        """What somebody was told of feeds' health, by the feed's id, as `keep_notices` kept it."""
        with self.database.reading() as session:
            row = session.get(MetaRow, f"notices {whom}")
            return {int(id_): told for id_, told in json.loads(row.value).items()} if row else {}

    def keep_notices(self, whom: str, told: Mapping[int, str]) -> None:
        """Note what somebody was told of feeds; empty words forget it, and feeds that are gone are forgotten."""
        with self.database.writing() as session:
            row = session.get(MetaRow, f"notices {whom}", with_for_update=True)
            known = {int(id_): words for id_, words in json.loads(row.value).items()} if row else {}
            followed = set(session.scalars(select(FeedRow.id)))
            kept = {id_: words for id_, words in {**known, **told}.items() if words and id_ in followed}
            session.merge(MetaRow(name=f"notices {whom}", value=json.dumps(kept, sort_keys=True)))

    def pending_entries(self, limit: int) -> tuple[Entry, ...]:
        """Entries whose article was not read yet, oldest first."""
        with self.database.reading() as session:
            return tuple(entry_of(row, url) for row, url in session.execute(_pending().limit(limit)))

    def claim_entries(self, worker: str, now: datetime, limit: int, lease: timedelta) -> tuple[Entry, ...]:
        """As `pending_entries`, leased to one worker until an article is saved of them, or they are left.

        Not those that were put off until later than now.
        """
        due = (EntryRow.due.is_(None)) | (EntryRow.due <= now)
        free = _pending().where(due, leases.free(EntryRow.id, "entry", now)).limit(limit)
        with self.database.writing() as session:
            asked = {f"entry:{row.id}": entry_of(row, url) for row, url in session.execute(free)}
            return tuple(asked[name] for name in leases.take(session, list(asked), worker, now, lease))

    def put_off_entry(self, entry: Entry, due: datetime) -> None:
        """Leave an entry pending whose page failed for a while: one try more, none before `due`."""
        with self.database.writing() as session:
            query = update(EntryRow).where(EntryRow.id == entry.id, EntryRow.read.is_(None))
            session.execute(query.values(tries=EntryRow.tries + 1, due=due))
            leases.give(session, [f"entry:{entry.id}"])

    def leave_entries(self, entries: Iterable[Entry], now: datetime) -> None:
        """Let entries be pending no longer although no article was read (too old, reserved by the site)."""
        with self.database.writing() as session:
            for some in batches([e.id for e in entries if e.id is not None]):
                session.execute(update(EntryRow).where(EntryRow.id.in_(some)).values(read=now))
                leases.give(session, [f"entry:{id_}" for id_ in some])


def lease_of(feed_id: int | None) -> str:
    """The name of a feed's lease."""
    return f"feed:{feed_id}"


def _due(now: datetime, every: bool) -> Select[Any]:
    query = select(*FEED_COLUMNS).where(FeedRow.paused.is_(False))
    if not every:
        query = query.where((FeedRow.due.is_(None)) | (FeedRow.due <= now))
    return query.order_by(FeedRow.due.asc().nulls_first(), FeedRow.id)


def _pending() -> Select[tuple[EntryRow, str]]:
    return select(EntryRow, FeedRow.url).join(FeedRow).where(EntryRow.read.is_(None)).order_by(EntryRow.id)


def _new_row(feed: Feed) -> dict[str, Any]:
    return {name: getattr(feed, name) for name in FEED_FIELDS}


def _recorded(
    session: Session, results: Sequence[tuple[FeedResult, Feed]], forgotten: Suppressor, now: datetime
) -> int:
    """Some feeds' parts; their rows are locked first, so that two workers never write one feed's entries at once.

    The rows are read in one statement and written at the end in one for all that changed in the same way, without
    ORM objects: those cost an idle cycle of a thousand feeds half of its time.
    """
    asked = [result.feed.url for result, _ in results]
    wanted = select(FeedRow.id, FeedRow.url, FeedRow.first_read).where(FeedRow.url.in_(asked))
    rows = {row.url: row for row in session.execute(wanted.order_by(FeedRow.url).with_for_update())}
    leases.give(session, [lease_of(row.id) for row in rows.values()])
    states: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    lines: list[dict[str, Any]] = []
    for result, feed in results:
        if (row := rows.get(result.feed.url)) is None:
            continue
        fresh = _kept(session, row.id, result, forgotten, now)
        changed = _changes(session, row.id, result.feed, forgotten.clean_feed(feed), now)
        if row.first_read is None and result.parsed and result.parsed.entries:
            changed["first_read"] = now
        states.setdefault(tuple(sorted(changed)), []).append({"id": row.id, **changed})
        lines.append(_line(row.id, result, feed, fresh))
    for names, values in states.items():
        if names:
            session.execute(update(FeedRow), values)
    if lines:
        session.execute(insert(FetchRow), lines)
    return sum(line["fresh"] for line in lines)


def _kept(session: Session, feed_id: int, result: FeedResult, forgotten: Suppressor, now: datetime) -> int:
    entries = result.parsed.entries if result.parsed else ()
    return keep_entries(session, feed_id, [columns_of(e, forgotten, now) for e in entries], now) if entries else 0


def _changes(session: Session, feed_id: int, before: Feed, after: Feed, now: datetime) -> dict[str, Any]:
    """What the exchange changed of a feed; nothing else is written, a person may have set it meanwhile."""
    if after.url != before.url and not _move(session, feed_id, before.url, after.url, now):
        after = replace(after, url=before.url)
    return {name: new for name in FEED_FIELDS if (new := getattr(after, name)) != getattr(before, name)}


def _line(feed_id: int, result: FeedResult, feed: Feed, fresh: int) -> dict[str, Any]:
    """One line of a feed's history."""
    fetched, parsed = result.fetched, result.parsed
    return {
        "feed_id": feed_id,
        "started": fetched.started,
        "seconds": fetched.seconds,
        "outcome": fetched.outcome,
        "status": fetched.status,
        "size": len(fetched.body),
        "entries": len(parsed.entries) if parsed else 0,
        "fresh": fresh,
        "health": feed.health,
        "error": fetched.error or (parsed.problem if parsed else None),
    }


def _move(session: Session, feed_id: int, before: str, url: str, now: datetime) -> bool:
    """Note a feed's former address and give it the new one; False where another feed has that already."""
    if session.scalar(select(FeedRow.id).where(FeedRow.url == url)) is not None or len(url) > LONGEST_ADDRESS:
        return False
    if former := session.get(FormerAddressRow, url):
        session.delete(former)
    session.merge(FormerAddressRow(url=before, feed_id=feed_id, until=now))
    # At once: another feed of the same batch may want to move there.
    session.execute(update(FeedRow).where(FeedRow.id == feed_id).values(url=url))
    return True


def columns_of(entry: Entry, forgotten: Suppressor, now: datetime) -> dict[str, Any]:
    """An entry's columns, forgotten names covered; one whose address holds such a name is never read."""
    clean = forgotten.clean(entry)
    values = entry_values(clean) | {"digest": words_digest(entry), "read": None if clean.url == entry.url else now}
    return values | {"url_key": address_key(entry.url) if entry.url else None, "tries": 0, "due": None}


def keep_entries(session: Session, feed_id: int, entries: Sequence[dict[str, Any]], now: datetime) -> int:
    """Add the new entries and renew those whose words changed; how many there were of both."""
    asked = {values["key"]: values for values in entries}
    known: dict[str, tuple[int, str]] = {}
    for some in batches(list(asked)):
        query = select(EntryRow.key, EntryRow.id, EntryRow.digest)
        for key, id_, seen in session.execute(query.where(EntryRow.feed_id == feed_id, EntryRow.key.in_(some))):
            known[key] = (id_, seen)
    added = [v | {"feed_id": feed_id, "seen": now} for key, v in asked.items() if key not in known]
    renewed = [
        v | {"id": known[key][0]} for key, v in asked.items() if key in known and known[key][1] != v["digest"]
    ]
    if added:
        session.execute(insert(EntryRow), added)
    if renewed:
        session.execute(update(EntryRow), renewed)
    return len(added) + len(renewed)

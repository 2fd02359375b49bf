"""Rows to records and back, without loss."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from models.columns import storable, storable_value
from models.events import Alternative, Change, Chosen, Delivery, FieldValue, Provenance, SourcedMention
from models.identity import digest
from models.queries import FetchRecord
from models.records import Article, Entry, Evidence, Feed, Mention
from models.store.base import bounded
from models.tables import (
    ArticleRow,
    ChangeRow,
    DeliveryRow,
    EntryRow,
    EventValueRow,
    FeedRow,
    FetchRow,
    MentionRow,
)
from models.vocabulary import ArticleFlag, Manner, RoleCode

FEED_FIELDS = (
    "url", "title", "publisher", "site", "topic", "folder", "etag", "last_modified", "due", "fetched",
    "failures", "health", "health_note", "health_since", "failing_since", "retry_at", "ttl_minutes", "rhythm",
    "newest", "moved_to", "moved_since", "policy", "paused",
)  # fmt: skip
FEED_COLUMNS = (FeedRow.id, *(getattr(FeedRow, name) for name in FEED_FIELDS))
ENTRY_FIELDS = ("url", "title", "guid", "summary", "content", "published", "updated", "publisher")
MENTION_FIELDS = (
    "kind", "salience", "company", "date", "status", "reason", "person", "role", "destination", "successor",
    "headcount", "headcount_qualifier", "percent", "unit", "place", "denied",
)  # fmt: skip


def address_key(url: str) -> str:
    """The bounded key of an address: 128 bits, since hostile feeds choose their addresses."""
    return digest(url) + digest("vigie", url)


def feed_of(row: Row[Any]) -> Feed:
    """A feed's record, of a row of FEED_COLUMNS; for a thousand feeds, ORM objects took thrice the time."""
    return Feed(**row._mapping)


def fetch_of(row: FetchRow, feed_url: str) -> FetchRecord:
    """A line of a feed's history."""
    names = ("started", "seconds", "outcome", "status", "size", "entries", "fresh", "health", "error")
    return FetchRecord(feed_url=feed_url, **{name: getattr(row, name) for name in names})


def entry_of(row: EntryRow, feed_url: str) -> Entry:
    """An entry's record."""
    values = {name: getattr(row, name) for name in ENTRY_FIELDS}
    return Entry(key=row.key, feed_url=feed_url, **values, tries=row.tries, id=row.id)


def entry_values(entry: Entry) -> dict[str, Any]:
    """An entry's columns, but for its feed and its state."""
    values: dict[str, Any] = {name: getattr(entry, name) for name in ENTRY_FIELDS}
    return values | {"key": bounded(entry.key), "url_key": address_key(entry.url) if entry.url else None}


def article_of(row: ArticleRow) -> Article:
    """An article's record."""
    names = (
        "url", "title", "text", "fetched", "published", "publisher", "language", "content_hash", "error",
        "entry_key", "id",
    )  # fmt: skip
    flags = frozenset(ArticleFlag(f) for f in row.flags)
    return Article(**{name: getattr(row, name) for name in names}, flags=flags)


def mention_of(row: MentionRow, url: str) -> SourcedMention:
    """A mention with its provenance; `url` is its article's."""
    mention = Mention(
        **{name: getattr(row, name) for name in MENTION_FIELDS},
        role_codes=tuple(RoleCode(c) for c in row.role_codes),
        manner=tuple(Manner(m) for m in row.manner),
        evidence={name: Evidence(*proof) for name, proof in row.evidence.items()},
    )
    provenance = Provenance(
        article=url,
        outlet=row.outlet,
        url=url,
        title=row.title,
        published=row.published,
        seen=row.seen,
        text_hash=row.text_hash,
    )
    return SourcedMention(row.id, mention, provenance)


def mention_values(sourced: SourcedMention) -> dict[str, Any]:
    """A mention's columns, but for its article, event and state."""
    mention, where = sourced.mention, sourced.provenance
    values: dict[str, Any] = {name: getattr(mention, name) for name in MENTION_FIELDS}
    return values | {
        "id": sourced.id,
        "role_codes": [c.value for c in mention.role_codes],
        "manner": [m.value for m in mention.manner],
        "evidence": {name: [e.where, e.start, e.end, e.quote, e.rule] for name, e in mention.evidence.items()},
        "outlet": where.outlet,
        "title": where.title,
        "published": where.published,
        "seen": where.seen,
        "text_hash": where.text_hash,
    }


def field_value(value: Any) -> FieldValue:
    """A field's value from its JSON."""
    return tuple(value) if isinstance(value, list) else value


def chosen_of(row: EventValueRow) -> Chosen:
    """The chosen value of a field."""
    others = tuple(
        Alternative(field_value(value), tuple(mentions), tuple(outlets)) for value, mentions, outlets in row.others
    )
    return Chosen(field_value(row.value), row.rule, tuple(row.mentions), others)


def chosen_values(chosen: Chosen) -> dict[str, Any]:
    """The columns of a chosen value; lists, as they come back from JSON, so that equal ones compare equal."""
    return {
        "value": storable_value(chosen.value),
        "rule": storable(chosen.rule),
        "mentions": list(chosen.mentions),
        "others": [storable_value([o.value, o.mentions, o.outlets]) for o in chosen.others],
    }


def change_of(row: ChangeRow) -> Change:
    """A line of an event's history."""
    return Change(
        event=row.event_id,
        news=row.news,
        summary=row.summary,
        field=row.field,
        before=field_value(row.before),
        after=field_value(row.after),
        mention=row.mention_id,
        actor=row.actor,
        at=row.at,
    )


def change_values(change: Change) -> Mapping[str, Any]:
    """The columns of a line of history, but for its event, mention and time."""
    return {
        "news": change.news,
        "summary": change.summary,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "actor": change.actor,
    }


def delivery_of(row: DeliveryRow) -> Delivery:
    """A delivery's record."""
    names = ("channel", "target", "state", "attempts", "due", "error", "sent", "id")
    return Delivery(alert=row.alert_id, **{name: getattr(row, name) for name in names})

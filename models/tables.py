"""The tables. No behaviour; rows never leave models.store.

Times are aware and in UTC; dates that articles tell keep their precision as ISO text; JSON only where nothing is
searched. Each table's uniqueness is what makes running anything twice harmless. Keys are bounded in length (see
models.store.rows.bounded), since PostgreSQL cannot index a text of some kilobytes.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from models.columns import Partial, Utc, Value, Words, word_of
from models.dates import PartialDate
from models.vocabulary import DeliveryState, Health, Kind, Life, News, Outcome, Qualifier, Salience, Status

CASCADE = "CASCADE"


class Base(DeclarativeBase):
    """Names for every constraint, so that a migration can name what it changes."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Words(),
        datetime: Utc(),
        PartialDate: Partial(),
        Any: Value(),
        Health: word_of(Health),
        Kind: word_of(Kind),
        Life: word_of(Life),
        News: word_of(News),
        Outcome: word_of(Outcome),
        Qualifier: word_of(Qualifier),
        Salience: word_of(Salience),
        Status: word_of(Status),
        DeliveryState: word_of(DeliveryState),
    }


class MetaRow(Base):
    """What the store knows of itself."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class FeedRow(Base):
    """A feed that is followed, and its state."""

    __tablename__ = "feeds"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(default="")
    publisher: Mapped[str] = mapped_column(default="")
    site: Mapped[str] = mapped_column(default="")
    topic: Mapped[str] = mapped_column(default="")
    folder: Mapped[str] = mapped_column(default="")
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    due: Mapped[datetime | None] = mapped_column(index=True)
    fetched: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    health: Mapped[Health] = mapped_column(default=Health.UNKNOWN)
    health_note: Mapped[str] = mapped_column(default="")
    health_since: Mapped[datetime | None]


class FetchRow(Base):
    """One exchange with a feed's server: the history."""

    __tablename__ = "fetches"
    __table_args__ = (Index(None, "feed_id", "started"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete=CASCADE))
    started: Mapped[datetime] = mapped_column(index=True)
    seconds: Mapped[float]
    outcome: Mapped[Outcome]
    status: Mapped[int | None]
    size: Mapped[int]
    entries: Mapped[int]
    fresh: Mapped[int]
    health: Mapped[Health]
    error: Mapped[str | None]


class ArticleRow(Base):
    """The readable text of one page; `key` is the hash of its canonical URL."""

    __tablename__ = "articles"
    __table_args__ = (Index(None, "understood", "readable", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    fetched: Mapped[datetime] = mapped_column(index=True)
    published: Mapped[datetime | None]
    publisher: Mapped[str]
    language: Mapped[str]
    content_hash: Mapped[str] = mapped_column(index=True)
    flags: Mapped[Any]
    error: Mapped[str | None]
    entry_key: Mapped[str | None]
    readable: Mapped[bool]
    revision: Mapped[int] = mapped_column(default=1)
    understood: Mapped[str] = mapped_column(default="")  # the version of the understanding that read it last
    purged: Mapped[datetime | None]  # when its text was let go


class RevisionRow(Base):
    """An article's text as it was seen before: its hash, never its words."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("article_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete=CASCADE))
    number: Mapped[int]
    content_hash: Mapped[str]
    title: Mapped[str]
    fetched: Mapped[datetime]


class EntryRow(Base):
    """One item of a feed. It is pending while it has no `read`; `digest` tells a changed one."""

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("feed_id", "key"), Index(None, "read", "id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete=CASCADE))
    key: Mapped[str]
    url: Mapped[str | None]
    url_key: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str]
    guid: Mapped[str | None]
    summary: Mapped[str]
    content: Mapped[str]
    published: Mapped[datetime | None]
    updated: Mapped[datetime | None]
    publisher: Mapped[str]
    digest: Mapped[str]
    seen: Mapped[datetime]
    read: Mapped[datetime | None]
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id", ondelete="SET NULL"), index=True)


class OrganisationRow(Base):
    """An organisation that events name."""

    __tablename__ = "organisations"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class OrganisationAliasRow(Base):
    """One of an organisation's names, folded; its own name is one of them."""

    __tablename__ = "organisation_aliases"
    key: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete=CASCADE), index=True)
    alias: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class PersonRow(Base):
    """A person that events name."""

    __tablename__ = "persons"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class PersonAliasRow(Base):
    """One of a person's names, folded; the own name is one of them."""

    __tablename__ = "person_aliases"
    key: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete=CASCADE), index=True)
    alias: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class EventRow(Base):
    """What happened; the columns beside `id` repeat chosen values, for searching."""

    __tablename__ = "events"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    life: Mapped[Life]
    salience: Mapped[Salience]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    date: Mapped[str | None]
    headcount: Mapped[int | None]
    percent: Mapped[float | None]
    first_told: Mapped[datetime]
    changed: Mapped[datetime] = mapped_column(index=True)
    dismissed: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("events.id"), index=True)


class EventValueRow(Base):
    """One field of an event: the chosen value, the rule that chose it, who tells it, and what disagrees."""

    __tablename__ = "event_values"
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete=CASCADE), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any]
    rule: Mapped[str]
    mentions: Mapped[Any]
    others: Mapped[Any]


class EventKeyRow(Base):
    """A key under which an event is found again."""

    __tablename__ = "event_keys"
    key: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete=CASCADE), primary_key=True, index=True)


class ApartRow(Base):
    """Two events that a person has told apart; both orders are kept."""

    __tablename__ = "apart"
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete=CASCADE), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete=CASCADE), primary_key=True)


class MentionRow(Base):
    """What one article says of one event, with the words that it stands on."""

    __tablename__ = "mentions"
    __table_args__ = (Index(None, "event_id", "position"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id"))
    position: Mapped[int] = mapped_column(default=0)  # in the event's telling
    pinned: Mapped[bool] = mapped_column(default=False)  # put there by hand
    withdrawn: Mapped[datetime | None]  # when the article stopped telling it
    outlet: Mapped[str]
    title: Mapped[str]
    published: Mapped[PartialDate | None]
    seen: Mapped[datetime | None]
    text_hash: Mapped[str]
    kind: Mapped[Kind]
    salience: Mapped[Salience]
    company: Mapped[str | None]
    date: Mapped[PartialDate | None]
    status: Mapped[Status]
    reason: Mapped[str | None]
    person: Mapped[str | None]
    role: Mapped[str | None]
    role_codes: Mapped[Any]
    manner: Mapped[Any]
    destination: Mapped[str | None]
    successor: Mapped[str | None]
    headcount: Mapped[int | None]
    headcount_qualifier: Mapped[Qualifier | None]
    percent: Mapped[float | None]
    unit: Mapped[str | None]
    place: Mapped[str | None]
    denied: Mapped[bool]
    evidence: Mapped[Any]


class ChangeRow(Base):
    """A line of an event's history; lines are only ever added."""

    __tablename__ = "changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    mention_id: Mapped[str | None] = mapped_column(ForeignKey("mentions.id"))
    news: Mapped[News | None]
    summary: Mapped[str]
    field: Mapped[str]
    before: Mapped[Any]
    after: Mapped[Any]
    actor: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class DecisionRow(Base):
    """A decision made by hand."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    other: Mapped[str | None]
    mentions: Mapped[Any]
    actor: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]


class AlertRow(Base):
    """What a rule asks to be told of one event: the outbox."""

    __tablename__ = "alerts"
    id: Mapped[str] = mapped_column(primary_key=True)
    rule: Mapped[str]
    channels: Mapped[Any]
    news: Mapped[News]
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("changes.id"))
    created: Mapped[datetime] = mapped_column(index=True)
    first_id: Mapped[str | None] = mapped_column(ForeignKey("alerts.id"))


class DeliveryRow(Base):
    """One sending of one alert to one target of a channel."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("alert_id", "channel", "target"), Index(None, "state", "due"))
    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id", ondelete=CASCADE))
    channel: Mapped[str]
    target: Mapped[int]
    state: Mapped[DeliveryState]
    attempts: Mapped[int] = mapped_column(default=0)
    due: Mapped[datetime | None]
    error: Mapped[str | None]
    sent: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class SuppressionRow(Base):
    """A name that was asked to be forgotten, as a keyed hash."""

    __tablename__ = "suppressions"
    hash: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]

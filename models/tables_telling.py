"""The tables of the stages that tell: names, events, mentions, history, decisions, the outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.dates import PartialDate
from models.tables_base import CASCADE, Base
from models.vocabulary import DeliveryState, Kind, Life, News, Qualifier, Salience, Status


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
    __table_args__ = (
        UniqueConstraint("alert_id", "channel", "target"),
        Index(None, "state", "due"),
        Index(None, "channel", "sent"),
    )
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


class AttemptRow(Base):
    """One try of one delivery: how it ended."""

    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete=CASCADE), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    worker: Mapped[str]
    state: Mapped[DeliveryState]
    error: Mapped[str | None]

"""The tables of the store itself and of the stages that read: feeds, fetches, entries, articles."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.tables_base import CASCADE, Base
from models.vocabulary import Health, Outcome


class MetaRow(Base):
    """What the store knows of itself."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class SuppressionRow(Base):
    """A name that was asked to be forgotten, as a keyed hash of its folded words."""

    __tablename__ = "suppressions"
    hash: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[int] = mapped_column(server_default="2")  # of the name, so that texts are searched quickly
    at: Mapped[datetime]


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
    failing_since: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    ttl_minutes: Mapped[int | None]
    rhythm: Mapped[float | None]
    newest: Mapped[datetime | None]
    moved_to: Mapped[str | None]
    moved_since: Mapped[datetime | None]
    policy: Mapped[str] = mapped_column(default="", server_default="")
    paused: Mapped[bool] = mapped_column(default=False, server_default=false())
    first_read: Mapped[datetime | None]  # when its first entries were kept; those had been there before us


class FormerAddressRow(Base):
    """An address that a feed had before it moved."""

    __tablename__ = "former_addresses"
    url: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete=CASCADE), index=True)
    until: Mapped[datetime]


class LeaseRow(Base):
    """What one worker has to itself for a while: a feed, an entry, an article, a host."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime] = mapped_column(index=True)


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
    tries: Mapped[int] = mapped_column(default=0, server_default="0")  # of its page that failed
    due: Mapped[datetime | None]  # not tried again before
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id", ondelete="SET NULL"), index=True)

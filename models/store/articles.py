"""Articles: once by canonical address, revised where their text changed, never replaced by something worse."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from models.identity import content_hash
from models.records import Article, Entry
from models.store import leases
from models.store.base import Doors, batches, bounded, insert_for
from models.store.forgetting import Suppressor
from models.store.rows import address_key, article_of
from models.tables import ArticleRow, EntryRow, FeedRow, RevisionRow
from models.vocabulary import ArticleFlag

_BEGINNING = (
    ArticleRow.url,
    ArticleRow.title,
    func.substr(ArticleRow.text, 1, 1500),
    ArticleRow.fetched,
    ArticleRow.flags,
    ArticleRow.error,
)


class ArticleDoors(Doors):
    """Articles, and which of them are still to be understood."""

    def save_article(self, article: Article, now: datetime, entry: Entry | None = None) -> Article:
        """Keep an article, and the entry that led to it (and those of other feeds with its address) as read.

        A changed text is a revision, to be understood again. What could not be read never replaces what could, nor
        a feed's summary a whole text. Returns what is stored now.
        """
        return self.save_articles([(article, entry)], now)[0]

    def save_articles(self, pairs: Sequence[tuple[Article, Entry | None]], now: datetime) -> tuple[Article, ...]:
        """As `save_article`, for several in one transaction and a few statements."""
        with self.database.writing() as session:
            forgotten = Suppressor.of(session)
            return tuple(a for some in batches(pairs) for a in _saved(session, some, forgotten, now))

    def article(self, url: str) -> Article | None:
        """The article at a canonical address."""
        with self.database.reading() as session:
            row = session.scalar(select(ArticleRow).where(ArticleRow.key == address_key(url)))
            return article_of(row) if row else None

    def latest_pages(self, feed_urls: Sequence[str], each: int) -> Mapping[str, tuple[Article, ...]]:
        """Of each feed the articles of its latest entries, latest first, with the beginnings of their texts."""
        rank = func.row_number().over(partition_by=EntryRow.feed_id, order_by=EntryRow.id.desc()).label("rank")
        ranked = select(EntryRow.article_id, FeedRow.url.label("feed"), rank).join(FeedRow)
        found: dict[str, list[Article]] = {}
        with self.database.reading() as session:
            for some in batches(feed_urls):
                asked = ranked.where(FeedRow.url.in_(some), EntryRow.article_id.is_not(None)).subquery()
                query = select(asked.c.feed, *_BEGINNING).join(ArticleRow, ArticleRow.id == asked.c.article_id)
                latest = query.where(asked.c.rank <= each, ArticleRow.purged.is_(None))
                for feed, *row in session.execute(latest.order_by(asked.c.feed, asked.c.rank)):
                    found.setdefault(feed, []).append(_beginning(*row))
        return {feed: tuple(pages) for feed, pages in found.items()}

    def dates_of_copies(self, article: Article) -> tuple[datetime | None, ...]:
        """When its publisher published the same title and text at other addresses; None: undated."""
        query = select(ArticleRow.published).where(
            ArticleRow.content_hash == (article.content_hash or content_hash(article.text)),
            ArticleRow.title == article.title,
            ArticleRow.publisher == article.publisher,
            ArticleRow.key != article_key(article),
        )
        with self.database.reading() as session:
            return tuple(session.scalars(query))

    def unread_articles(self, version: str, limit: int) -> tuple[Article, ...]:
        """Readable articles not yet understood by this version of the understanding, oldest first."""
        with self.database.reading() as session:
            rows = session.scalars(_unread(version).limit(limit))
            return tuple(sorted((article_of(row) for row in rows), key=lambda a: a.id or 0))

    def claim_articles(
        self, version: str, worker: str, now: datetime, limit: int, lease: timedelta
    ) -> tuple[Article, ...]:
        """As `unread_articles`, leased to one worker until they are told."""
        free = _unread(version).where(leases.free(ArticleRow.id, "article", now)).limit(limit)
        with self.database.writing() as session:
            asked = {f"article:{row.id}": article_of(row) for row in session.scalars(free)}
            granted = leases.take(session, list(asked), worker, now, lease)
            return tuple(sorted((asked[name] for name in granted), key=lambda a: a.id or 0))

    def familiar_articles(self, articles: Iterable[Article]) -> frozenset[int]:
        """The ids of the articles that some feed listed after it was first read.

        All others may be years old: whatever a feed lists when it is first read was there before.
        """
        found: set[int] = set()
        with self.database.reading() as session:
            for some in batches([a.id for a in articles if a.id is not None]):
                query = select(EntryRow.article_id).join(FeedRow).where(EntryRow.article_id.in_(some))
                found.update(session.scalars(query.where(EntryRow.seen > FeedRow.first_read)))
        return frozenset(found)

    def mark_understood(self, articles: Iterable[Article], version: str) -> None:
        """Articles of which this version of the understanding has nothing to tell, and had nothing before."""
        with self.database.writing() as session:
            for some in batches([a.id for a in articles if a.id is not None]):
                session.execute(update(ArticleRow).where(ArticleRow.id.in_(some)).values(understood=version))
                leases.give(session, [f"article:{id_}" for id_ in some])


def _beginning(url: str, title: str, text: str, fetched: datetime, flags: list[str], error: str | None) -> Article:
    return Article(url, title, text, fetched, flags=frozenset(map(ArticleFlag, flags)), error=error)


def _unread(version: str) -> Select[tuple[ArticleRow]]:
    # Two ranges of the index, where "is not" would scan every article ever read.
    other = or_(ArticleRow.understood < version, ArticleRow.understood > version)
    query = select(ArticleRow).where(other, ArticleRow.readable, ArticleRow.purged.is_(None))
    return query.order_by(ArticleRow.understood, ArticleRow.id)


def article_key(article: Article) -> str:
    """An article's identity: its address, else the entry that carries it."""
    return address_key(article.url or f"entry:{article.entry_key}")


def article_values(article: Article) -> dict[str, Any]:
    """An article's columns, but for its identity and its state."""
    names = ("url", "title", "text", "fetched", "published", "publisher", "language", "error", "entry_key")
    return {name: getattr(article, name) for name in names} | {
        "content_hash": article.content_hash or content_hash(article.text),
        "flags": sorted(flag.value for flag in article.flags),
        "readable": article.readable,
        "purged": None,
    }


def _saved(
    session: Session, pairs: Sequence[tuple[Article, Entry | None]], forgotten: Suppressor, now: datetime
) -> list[Article]:
    """What is stored now of each, in their order."""
    keys = [article_key(article) for article, _ in pairs]
    hashed = (replace(a, content_hash=a.content_hash or content_hash(a.text)) for a, _ in pairs)
    clean = [forgotten.clean(article) for article in hashed]
    new = [
        article_values(a) | {"key": k, "understood": "", "revision": 1} for k, a in zip(keys, clean, strict=True)
    ]
    # Two feeds may lead two workers to one page at once: the second one to write finds it there. In one order
    # whoever writes: two writers that lock the same rows crosswise would wait for ever.
    wanted = insert_for(session, ArticleRow).on_conflict_do_nothing()
    session.execute(wanted, sorted(new, key=lambda values: str(values["key"])))
    query = select(ArticleRow).where(ArticleRow.key.in_(keys)).order_by(ArticleRow.key).with_for_update()
    rows = {row.key: row for row in session.scalars(query)}
    for key, article in zip(keys, clean, strict=True):
        if _is_better(article, rows[key]):
            _revise(session, rows[key], article)
    read = [(rows[key], article.url, entry) for key, (article, entry) in zip(keys, pairs, strict=True)]
    _mark_read(session, read, now)
    session.flush()
    return [article_of(rows[key]) for key in keys]


def _is_better(article: Article, row: ArticleRow) -> bool:
    """Whether what was read now replaces what is stored."""
    if row.readable and not article.readable:
        return False
    if row.purged and (article.content_hash or content_hash(article.text)) == row.content_hash:
        return False
    lesser = {ArticleFlag.SUMMARY, ArticleFlag.PARTIAL}
    if row.readable and article.flags & lesser and not {flag.value for flag in lesser} & set(row.flags):
        return False
    values = article_values(article)
    return any(values[n] != getattr(row, n) for n in ("content_hash", "title", "readable", "error", "flags"))


def _revise(session: Session, row: ArticleRow, article: Article) -> None:
    """Put a new reading in the place of the old one, of which the hash is kept."""
    values = article_values(article)
    if (values["content_hash"], values["title"]) != (row.content_hash, row.title):
        old = RevisionRow(
            article_id=row.id,
            number=row.revision,
            content_hash=row.content_hash,
            title=row.title,
            fetched=row.fetched,
        )
        session.add(old)
        row.revision += 1
        row.understood = ""
    if article.published is None:
        del values["published"]
    for name, value in values.items():
        setattr(row, name, value)


def _mark_read(session: Session, read: Sequence[tuple[ArticleRow, str, Entry | None]], now: datetime) -> None:
    """The entries that lead to these articles, by their addresses or by themselves, are pending no longer."""
    by_address = {address_key(address): row.id for row, address, _ in read if address}
    by_entry = {id_: row.id for row, _, entry in read if (id_ := _entry_id(session, row, entry)) is not None}
    ways = or_(EntryRow.url_key.in_(by_address), EntryRow.id.in_(by_entry))
    query = select(EntryRow.id, EntryRow.url_key).where(ways, EntryRow.read.is_(None)).order_by(EntryRow.id)
    found = session.execute(query.with_for_update()).all()
    leases.give(session, [f"entry:{id_}" for id_, _ in found])
    done = [
        {"id": id_, "read": now, "article_id": by_entry.get(id_) or by_address.get(key or "")}
        for id_, key in found
    ]
    if done:
        session.execute(update(EntryRow), done)


def _entry_id(session: Session, row: ArticleRow, entry: Entry | None) -> int | None:
    """The entry that an article is of, where its address does not tell."""
    if entry is not None and entry.id is not None:
        return entry.id
    if not row.entry_key:
        return None
    # A guid may be used by two feeds ("1"): the one that has waited longest, as pending_entries gives them.
    waiting = select(func.min(EntryRow.id)).where(EntryRow.key == bounded(row.entry_key))
    return session.scalar(waiting.where(EntryRow.read.is_(None)))

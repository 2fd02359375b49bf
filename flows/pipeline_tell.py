"""Articles understood in one batch, then told one by one in order of publication, each in one transaction."""

import asyncio
import ctypes
import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from extractors import events, stories
from flows.alerts import rules
from flows.alerts.quotes import telling_sentence
from flows.pipeline_desk import Desk, given_back
from flows.pipeline_summary import Telling
from models.dates import PartialDate
from models.events import Event, Resolution, SourcedMention
from models.queries import Told, Verdict
from models.records import Article, Document, Reading
from models.store import Store
from models.vocabulary import ArticleFlag

log = logging.getLogger(__name__)
Resolutions = tuple[Resolution, ...]

BATCH = 200
TRIMMED = 10
"""Articles between two times that freed memory is handed back."""
SAME_WORDS = 80
"""Characters from which a text that comes back under the same title is the same article."""
UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a copy that has none: it may be years old."""
LEASE = timedelta(minutes=15)
"""Of an article: a batch is understood in some tens of seconds, on a slow machine in minutes."""


async def understand_and_tell(desk: Desk) -> Telling:
    """Understand the articles that this version has not read yet, and tell what they say.

    Undated articles that their feed listed already when it was first read may be years old, and alert nobody.
    """
    return await asyncio.to_thread(_all, desk)


def _all(desk: Desk) -> Telling:
    total = Telling()
    names = stories.with_aliases(desk.store.aliases())
    claimed = 0
    while batch := desk.store.claim_articles(events.VERSION, desk.worker, desk.clock(), BATCH, LEASE):
        claimed += len(batch)
        with given_back(desk, "article", batch):
            known = desk.store.familiar_articles(batch)
            for article, reading in understood(sorted(batch, key=_published)):
                told = tell_one(desk, article, reading, names, familiar=article.id in known)
                total = added(total, article, *told)
                if not total.articles % TRIMMED:
                    give_memory_back()
                desk.progress("lecture", total.articles, claimed)
    return total


def give_memory_back() -> None:
    """Hand what is free to the system: glibc keeps it, 60 MB after twenty articles of the models' needs."""
    with suppress(AttributeError, OSError, TypeError):  # another C library, another system
        ctypes.CDLL(None).malloc_trim(0)


def _published(article: Article) -> datetime:
    return article.published or article.fetched


def document_of(article: Article) -> Document:
    """A stored article as the document that is understood; offsets count in its stored text."""
    return Document(
        id=article.url,
        text=article.text,
        title=article.title or None,
        published=PartialDate.of(_published(article)),
        source=article.publisher or None,
        url=article.url,
    )


def understood(batch: Sequence[Article]) -> Iterator[tuple[Article, Reading]]:
    """Each article with its reading, in the order given; an unreadable one reads as nothing."""
    readings = events.understand(document_of(a) for a in batch if a.readable)
    for article in batch:
        yield article, next(readings) if article.readable else Reading(document=article.url)


def tell_one(
    desk: Desk, article: Article, reading: Reading, names: stories.Names, *, familiar: bool
) -> tuple[Told, Resolutions]:
    """Save a reading, decide what it makes of the events and whom to alert, all in one transaction."""
    now = desk.clock()
    decided: list[Resolution] = []
    dated = as_first_told(desk.store, article) if reading.mentions else article

    def decide(mentions: Sequence[SourcedMention], lookup: stories.Lookup) -> Verdict:
        verdict = stories.decide(mentions, lookup, names)
        decided[:] = verdict.resolutions
        whole = with_withdrawals(verdict, lookup(()))
        return with_alerts(whole, desk, dated, now, names, familiar=familiar)

    told = desk.store.tell(article, reading, events.VERSION, decide, now)
    if told.mentions:
        log.info("%s : %d mentions, %d événements", article.url, told.mentions, len(told.events))
    return told, tuple(decided)


def as_first_told(store: Store, article: Article) -> Article:
    """The article under the earliest date at which its publisher told the same words, at whatever address.

    A site that changes its publishing system gives all its archive new addresses, and often the day's date. A text
    of a line or two (a subscribers' notice) may come back without being the same story.
    """
    if article.published is None or len(article.text) < SAME_WORDS:
        return article
    dates = [date or UNKNOWN for date in store.dates_of_copies(article)]
    return replace(article, published=min([article.published, *dates]))


def with_withdrawals(verdict: Verdict, earlier: Sequence[Event]) -> Verdict:
    """The verdict with the events that the article tells no more, as their other mentions have them.

    `earlier`: where its former telling stands, without what it withdrew.
    """
    written = {r.event.id for r in verdict.resolutions} | {e.id for e in verdict.events} | set(verdict.absorbed)
    left = tuple(_rebuilt(e) for e in earlier if e.mentions and e.id not in written)
    keys = {**verdict.keys, **{e.id: stories.event_keys(e) for e in left}}
    return replace(verdict, events=(*verdict.events, *left), keys=keys)


def _rebuilt(event: Event) -> Event:
    now = stories.rebuild(event.id, event.mentions)
    return replace(event, life=now.life, values=now.values, mentions=now.mentions, salience=now.salience)


def with_alerts(
    verdict: Verdict, desk: Desk, article: Article, now: datetime, names: stories.Names, *, familiar: bool
) -> Verdict:
    """The verdict with the alerts that rules ask for, and when each is to be delivered where."""
    settings, asked = desk.settings, desk.settings.alert_rules()
    alerts = rules.alerts_for(
        verdict.resolutions,
        asked,
        now,
        settings.alert_max_age,
        published=article.published,
        undated=ArticleFlag.UNDATED in article.flags,
        familiar=familiar,
        names=names,
    )
    due = rules.deliveries_for(alerts, asked, desk.sender.targets, now=now, zone=settings.zone)
    return replace(verdict, alerts=alerts, deliveries=due)


def added(total: Telling, article: Article, told: Told, resolutions: Resolutions) -> Telling:
    """The total with one article's; what is told doubtfully alone is shown nowhere, and not counted."""
    hidden = {r.event.id for r in resolutions if r.event.doubtful}
    new, changed = ([i for i in ids if i not in hidden] for ids in (told.events, told.changed))
    touched = {*new, *changed}
    kept = tuple(r for r in resolutions if r.event.id in touched and (r.news or r.created))
    quotes = {r.mention.id: telling_sentence(r.mention, article.title, article.text) or "" for r in kept}
    return Telling(
        articles=total.articles + 1,
        mentions=total.mentions + told.mentions,
        new=total.new + len(new),
        changed=total.changed + len(changed),
        alerts=total.alerts + len(told.alerts),
        resolutions=(*total.resolutions, *kept),
        quotes={**total.quotes, **quotes},
    )

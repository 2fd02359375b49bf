"""A toy resolution, pure as the real one: one event for each kind and name, told anew from its mentions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.dates import PartialDate
from models.events import Alert, Alternative, Change, Chosen, Event, Resolution, SourcedMention
from models.identity import digest, fold
from models.queries import Told, Verdict
from models.records import Article, Evidence, Mention, Reading
from models.store import Store
from models.tables import Base
from models.vocabulary import Kind, Life, Manner, News, Qualifier, RoleCode, Salience, Status

Lookup = Callable[[Iterable[str]], tuple[Event, ...]]


class Toy:
    """Makes records, resolves mentions, tells articles."""

    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    version = "toy-1"

    def article(self, number: int = 1, text: str = "Le directeur s'en va.", **more: object) -> Article:
        """A readable article of an outlet of its own."""
        plain = Article(
            url=f"https://journal{number}.example/article",
            title=f"Titre {number}",
            text=text,
            fetched=self.now,
            publisher=f"Journal {number}",
        )
        return replace(plain, **more)  # type: ignore[arg-type]

    def leaving(self, person: str = "Jeanne Dupont", company: str = "Société Générale", **more: object) -> Mention:
        """A departure with every kind of value."""
        plain = Mention(
            kind=Kind.DEPARTURE,
            salience=Salience.MAIN,
            person=person,
            company=company,
            date=PartialDate("2026-11"),
            role="directrice générale",
            role_codes=(RoleCode.CEO, RoleCode.BOARD),
            manner=(Manner.VOLUNTARY,),
            evidence={"trigger": Evidence("text", 0, 12, "Le directeur", "quitter-1")},
        )
        return replace(plain, **more)  # type: ignore[arg-type]

    def cut(self, company: str = "Acme", headcount: int = 93, **more: object) -> Mention:
        """A layoff."""
        plain = Mention(
            kind=Kind.LAYOFF,
            salience=Salience.MAIN,
            company=company,
            status=Status.REPORTED,
            headcount=headcount,
            headcount_qualifier=Qualifier.ABOUT,
            percent=13.5,
        )
        return replace(plain, **more)  # type: ignore[arg-type]

    def event_keys(self, event: Event) -> tuple[str, ...]:
        """One key for each name that the mentions give."""
        return tuple(sorted({self.key(m.mention) for m in event.mentions}))

    def key(self, mention: Mention) -> str:
        """The kind with the name that counts for it."""
        return f"{mention.kind}:{fold(mention.person or mention.company or '')}"

    def rebuild(self, event_id: str, mentions: Sequence[SourcedMention]) -> Event:
        """The event that mentions tell: the last to tell a field is believed, the others disagree."""
        values: dict[str, Chosen] = {}
        for field in ("company", "person", "headcount", "percent"):
            told = [(getattr(m.mention, field), m) for m in mentions if getattr(m.mention, field) is not None]
            if not told:
                continue
            chosen = told[-1][0]
            agree = tuple(m.id for value, m in told if value == chosen)
            others = tuple(
                Alternative(value, (m.id,), (m.provenance.outlet,)) for value, m in told if value != chosen
            )
            values[field] = Chosen(chosen, "la dernière", agree, others)
        values["date"] = Chosen("2026-11", "seule")
        values["role_codes"] = Chosen(("CEO", "BOARD"), "seule", (mentions[0].id,))
        status = max((m.mention.status for m in mentions), key=lambda s: s.certainty)
        return Event(event_id, mentions[0].mention.kind, Life(status.value), values, tuple(mentions))

    def decide(self, mentions: tuple[SourcedMention, ...], lookup: Lookup) -> Verdict:
        """Each mention to the event of its key; an alert for what is new or changed."""
        resolutions, alerts = [], []
        known = {event.id: event for event in lookup([self.key(m.mention) for m in mentions])}
        for mention in mentions:
            found = [e for e in known.values() if mention.id in {m.id for m in e.mentions}] or [
                e for e in known.values() if self.key(mention.mention) in self.event_keys(e)
            ]
            old = found[0] if found else None
            event_id = old.id if old else digest("toy", mention.id)
            told = tuple(m for m in old.mentions if m.id != mention.id) if old else ()
            event = self.rebuild(event_id, (*told, mention))
            if old:
                event = replace(event, dismissed=old.dismissed, pinned=old.pinned, apart=old.apart)
            known[event_id] = event
            news = None if old and old.values == event.values else News.FIGURE if old else News.NEW
            change = Change(event_id, news, "change", "headcount", None, event.get("headcount"), mention.id)
            changes = (change,) if news else ()
            resolutions.append(Resolution(mention, event, old is None, "par le nom", news, changes))
            if news and not event.dismissed:
                alert_id = digest("tout", event_id, news, mention.id)
                alerts.append(Alert(alert_id, "tout", ("equipe", "courriel"), news, event, change))
        keys = {r.event.id: self.event_keys(r.event) for r in resolutions}
        return Verdict(tuple(resolutions), keys, alerts=tuple(alerts))

    def tell(self, store: Store, article: Article, *mentions: Mention, now: datetime | None = None) -> Told:
        """Save an article and tell its mentions."""
        saved = store.save_article(article, now or self.now)
        reading = Reading(saved.url, frozenset(m.kind for m in mentions), mentions)
        return store.tell(saved, reading, self.version, self.decide, now or self.now)


@pytest.fixture
def toy() -> Toy:
    """The toy resolution."""
    return Toy()


@pytest.fixture
def snapshot() -> Callable[[Store], dict[str, list[tuple[object, ...]]]]:
    """Every row of every table, for saying that nothing changed."""

    def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
        with store.database.reading() as session:
            return {
                table.name: sorted((tuple(row) for row in session.execute(table.select())), key=repr)
                for table in Base.metadata.sorted_tables
            }

    return rows

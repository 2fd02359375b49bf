"""Telling: one transaction, one event, exact records, nothing twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.dates import PartialDate
from models.errors import NotStoredError
from models.events import Chosen
from models.queries import EventQuery, Verdict
from models.records import DOUBTFUL, Evidence, Reading
from models.store import Store
from models.vocabulary import Kind, Life, News, Salience

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def test_an_event_comes_back_exactly(store: Store, toy: Any) -> None:
    seen: list[Verdict] = []

    def decide(mentions: Any, lookup: Any) -> Verdict:
        seen.append(toy.decide(mentions, lookup))
        return seen[-1]

    article = store.save_article(toy.article(published=NOW), NOW)
    mentions = (
        toy.leaving(),
        toy.cut(),
        toy.leaving("Paul\x00 Martin", denied=True, salience=Salience.BACKGROUND),
    )
    told = store.tell(article, Reading(article.url, mentions=mentions), "1", decide, NOW)
    assert (told.mentions, len(told.events), told.changed, len(told.alerts)) == (3, 3, (), 3)
    for resolution in seen[0].resolutions[:2]:
        assert store.event(resolution.event.id) == resolution.event
        assert store.history(resolution.event.id) == tuple(replace(c, at=NOW) for c in resolution.changes)
    assert store.event(seen[0].resolutions[2].event.id).get("person") == "Paul\ufffd Martin"


def test_the_same_article_twice_changes_nothing(store: Store, toy: Any, snapshot: Callable[[Store], Any]) -> None:
    toy.tell(store, toy.article(), toy.leaving(), toy.cut())
    before = snapshot(store)
    told = toy.tell(store, toy.article(), toy.leaving(), toy.cut(), now=NOW + timedelta(days=1))
    assert (told.events, told.changed, told.alerts) == ((), (), ())
    assert snapshot(store) == before


def test_a_second_outlet_adds_a_mention_and_its_figure(store: Store, toy: Any) -> None:
    first = toy.tell(store, toy.article(1), toy.cut(headcount=93))
    second = toy.tell(store, toy.article(2), toy.cut(headcount=120), now=NOW + timedelta(hours=1))
    assert second.changed == first.events
    event = store.event(first.events[0])
    assert event.outlets == ("Journal 1", "Journal 2")
    assert event.get("headcount") == 120
    assert event.values["headcount"].others[0].outlets == ("Journal 1",)
    stored = store.stored(EventQuery())[0]
    assert (stored.first_told, stored.changed) == (NOW, NOW + timedelta(hours=1))
    assert [c.news for c in store.history(event.id)] == [News.NEW, News.FIGURE]


def test_a_revised_article_updates_its_mention(store: Store, toy: Any) -> None:
    first = toy.tell(store, toy.article(), toy.cut(headcount=93))
    again = toy.tell(store, toy.article(text="Ce sont 100 postes."), toy.cut(headcount=100))
    assert (again.events, again.changed) == ((), first.events)
    event = store.event(first.events[0])
    assert [m.mention.headcount for m in event.mentions] == [100]
    assert event.values["headcount"].others == ()


def test_what_an_article_no_longer_tells_is_withdrawn_and_may_come_back(store: Store, toy: Any) -> None:
    told = toy.tell(store, toy.article(), toy.cut(), toy.leaving())
    less = toy.tell(store, toy.article(text="Corrigé."), toy.leaving())
    assert (less.mentions, less.withdrawn) == (1, 1)
    assert [e.kind for e in store.events()] == [Kind.DEPARTURE]
    assert store.event(told.events[0]).mentions == ()
    none = toy.tell(store, toy.article(text="Vide."))
    assert (none.withdrawn, store.events()) == (1, ())
    back = toy.tell(store, toy.article(text="Corrigé encore."), toy.cut(), toy.leaving())
    assert (back.withdrawn, len(store.events())) == (0, 2)


def test_lookup_gives_the_articles_own_events_without_what_it_withdrew(store: Store, toy: Any) -> None:
    toy.tell(store, toy.article(1), toy.cut())
    toy.tell(store, toy.article(2), toy.cut())
    given: list[Any] = []

    def decide(mentions: Any, lookup: Any) -> Verdict:
        given.extend(lookup(()))
        return Verdict()

    article = store.save_article(toy.article(2, text="Corrigé."), NOW)
    store.tell(article, Reading(article.url), "1", decide, NOW)
    assert [[m.provenance.outlet for m in e.mentions] for e in given] == [["Journal 1"]]


def test_an_absorbed_event_leads_to_the_one_that_remains(store: Store, toy: Any) -> None:
    one = toy.tell(store, toy.article(1), toy.cut("Acme")).events[0]
    two = toy.tell(store, toy.article(2), toy.cut("Acme France")).events[0]

    def decide(mentions: Any, lookup: Any) -> Verdict:
        both = lookup(["layoff:acme", "layoff:acme france"])
        told = tuple(m for e in both for m in e.mentions) + mentions
        return Verdict(keys={one: ("layoff:acme",)}, events=(toy.rebuild(one, told),), absorbed={two: one})

    article = store.save_article(toy.article(3), NOW)
    told = store.tell(article, Reading(article.url, mentions=(toy.cut("ACME"),)), "1", decide, NOW)
    assert (told.events, told.changed) == ((), (one,))
    assert store.event(two) == store.event(one)
    assert len(store.event(one).mentions) == 3
    assert [e.id for e in store.events()] == [one]
    assert {a.event.id for a in store.alerts()} == {one}
    assert len(store.history(two)) == 2


def test_a_failing_decision_leaves_nothing(store: Store, toy: Any, snapshot: Callable[[Store], Any]) -> None:
    article = store.save_article(toy.article(), NOW)
    before = snapshot(store)

    def decide(mentions: Any, lookup: Any) -> Verdict:
        event = toy.rebuild("e", mentions)
        return Verdict(events=(replace(event, values={"company": Chosen(object(), "bug")}),))  # type: ignore[arg-type]

    with pytest.raises(Exception, match="not JSON serializable"):
        store.tell(article, Reading(article.url, mentions=(toy.cut(),)), "1", decide, NOW)
    assert snapshot(store) == before


def test_an_article_revised_since_it_was_read_waits_for_the_next_cycle(store: Store, toy: Any) -> None:
    old = store.save_article(toy.article(), NOW)
    store.save_article(toy.article(text="Corrigé."), NOW)
    told = store.tell(old, Reading(old.url, mentions=(toy.cut(),)), "1", toy.decide, NOW)
    assert (told.mentions, store.events()) == (0, ())
    assert len(store.unread_articles("1", 10)) == 1
    with pytest.raises(NotStoredError, match="journal9"):
        store.tell(toy.article(9), Reading("x"), "1", toy.decide, NOW)


def test_two_that_read_of_one_event_at_once_make_one_of_it(store: Store, toy: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: toy.tell(store, toy.article(n), toy.leaving()), range(8)))
    assert sum(len(t.events) for t in told) == 1
    (event,) = store.events()
    assert len(event.mentions) == 8


def test_events_are_found_by_what_a_reader_asks(store: Store, toy: Any) -> None:
    toy.tell(store, toy.article(1), toy.leaving("Zoé Élan", "Société Générale"))
    toy.tell(store, toy.article(2), toy.cut("Acme", 500), now=NOW + timedelta(days=1))
    assert [e.kind for e in store.events()] == [Kind.LAYOFF, Kind.DEPARTURE]

    def found(**asked: Any) -> set[str]:
        return {e.kind.value for e in store.events(EventQuery(**asked))}

    assert found(kind=Kind.LAYOFF) == {"layoff"}
    assert found(company="societe generale") == {"departure"}
    assert found(person="ZOE ELAN") == {"departure"}
    assert found(company="Zoé Élan") == set()
    assert found(min_headcount=500) == {"layoff"}
    assert found(min_headcount=501) == set()
    assert found(min_percent=13.5) == {"layoff"}
    assert found(life=frozenset({Life.REPORTED})) == {"layoff"}
    assert found(since=NOW + timedelta(hours=1)) == {"layoff"}
    assert found(until=NOW + timedelta(hours=1)) == {"departure"}
    assert found(dated_since=PartialDate("2026-12")) == set()
    assert found(dated_since=PartialDate("2026")) == {"layoff", "departure"}
    assert found(salience=Salience.BACKGROUND) == set()
    assert len(store.events(EventQuery(limit=1))) == 1
    with pytest.raises(NotStoredError, match="vigie events list"):
        store.event("nothing")


@pytest.mark.parametrize("jobs", [10**30, -1, 2**31])
@pytest.mark.parametrize("percent", [float("nan"), float("inf"), -3.0, 101.0])
def test_figures_that_no_organisation_has_are_dropped(store: Store, toy: Any, jobs: int, percent: float) -> None:
    told = toy.tell(store, toy.article(), toy.cut(headcount=jobs, percent=percent))
    event = store.event(told.events[0])
    assert (event.get("headcount"), event.get("percent")) == (None, None)
    assert event.mentions[0].mention.headcount is None


def test_names_in_any_script_and_of_any_length_are_stored(store: Store, toy: Any) -> None:
    for number, name in enumerate(("字节跳动", "x" * 20_000, "٣", "\x00", "ÀÉ" * 3_000)):
        toy.tell(store, toy.article(number), toy.leaving(name, name))
        assert store.events(EventQuery(company=name)) != ()


def test_what_is_told_doubtfully_is_shown_when_a_surer_article_tells_it(store: Store, toy: Any) -> None:
    doubt = {"salience": Evidence("text", 0, 2, "Le", DOUBTFUL)}
    doubtful = toy.leaving("Zoé Élan", "Acme", salience=Salience.BACKGROUND, evidence=doubt)
    toy.tell(store, toy.article(1), doubtful)
    assert store.events() == ()
    (hidden,) = store.events(EventQuery(doubtful=True))
    assert store.tally(NOW - timedelta(days=1)).events == 0
    toy.tell(store, toy.article(2), toy.leaving("Zoé Élan", "Acme"))
    (shown,) = store.events()
    assert shown.id == hidden.id
    assert len(shown.mentions) == 2

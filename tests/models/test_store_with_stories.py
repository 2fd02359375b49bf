"""The store under the real resolution: same events as in memory, and decisions by hand that hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from extractors import stories
from models.dates import PartialDate
from models.events import Event
from models.queries import Told
from models.records import Article, Mention, Reading
from models.sourcing import source
from models.store import Store
from models.vocabulary import Kind, Life, Salience, Status

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CUT = Mention(Kind.LAYOFF, Salience.MAIN, "Acme", PartialDate("2026-11-10"), Status.REPORTED, headcount=93)
EXIT = Mention(Kind.DEPARTURE, Salience.MAIN, "Acme", PartialDate("2026-11"), person="Jeanne Dupont", role="PDG")
TOLD = (
    (CUT,),
    (replace(CUT, headcount=100), EXIT),
    (replace(CUT, status=Status.CONFIRMED, date=None), replace(EXIT, successor="Paul Martin")),
    (replace(EXIT, person="Dupont", status=Status.REPORTED),),
    (replace(CUT, company="Zeta", headcount=12), replace(EXIT, company="Zeta", person="Zoé Petit")),
)


def page(number: int, text: str = "") -> Article:
    day = NOW - timedelta(days=12 - number)
    return Article(
        f"https://journal{number}.example/a",
        f"Titre {number}",
        text or f"Texte {number}",
        day,
        day,
        f"Journal {number}",
    )


def tell(store: Store, article: Article, *mentions: Mention) -> Told:
    saved = store.save_article(article, NOW)
    return store.tell(saved, Reading(saved.url, mentions=mentions), "1", stories.decide, NOW)


def tell_all(store: Store) -> None:
    for number, mentions in enumerate(TOLD):
        tell(store, page(number), *mentions)


def by_id(events: Any) -> dict[str, Event]:
    return {event.id: event for event in events}


def test_the_store_holds_what_memory_would(store: Store) -> None:
    memory = stories.Memory()
    for number, mentions in enumerate(TOLD):
        saved = tell(store, page(number), *mentions)
        stored = store.article(saved.article)
        assert stored is not None
        memory.tell(source(stored, Reading(saved.article, mentions=mentions)))
        assert by_id(store.events()) == by_id(memory.events.values())
    assert len(store.events()) == 4


def test_reading_everything_again_changes_nothing(store: Store, snapshot: Callable[[Store], Any]) -> None:
    tell_all(store)
    before = snapshot(store)
    tell_all(store)
    assert snapshot(store) == before


def test_a_correction_takes_a_figure_back(store: Store) -> None:
    tell_all(store)
    cut = next(e for e in store.events() if e.kind is Kind.LAYOFF and e.get("company") == "Acme")
    assert len(cut.values["headcount"].others) == 1
    tell(store, page(1, "Corrigé : il n'y a pas de licenciements."), EXIT)
    after = store.event(cut.id)
    assert (len(after.mentions), after.get("headcount")) == (2, 93)
    assert after.values["headcount"].others == ()


def test_a_merge_by_hand_holds_through_another_run(store: Store, snapshot: Callable[[Store], Any]) -> None:
    tell_all(store)
    kept, lost = (e.id for e in store.events() if e.kind is Kind.LAYOFF)
    store.merge(kept, lost, "camille", NOW, stories)
    before = snapshot(store)
    tell_all(store)
    assert snapshot(store) == before
    tell(store, page(7), replace(CUT, company="Zeta", headcount=12))
    tell(store, page(8), replace(CUT, company="Acme", headcount=93))
    assert len([e for e in store.events() if e.kind is Kind.LAYOFF]) == 1
    assert store.event(lost).life is Life.CONFIRMED


def test_a_split_by_hand_holds_through_another_run(store: Store, snapshot: Callable[[Store], Any]) -> None:
    tell_all(store)
    cut = next(e for e in store.events() if e.kind is Kind.LAYOFF and e.get("company") == "Acme")
    _, new = store.split(cut.id, [cut.mentions[1].id], "camille", NOW, stories)
    before = snapshot(store)
    tell_all(store)
    assert snapshot(store) == before
    assert store.event(new.id).get("headcount") == 100
    tell(store, page(7), replace(CUT, headcount=100))
    assert len([e for e in store.events() if e.kind is Kind.LAYOFF]) == 3


def test_a_dismissal_holds_through_another_run(store: Store) -> None:
    tell_all(store)
    first = store.events()[0]
    store.dismiss(first.id, "camille", NOW)
    tell_all(store)
    assert first.id not in by_id(store.events())
    assert len(store.events()) == 3


def test_an_event_that_no_article_tells_any_more_is_listed_no_more(store: Store) -> None:
    tell(store, page(1), EXIT)
    tell(store, page(1, "Corrigé."))
    assert store.events() == ()
    tell(store, page(2), EXIT)
    assert len(store.events()) == 1

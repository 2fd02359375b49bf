"""Resolution over a real store: a second run, a restart, a revision and a person's decisions."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from extractors import stories
from models.dates import PartialDate
from models.identity import content_hash
from models.queries import Alias, EventQuery, Told
from models.records import Article, Mention, Reading
from models.store import Store
from models.vocabulary import Kind, Salience, Status

NOW = datetime(2026, 1, 10, 8, tzinfo=UTC)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


def cut(company: str, headcount: int, status: Status = Status.CONFIRMED) -> Mention:
    return Mention(Kind.LAYOFF, Salience.MAIN, company, status=status, headcount=headcount)


def tell(store: Store, day: int, *mentions: Mention, text: str = "", url: str = "") -> Told:
    """One article of a January day, read and told."""
    when = datetime(2026, 1, day, tzinfo=UTC)
    text = text or f"Texte {day}."
    url = url or f"https://journal{day}.example/a"
    article = Article(url, "Titre", text, when, when, f"Journal {day}", content_hash=content_hash(text))
    stored = store.save_article(article, NOW)
    return store.tell(stored, Reading(url, mentions=mentions), "v1", stories.decide, NOW)


def ids(store: Store) -> set[str]:
    return {e.id for e in store.events(EventQuery(dismissed=None, limit=None))}


def test_a_second_run_and_a_restart_change_nothing(store_url: str) -> None:
    with Store.open(store_url) as store:
        tell(store, 5, cut("Meta", 93, Status.REPORTED))
        tell(store, 6, cut("Facebook", 120))
        before, history = store.event("coupe-meta-2026"), store.history("coupe-meta-2026")
    with Store.open(store_url) as store:
        for day, mention in ((5, cut("Meta", 93, Status.REPORTED)), (6, cut("Facebook", 120))):
            again = tell(store, day, mention)
            assert (again.events, again.changed) == ((), ())
        assert store.event("coupe-meta-2026") == before
        assert store.history("coupe-meta-2026") == history
    assert (before.get("headcount"), before.outlets) == (120, ("Journal 5", "Journal 6"))
    assert any("aucun événement connu" in c.summary for c in history)


def test_a_revised_article_changes_its_mention_and_its_event(store: Store) -> None:
    tell(store, 5, cut("Meta", 93))
    told = tell(store, 5, cut("Meta", 120), text="Corrigé.")
    assert told.changed == ("coupe-meta-2026",)
    event = store.event("coupe-meta-2026")
    assert (event.get("headcount"), len(event.mentions), ids(store)) == (120, 1, {event.id})


def test_a_name_put_right_does_not_make_a_second_event(store: Store) -> None:
    wrong = Mention(Kind.DEPARTURE, Salience.MAIN, "Meta", person="Yan LeCun", date=PartialDate("2026-01-05"))
    right = Mention(Kind.DEPARTURE, Salience.MAIN, "Meta", person="Yann LeCun", date=PartialDate("2026-01-05"))
    tell(store, 5, wrong)
    tell(store, 5, right, text="Corrigé.")
    assert ids(store) == {"depart-lecun-meta-2026"}
    assert store.event("depart-lecun-meta-2026").get("person") == "Yann LeCun"


def test_a_late_article_joins_what_was_told_before_it(store: Store) -> None:
    tell(store, 8, cut("Meta", 120))
    tell(store, 5, cut("Meta", 93, Status.REPORTED))
    event = store.event("coupe-meta-2026")
    assert (event.get("headcount"), event.outlets) == (120, ("Journal 5", "Journal 8"))


def test_a_merge_holds_for_what_comes_later(store: Store) -> None:
    tell(store, 5, cut("Meta", 100))
    tell(store, 9, cut("Meta", 900))
    (other,) = ids(store) - {"coupe-meta-2026"}
    store.merge("coupe-meta-2026", other, "camille", NOW, stories)
    tell(store, 9, cut("Meta", 900))
    tell(store, 10, cut("Meta", 900))
    event = store.event("coupe-meta-2026")
    assert len(event.mentions) == 3
    assert {e.id for e in store.events()} == {event.id}
    assert any(c.actor == "camille" and c.at == NOW for c in store.history(event.id))


def test_a_split_holds_for_what_comes_later(store: Store) -> None:
    tell(store, 5, cut("Meta", 100))
    tell(store, 6, cut("Meta", 100))
    second = store.event("coupe-meta-2026").mentions[1]
    old, new = store.split("coupe-meta-2026", [second.id], "camille", NOW, stories)
    tell(store, 5, cut("Meta", 100))
    tell(store, 6, cut("Meta", 100))
    tell(store, 7, cut("Meta", 100))
    assert store.event(new.id).mentions[0].id == second.id
    held = [len(store.event(i).mentions) for i in (old.id, new.id)]
    assert sorted(held) == [1, 2]
    assert ids(store) == {old.id, new.id}


def test_a_dismissed_event_does_not_come_back(store: Store) -> None:
    tell(store, 5, cut("Meta", 100))
    store.dismiss("coupe-meta-2026", "camille", NOW)
    told = tell(store, 6, cut("Facebook", 100))
    assert told.events == ()
    assert store.events() == ()
    assert len(store.event("coupe-meta-2026").mentions) == 2


def test_an_alias_brings_stored_events_together(store: Store) -> None:
    tell(store, 5, cut("Comuto", 100))
    tell(store, 6, cut("BlaBlaCar", 100))
    touched = store.add_alias(Alias("organisation", "BlaBlaCar", "Comuto", "camille"), NOW + timedelta(hours=1))
    names = stories.with_aliases(store.aliases())
    store.retell(touched, partial(stories.decide, names=names, anew=True), NOW)
    (event,) = store.events()
    assert event.outlets == ("Journal 5", "Journal 6")
    assert any(c.summary.startswith("réunit l'événement") for c in store.history(event.id))

"""What a person decides is kept, told, and respected by every later run."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.errors import InputError, NotStoredError
from models.queries import Alias, EventQuery, Verdict
from models.store import Store

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def two_events(store: Store, toy: Any) -> tuple[str, str]:
    one = toy.tell(store, toy.article(1), toy.leaving("Jeanne Dupont"))
    two = toy.tell(store, toy.article(2), toy.leaving("J. Dupont-Martin"))
    return one.events[0], two.events[0]


def test_a_merge_survives_a_new_run_and_a_restart(store_url: str, toy: Any) -> None:
    with Store.open(store_url) as store:
        one, two = two_events(store, toy)
        event = store.merge(one, two, "camille", LATER, toy, note="même personne")
        assert {m.provenance.outlet for m in event.mentions} == {"Journal 1", "Journal 2"}
        assert event.pinned == {m.id for m in event.mentions}
    with Store.open(store_url) as store:
        assert store.event(two) == store.event(one) == event
        again = toy.tell(store, toy.article(2, text="Corrigé."), toy.leaving("J. Dupont-Martin"))
        later = toy.tell(store, toy.article(3), toy.leaving("J. Dupont-Martin"))
        assert (again.events, later.events, later.changed) == ((), (), (one,))
        assert [e.id for e in store.events()] == [one]
        line = next(c for c in store.history(one) if c.actor == "camille")
        assert (line.at, line.summary) == (LATER, f"fusionné avec {two} : même personne")
        (decision,) = store.decisions(two)
        assert (decision.action, decision.subject, decision.other) == ("merge", one, two)
        assert (decision.actor, decision.at, decision.note) == ("camille", LATER, "même personne")


def test_what_cannot_be_merged_is_told(store: Store, toy: Any) -> None:
    one, two = two_events(store, toy)
    cut = toy.tell(store, toy.article(3), toy.cut()).events[0]
    with pytest.raises(InputError, match="fusionnés"):
        store.merge(one, cut, "camille", NOW, toy)
    with pytest.raises(NotStoredError):
        store.merge(one, "nothing", "camille", NOW, toy)
    store.merge(one, two, "camille", NOW, toy)
    with pytest.raises(InputError, match="déjà le même"):
        store.merge(two, one, "camille", NOW, toy)


def test_a_split_keeps_its_mentions_where_they_were_put(store: Store, toy: Any) -> None:
    one = toy.tell(store, toy.article(1), toy.cut(headcount=93)).events[0]
    toy.tell(store, toy.article(2), toy.cut(headcount=500))
    second = store.event(one).mentions[1].id
    old, new = store.split(one, [second], "camille", LATER, toy, note="deux plans")
    assert (old.get("headcount"), new.get("headcount")) == (93, 500)
    assert (old.apart, new.apart) == (frozenset({new.id}), frozenset({old.id}))
    assert (old.pinned, new.pinned) == (frozenset({old.mentions[0].id}), frozenset({second}))
    toy.tell(store, toy.article(2, text="Corrigé."), toy.cut(headcount=510))
    assert store.event(new.id).get("headcount") == 510
    assert store.event(old.id).get("headcount") == 93
    assert [d.mentions for d in store.decisions(old.id)] == [(second,)]
    assert "Journal 2" in store.history(old.id)[-1].summary


def test_a_split_is_undone_by_a_merge_and_may_be_made_again(store: Store, toy: Any) -> None:
    one = toy.tell(store, toy.article(1), toy.cut()).events[0]
    toy.tell(store, toy.article(2), toy.cut())
    second = store.event(one).mentions[1].id
    _, new = store.split(one, [second], "camille", NOW, toy)
    merged = store.merge(one, new.id, "camille", NOW, toy)
    assert (len(merged.mentions), merged.apart) == (2, frozenset())
    old, newer = store.split(one, [second], "camille", NOW, toy)
    assert newer.id != new.id
    assert store.event(new.id) == old
    assert [d.action for d in store.decisions()] == ["split", "merge", "split"]


def test_what_cannot_be_split_is_told(store: Store, toy: Any) -> None:
    one, two = two_events(store, toy)
    mention = store.event(one).mentions[0].id
    for asked in ([], [mention]):
        with pytest.raises(InputError, match="lui en laisser une"):
            store.split(one, asked, "camille", NOW, toy)
    with pytest.raises(NotStoredError, match="n'a pas de mention"):
        store.split(two, [mention], "camille", NOW, toy)


def test_a_dismissed_event_does_not_come_back(store: Store, toy: Any) -> None:
    one = toy.tell(store, toy.article(1), toy.cut(headcount=93)).events[0]
    store.dismiss(one, "camille", LATER, note="satire")
    store.dismiss(one, "camille", LATER)
    told = toy.tell(store, toy.article(2), toy.cut(headcount=120), now=LATER)
    assert (told.events, told.alerts) == ((), ())
    assert store.events() == ()
    assert [e.id for e in store.events(EventQuery(dismissed=True))] == [one]
    assert store.event(one).dismissed
    assert len(store.event(one).mentions) == 2
    store.restore(one, "camille", LATER)
    assert [e.id for e in store.events(EventQuery(dismissed=None))] == [one]
    assert [d.action for d in store.decisions(one)] == ["dismiss", "restore"]
    assert [c.summary for c in store.history(one) if c.actor == "camille"] == ["écarté : satire", "repris"]


def test_what_was_told_apart_stays_so_through_a_merge(store: Store, toy: Any) -> None:
    one = toy.tell(store, toy.article(1), toy.cut()).events[0]
    toy.tell(store, toy.article(2), toy.cut())
    old, new = store.split(one, [store.event(one).mentions[1].id], "camille", NOW, toy)
    third = toy.tell(store, toy.article(3), toy.cut("Zeta")).events[0]
    store.merge(third, new.id, "camille", NOW, toy)
    assert store.event(old.id).apart == {third}
    assert store.event(third).apart == {old.id}


def test_an_alias_finds_the_events_of_both_names(store: Store, toy: Any) -> None:
    one = toy.tell(store, toy.article(1), toy.cut("Meta")).events[0]
    two = toy.tell(store, toy.article(2), toy.cut("Facebook")).events[0]
    alias = Alias("organisation", "Meta", "Facebook", "camille")
    assert store.add_alias(alias, NOW) == tuple(sorted((one, two)))
    assert store.add_alias(alias, NOW) == ()
    assert store.aliases() == (alias,)
    assert {e.id for e in store.events(EventQuery(company="FACEBOOK"))} == {one, two}
    assert [(d.action, d.subject, d.other, d.actor) for d in store.decisions("Meta")] == [
        ("alias", "Meta", "Facebook", "camille")
    ]
    with pytest.raises(InputError, match="même nom"):
        store.add_alias(Alias("organisation", "Meta", "META"), NOW)
    store.remove_alias(alias, "camille", LATER)
    assert store.aliases() == ()
    with pytest.raises(NotStoredError, match="autre nom"):
        store.remove_alias(alias, "camille", LATER)


def test_an_alias_of_a_person_that_no_event_names_yet_is_kept(store: Store, toy: Any) -> None:
    alias = Alias("person", "Jeanne Dupont", "JD", "camille")
    assert store.add_alias(alias, NOW) == ()
    assert store.aliases() == (alias,)
    told = toy.tell(store, toy.article(1), toy.leaving("JD"))
    assert [e.id for e in store.events(EventQuery(person="jeanne dupont"))] == list(told.events)


def test_events_are_resolved_again_when_names_have_changed(store: Store, toy: Any) -> None:
    one = toy.tell(store, toy.article(1), toy.cut("Meta", 93)).events[0]
    two = toy.tell(store, toy.article(2), toy.cut("Facebook", 93)).events[0]
    again = store.add_alias(Alias("organisation", "Meta", "Facebook", "camille"), NOW)

    def decide(mentions: Any, lookup: Any) -> Verdict:
        assert {e.id for e in lookup(())} == {one, two}
        event = toy.rebuild(one, mentions)
        return Verdict(keys={one: toy.event_keys(event)}, events=(event,), absorbed={two: one})

    told = store.retell(again, decide, NOW)
    assert (told.mentions, told.events, told.changed, told.alerts) == (2, (), (one,), ())
    assert store.event(two) == store.event(one)
    assert set(store.event(one).outlets) == {"Journal 1", "Journal 2"}

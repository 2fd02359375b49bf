"""The outbox: each delivery to one worker at a time, none lost, none sent twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.errors import NotStoredError
from models.events import Delivery
from models.queries import Claim, Verdict
from models.records import Reading
from models.store import Store
from models.vocabulary import DeliveryState, Kind, News

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def id_of(claim: Claim) -> int:
    assert claim.delivery.id is not None
    return claim.delivery.id


def tell_many(store: Store, toy: Any, number: int) -> None:
    for n in range(number):
        toy.tell(store, toy.article(n), toy.leaving(f"Personne {n}"))


def test_an_alert_is_due_on_each_channel_and_comes_back_whole(store: Store, toy: Any) -> None:
    told = toy.tell(store, toy.article(), toy.cut())
    claims = store.claim_deliveries("w", NOW, 10, LEASE)
    assert [(c.delivery.channel, c.delivery.target) for c in claims] == [("equipe", 0), ("courriel", 0)]
    (alert,) = store.alerts()
    assert claims[0].alert == alert
    assert (alert.id, alert.rule, alert.news, alert.created) == (told.alerts[0], "tout", News.NEW, NOW)
    assert alert.event == store.event(told.events[0])
    assert alert.change == store.history(told.events[0])[0]
    assert alert.first is None
    assert (claims[0].delivery.state, claims[0].delivery.attempts) == (DeliveryState.LEASED, 1)
    assert claims[0].until == NOW + LEASE


def test_an_update_refers_to_the_first_alert(store: Store, toy: Any) -> None:
    first = toy.tell(store, toy.article(1), toy.cut(headcount=93))
    second = toy.tell(store, toy.article(2), toy.cut(headcount=120), now=NOW + LEASE)
    assert [a.first for a in store.alerts(first.events[0])] == [first.alerts[0], None]
    assert store.alerts(limit=1)[0].id == second.alerts[0]


def test_a_verdict_says_when_and_to_which_targets(store: Store, toy: Any) -> None:
    def decide(mentions: Any, lookup: Any) -> Verdict:
        verdict: Verdict = toy.decide(mentions, lookup)
        alert = verdict.alerts[0].id
        due = NOW + timedelta(hours=8)
        return replace(verdict, deliveries=(Delivery(alert, "equipe", 0), Delivery(alert, "equipe", 1, due=due)))

    article = store.save_article(toy.article(), NOW)
    store.tell(article, Reading(article.url, mentions=(toy.cut(),)), "1", decide, NOW)
    assert [d.target for d in store.deliveries()] == [1, 0]
    assert [c.delivery.target for c in store.claim_deliveries("w", NOW, 10, LEASE)] == [0]
    assert [c.delivery.target for c in store.claim_deliveries("w", NOW + timedelta(hours=8), 10, LEASE)] == [0, 1]


def test_a_leased_delivery_is_nobody_elses_until_the_lease_ends(store: Store, toy: Any) -> None:
    toy.tell(store, toy.article(), toy.cut())
    first = store.claim_deliveries("one", NOW, 10, LEASE)
    assert store.claim_deliveries("two", NOW + LEASE / 2, 10, LEASE) == ()
    taken = store.claim_deliveries("two", NOW + LEASE, 10, LEASE)
    assert [c.delivery.id for c in taken] == [c.delivery.id for c in first]
    assert taken[0].delivery.attempts == 2
    store.mark_failed(id_of(taken[0]), "trop tard", None, NOW, worker="one")
    assert store.deliveries(state=DeliveryState.GIVEN_UP) == ()


def test_what_was_sent_is_sent_once(store: Store, toy: Any) -> None:
    toy.tell(store, toy.article(), toy.cut())
    one, two = store.claim_deliveries("w", NOW, 10, LEASE)
    store.mark_sent(id_of(one), NOW)
    store.mark_failed(id_of(two), "503", NOW + LEASE, NOW)
    (waiting,) = store.deliveries(state=DeliveryState.WAITING)
    assert (waiting.id, waiting.error, waiting.due) == (id_of(two), "503", NOW + LEASE)
    assert store.claim_deliveries("w", NOW, 10, LEASE) == ()
    (again,) = store.claim_deliveries("w", NOW + LEASE, 10, LEASE)
    assert (again.delivery.id, again.delivery.attempts) == (two.delivery.id, 2)
    store.mark_failed(id_of(one), "après coup", None, NOW)
    (sent,) = store.deliveries(state=DeliveryState.SENT)
    assert (sent.id, sent.sent, sent.error) == (id_of(one), NOW, None)
    store.mark_failed(id_of(again), "410", None, NOW)
    assert [d.id for d in store.deliveries(alert=one.alert.id, state=DeliveryState.GIVEN_UP)] == [two.delivery.id]
    with pytest.raises(NotStoredError):
        store.mark_sent(999, NOW)


def test_workers_at_once_share_the_deliveries(store: Store, toy: Any) -> None:
    tell_many(store, toy, 20)

    def work(name: str) -> list[int]:
        mine: list[int] = []
        while claims := store.claim_deliveries(name, NOW, 3, LEASE):
            for claim in claims:
                mine.append(id_of(claim))
                store.mark_sent(id_of(claim), NOW)
        return mine

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(work, "abcd"))
    counted = Counter(id_ for share in shares for id_ in share)
    assert len(counted) == 40
    assert set(counted.values()) == {1}


def test_nothing_is_sent_of_a_dismissed_event_unless_it_is_restored(store: Store, toy: Any) -> None:
    one = toy.tell(store, toy.article(1), toy.cut("Acme")).events[0]
    two = toy.tell(store, toy.article(2), toy.cut("Zeta")).events[0]
    toy.tell(store, toy.article(3), toy.leaving())
    store.merge(one, two, "camille", NOW, toy)
    store.dismiss(one, "camille", NOW)
    assert {c.alert.event.kind for c in store.claim_deliveries("w", NOW, 100, LEASE)} == {Kind.DEPARTURE}
    store.restore(one, "camille", NOW)
    assert len(store.claim_deliveries("w", NOW, 100, LEASE)) == 4


def test_each_attempt_is_logged(store: Store, toy: Any) -> None:
    toy.tell(store, toy.article(), toy.cut())
    soon = NOW + LEASE / 2
    (claim, _) = store.claim_deliveries("one", NOW, 10, LEASE)
    store.mark_failed(id_of(claim), "503", soon, NOW, worker="one")
    store.claim_deliveries("two", soon, 1, LEASE)
    store.mark_all_sent([id_of(claim)], soon)
    store.mark_sent(id_of(claim), soon)
    assert [(a.worker, a.state, a.error, a.at) for a in store.attempts(id_of(claim))] == [
        ("one", DeliveryState.WAITING, "503", NOW),
        ("two", DeliveryState.SENT, None, soon),
    ]


def test_a_message_of_several_deliveries_is_marked_whole_or_not_at_all(store: Store, toy: Any) -> None:
    toy.tell(store, toy.article(), toy.cut())
    claims = store.claim_deliveries("w", NOW, 10, LEASE)
    with pytest.raises(NotStoredError):
        store.mark_all_sent([id_of(claims[0]), 999], NOW)
    assert store.deliveries(state=DeliveryState.SENT) == ()
    store.mark_all_sent([id_of(c) for c in claims], NOW)
    assert len(store.deliveries(state=DeliveryState.SENT)) == 2
    assert [d.channel for d in store.deliveries(channel="equipe", since=NOW)] == ["equipe"]
    assert store.deliveries(channel="equipe", since=NOW + LEASE) == ()


def test_a_postponed_delivery_was_not_tried(store: Store, toy: Any) -> None:
    toy.tell(store, toy.article(), toy.cut())
    claim = store.claim_deliveries("w", NOW, 1, LEASE)[0]
    store.postpone(id_of(claim), NOW + timedelta(hours=8), NOW)
    (delivery,) = [d for d in store.deliveries() if d.id == claim.delivery.id]
    assert (delivery.state, delivery.attempts, delivery.error) == (DeliveryState.WAITING, 0, None)
    assert delivery.due == NOW + timedelta(hours=8)
    assert store.attempts(id_of(claim)) == ()
    (other,) = store.claim_deliveries("w", NOW, 10, LEASE)
    store.mark_sent(id_of(other), NOW)
    store.postpone(id_of(other), NOW, NOW)
    assert [d.id for d in store.deliveries(state=DeliveryState.SENT)] == [other.delivery.id]


def test_what_was_given_up_may_be_tried_again(store: Store, toy: Any) -> None:
    told = toy.tell(store, toy.article(), toy.cut())
    one, two = store.claim_deliveries("w", NOW, 10, LEASE)
    store.mark_failed(id_of(one), "410", None, NOW)
    store.mark_sent(id_of(two), NOW)
    assert store.retry([id_of(one), id_of(two)], NOW + LEASE) == 1
    (again,) = store.claim_deliveries("w", NOW + LEASE, 10, LEASE)
    assert (again.delivery.id, again.delivery.attempts) == (one.delivery.id, 1)
    assert store.alert(told.alerts[0]) == again.alert
    with pytest.raises(NotStoredError, match="vigie alerts list"):
        store.alert("nothing")

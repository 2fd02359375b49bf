"""Forgotten is forgotten: in no table, in no file, and not back with the next reading."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.errors import InputError, NotStoredError
from models.identity import fold
from models.records import Entry, Evidence, Feed, FeedResult, Fetched, ParsedFeed, Reading
from models.store import Store
from models.store.forgetting import covered, words_of
from models.vocabulary import Outcome

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
NAME = "Zoé Le Goff-Quéméneur"
URL = "https://journal.example/rss"
SLUG = "https://journal1.example/zoe-le-goff-quemeneur-quitte-acme"
TEXT = f"{NAME}, directrice d'Acme, s'en va. Mme Le Goff-Quéméneur part. Le but est atteint. Paul Martin suit."
FIRST = Entry(SLUG, URL, SLUG, f"{NAME} quitte Acme", guid=SLUG, summary=TEXT, content=f"<p>{TEXT}</p>")
SECOND = Entry("2", URL, "https://journal2.example/article", "Acme supprime", summary="de ZOE LE GOFF-QUEMENEUR")


def fill(store: Store, toy: Any) -> None:
    """The name wherever it may stand."""
    (feed,) = store.add_feeds([Feed(URL, title=f"Le blog de {NAME}")])
    entries = (FIRST, SECOND)
    store.record_result(FeedResult(feed, Fetched(URL, Outcome.OK, NOW), ParsedFeed(entries=entries)), feed, NOW)
    own = toy.article(1, text=TEXT, url=SLUG, title=f"{NAME} quitte Acme")
    proof = {
        "person": Evidence("text", 0, len(NAME), NAME, "r"),
        "successor": Evidence("text", 84, 95, "Paul Martin", "r"),
    }
    toy.tell(store, own, toy.leaving(NAME, "Acme", successor="Paul Martin", evidence=proof))
    other = toy.article(2, text=f"Paul Martin s'en va. {NAME} lui succède.")
    proof = {"successor": Evidence("text", 21, 21 + len(NAME), NAME, "r")}
    toy.tell(
        store, other, toy.leaving("Paul Martin", "Acme", successor=NAME, reason=f"appel de {NAME}", evidence=proof)
    )
    toy.tell(store, toy.article(3, text="Acme supprime 93 postes."), toy.cut("Acme"))


def held(store: Store, snapshot: Callable[[Store], Any]) -> list[str]:
    """Every table in which the name stands, however it is spelt."""
    return [
        table
        for table, rows in snapshot(store).items()
        for row in rows
        if fold(NAME) in fold(" ".join(str(value) for value in row))
    ]


def test_a_forgotten_person_is_in_no_table(store: Store, toy: Any, snapshot: Callable[[Store], Any]) -> None:
    fill(store, toy)
    assert {"articles", "entries", "feeds", "mentions", "event_values", "persons"} <= set(held(store, snapshot))
    forgotten = store.forget(NAME.upper(), "camille", NOW)
    assert (forgotten.events, forgotten.mentions, forgotten.alerts) == (1, 1, 1)
    assert held(store, snapshot) == []
    assert {e.get("person") for e in store.events()} == {"Paul Martin", None}
    assert [(d.action, d.subject, d.actor) for d in store.decisions()] == [("forget", "", "camille")]
    assert [c.alert.event.get("person") for c in store.claim_deliveries("w", NOW, 10, timedelta(1))] != []


def test_what_else_the_texts_say_stays_in_its_place(store: Store, toy: Any) -> None:
    fill(store, toy)
    article = store.article(SLUG)
    store.forget(NAME, "camille", NOW)
    assert article is not None
    (found,) = [a for a in store.unread_articles("other", 10) if a.id == article.id]
    assert len(found.text) == len(TEXT)
    covered_text = "███ ██ ████-█████████, directrice d'Acme, s'en va. Mme ██ ████-█████████ part. Le but"
    assert found.text == covered_text + " est atteint. Paul Martin suit."
    (event,) = [e for e in store.events() if e.get("person") == "Paul Martin"]
    mention = event.mentions[0].mention
    assert mention.successor is None
    assert mention.reason == "appel de ███ ██ ████-█████████"


def test_reading_the_same_again_does_not_bring_the_person_back(
    store: Store, toy: Any, snapshot: Callable[[Store], Any]
) -> None:
    fill(store, toy)
    store.forget(NAME, "camille", NOW)
    alerts, articles = len(store.alerts()), len(store.unread_articles("other", 10))
    with pytest.raises(InputError):
        store.forget("Zoé", "camille", NOW)
    store.remove_feed(URL)
    fill(store, toy)
    assert held(store, snapshot) == []
    assert len(store.alerts()) == alerts
    assert len(store.unread_articles("other", 10)) == articles
    assert {e.get("person") for e in store.events()} == {"Paul Martin", None}
    assert store.pending_entries(10) == ()


def test_an_unchanged_feed_is_still_unchanged(store: Store, toy: Any) -> None:
    fill(store, toy)
    feed = store.feeds()[0]
    result = FeedResult(feed, Fetched(URL, Outcome.OK, NOW), ParsedFeed(entries=(FIRST, SECOND)))
    store.forget(NAME, "camille", NOW)
    assert store.record_result(result, feed, NOW) == 0
    assert store.pending_entries(10) == ()


def test_a_reading_that_was_under_way_does_not_bring_the_person_back(
    store: Store, toy: Any, snapshot: Callable[[Store], Any]
) -> None:
    saved = store.save_article(toy.article(1, text=TEXT, url=SLUG), NOW)
    reading = Reading(saved.url, mentions=(toy.leaving(NAME), toy.leaving("Paul Martin", successor=NAME)))
    store.forget(NAME, "camille", NOW)
    told = store.tell(replace(saved), reading, "1", toy.decide, NOW)
    assert told.mentions == 1
    assert held(store, snapshot) == []
    assert [e.get("person") for e in store.events()] == ["Paul Martin"]


def test_a_merged_event_goes_with_the_other(store: Store, toy: Any, snapshot: Callable[[Store], Any]) -> None:
    one = toy.tell(store, toy.article(1), toy.leaving(NAME)).events[0]
    two = toy.tell(store, toy.article(2), toy.leaving("Z. Le Goff")).events[0]
    store.merge(one, two, "camille", NOW, toy)
    assert store.forget(NAME, "camille", NOW).events == 2
    for event in (one, two):
        with pytest.raises(NotStoredError):
            store.event(event)
    assert held(store, snapshot) == []


def test_nothing_of_the_name_is_left_in_the_files(tmp_path: Path, toy: Any) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'vigie.db'}") as store:
        fill(store, toy)
        store.forget(NAME, "camille", NOW)
        store.compact()
        for path in tmp_path.iterdir():
            assert b"Le Goff" not in path.read_bytes()
    for path in tmp_path.iterdir():
        assert "Quéméneur".encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Jean Petit et le petit chat", "████ █████ et le █████ chat"),
        ("Jean-Petit, JEAN PETIT, jean  petit", "████-█████, ████ █████, ████  █████"),
        ("Le Petitjean", "Le Petitjean"),
        ("Jean seul", "Jean seul"),
        ("", ""),
    ],
)
def test_names_are_covered_letter_by_letter(text: str, left: str) -> None:
    assert covered(text, [words_of("Jean Petit")]) == left


def test_texts_older_than_their_time_go_and_quotes_stay(store: Store, toy: Any) -> None:
    toy.tell(store, toy.article(1), toy.leaving())
    toy.tell(store, toy.article(2, fetched=NOW + timedelta(days=100)), toy.cut())
    events = store.events()
    assert store.purge_texts(NOW + timedelta(days=1), NOW + timedelta(days=100)) == 1
    assert store.purge_texts(NOW + timedelta(days=1), NOW + timedelta(days=100)) == 0
    old, new = store.article(toy.article(1).url), store.article(toy.article(2).url)
    assert old is not None
    assert new is not None
    assert (old.text, old.title) == ("", "Titre 1")
    assert new.text != ""
    assert store.events() == events
    assert store.unread_articles("other", 10) == (new,)
    assert store.save_article(toy.article(1), NOW).text == ""
    assert store.save_article(toy.article(1, text="Corrigé."), NOW).text == "Corrigé."


def test_entries_that_were_read_lose_their_texts_and_stay_known(
    store: Store, toy: Any, snapshot: Callable[[Store], Any]
) -> None:
    fill(store, toy)
    store.purge_texts(NOW + timedelta(days=1), NOW)
    rows = snapshot(store)["entries"]
    assert len(rows) == 2
    assert not any(SECOND.summary in row or FIRST.content in row for row in rows)
    feed = store.feeds()[0]
    result = FeedResult(feed, Fetched(URL, Outcome.OK, NOW), ParsedFeed(entries=(FIRST, SECOND)))
    assert store.record_result(result, feed, NOW) == 0


def test_history_older_than_its_time_goes(store: Store, toy: Any) -> None:
    fill(store, toy)
    claim = store.claim_deliveries("w", NOW, 1, timedelta(1))[0]
    store.mark_failed(claim.delivery.id or 0, "410", None, NOW)
    assert store.purge_history(NOW) == 0
    assert store.purge_history(NOW + timedelta(seconds=1)) == 2
    assert store.fetches(URL) == ()


def test_the_tally_counts_what_there_is(store: Store, toy: Any) -> None:
    fill(store, toy)
    tally = store.tally(NOW)
    assert (tally.feeds, tally.well, tally.articles, tally.events) == (1, 0, 3, 3)
    assert (tally.waiting, tally.given_up, tally.pending) == (6, 0, 0)
    assert store.tally(NOW + timedelta(days=1)).events == 0

"""Feeds, their history, their entries."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.errors import InputError, NotStoredError
from models.records import Entry, Feed, FeedResult, Fetched, ParsedFeed
from models.store import Store
from models.store.feeds import words_digest
from models.vocabulary import Health, Outcome

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
URL = "https://journal.example/rss"


def entry(number: int, **more: object) -> Entry:
    plain = Entry(
        key=f"guid-{number}",
        feed_url=URL,
        url=f"https://journal.example/{number}",
        title=f"Titre {number}",
        guid=f"guid-{number}",
        summary="Un résumé.",
        content="<p>Un texte.</p>",
        published=NOW - timedelta(hours=number),
        updated=NOW,
        publisher="Le Journal",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def result(feed: Feed, *entries: Entry, outcome: Outcome = Outcome.OK) -> FeedResult:
    fetched = Fetched(feed.url, outcome, NOW, 0.25, status=200, body=b"x" * 10)
    return FeedResult(feed, fetched, ParsedFeed(entries=entries) if outcome is Outcome.OK else None)


@pytest.fixture
def feed(store: Store) -> Feed:
    return store.add_feeds([Feed(URL, publisher="Le Journal")])[0]


def test_a_feed_is_followed_once(store: Store) -> None:
    first = store.add_feeds([Feed(URL, title="A", folder="tech"), Feed(URL, title="B")])
    assert [f.title for f in first] == ["B"]
    assert store.add_feeds([Feed(URL), Feed(URL + "2")]) == store.feeds()[1:]
    store.remove_feed(URL)
    assert [f.url for f in store.feeds()] == [URL + "2"]
    with pytest.raises(NotStoredError, match="vigie feeds list"):
        store.remove_feed(URL)


def test_an_endless_address_is_refused(store: Store) -> None:
    with pytest.raises(InputError, match="trop longue"):
        store.add_feeds([Feed("https://a.example/" + "x" * 5000)])


def test_every_state_of_a_feed_comes_back(store: Store, feed: Feed) -> None:
    state = replace(
        feed, title="T", etag='"é"', last_modified="Sun", due=NOW + timedelta(hours=1), fetched=NOW, failures=2,
        health=Health.BROKEN, health_note="XML mal formé", health_since=NOW,
    )  # fmt: skip
    store.record_result(result(feed), state, NOW)
    assert store.feeds() == (state,)
    assert store.due_feeds(NOW) == ()
    assert store.due_feeds(NOW, every=True) == (state,)
    assert store.due_feeds(NOW + timedelta(hours=1)) == (state,)


def test_a_feed_that_was_never_fetched_is_due_first(store: Store, feed: Feed) -> None:
    store.record_result(result(feed), replace(feed, due=NOW - timedelta(days=1)), NOW)
    store.add_feeds([Feed("https://new.example/rss")])
    assert [f.url for f in store.due_feeds(NOW)] == ["https://new.example/rss", URL]


def test_entries_are_counted_where_they_are_new_or_changed(store: Store, feed: Feed) -> None:
    assert store.record_result(result(feed, entry(1), entry(2), entry(2)), feed, NOW) == 2
    assert store.record_result(result(feed, entry(1), entry(2)), feed, NOW) == 0
    redated = entry(1, published=NOW, updated=None, content="<div class=x>Un  texte.</div>")
    assert store.record_result(result(feed, redated), feed, NOW) == 0
    assert store.record_result(result(feed, entry(1, title="Autre titre"), entry(3)), feed, NOW) == 2
    assert [e.key for e in store.pending_entries(10)] == ["guid-1", "guid-2", "guid-3"]
    assert store.pending_entries(10)[0].title == "Autre titre"
    assert [(f.entries, f.fresh) for f in store.fetches(URL)] == [(2, 2), (1, 0), (2, 0), (3, 2)]


def test_an_entry_comes_back_whole(store: Store, feed: Feed) -> None:
    store.record_result(result(feed, entry(1)), feed, NOW)
    found = store.pending_entries(1)[0]
    assert replace(found, id=None) == entry(1)
    store.leave_entries([found], NOW)
    assert store.pending_entries(1) == ()


def test_a_removed_feed_takes_its_entries_and_late_results_are_dropped(store: Store, feed: Feed) -> None:
    store.record_result(result(feed, entry(1)), feed, NOW)
    store.remove_feed(URL)
    assert store.pending_entries(10) == ()
    assert store.record_result(result(feed, entry(2)), feed, NOW) == 0
    assert store.pending_entries(10) == ()


def test_the_history_tells_failures(store: Store, feed: Feed) -> None:
    failed = FeedResult(feed, Fetched(URL, Outcome.FAILED, NOW, 1.5, status=503, error="503 du serveur"))
    store.record_result(failed, replace(feed, failures=1, health=Health.UNREACHABLE), NOW)
    record = store.fetches(URL)[0]
    assert (record.outcome, record.status, record.error) == (Outcome.FAILED, 503, "503 du serveur")
    assert (record.seconds, record.size, record.health) == (1.5, 0, Health.UNREACHABLE)
    assert record.started == NOW


def test_hostile_text_is_stored(store: Store, feed: Feed) -> None:
    hostile = entry(
        1, key="k\x00" + "x" * 10_000, title="a\x00b\ud800c", url="https://a.example/" + "y" * 50_000,
        summary="\x00" * 100, guid="g" * 9_000,
    )  # fmt: skip
    assert store.record_result(result(feed, hostile), feed, NOW) == 1
    assert store.record_result(result(feed, hostile), feed, NOW) == 0
    assert store.pending_entries(1)[0].title == "a\ufffdb\ufffdc"


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="naive"):
        store.add_feeds([Feed(URL, due=datetime(2026, 1, 1))])  # noqa: DTZ001
    assert store.feeds() == ()


def test_times_of_any_zone_come_back_in_utc(store: Store) -> None:
    paris = datetime.fromisoformat("2026-07-01T08:00:00.123456+02:00")
    store.add_feeds([Feed(URL, due=paris)])
    due = store.feeds()[0].due
    assert due == paris
    assert due is not None
    assert due.utcoffset() == timedelta(0)


@pytest.mark.parametrize("piece", ["<", "<a ", "</", "\u0301\u0316"])
def test_no_words_make_the_digest_slow(piece: str) -> None:
    begun = time.process_time()
    words_digest(entry(1, content=(piece * 400_000)[:400_000]))
    assert time.process_time() - begun < 2
    assert words_digest(entry(1, content="<p class=x>Un</p> texte.")) == words_digest(entry(1))


def test_what_a_person_sets_while_a_feed_is_fetched_stays(store: Store) -> None:
    (feed,) = store.add_feeds([Feed("https://a.example/f")])
    store.update_feed(replace(feed, policy="feed", folder="Presse"), NOW)
    after = replace(feed, etag='"1"', due=NOW + timedelta(hours=1))
    store.record_result(FeedResult(feed, Fetched(feed.url, Outcome.OK, NOW)), after, NOW)
    (kept,) = store.feeds()
    assert (kept.policy, kept.folder, kept.etag, kept.due) == ("feed", "Presse", '"1"', after.due)


def test_what_was_told_of_feeds_is_kept_until_it_is_over_or_the_feed_goes(store: Store) -> None:
    first, second = store.add_feeds([Feed("https://a.example/f"), Feed("https://b.example/f")])
    ids = [feed.id or 0 for feed in (first, second)]
    assert store.notices("somebody") == {}
    store.keep_notices("somebody", dict.fromkeys(ids, "broken"))
    store.keep_notices("somebody", {ids[0]: ""})
    assert (store.notices("somebody"), store.notices("else")) == ({ids[1]: "broken"}, {})
    store.remove_feed(second.url)
    store.keep_notices("somebody", {})
    assert store.notices("somebody") == {}


def test_health_alone_is_set(store: Store) -> None:
    (feed,) = store.add_feeds([Feed("https://a.example/f", title="Titre")])
    store.set_health([replace(feed, title="Autre", health=Health.TEMPLATE, health_note="mots", health_since=NOW)])
    (kept,) = store.feeds()
    assert (kept.title, kept.health, kept.health_note, kept.health_since) == (
        "Titre",
        Health.TEMPLATE,
        "mots",
        NOW,
    )

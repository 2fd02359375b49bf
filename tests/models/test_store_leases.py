"""Leases: one worker at a time, and one that dies holds nobody up for long."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.errors import InputError, NotStoredError
from models.records import Entry, Feed, FeedResult, Fetched, ParsedFeed
from models.store import Store
from models.vocabulary import Outcome

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
URL = "https://journal.example/rss"


def recorded(feed: Feed, *entries: Entry) -> FeedResult:
    return FeedResult(feed, Fetched(feed.url, Outcome.OK, NOW), ParsedFeed(entries=entries))


def test_a_lease_is_one_owners_until_it_ends(store: Store) -> None:
    assert store.lease(["host:b", "host:a"], "one", NOW, LEASE) == ("host:b", "host:a")
    assert store.lease(["host:a", "host:c"], "two", NOW + LEASE / 2, LEASE) == ("host:c",)
    assert store.lease(["host:a"], "one", NOW + LEASE / 2, LEASE) == ("host:a",)
    assert store.lease(["host:a", "host:b"], "two", NOW + LEASE, LEASE) == ("host:b",)
    store.release(["host:a", "host:b"], "two")
    assert store.lease(["host:a", "host:b"], "three", NOW + LEASE, LEASE) == ("host:b",)


def test_what_a_dead_owner_had_is_free_at_once(store: Store) -> None:
    store.lease(["host:a", "host:b"], "dead", NOW, LEASE)
    store.lease(["host:c"], "alive", NOW, LEASE)
    assert store.lease_owners() == ("alive", "dead")
    store.release_all(["dead"])
    store.release_all([])
    assert store.lease(["host:a", "host:b", "host:c"], "other", NOW, LEASE) == ("host:a", "host:b")


def test_a_feed_is_fetched_by_one_worker(store: Store) -> None:
    store.add_feeds([Feed(URL), Feed(URL + "2"), Feed(URL + "3", paused=True)])
    mine = store.claim_feeds("one", NOW, LEASE, wanted=lambda feed: feed.url == URL)
    assert [f.url for f in mine] == [URL]
    assert [f.url for f in store.claim_feeds("two", NOW, LEASE, every=True)] == [URL + "2"]
    store.record_result(recorded(mine[0]), replace(mine[0], due=NOW), NOW)
    assert [f.url for f in store.claim_feeds("two", NOW, LEASE)] == [URL + "2", URL]
    assert store.claim_feeds("three", NOW, LEASE) == ()
    assert len(store.claim_feeds("three", NOW + LEASE, LEASE)) == 2


def test_a_paused_feed_is_never_due(store: Store) -> None:
    store.add_feeds([Feed(URL, paused=True)])
    assert store.due_feeds(NOW, every=True) == ()
    assert store.feeds()[0].paused


def test_an_entry_is_read_by_one_worker(store: Store, toy: Any) -> None:
    (feed,) = store.add_feeds([Feed(URL)])
    entries = [Entry(str(n), URL, f"https://journal{n}.example/article", "T") for n in range(3)]
    store.record_result(recorded(feed, *entries), feed, NOW)
    one = store.claim_entries("one", NOW, 2, LEASE)
    two = store.claim_entries("two", NOW, 10, LEASE)
    assert [e.key for e in (*one, *two)] == ["0", "1", "2"]
    store.save_article(toy.article(0), NOW, one[0])
    store.leave_entries([two[0]], NOW)
    later = store.claim_entries("three", NOW + LEASE, 10, LEASE)
    assert [e.key for e in later] == ["1"]


def test_an_article_is_understood_by_one_worker(store: Store, toy: Any) -> None:
    articles = [store.save_article(toy.article(n), NOW) for n in range(3)]
    one = store.claim_articles("1", "one", NOW, 2, LEASE)
    two = store.claim_articles("1", "two", NOW, 10, LEASE)
    assert [*one, *two] == articles
    store.mark_understood(two, "1")
    toy.tell(store, toy.article(0), toy.cut())
    assert store.claim_articles(toy.version, "three", NOW, 10, LEASE) == (articles[2],)
    assert store.claim_articles("1", "three", NOW + LEASE, 10, LEASE) != ()


def test_workers_at_once_share_the_feeds(store: Store) -> None:
    store.add_feeds([Feed(f"{URL}{n}") for n in range(60)])

    def work(name: str) -> list[str]:
        return [feed.url for feed in store.claim_feeds(name, NOW, LEASE)]

    with ThreadPoolExecutor(4) as pool:
        counted = Counter(url for urls in pool.map(work, "abcd") for url in urls)
    assert len(counted) == 60
    assert set(counted.values()) == {1}


def test_a_moved_feed_is_known_under_both_addresses(store: Store) -> None:
    (feed,) = store.add_feeds([Feed(URL)])
    moved = replace(feed, url="https://new.example/rss")
    store.record_result(recorded(feed), moved, NOW)
    assert [f.url for f in store.feeds()] == ["https://new.example/rss"]
    assert store.add_feeds([Feed(URL), Feed("https://new.example/rss")]) == ()
    back = replace(store.feeds()[0], url=URL)
    store.record_result(recorded(moved), back, NOW)
    assert [f.url for f in store.feeds()] == [URL]
    assert store.add_feeds([Feed("https://new.example/rss")]) == ()


def test_a_feed_never_moves_onto_another_one(store: Store) -> None:
    feeds = store.add_feeds([Feed(URL), Feed(URL + "2")])
    store.record_result(recorded(feeds[0]), replace(feeds[0], url=URL + "2", failures=3), NOW)
    assert {(f.url, f.failures) for f in store.feeds()} == {(URL, 3), (URL + "2", 0)}
    with pytest.raises(InputError, match="déjà suivi"):
        store.update_feed(replace(feeds[0], url=URL + "2"), NOW)


def test_a_person_changes_a_feed(store: Store) -> None:
    (feed,) = store.add_feeds([Feed(URL, paused=True)])
    store.update_feed(replace(feed, paused=False, policy="summary", folder="tech"), NOW)
    assert store.due_feeds(NOW) == (replace(feed, paused=False, policy="summary", folder="tech"),)
    store.update_feed(replace(store.feeds()[0], url=URL + "2"), NOW)
    assert store.add_feeds([Feed(URL)]) == ()
    with pytest.raises(NotStoredError, match="vigie feeds list"):
        store.update_feed(Feed(URL, id=99), NOW)


def test_the_schedule_of_a_feed_comes_back(store: Store) -> None:
    (feed,) = store.add_feeds([Feed(URL)])
    state = replace(
        feed, failing_since=NOW, retry_at=NOW + LEASE, ttl_minutes=60, rhythm=3600.5, newest=NOW - LEASE,
        moved_to=URL + "2", moved_since=NOW, policy="summary",
    )  # fmt: skip
    store.record_result(recorded(feed), state, NOW)
    assert store.feeds() == (state,)

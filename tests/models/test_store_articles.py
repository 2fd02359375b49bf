"""Articles: once each, revised, never made worse."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.records import Entry, Feed, FeedResult, Fetched, ParsedFeed
from models.store import Store
from models.vocabulary import ArticleFlag, Outcome

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def with_entries(store: Store, *entries: Entry) -> tuple[Entry, ...]:
    for url in dict.fromkeys(e.feed_url for e in entries):
        (feed,) = store.add_feeds([Feed(url)])
        own = tuple(e for e in entries if e.feed_url == url)
        store.record_result(FeedResult(feed, Fetched(url, Outcome.OK, NOW), ParsedFeed(entries=own)), feed, NOW)
    return store.pending_entries(100)


def test_an_article_comes_back_whole(store: Store, toy: Any) -> None:
    article = toy.article(
        published=NOW - timedelta(days=1), language="fr", flags=frozenset({ArticleFlag.UNDATED}), entry_key="k"
    )
    saved = store.save_article(article, NOW)
    assert replace(saved, id=None, content_hash="") == article
    assert store.article(article.url) == saved
    assert store.article("https://nowhere.example/") is None
    assert store.unread_articles("1", 10) == (saved,)


def test_the_same_article_is_one(store: Store, toy: Any) -> None:
    first = store.save_article(toy.article(), NOW)
    again = store.save_article(toy.article(fetched=NOW + timedelta(hours=1)), NOW + timedelta(hours=1))
    assert again == first


def test_two_workers_that_read_one_page_at_once_keep_one_article(store: Store, toy: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        saved = list(pool.map(lambda _: store.save_article(toy.article(), NOW), range(16)))
    assert len({article.id for article in saved}) == 1


def test_a_changed_text_is_a_revision_to_be_understood_again(store: Store, toy: Any) -> None:
    first = store.save_article(toy.article(published=NOW), NOW)
    store.mark_understood([first], "1")
    assert store.unread_articles("1", 10) == ()
    later = store.save_article(toy.article(text="Tout autre chose.", fetched=NOW + timedelta(hours=1)), NOW)
    assert (later.id, later.text, later.published) == (first.id, "Tout autre chose.", NOW)
    assert store.unread_articles("1", 10) == (later,)


def test_another_version_of_the_understanding_reads_everything_again(store: Store, toy: Any) -> None:
    first = store.save_article(toy.article(), NOW)
    store.mark_understood([first], "5")
    assert store.unread_articles("5", 10) == ()
    assert store.unread_articles("4", 10) == (first,)
    assert store.unread_articles("6", 10) == (first,)


@pytest.mark.parametrize(
    "worse",
    [
        {"text": "", "flags": frozenset({ArticleFlag.FAILED}), "error": "500"},
        {"text": "Acceptez nos cookies", "flags": frozenset({ArticleFlag.CONSENT})},
        {"text": "Le début…", "flags": frozenset({ArticleFlag.PARTIAL})},
        {"text": "Le résumé du flux.", "flags": frozenset({ArticleFlag.SUMMARY})},
    ],
)
def test_a_worse_reading_never_replaces_a_whole_text(store: Store, toy: Any, worse: dict[str, Any]) -> None:
    first = store.save_article(toy.article(), NOW)
    assert store.save_article(toy.article(**worse), NOW) == first


def test_a_better_reading_replaces_a_failure(store: Store, toy: Any) -> None:
    store.save_article(toy.article(text="", flags=frozenset({ArticleFlag.FAILED}), error="500"), NOW)
    assert store.unread_articles("1", 10) == ()
    better = store.save_article(toy.article(), NOW)
    assert (better.text, better.error, better.flags) == (toy.article().text, None, frozenset())
    assert store.unread_articles("1", 10) == (better,)


def test_an_article_ends_the_waiting_of_every_entry_with_its_address(store: Store, toy: Any) -> None:
    url = toy.article().url
    with_entries(store, Entry("a", "https://f.example/1", url, "A"), Entry("b", "https://f.example/2", url, "B"))
    store.save_article(toy.article(), NOW)
    assert store.pending_entries(10) == ()


def test_a_redirected_article_ends_its_own_entry_only(store: Store, toy: Any) -> None:
    entries = with_entries(
        store,
        Entry("1", "https://f.example/1", "https://short.example/x", "A"),
        Entry("1", "https://f.example/2", "https://short.example/y", "B"),
    )
    store.save_article(toy.article(entry_key="1"), NOW, entries[0])
    assert store.pending_entries(10) == entries[1:]
    store.save_article(toy.article(2, entry_key="1"), NOW)
    assert store.pending_entries(10) == ()


def test_an_entry_whose_words_changed_waits_again(store: Store, toy: Any) -> None:
    with_entries(store, Entry("1", "https://f.example/1", toy.article().url, "A"))
    store.save_article(toy.article(), NOW)
    feed = store.feeds()[0]
    changed = Entry("1", feed.url, toy.article().url, "A (mis à jour)")
    store.record_result(
        FeedResult(feed, Fetched(feed.url, Outcome.OK, NOW), ParsedFeed(entries=(changed,))), feed, NOW
    )
    assert [e.title for e in store.pending_entries(10)] == ["A (mis à jour)"]


def listed(store: Store, feed_url: str, at: datetime, *entries: Entry, outcome: Outcome = Outcome.OK) -> None:
    """A feed is read, and the articles of its pending entries with it."""
    store.add_feeds([Feed(feed_url)])
    feed = next(f for f in store.feeds() if f.url == feed_url)
    parsed = ParsedFeed(entries=entries) if outcome is Outcome.OK else None
    store.record_result(FeedResult(feed, Fetched(feed_url, outcome, at), parsed), replace(feed, fetched=at), at)


def familiar(store: Store) -> set[str]:
    articles = store.unread_articles("1", 100)
    known = store.familiar_articles(articles)
    return {a.url for a in articles if a.id in known}


def test_what_a_feed_lists_when_it_is_first_read_is_not_familiar(store: Store, toy: Any) -> None:
    one, two, later = (toy.article(n) for n in (1, 2, 3))
    hour = timedelta(hours=1)
    feed = "https://f.example/1"
    first = (Entry("1", feed, one.url, "Un"), Entry("2", feed, two.url, "Deux"))
    listed(store, feed, NOW - hour, outcome=Outcome.FAILED)
    listed(store, feed, NOW - hour / 2)
    listed(store, feed, NOW, *first)
    store.save_article(one, NOW, store.pending_entries(1)[0])
    assert familiar(store) == set()
    # A crash, a cap, a page tried again: the second is read in another cycle, the first one's words change.
    listed(
        store,
        feed,
        NOW + hour,
        replace(first[0], title="Un, corrigé"),
        *first[1:],
        Entry("3", feed, later.url, "3"),
    )
    for entry, article in zip(store.pending_entries(9), (one, two, later), strict=True):
        store.save_article(article, NOW + hour, entry)
    assert familiar(store) == {later.url}


def test_an_article_is_familiar_by_any_feed_that_knew_better(store: Store, toy: Any) -> None:
    url = toy.article().url
    listed(store, "https://f.example/1", NOW, Entry("0", "https://f.example/1", toy.article(2).url, "Avant"))
    listed(store, "https://f.example/1", NOW + timedelta(hours=1), Entry("1", "https://f.example/1", url, "Un"))
    listed(store, "https://f.example/2", NOW + timedelta(hours=1), Entry("1", "https://f.example/2", url, "Un"))
    store.save_article(toy.article(), NOW)
    assert familiar(store) == {url}


def test_a_feeds_past_is_never_familiar(store: Store, toy: Any) -> None:
    feed, old = "https://f.example/1", toy.article(2)
    listed(store, feed, NOW, Entry("1", feed, toy.article().url, "Un"))
    store.keep_history(feed, (Entry("0", feed, old.url, "Avant"),), "f", "fin", NOW + timedelta(days=1))
    store.save_article(old, NOW + timedelta(days=1))
    assert familiar(store) == set()


def test_an_entry_that_is_put_off_waits_and_is_claimed_again(store: Store, toy: Any) -> None:
    url = toy.article().url
    with_entries(store, Entry("1", "https://f.example/1", url, "A"))
    hour = timedelta(hours=1)
    (entry,) = store.claim_entries("one", NOW, 10, hour)
    assert entry.tries == 0
    store.put_off_entry(entry, NOW + hour)
    assert store.claim_entries("two", NOW + hour / 2, 10, hour) == ()
    (again,) = store.claim_entries("two", NOW + hour, 10, hour)
    assert again == replace(entry, tries=1)
    store.put_off_entry(again, NOW + 9 * hour)
    feed = store.feeds()[0]
    changed = ParsedFeed(entries=(Entry("1", feed.url, url, "A (mis à jour)"),))
    store.record_result(FeedResult(feed, Fetched(feed.url, Outcome.OK, NOW), changed), feed, NOW + hour)
    (renewed,) = store.claim_entries("three", NOW + hour, 10, hour)
    assert (renewed.title, renewed.tries) == ("A (mis à jour)", 0)


def test_an_article_without_address_stands_for_its_entry(store: Store, toy: Any) -> None:
    with_entries(store, Entry("a", "https://f.example/1", None, "A"), Entry("b", "https://f.example/1", None, "B"))
    one = store.save_article(toy.article(url="", entry_key="a"), NOW)
    two = store.save_article(toy.article(url="", entry_key="b"), NOW)
    assert one.id != two.id
    assert store.pending_entries(10) == ()


def test_many_articles_are_saved_as_one_by_one(store: Store, toy: Any) -> None:
    def entry(number: int, feed: str = "https://a.example/f", **more: Any) -> Entry:
        return Entry(f"k{number}", feed, f"https://a.example/{number}", f"Titre {number}", **more)

    one, two, three, _left, other = with_entries(
        store, entry(1), entry(2), entry(3), entry(9), replace(entry(1, "https://b.example/f"), key="other")
    )
    pages = [toy.article(url=e.url, title=e.title, entry_key=e.key) for e in (one, two, three)]
    bare = replace(pages[0], text="", flags=frozenset({ArticleFlag.EMPTY}), error="page sans texte")
    pairs = [(pages[2], three), (pages[0], one), (bare, other), (pages[1], two)]
    saved = store.save_articles(pairs, NOW)
    assert [a.url for a in saved] == [a.url for a, _ in pairs]
    assert saved[1] == saved[2]
    assert saved[2].readable
    assert [e.key for e in store.pending_entries(10)] == ["k9"]
    assert store.save_articles((), NOW) == ()


def test_the_latest_pages_of_each_feed(store: Store, toy: Any) -> None:
    def entry(number: int, feed: str) -> Entry:
        return Entry(f"k{number}", feed, f"https://a.example/{number}", f"Titre {number}")

    one, other = "https://one.example/f", "https://other.example/f"
    asked = with_entries(store, *(entry(n, one) for n in range(4)), entry(9, other))
    assert store.latest_pages([one, other], 3) == {}
    store.save_articles(
        [
            (toy.article(url=e.url, title=e.title, text="x" * 9000, flags=frozenset({ArticleFlag.UNDATED})), e)
            for e in asked
        ],
        NOW,
    )
    found = store.latest_pages([one, other, "https://nowhere.example/f"], 3)
    assert {feed: [page.title for page in pages] for feed, pages in found.items()} == {
        one: ["Titre 3", "Titre 2", "Titre 1"],
        other: ["Titre 9"],
    }
    assert len(found[other][0].text) < 9000
    assert found[other][0].flags == {ArticleFlag.UNDATED}

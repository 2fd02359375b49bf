"""When a feed is due, and what is told of it: pure decisions, time passed in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import health
from extractors.feeds import parse_feed
from extractors.schedule import INTERVAL, feed_after, max_age, may_call, retry_after, rhythm_of
from models.records import Article, Entry, Feed, FeedResult, Fetched, ParsedFeed
from models.vocabulary import ArticleFlag, Health, Outcome

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://site.example/feed"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
FEED = Feed(url=URL)


def fetched(
    outcome: Outcome = Outcome.OK,
    status: int = 200,
    moved_to: str | None = None,
    error: str | None = None,
    told: Health = Health.UNKNOWN,
    **headers: str,
) -> Fetched:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched(URL, outcome, NOW, status=status, moved_to=moved_to, error=error, health=told, headers=names)


def entries(gap: timedelta, count: int = 10, latest: datetime = NOW) -> tuple[Entry, ...]:
    return tuple(Entry(f"k{n}", URL, f"{URL}/{n}", "t", published=latest - n * gap) for n in range(count))


def ok(gap: timedelta = HOUR, latest: datetime = NOW, feed: Feed = FEED, **more: Any) -> FeedResult:
    exchange = more.pop("exchange", fetched())
    assert isinstance(exchange, Fetched)
    return FeedResult(feed, exchange, replace(ParsedFeed(entries=entries(gap, latest=latest)), **more))


def failure(feed: Feed = FEED, told: Health = Health.UNREACHABLE, **headers: str) -> FeedResult:
    return FeedResult(
        feed, fetched(Outcome.FAILED, 500, error="erreur du serveur (HTTP 500)", told=told, **headers)
    )


def unchanged(**known: Any) -> FeedResult:
    return FeedResult(replace(FEED, **known), fetched(Outcome.NOT_MODIFIED, 304))


def wait(feed: Feed, since: datetime = NOW) -> timedelta:
    assert feed.due is not None
    return feed.due - since


def about(found: timedelta, asked: timedelta) -> bool:
    return asked * 0.899 <= found <= asked * 1.101


@pytest.mark.parametrize(
    ("result", "asked"),
    [
        (ok(2 * HOUR), 30 * MINUTE),
        (ok(MINUTE), 5 * MINUTE),
        (ok(30 * DAY), DAY),
        (ok(ttl_minutes=90), 90 * MINUTE),
        (ok(exchange=fetched(cache_control="public, max-age=7200", age="1800")), 90 * MINUTE),
        (ok(exchange=fetched(cache_control="max-age=31536000")), DAY),
        (ok(exchange=fetched(cache_control="no-cache, max-age=7200")), 15 * MINUTE),
        (FeedResult(FEED, fetched(), ParsedFeed(entries=entries(HOUR, 2))), INTERVAL),
        (unchanged(rhythm=7200.0), 30 * MINUTE),
        (unchanged(ttl_minutes=120), 120 * MINUTE),
    ],
)
def test_a_feed_that_is_well_is_due_by_its_rhythm_and_its_sites_wishes(
    result: FeedResult, asked: timedelta
) -> None:
    found = wait(feed_after(result, NOW))
    assert about(found, asked) or found == DAY == asked


def test_hours_of_rest_are_kept() -> None:
    body = b"""<rss version="2.0"><channel><title>t</title><skipHours><hour>12</hour><hour>13</hour></skipHours>
      <item><title>a</title></item></channel></rss>"""
    parsed = parse_feed(body, feed_url=URL, now=NOW)
    assert parsed.skip_hours == {12, 13}
    assert feed_after(FeedResult(FEED, fetched(), parsed), NOW).due == NOW.replace(hour=14)


def test_failures_back_off_to_a_day_and_never_further() -> None:
    feed, waits = FEED, []
    for _ in range(12):
        feed = feed_after(failure(feed), NOW)
        waits.append(wait(feed))
    assert about(waits[0], INTERVAL)
    assert about(waits[3], 8 * INTERVAL)
    assert max(waits) <= DAY
    assert (feed.failures, feed.failing_since, feed.paused) == (12, NOW, False)
    well = feed_after(ok(feed=feed), NOW)
    assert (well.failures, well.failing_since, well.health) == (0, None, Health.FRESH)


@pytest.mark.parametrize(
    ("written", "asked"),
    [("7200", 2 * HOUR), ("Sun, 22 Nov 2026 15:00:00 GMT", 3 * HOUR), ("999999999", 7 * DAY), ("-5", 0 * DAY),
     ("Sat, 21 Nov 2026 15:00:00 GMT", 0 * DAY), ("demain", 0 * DAY), ("", 0 * DAY), ("²", 0 * DAY)],
)  # fmt: skip
def test_retry_after_in_both_forms(written: str, asked: timedelta) -> None:
    result = failure(retry_after=written)
    assert retry_after(result.fetched) == asked
    feed = feed_after(result, NOW)
    assert wait(feed) >= asked
    assert may_call(feed, NOW) is (not asked)
    assert may_call(feed, NOW + asked)


def test_gone_asks_the_user_once_it_has_held_for_a_day() -> None:
    first = feed_after(failure(told=Health.GONE), NOW)
    assert (first.health, first.paused) == (Health.GONE, False)
    later = feed_after(failure(first, told=Health.GONE), NOW + DAY)
    assert later.paused
    assert "feeds remove" in later.health_note
    assert not may_call(later, NOW + 9 * DAY)


def test_a_year_of_failure_asks_the_user() -> None:
    feed = feed_after(failure(replace(FEED, failures=300, failing_since=NOW - timedelta(days=364))), NOW)
    assert not feed.paused
    feed = feed_after(failure(replace(FEED, failures=300, failing_since=NOW - timedelta(days=366))), NOW)
    assert feed.paused
    assert "un an" in feed.health_note


def test_an_address_moves_once_its_redirect_has_held_for_a_week() -> None:
    new = "https://new.example/feed"
    first = feed_after(ok(exchange=fetched(moved_to=new)), NOW)
    assert (first.url, first.health, first.moved_since) == (URL, Health.MOVED, NOW)
    assert new in first.health_note
    sixth = feed_after(ok(feed=first, exchange=fetched(moved_to=new)), NOW + 6 * DAY)
    assert (sixth.url, sixth.moved_since) == (URL, NOW)
    eighth = feed_after(ok(feed=sixth, exchange=fetched(moved_to=new)), NOW + 8 * DAY)
    assert (eighth.url, eighth.moved_to) == (new, None)
    assert "déménagé" in eighth.health_note
    back = feed_after(ok(feed=sixth), NOW + 8 * DAY)
    assert (back.url, back.moved_to, back.moved_since) == (URL, None, None)


def test_a_redirect_to_nothing_never_moves_a_feed() -> None:
    feed = replace(FEED, moved_to="https://new.example/", moved_since=NOW - 30 * DAY)
    wall = FeedResult(
        feed, fetched(moved_to="https://new.example/"), ParsedFeed(health=Health.NOT_A_FEED, problem="page")
    )
    assert feed_after(wall, NOW).url == URL


def test_validators_of_a_wall_are_not_kept() -> None:
    wall = FeedResult(
        replace(FEED, etag='"good"'), fetched(etag='"wall"'), ParsedFeed(health=Health.NOT_A_FEED, problem="page")
    )
    after = feed_after(wall, NOW)
    assert (after.etag, after.health, after.failures) == ('"good"', Health.NOT_A_FEED, 1)
    assert feed_after(ok(exchange=fetched(etag='"new"')), NOW).etag == '"new"'


@pytest.mark.parametrize(
    ("result", "told", "words"),
    [
        (ok(HOUR), Health.FRESH, ""),
        (ok(HOUR, NOW - 5 * DAY), Health.QUIET, "17/11/2026"),
        (ok(2 * DAY, NOW - 9 * DAY), Health.FRESH, ""),
        (ok(2 * DAY, NOW - 11 * DAY), Health.QUIET, "toutes les 2 jours"),
        (ok(HOUR, health=Health.BROKEN, problem="XML mal formé"), Health.BROKEN, "XML mal formé"),
        (ok(HOUR, problem="encodage annoncé faux"), Health.FRESH, "encodage"),
        (FeedResult(FEED, fetched(), ParsedFeed(health=Health.EMPTY, problem="vide")), Health.EMPTY, "vide"),
        (failure(told=Health.REFUSED), Health.REFUSED, "HTTP 500"),
        (unchanged(health=Health.BROKEN, health_note="XML"), Health.BROKEN, "XML"),
        (unchanged(health=Health.REFUSED, failures=3), Health.FRESH, ""),
        (unchanged(newest=NOW - 90 * DAY), Health.QUIET, "24/08/2026"),
    ],
)  # fmt: skip
def test_health_in_words(result: FeedResult, told: Health, words: str) -> None:
    feed = feed_after(result, NOW)
    assert feed.health is told
    assert words in feed.health_note
    assert feed.health_since == NOW


def test_since_when() -> None:
    first = feed_after(failure(), NOW)
    assert feed_after(failure(first), NOW + DAY).health_since == NOW


def test_jitter_is_the_same_for_the_same_feed_and_time_and_spreads_others() -> None:
    assert feed_after(ok(), NOW) == feed_after(ok(), NOW)
    dues = {feed_after(ok(feed=Feed(url=f"https://{n}.example/feed")), NOW).due for n in range(50)}
    assert len(dues) > 40


@given(
    st.sampled_from([ok(), ok(30 * DAY), ok(ttl_minutes=10_000), failure(), failure(retry_after="99999999")]),
    st.integers(0, 5000),
)
def test_whatever_happens_a_feed_is_due_within_bounds(result: FeedResult, failures: int) -> None:
    due = wait(feed_after(replace(result, feed=replace(result.feed, failures=failures)), NOW))
    assert 5 * MINUTE <= due <= 7 * DAY


def test_rhythm_is_learned_from_dated_entries() -> None:
    assert rhythm_of(entries(2 * HOUR)) == 7200.0
    assert rhythm_of(entries(HOUR, 2)) is None
    assert rhythm_of((Entry("k", URL, None, "t"),) * 5) is None


def test_cache_control_that_says_nothing_is_nothing() -> None:
    for control in ("", "private", "max-age=x", "no-store, max-age=60"):
        assert max_age(fetched(cache_control=control)) == timedelta(0)


def pages(*texts: str, **more: object) -> list[Article]:
    made = (Article(f"https://site.example/{n}", "t", text, NOW) for n, text in enumerate(texts))
    return [replace(page, **more) for page in made]  # type: ignore[arg-type]


BUTTONS = [f"Accepter tout et continuer. Nos partenaires et nous, {n} en tout, utilisons cela." for n in range(5)]
STORY = [f"Selon la direction, l’éditeur {n} quitte Nimbus." for n in range(5)]
SUMMARY = frozenset({ArticleFlag.SUMMARY})


@pytest.mark.parametrize(
    ("latest", "words"),
    [
        (pages(*[""] * 5), "5 pages lues mais aucun texte d’article : le gabarit du site a sans doute changé"),
        (pages(*STORY, error=health.NO_TEXT, flags=SUMMARY), "aucun texte d’article : le gabarit"),
        (pages(*STORY, error=health.WALL, flags=SUMMARY), "un mur de cookies à leur place"),
        (pages(*BUTTONS, flags=frozenset({ArticleFlag.CONSENT})), "un mur de cookies à leur place"),
        (pages(*BUTTONS), "jamais un nom"),
        (pages(*[STORY[0]] * 5), "le même texte partout"),
        (pages(*STORY), ""),
        (pages(*BUTTONS[:4], STORY[0]), ""),
        (pages(*[""] * 4), ""),
        (pages(*[""] * 9, error="adresse introuvable (HTTP 404)"), ""),
        (pages(*BUTTONS, flags=SUMMARY), ""),
        (pages(*BUTTONS, flags=SUMMARY, error="le robots.txt du site ne le permet pas"), ""),
    ],
)
def test_a_changed_template_is_told(latest: list[Article], words: str) -> None:
    told = health.template_changed(latest)
    assert words in told
    assert bool(words) == bool(told)


def test_a_feed_whose_pages_changed_says_so_until_they_are_read_well_again() -> None:
    well = feed_after(ok(), NOW)
    ill = health.after_pages(well, pages(*[""] * 5), NOW + HOUR)
    assert (ill.health, ill.health_since) == (Health.TEMPLATE, NOW + HOUR)
    assert health.after_pages(ill, pages(*[""] * 5), NOW + 2 * HOUR).health_since == NOW + HOUR
    later = feed_after(replace(ok(), feed=ill), NOW + 3 * HOUR)
    assert (later.health, later.health_note) == (Health.TEMPLATE, ill.health_note)
    mended = health.after_pages(later, pages(*STORY), NOW + 4 * HOUR)
    assert (mended.health, mended.health_note) == (Health.FRESH, "")
    broken = replace(well, health=Health.BROKEN)
    assert health.after_pages(broken, pages(*[""] * 5), NOW) == broken


@pytest.mark.parametrize(
    ("length", "words"), [(MINUTE, "1 minute"), (2 * HOUR, "2 heures"), (40 * HOUR, "2 jours")]
)
def test_spans(length: timedelta, words: str) -> None:
    assert health.span(length) == words

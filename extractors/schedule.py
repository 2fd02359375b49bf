"""When a feed is fetched again, and what is known of it after an exchange. Pure: time is passed in.

A feed that is well is due by its own rhythm, never sooner than its site asks; one that fails is tried ever more
seldom but at least once a day, until it is gone or has failed for a year: then the user is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from extractors.health import assess
from models.identity import digest
from models.records import Entry, Feed, FeedResult, Fetched, ParsedFeed
from models.vocabulary import Health, Outcome

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=1)
INTERVAL = timedelta(minutes=15)
"""Between two fetches of a feed whose rhythm is not known yet, and after a first failure."""
SHARE = 4
"""A feed is fetched four times per interval of its own: news is seen within a quarter of its usual silence."""
LONGEST_PATIENCE = timedelta(days=7)  # of a Retry-After: one that asks for years is a mistake
MOVED_FOR = timedelta(days=7)  # a permanent redirect must hold so long before the address is changed
GONE_FOR = timedelta(days=1)  # a 410 must hold so long before the user is asked
GIVEN_UP_AFTER = timedelta(days=365)
_JITTER = 0.1  # of the wait, either way, so that feeds added together do not stay together
_LEARNED_FROM = 20  # entries
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def feed_after(result: FeedResult, now: datetime, interval: timedelta = INTERVAL) -> Feed:
    """The feed's new state after an exchange: what was learned, its health, when it is due again.

    `interval` is the wait for a feed whose rhythm is not known.
    """
    well = _went_well(result)
    known = _learned(result, now) if well else _failed(result, now)
    health, note = assess(result, known, now)
    since = known.health_since if health is known.health and known.health_since else now
    known = replace(known, health=health, health_note=note, health_since=since)
    known = _moved(known, result.fetched, now) if well else _asked_about(known, now)
    return replace(known, due=_due(known, result, now, interval))


def may_call(feed: Feed, now: datetime) -> bool:
    """Whether a feed may be fetched at all now, also where every feed is asked for."""
    return not feed.paused and (feed.retry_at is None or feed.retry_at <= now)


def retry_after(fetched: Fetched) -> timedelta:
    """The wait that a Retry-After header asks for, in seconds or as a date; zero where there is none."""
    written = fetched.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", written):
        asked = timedelta(seconds=int(written))
    else:
        try:
            until = parsedate_to_datetime(written)
        except (ValueError, TypeError, IndexError):  # what the e-mail parser raises for nonsense
            return timedelta(0)
        asked = (until if until.tzinfo else until.replace(tzinfo=UTC)) - fetched.started
    return min(max(asked, timedelta(0)), LONGEST_PATIENCE)


def max_age(fetched: Fetched) -> timedelta:
    """For how long a response may be kept, by Cache-Control less its Age; zero where it does not say."""
    control = fetched.headers.get("cache-control", "")
    found = _MAX_AGE.search(control)
    if not found or "no-cache" in control or "no-store" in control:
        return timedelta(0)
    age = fetched.headers.get("age", "")
    return max(
        timedelta(seconds=int(found[1]) - (int(age[:9]) if re.fullmatch(r"[0-9]+", age) else 0)), timedelta(0)
    )


def rhythm_of(entries: Sequence[Entry]) -> float | None:
    """Seconds between two entries of a feed, over its latest ones; None where fewer than three are dated."""
    dates = sorted({entry.published for entry in entries if entry.published}, reverse=True)[:_LEARNED_FROM]
    return (dates[0] - dates[-1]).total_seconds() / (len(dates) - 1) if len(dates) >= 3 else None


def _went_well(result: FeedResult) -> bool:
    if result.fetched.outcome is not Outcome.OK:
        return result.fetched.outcome is Outcome.NOT_MODIFIED
    return result.parsed is not None and (bool(result.parsed.entries) or result.parsed.health is Health.EMPTY)


def _learned(result: FeedResult, now: datetime) -> Feed:
    well = replace(result.feed, fetched=now, failures=0, failing_since=None, retry_at=None)
    parsed = result.parsed
    if parsed is None:
        return well
    dates = [entry.published for entry in parsed.entries if entry.published]
    # Validators are kept only of what was read: a wall that is not modified would hide the feed behind it.
    return replace(
        well,
        title=well.title or parsed.title,
        site=well.site or parsed.site,
        etag=result.fetched.headers.get("etag"),
        last_modified=result.fetched.headers.get("last-modified"),
        ttl_minutes=parsed.ttl_minutes,
        rhythm=rhythm_of(parsed.entries) or well.rhythm,
        newest=max(dates, default=well.newest),
    )


def _failed(result: FeedResult, now: datetime) -> Feed:
    feed = result.feed
    patience = retry_after(result.fetched)
    return replace(
        feed,
        fetched=now,
        failures=feed.failures + 1,
        failing_since=feed.failing_since or now,
        retry_at=now + patience if patience else None,
    )


def _moved(feed: Feed, fetched: Fetched, now: datetime) -> Feed:
    """The feed with its move noted, and its address changed once the redirect has held for long enough."""
    if not fetched.moved_to or fetched.moved_to == feed.url:
        return replace(feed, moved_to=None, moved_since=None)
    if fetched.moved_to != feed.moved_to or feed.moved_since is None:
        return replace(feed, moved_to=fetched.moved_to, moved_since=now)
    if now - feed.moved_since < MOVED_FOR:
        return feed
    told = f"a déménagé : suivi désormais à {fetched.moved_to[:300]}"
    return replace(feed, url=fetched.moved_to, moved_to=None, moved_since=None, health_note=told)


def _asked_about(feed: Feed, now: datetime) -> Feed:
    """The feed paused, with a question to the user, where trying further is not reasonable."""
    failing = now - (feed.failing_since or now)
    if feed.health is Health.GONE and failing >= GONE_FOR:
        words = "supprimé par son éditeur : à retirer, « vigie feeds remove »"
    elif failing >= GIVEN_UP_AFTER:
        words = "en échec depuis un an : à retirer, « vigie feeds remove », ou à corriger"
    else:
        return feed
    return replace(feed, paused=True, health_note=f"{words} ({feed.health_note})"[:500])


def _due(feed: Feed, result: FeedResult, now: datetime, interval: timedelta) -> datetime:
    if feed.failures:
        wait = min(interval * float(2 ** min(feed.failures - 1, 10)), LONGEST)
        return max(now + _jittered(wait, feed, now), feed.retry_at or now)
    usual = timedelta(seconds=feed.rhythm) / SHARE if feed.rhythm else interval
    site = max(timedelta(minutes=feed.ttl_minutes or 0), max_age(result.fetched))
    wait = min(max(usual, site, SHORTEST), LONGEST)
    return _open_hour(now + max(_jittered(wait, feed, now), min(site, LONGEST)), result.parsed)


def _jittered(wait: timedelta, feed: Feed, now: datetime) -> timedelta:
    """The wait, a little longer or shorter, the same for the same feed and time; at most a day."""
    share = int(digest("jitter", feed.url, now.isoformat()), 16) / 2**64  # 0 to 1
    return min(max(wait * (1 + _JITTER * (2 * share - 1)), SHORTEST), LONGEST)


def _open_hour(due: datetime, parsed: ParsedFeed | None) -> datetime:
    """The first moment from `due` on that is not in one of the hours (UTC) in which a feed asks for rest."""
    skipped = parsed.skip_hours if parsed is not None else frozenset()
    for _ in range(24):
        if due.hour not in skipped:
            return due
        due = due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return due

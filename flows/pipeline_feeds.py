"""What is known of a feed after an exchange: its validators, when it is due again, how it fares. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from models.records import Feed, FeedResult, Fetched, ParsedFeed
from models.vocabulary import Health, Outcome

LONGEST_WAIT = timedelta(days=1)
"""Between two tries of a feed that fails, or asks for patience: a site that comes back is seen within a day."""
GONE_WAIT = timedelta(days=7)
LONGEST_TTL = timedelta(hours=6)
QUIET_AFTER = timedelta(days=60)
"""Without a new entry; the slowest of the bundled feeds print every few weeks."""


def feed_after(result: FeedResult, now: datetime, interval: timedelta) -> Feed:
    """The feed's new state. `interval`: the wait between two fetches of a feed that is well."""
    feed, fetched, parsed = result.feed, result.fetched, result.parsed
    if fetched.outcome is Outcome.NOT_MODIFIED:
        lasts = feed.health in (Health.QUIET, Health.MOVED)
        same = replace(feed, fetched=now, failures=0, due=now + interval)
        return _in_health(same, feed.health if lasts else Health.FRESH, feed.health_note if lasts else "", now)
    if fetched.outcome is Outcome.OK and parsed is not None and (parsed.entries or parsed.health is Health.EMPTY):
        return _read(feed, fetched, parsed, now, interval)
    health = fetched.health if fetched.outcome is Outcome.FAILED else parsed.health if parsed else Health.BROKEN
    if health in (Health.UNKNOWN, Health.FRESH):
        health = Health.UNREACHABLE
    words = fetched.error or (parsed.problem if parsed else None) or "flux illisible"
    failures = feed.failures + 1
    wait = GONE_WAIT if health is Health.GONE else _patience(failures, interval, fetched, now)
    return _in_health(replace(feed, fetched=now, failures=failures, due=now + wait), health, words, now)


def _read(feed: Feed, fetched: Fetched, parsed: ParsedFeed, now: datetime, interval: timedelta) -> Feed:
    """The state after a feed was read: only now are its validators worth keeping."""
    dates = [entry.published for entry in parsed.entries if entry.published]
    health, note = parsed.health, parsed.problem or ""
    if health is Health.FRESH and dates and max(dates) < now - QUIET_AFTER:
        health, note = Health.QUIET, f"rien de nouveau depuis le {max(dates):%d/%m/%Y}"
    if fetched.moved_to:
        health, note = Health.MOVED, f"déménagé à {fetched.moved_to[:300]}"
    ttl = min(timedelta(minutes=parsed.ttl_minutes or 0), LONGEST_TTL)
    known = replace(
        feed,
        title=feed.title or parsed.title,
        site=feed.site or parsed.site,
        etag=fetched.headers.get("etag"),
        last_modified=fetched.headers.get("last-modified"),
        fetched=now,
        failures=0,
        due=now + max(interval, ttl),
    )
    return _in_health(known, health, note, now)


def _in_health(feed: Feed, health: Health, note: str, now: datetime) -> Feed:
    since = feed.health_since if health is feed.health and feed.health_since else now
    return replace(feed, health=health, health_note=note, health_since=since)


def _patience(failures: int, interval: timedelta, fetched: Fetched, now: datetime) -> timedelta:
    """Twice as long after each failure, or as long as the site asks."""
    wait = interval * float(2 ** min(failures - 1, 10))
    return min(max(wait, _asked(fetched.headers.get("retry-after", ""), now)), LONGEST_WAIT)


def _asked(value: str, now: datetime) -> timedelta:
    """The wait of a Retry-After header, in seconds or until a date; none where it cannot be read."""
    if value.strip().isdigit():
        return timedelta(seconds=min(int(value.strip()[:9]), int(LONGEST_WAIT.total_seconds())))
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return timedelta(0)
    return max((until if until.tzinfo else until.replace(tzinfo=UTC)) - now, timedelta(0))

"""How a feed fares, in the user's words. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.records import Article, Feed, FeedResult
from models.vocabulary import Health, Outcome

QUIET_RHYTHMS = 5
"""A feed is quiet after so many of its own intervals without an entry, and no sooner than QUIET_AT_LEAST."""
QUIET_AT_LEAST = timedelta(days=4)  # a long weekend
QUIET_UNKNOWN = timedelta(days=60)  # of a feed whose rhythm is not known; the slowest bundled ones print monthly
_ENOUGH_PAGES = 5
_LASTING = frozenset({Health.BROKEN, Health.EMPTY, Health.NOT_A_FEED})


def assess(result: FeedResult, known: Feed, now: datetime) -> tuple[Health, str]:
    """The health after an exchange, and its words; `known` is the feed with what this exchange taught of it."""
    fetched, parsed = result.fetched, result.parsed
    if fetched.outcome is Outcome.FAILED:
        failed = fetched.health if fetched.health is not Health.UNKNOWN else Health.UNREACHABLE
        return failed, fetched.error or "lecture impossible"
    if parsed is not None and parsed.health is not Health.FRESH:
        return parsed.health, parsed.problem or ""
    if parsed is None and result.feed.health in _LASTING:
        return result.feed.health, result.feed.health_note  # not modified: what was wrong still is
    if fetched.moved_to:
        return Health.MOVED, f"déménagé à {fetched.moved_to[:300]}"
    if silence := quiet(known, now):
        return Health.QUIET, silence
    lasting = result.feed.health_note if result.feed.health is Health.FRESH else ""
    return Health.FRESH, (parsed.problem or "") if parsed is not None else lasting


def quiet(feed: Feed, now: datetime) -> str:
    """Words where a feed is silent for longer than its rhythm; empty where it is not, or its dates are unknown."""
    if feed.newest is None:
        return ""
    usual = timedelta(seconds=feed.rhythm) * QUIET_RHYTHMS if feed.rhythm else QUIET_UNKNOWN
    if now - feed.newest <= max(usual, QUIET_AT_LEAST):
        return ""
    habit = f", d'habitude une entrée toutes les {span(timedelta(seconds=feed.rhythm))}" if feed.rhythm else ""
    return f"rien de nouveau depuis le {feed.newest:%d/%m/%Y}{habit}"


def template_changed(articles: Sequence[Article], names: int | None = None) -> str:
    """Words where a site's latest pages were fetched but give no text, or text without a single name.

    `names`: how many people and organisations were found in them; None where that was not counted.
    """
    fetched = [article for article in articles if not article.error]
    if len(fetched) < _ENOUGH_PAGES:
        return ""
    if not any(article.text for article in fetched):
        return f"{len(fetched)} pages lues mais aucun texte d'article : le gabarit du site a sans doute changé"
    if names == 0:
        return f"{len(fetched)} articles lus mais jamais un nom : le texte extrait n'est sans doute pas le bon"
    return ""


def span(length: timedelta) -> str:
    """A length of time in French, roughly: `3 heures`, `2 jours`."""
    minutes = max(round(length.total_seconds() / 60), 1)
    for unit, size in (("jour", 1440), ("heure", 60)):
        if minutes >= size * 1.5:
            count = round(minutes / size)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{minutes} minute{'s' if minutes > 1 else ''}"

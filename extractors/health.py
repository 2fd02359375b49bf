"""How a feed fares, in the user's words. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from models.records import Article, Feed, FeedResult
from models.vocabulary import ArticleFlag, Health, Outcome

QUIET_RHYTHMS = 5
"""A feed is quiet after so many of its own intervals without an entry, and no sooner than QUIET_AT_LEAST."""
QUIET_AT_LEAST = timedelta(days=4)  # a long weekend
QUIET_UNKNOWN = timedelta(days=60)  # of a feed whose rhythm is not known; the slowest bundled ones print monthly
WALL = "mur de cookies à la place de l’article"
NO_TEXT = "page sans texte d’article"
"""Why the feed's own text stands in for a page that was fetched."""
HICCUP = timedelta(hours=6)
"""Of a server, of which nobody need be told; what takes days or several pages to judge is told at once."""
LATEST_PAGES = 10
"""Of a feed, by which its site's template is judged."""
_ENOUGH_PAGES = 5
_LASTING = frozenset({Health.BROKEN, Health.EMPTY, Health.NOT_A_FEED})
_WELL = frozenset({Health.UNKNOWN, Health.FRESH, Health.QUIET, Health.TEMPLATE})
_JUDGED_SLOWLY = frozenset({Health.QUIET, Health.MOVED, Health.TEMPLATE})
_TEMPLATE = "le gabarit du site a sans doute changé"
# A capital within a sentence ("chez Nimbus"): no press article is without, the words of buttons and walls are.
_NAME = re.compile(r"(?:[a-zà-ÿ,;)] |[a-z][’'])[A-ZÀ-ÖØ-Þ][\w’'-]*\w")


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
    if result.feed.health is Health.TEMPLATE:
        return Health.TEMPLATE, result.feed.health_note  # until pages are read well again, see after_pages
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


def after_pages(feed: Feed, pages: Sequence[Article], now: datetime) -> Feed:
    """The feed after its latest pages were read: TEMPLATE where they tell that the site's template has changed.

    Only a feed that is else well: one that is broken or unreachable is told of as such.
    """
    words = template_changed(pages)
    if words and feed.health in _WELL:
        since = feed.health_since if feed.health is Health.TEMPLATE else now
        return replace(feed, health=Health.TEMPLATE, health_note=words, health_since=since)
    if not words and feed.health is Health.TEMPLATE:
        return replace(feed, health=Health.FRESH, health_note="", health_since=now)
    return feed


def template_changed(pages: Sequence[Article]) -> str:
    """Words where a site's latest pages were fetched but give no text, or text without a single name.

    What was not fetched (refused, unreachable, read from the feed by choice) does not count.
    """
    read = [page for page in pages if _textless(page) or (page.text and not page.error and not _of_feed(page))]
    if len(read) < _ENOUGH_PAGES:
        return ""
    told = f"{len(read)} pages lues mais"
    if all(map(_textless, read)):
        walls = all(page.error == WALL or ArticleFlag.CONSENT in page.flags for page in read)
        why = "un mur de cookies à leur place" if walls else _TEMPLATE
        return f"{told} aucun texte d’article : {why}"
    texts = [page.text for page in read if not _textless(page)]
    if len(texts) >= _ENOUGH_PAGES and len(set(texts)) == 1:
        return f"{told} le même texte partout : {_TEMPLATE}"
    if len(texts) >= _ENOUGH_PAGES and not any(map(_NAME.search, texts)):
        return f"{told} jamais un nom dans leur texte : {_TEMPLATE}"
    return ""


def _textless(page: Article) -> bool:
    """Whether a page was fetched and gave no article, also where the feed's own text stands in for it."""
    if _of_feed(page):
        return page.error in {WALL, NO_TEXT}
    return not page.error and (not page.text or bool(page.flags & {ArticleFlag.EMPTY, ArticleFlag.CONSENT}))


def _of_feed(page: Article) -> bool:
    return ArticleFlag.SUMMARY in page.flags


def worth_telling(feed: Feed, states: Collection[Health], now: datetime) -> bool:
    """Whether a feed has been in one of these states for long enough that it is no hiccup."""
    since = feed.health_since or now
    return feed.health in states and (feed.health in _JUDGED_SLOWLY or now - since >= HICCUP)


def recovered(feed: Feed) -> bool:
    """Whether a feed that ailed is read as it should be."""
    return feed.health in {Health.FRESH, Health.QUIET, Health.MOVED}


def span(length: timedelta) -> str:
    """A length of time in French, roughly: `3 heures`, `2 jours`."""
    minutes = max(round(length.total_seconds() / 60), 1)
    for unit, size in (("jour", 1440), ("heure", 60)):
        if minutes >= size * 1.5:
            count = round(minutes / size)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{minutes} minute{'s' if minutes > 1 else ''}"

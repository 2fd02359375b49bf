"""One entry's article: its page where that can be read, else what the feed itself tells."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from extractors import articles, health
from extractors.parsing import was_ended
from extractors.schedule import retry_after
from flows.pipeline_desk import Desk
from models.records import Article, Entry, Feed, Fetched
from models.vocabulary import ArticleFlag, Health, Outcome

log = logging.getLogger(__name__)

WAITS = (timedelta(minutes=30), timedelta(hours=6))
"""After a first and a second try that failed for a while; after the third the feed's own text must do."""
FEEDS_AT_ONCE = 50
"""Of whose pages the beginnings are in memory at once."""
_LONGEST_WAIT = timedelta(days=1)  # of a Retry-After
_PASSING = frozenset({408, 425, 429})  # of 4xx; every other is the site's answer


@dataclass(frozen=True, slots=True)
class PageRead:
    """What became of one entry's page. `wait`: it failed for a while, nothing is to be kept, try again then."""

    article: Article
    wait: timedelta | None = None


async def read_page(desk: Desk, entry: Entry, policy: str = "") -> PageRead:
    """The article of an entry; always one, whose flags and error tell what went wrong.

    `policy`: the source's, see extractors.courtesy. Extraction runs in another process.
    """
    if not entry.url:
        return PageRead(articles.article_of_entry(entry, desk.clock()))
    fetched = await desk.courtesy.fetch(entry.url, policy=policy)
    if fetched.outcome is Outcome.OK:
        article = await desk.workshop.read_article(
            fetched.body,
            url=fetched.final_url or entry.url,
            content_type=fetched.headers.get("content-type", ""),
            entry=entry,
            now=desk.clock(),
        )
    else:
        article = _unfetched(articles.article_of_entry(entry, desk.clock()), fetched)
    if article.readable and ArticleFlag.PARTIAL not in article.flags:
        return PageRead(article)
    if (_passes(fetched) or was_ended(article)) and entry.tries < len(WAITS):
        return PageRead(article, max(WAITS[entry.tries], min(retry_after(fetched), _LONGEST_WAIT)))
    return PageRead(_fallback(article, articles.article_of_entry(entry, desk.clock())))


def _passes(fetched: Fetched) -> bool:
    """Whether an exchange failed in a way that may be over soon: a timeout, a name not found, an error of 5xx."""
    if fetched.status in _PASSING:
        return True
    return fetched.health is Health.UNREACHABLE and (fetched.status is None or fetched.status >= 500)


def _unfetched(bare: Article, fetched: Fetched) -> Article:
    words = fetched.error or "page non lue"
    return replace(bare, text="", flags=frozenset({ArticleFlag.FAILED}), error=words)


def _fallback(page: Article, of_entry: Article) -> Article:
    """The feed's own text instead of a page that could not be read.

    Not instead of a subscribers' teaser: what the feed carries of it is the same teaser, unless it is longer.
    """
    teaser = ArticleFlag.PARTIAL in page.flags and len(of_entry.text) <= len(page.text)
    if teaser or not of_entry.readable:
        return page
    flags = of_entry.flags | {ArticleFlag.SUMMARY}
    return replace(of_entry, url=page.url, flags=flags, error=page.error or _why(page))


def _why(page: Article) -> str:
    reasons = {
        ArticleFlag.CONSENT: health.WALL,
        ArticleFlag.EMPTY: health.NO_TEXT,
        ArticleFlag.PARTIAL: "article réservé aux abonnés",
    }
    return next((words for flag, words in reasons.items() if flag in page.flags), "page illisible")


def judge_feeds(desk: Desk, feeds: Sequence[Feed]) -> None:
    """The health of the feeds whose pages were just read, by what their latest pages gave."""
    now = desk.clock()
    for start in range(0, len(feeds), FEEDS_AT_ONCE):
        some = feeds[start : start + FEEDS_AT_ONCE]
        pages = desk.store.latest_pages([feed.url for feed in some], health.LATEST_PAGES)
        judged = [(feed, health.after_pages(feed, pages.get(feed.url, ()), now)) for feed in some]
        changed = [after for before, after in judged if after != before]
        desk.store.set_health(changed)
        for feed in changed:
            log.warning("%s : %s", feed.name, feed.health_note or "ses pages se lisent de nouveau")

"""One entry's article: its page where that can be read, else what the feed itself tells."""

from dataclasses import replace

from extractors import articles
from flows.pipeline_desk import Desk
from models.records import Article, Entry, Fetched
from models.vocabulary import ArticleFlag, Outcome


async def read_page(desk: Desk, entry: Entry, policy: str = "") -> Article:
    """The article of an entry; always one, whose flags and error tell what went wrong.

    `policy`: the source's, see extractors.courtesy. Extraction runs in another process.
    """
    if not entry.url:
        return articles.article_of_entry(entry, desk.clock())
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
    return article if article.readable else _fallback(article, articles.article_of_entry(entry, desk.clock()))


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
        ArticleFlag.CONSENT: "mur de cookies à la place de l’article",
        ArticleFlag.EMPTY: "page sans texte d’article",
        ArticleFlag.PARTIAL: "article réservé aux abonnés",
    }
    return next((words for flag, words in reasons.items() if flag in page.flags), "page illisible")

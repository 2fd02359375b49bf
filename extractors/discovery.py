"""From a site's address to its feed: what `vigie feeds add https://site.example` does."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from lxml import etree, html

from extractors.fetching import PAGE_ACCEPT, Fetcher
from extractors.markup import has_oversized_tag
from extractors.parsing import Workshop
from extractors.plaintext import one_line
from models.identity import canonical_url
from models.records import Feed, Fetched, ParsedFeed
from models.vocabulary import Outcome

_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml")
_USUAL = ("/feed/", "/rss.xml", "/feed.xml", "/rss", "/atom.xml")
"""Where feeds of sites without autodiscovery mostly are: five requests at most, one after another."""
_MOST_LINKS = 5
_COMMENTS = ("comments", "commentaires", "comment-")


@dataclass(frozen=True, slots=True)
class Discovery:
    """The feeds found at an address, best first, each of them read; `problem` in French where there is none.

    `reached`: whether the address answered at all.
    """

    feeds: tuple[Feed, ...] = ()
    problem: str = ""
    reached: bool = True


async def discover(url: str, *, fetcher: Fetcher, workshop: Workshop, now: datetime) -> Discovery:
    """The feeds of a site, or the feed itself where the address is one's. Never raises for a bad address."""
    address = url if "://" in url else f"https://{url}"
    first = await fetcher.fetch(address, accept=PAGE_ACCEPT)
    if first.outcome is not Outcome.OK:
        return Discovery(problem=first.error or "adresse illisible", reached=False)
    parsed = await _parsed(first, workshop, now)
    if parsed.entries:
        return Discovery((_feed(first, parsed),))
    named = feed_links(first.body, first.final_url)
    usual = () if named else tuple(Feed(url=urljoin(first.final_url, path)) for path in _USUAL)
    found: dict[str, Feed] = {}
    for candidate in (named or usual)[:_MOST_LINKS]:
        fetched = await fetcher.fetch(candidate.url)
        if fetched.outcome is not Outcome.OK:
            continue
        parsed = await _parsed(fetched, workshop, now)
        if parsed.entries:
            feed = _feed(fetched, parsed, candidate.title)
            found.setdefault(canonical_url(feed.url) or feed.url, feed)
            if usual:
                break
    problem = (
        "" if found else "aucun flux trouvé : la page n'en annonce pas, et il n'y en a pas aux adresses d'usage"
    )
    return Discovery(tuple(found.values()), problem)


def feed_links(page: bytes, base: str) -> tuple[Feed, ...]:
    """The feeds that a page announces in its head, those of comments last. Pure."""
    if has_oversized_tag(page, html=True) or not page.strip():
        return ()
    try:
        tree = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing but comments
        return ()
    base = urljoin(base, next(iter(tree.xpath("//base/@href")), ""))
    found: dict[str, Feed] = {}
    for link in tree.xpath("//link[@href and @rel and @type]"):
        if "alternate" not in link.get("rel").lower().split() or link.get("type").strip().lower() not in _TYPES:
            continue
        try:
            address = urljoin(base, link.get("href").strip())
        except ValueError:
            continue
        if key := canonical_url(address):
            found.setdefault(key, Feed(url=address, title=one_line(link.get("title") or "", 200)))
    return tuple(sorted(found.values(), key=_is_comments))


def _is_comments(feed: Feed) -> bool:
    return any(word in f"{feed.url} {feed.title}".lower() for word in _COMMENTS)


async def _parsed(fetched: Fetched, workshop: Workshop, now: datetime) -> ParsedFeed:
    kind = fetched.headers.get("content-type", "")
    return await workshop.parse_feed(fetched.body, feed_url=fetched.final_url, content_type=kind, now=now)


def _feed(fetched: Fetched, parsed: ParsedFeed, title: str = "") -> Feed:
    """The feed at the address under which it is to be followed: where permanent redirects lead, else as asked."""
    return Feed(url=fetched.moved_to or fetched.url, title=parsed.title or title, site=parsed.site)

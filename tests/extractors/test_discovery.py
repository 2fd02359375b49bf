"""Feeds of a site, and a feed's past, on a small site on loopback."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from extractors.archives import ArchivePage, older_entries, paged, parse_sitemap, sitemap_entries
from extractors.discovery import Discovery, discover, feed_links
from extractors.fetching import Fetcher
from extractors.parsing import Workshop
from models.records import Feed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SINCE = datetime(2026, 9, 1, tzinfo=UTC)
Serve = Callable[..., Any]
Reply = Callable[..., bytes]


def feed(*days: str, title: str = "Le Fil", extra: str = "") -> bytes:
    items = "".join(
        f"<item><title>Le {day}</title><link>https://site.example/{day}</link><pubDate>{day}T08:00:00Z</pubDate></item>"
        for day in days
    )
    start = '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">'
    return f"{start}<channel><title>{title}</title>{extra}{items}</channel></rss>".encode()


def find(serving: Serve, replies: dict[str, Any], path: str = "/") -> tuple[Discovery, Any]:
    async def go() -> tuple[Discovery, Any]:
        async with (
            serving(replies) as server,
            Fetcher(allow_private=server.allowed) as fetcher,
            Workshop() as shop,
        ):
            return await discover(server.base + path, fetcher=fetcher, workshop=shop, now=NOW), server

    return asyncio.run(go())


RSS = '<link rel="alternate" type="application/rss+xml"'
HEAD = f"""<html><head>{RSS} title="Le Fil » Commentaires" href="/comments/feed">
{RSS} title="Le Fil" href="/feed"><link rel="stylesheet" href="/x.css" type="text/css">
{RSS} href="javascript:alert(1)"><link rel=alternate hreflang=en href=/en>
</head><body>Bonjour</body></html>""".encode()


def test_a_page_names_its_feeds_those_of_comments_last() -> None:
    feeds = feed_links(HEAD, "https://site.example/a/")
    assert [one.url for one in feeds] == ["https://site.example/feed", "https://site.example/comments/feed"]
    assert feeds[0].title == "Le Fil"


@pytest.mark.parametrize("page", [b"", b"<!-- -->", b"\x00\xff", b"<link" + b" x" * 70_000 + b">"])
def test_a_page_that_is_none_names_none(page: bytes) -> None:
    assert feed_links(page, "https://site.example/") == ()


def test_autodiscovery_reads_what_is_announced(serving: Serve, reply: Reply) -> None:
    replies = {
        "/": reply(HEAD, kind="text/html"),
        "/feed": reply(feed("2026-11-20")),
        "/comments/feed": reply(b"", 404),
    }
    found, server = find(serving, replies)
    assert [(one.url, one.title) for one in found.feeds] == [(f"{server.base}/feed", "Le Fil")]


def test_a_feeds_own_address_is_taken_as_it_is_or_where_it_moved(serving: Serve, reply: Reply) -> None:
    replies = {"/feed": reply(feed("2026-11-20")), "/old": reply(b"", 301, Location="/feed")}
    for path in ("/feed", "/old"):
        found, server = find(serving, replies, path)
        assert [one.url for one in found.feeds] == [f"{server.base}/feed"]


def test_usual_addresses_are_tried_and_no_more(serving: Serve, reply: Reply) -> None:
    found, server = find(serving, {"/": reply(b"<html>rien</html>"), "/rss.xml": reply(feed("2026-11-20"))})
    assert [one.url for one in found.feeds] == [f"{server.base}/rss.xml"]
    assert server.paths() == ["/", "/feed/", "/rss.xml"]


def test_no_feed_and_no_site_are_told_in_words(serving: Serve, reply: Reply) -> None:
    assert "aucun flux" in find(serving, {"/": reply(b"<html>rien</html>")})[0].problem
    assert "HTTP 404" in find(serving, {})[0].problem


def past(serving: Serve, replies: dict[str, Any], cursor: str | None = None, most: int = 99) -> list[ArchivePage]:
    async def go() -> list[ArchivePage]:
        async with (
            serving(replies) as server,
            Fetcher(allow_private=server.allowed) as fetcher,
            Workshop() as shop,
        ):
            pages: list[ArchivePage] = []
            start = cursor.replace("BASE", server.base) if cursor else None
            asked = Feed(url=f"{server.base}/feed", publisher="P")
            walk = older_entries(asked, SINCE, fetcher=fetcher, workshop=shop, now=NOW, cursor=start, pause=0)
            async for page in walk:
                pages.append(page)
                if len(pages) == most:
                    break
            await walk.aclose()  # type: ignore[attr-defined]
            return pages

    return asyncio.run(go())


def days(pages: list[ArchivePage]) -> list[str]:
    return [entry.title.removeprefix("Le ") for page in pages for entry in page.entries]


def test_archives_that_a_feed_names_are_followed_back_to_the_day(serving: Serve, reply: Reply) -> None:
    replies = {
        "/feed": reply(feed("2026-11-20", "2026-11-01", extra='<atom:link rel="next" href="/feed?page=2"/>')),
        "/feed?page=2": reply(
            feed("2026-10-20", "2026-08-20", extra='<atom:link rel="next" href="/feed?page=3"/>')
        ),
        "/feed?page=3": reply(feed("2026-01-01")),
    }
    pages = past(serving, replies)
    assert days(pages) == ["2026-11-20", "2026-11-01", "2026-10-20"]
    assert pages[-1].cursor is None


def test_wordpress_pages_are_followed_until_they_end(serving: Serve, reply: Reply) -> None:
    replies = {
        "/feed": reply(feed("2026-11-20")), "/feed?paged=2": reply(feed("2026-11-10")),
        "/feed?paged=3": reply(feed("2026-10-10")),
    }  # fmt: skip
    pages = past(serving, replies)
    assert days(pages) == ["2026-11-20", "2026-11-10", "2026-10-10"]
    assert (pages[-1].cursor, pages[-1].problem) == (None, "")


def test_a_walk_resumes_after_the_page_where_it_ended(serving: Serve, reply: Reply) -> None:
    replies = {"/feed": reply(feed("2026-11-20")), "/feed?paged=2": reply(feed("2026-11-10"))}
    (first,) = past(serving, replies, most=1)
    assert first.cursor
    assert first.cursor.endswith("/feed?paged=2")
    assert days(past(serving, replies, cursor="BASE/feed?paged=2")) == ["2026-11-10"]


def test_a_site_that_ignores_pages_ends_the_walk(serving: Serve, reply: Reply) -> None:
    same = reply(feed("2026-11-20"))
    pages = past(serving, {"/feed": same, "/feed?paged=2": same, "/feed?paged=3": same})
    assert days(pages) == ["2026-11-20"]
    assert len(pages) == 2


def test_paged() -> None:
    assert paged("https://s.example/feed?x=1") == "https://s.example/feed?x=1&paged=2"
    assert paged("https://s.example/feed?paged=2") == "https://s.example/feed?paged=3"


NEWS = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://site.example/a?utm_source=x</loc><news:news><news:publication_date>2026-11-20T08:00:00+01:00</news:publication_date>
<news:title>Elle part</news:title></news:news></url>
<url><loc>https://site.example/old</loc><lastmod>2025-01-01</lastmod></url>
<url><loc>javascript:alert(1)</loc><lastmod>2026-11-20</lastmod></url></urlset>"""


def test_news_sitemaps_give_entries() -> None:
    (entry,) = parse_sitemap(NEWS, Feed(url="https://site.example/feed", publisher="P"), SINCE, NOW).entries
    assert (entry.url, entry.title, entry.publisher) == ("https://site.example/a", "Elle part", "P")
    assert entry.published == datetime(2026, 11, 20, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html/>", b"<urlset" + b" a" * 70_000 + b"/>", b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'],
)  # fmt: skip
def test_what_is_no_sitemap_gives_nothing(body: bytes) -> None:
    assert parse_sitemap(body, Feed(url="https://site.example/feed"), SINCE, NOW).entries == ()


def test_sitemaps_are_found_through_robots_and_resumed(serving: Serve, reply: Reply) -> None:
    async def go() -> tuple[list[ArchivePage], list[ArchivePage]]:
        async with serving({}) as server, Fetcher(allow_private=server.allowed) as fetcher:
            base = server.base
            index = (
                '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
                f"<sitemap><loc>{base}/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>"
                f"<sitemap><loc>{base}/news.xml</loc></sitemap></sitemapindex>"
            )
            server.replies |= {
                "/robots.txt": reply(f"Sitemap: {base}/index.xml".encode()),
                "/index.xml": reply(index.encode()), "/news.xml": reply(NEWS),
            }  # fmt: skip
            asked = Feed(url=f"{base}/feed", site=base)
            walk = [page async for page in sitemap_entries(asked, SINCE, fetcher=fetcher, now=NOW, pause=0)]
            resumed = sitemap_entries(asked, SINCE, fetcher=fetcher, now=NOW, cursor=walk[0].cursor, pause=0)
            return walk, [page async for page in resumed]

    walk, resumed = asyncio.run(go())
    assert [len(page.entries) for page in walk] == [0, 1]
    assert [entry.url for page in resumed for entry in page.entries] == ["https://site.example/a"]

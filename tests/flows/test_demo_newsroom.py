import gzip
import html
import http.client
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from flows.demo.feeds import FORMS, feed, plain
from flows.demo.pages import COMMENTS, TEASERS, page
from flows.demo.server import HOST, Newsroom, serving
from flows.demo.stories import Site, dated, fill, load
from models.errors import ConfigurationError

OPENED = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
SITES = load()
BASE = "http://127.0.0.1:1"


@pytest.fixture
def room() -> Iterator[Newsroom]:
    room = Newsroom(SITES, OPENED)
    with serving(room):
        yield room


def ask(
    room: Newsroom, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, str, bytes]:
    """Status, ETag and body of one exchange."""
    port = int(room.base.rsplit(":", 1)[1])
    with closing(http.client.HTTPConnection(HOST, port, timeout=60)) as connection:
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        with connection.getresponse() as response:
            return response.status, response.headers["ETag"] or "", response.read()


def test_the_newsroom_is_as_large_as_promised() -> None:
    stories = [story for site in SITES for story in site.stories]
    assert len(SITES) >= 8
    assert len({site.form for site in SITES}) >= 8
    assert {site.form for site in SITES} <= set(FORMS)
    assert len(stories) >= 45
    assert len({story.slug for story in stories}) == len(stories)
    assert sum(bool(story.tells) for story in stories) >= len(stories) / 3


def test_placeholders_follow_the_day() -> None:
    day = date(2026, 3, 2)  # a Monday
    assert fill("{jour-1} et {jour}", day) == "dimanche et lundi"
    assert fill("le {date-1}, le {date+30}", day) == "le 1er mars, le 1er avril"
    assert fill("{mois-3} {an-1}", day) == "décembre 2025"
    assert "{" not in "".join(s.title + s.text for site in SITES for s in dated(site, OPENED).stories)


def test_an_absent_newsroom_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="rédaction de démonstration"):
        load(tmp_path)


@pytest.mark.parametrize("site", SITES, ids=lambda s: s.form)
def test_every_form_of_feed_reads_back(site: Site) -> None:
    site = dated(site, OPENED)
    served = feed(site, BASE)
    body = gzip.decompress(served.body) if served.encoding else served.body
    parsed = feedparser.parse(body, response_headers={"content-type": served.content_type})
    assert [re.sub("<[^>]+>", "", e.title) for e in parsed.entries] == [plain(s.title) for s in site.stories]
    assert all(e.link.startswith(f"{BASE}/{site.slug}/") for e in parsed.entries)
    assert parsed.feed.title == site.name


def test_pages_hold_the_story_and_the_furniture() -> None:
    site = dated(SITES[0], OPENED)
    story = site.stories[0]
    text = page(site, story, BASE).body.decode()
    assert all(t in text for t in (TEASERS[0], COMMENTS[0][1], "cookies", "lettre d'information"))
    assert story.when.isoformat() in text


def test_a_subscribers_story_shows_its_lead_only() -> None:
    site, teased = next((dated(s, OPENED), x) for s in SITES for x in s.stories if x.teaser)
    story = next(s for s in site.stories if s.slug == teased.slug)
    text = page(site, story, BASE).body.decode()
    assert "réservé aux abonnés" in text
    assert html.escape(story.paragraphs[0]) in text
    assert html.escape(story.text.strip().split("\n\n")[1]) not in text


def test_feeds_are_conditional(room: Newsroom) -> None:
    for _, url in room.feed_urls():
        path = url.removeprefix(room.base)
        first, etag, _ = ask(room, "GET", path)
        again, _, body = ask(room, "GET", path, If_None_Match=etag)
        assert (first, again, body) == (200, 304, b"")
    assert room.counts == {"feeds": len(SITES), "unchanged": len(SITES)}


def test_the_clock_decides_which_stories_are_out(room: Newsroom) -> None:
    path = room.feed_urls()[0][1].removeprefix(room.base)
    before = ask(room, "GET", path)[1]
    room.clock = OPENED - timedelta(hours=200)
    assert ask(room, "GET", path)[1] != before
    site = next(iter(room.sites.values()))
    assert ask(room, "GET", f"/{site.slug}/{site.stories[0].slug}")[0] == 404


def test_the_webhook_keeps_what_it_is_sent(room: Newsroom) -> None:
    assert ask(room, "POST", "/crochet", '{"title": "Départ"}'.encode())[0] == 200
    assert ask(room, "POST", "/crochet", b"pas du JSON")[0] == 400
    assert room.received == [{"title": "Départ"}]

"""robots.txt, reservations, and the pause between two pages of a host."""

import asyncio
import json
import selectors
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from extractors.courtesy import Courtesy
from extractors.fetching import Fetcher
from extractors.robots import LONGEST_DELAY, Robots, parse_tdmrep, reserved_at, reserved_by_page
from models.records import Fetched
from models.vocabulary import Health, Outcome

PAGE = b"<html><body>Bonjour</body></html>"
Serve = Callable[..., Any]
Reply = Callable[..., bytes]


def visit(serving: Serve, replies: dict[str, Any], *paths: str, policy: str = "") -> tuple[list[Fetched], Any]:
    async def go() -> tuple[list[Fetched], Any]:
        async with serving(replies) as server, Fetcher(allow_private=server.allowed) as fetcher:
            courtesy = Courtesy(fetcher)
            pages = await asyncio.gather(*(courtesy.fetch(server.base + path, policy=policy) for path in paths))
            return list(pages), server

    return asyncio.run(go())


def test_robots_are_read_once_and_kept(serving: Serve, reply: Reply) -> None:
    rules = reply(b"User-agent: vigie\nDisallow: /prive/\nUser-agent: *\nDisallow: /", kind="text/plain")
    pages, server = visit(
        serving, {"/robots.txt": rules, "/a": reply(PAGE), "/b": reply(PAGE)}, "/a", "/b", "/prive/c"
    )
    assert [page.outcome for page in pages] == [Outcome.OK, Outcome.OK, Outcome.FAILED]
    assert (pages[2].health, pages[2].error) == (Health.REFUSED, "le robots.txt du site ne le permet pas")
    assert sorted(server.paths()) == ["/.well-known/tdmrep.json", "/a", "/b", "/robots.txt"]


@pytest.mark.parametrize(("status", "read"), [(404, True), (403, True), (500, False), (503, False)])
def test_no_robots_is_a_yes_and_a_failing_server_is_a_no(
    serving: Serve, reply: Reply, status: int, read: bool
) -> None:
    (page,), server = visit(serving, {"/robots.txt": reply(b"", status), "/a": reply(PAGE)}, "/a")
    assert (page.outcome is Outcome.OK) is read
    assert ("/a" in server.paths()) is read
    assert read or "robots.txt illisible" in (page.error or "")


@pytest.mark.parametrize(
    "replies",
    [
        {"/.well-known/tdmrep.json": b'[{"location": "/a*", "tdm-reservation": 1}]'},
        {"/a": b'<html><head><meta name="tdm-reservation" content="1"></head></html>'},
        {"header": b""},
    ],
)
def test_reserved_articles_are_not_used(serving: Serve, reply: Reply, replies: dict[str, bytes]) -> None:
    made = {"/a": reply(PAGE)} | {path: reply(body) for path, body in replies.items()}
    if "header" in replies:
        made["/a"] = reply(PAGE, tdm_reservation="1")
    (page,), _ = visit(serving, made, "/a")
    assert (page.outcome, page.body, page.health) == (Outcome.FAILED, b"", Health.REFUSED)
    assert "réservée" in (page.error or "")


def test_the_most_specific_reservation_counts() -> None:
    rules = parse_tdmrep(
        b'[{"location": "/", "tdm-reservation": 1}, {"location": "/libre/*", "tdm-reservation": 0},'
        b' {"location": "/x$", "tdm-reservation": 0}]'
    )
    asked = {"/a": True, "/libre/b": False, "/x": False, "/xy": True}
    assert {path: reserved_at(rules, f"https://site.example{path}") for path in asked} == asked


@pytest.mark.parametrize(
    ("location", "path", "reserved"),
    [
        ("/a", "/ab", True),
        ("/a$", "/ab", False),
        ("/a$", "/a", True),
        ("/*.html", "/x/y.html?z", True),
        ("/*.html$", "/x/y.html?z", False),
        ("/*.html$", "/x.html/y.html", True),
        ("/a*b*c", "/a-c-b", False),
        ("/a*b*c", "/a-b-b-c-d", True),
        ("/ab*b$", "/ab", False),
        ("/a*$", "/anything", True),
        ("*/a", "/b/a", True),
        ("/a.c", "/abc", False),
    ],
)
def test_stars_and_ends_of_reservations(location: str, path: str, reserved: bool) -> None:
    rules = parse_tdmrep(json.dumps([{"location": location, "tdm-reservation": 1}]).encode())
    assert reserved_at(rules, "https://a.example" + path) is reserved


def test_no_location_makes_matching_slow() -> None:
    stars = "/" + "*a" * 400 + "b"
    rules = parse_tdmrep(json.dumps([{"location": stars, "tdm-reservation": 1}] * 1000).encode())
    start = time.process_time()
    assert not reserved_at(rules, "https://a.example/" + "a" * 2000)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1, null]", b'{"a": 1}', b"[" * 100_000, b"\xff\xfe", b"[{}]"])
def test_what_is_no_tdmrep_reserves_nothing(body: bytes) -> None:
    assert parse_tdmrep(body) == ()


@pytest.mark.parametrize(
    ("body", "reserved"),
    [
        (b'<meta content="1" name="tdm-reservation">', True),
        (b"<META NAME=tdm-reservation CONTENT=1>", True),
        (b'<meta name="tdm-reservation" content="0">', False),
        (b'<meta name="tdm-policy" content="1">', False),
        (b"<p>tdm-reservation 1</p>", False),
    ],
)
def test_meta_reservations(body: bytes, reserved: bool) -> None:
    assert reserved_by_page({}, body) is reserved


def test_a_redirect_does_not_lead_around_the_rules(serving: Serve, reply: Reply) -> None:
    replies = {
        "/robots.txt": reply(b"User-agent: *\nDisallow: /prive/", kind="text/plain"),
        "/a": reply(b"", 302, Location="/prive/b"),
        "/prive/b": reply(PAGE),
    }
    (page,), _ = visit(serving, replies, "/a")
    assert (page.outcome, page.body) == (Outcome.FAILED, b"")


def test_a_source_read_by_its_feed_only_is_never_asked(serving: Serve, reply: Reply) -> None:
    (page,), server = visit(serving, {"/a": reply(PAGE)}, "/a", policy="feed")
    assert (page.outcome, server.requests) == (Outcome.FAILED, [])


def test_a_private_address_is_refused_in_its_own_words(serving: Serve) -> None:
    async def go() -> Fetched:
        async with Fetcher() as fetcher:
            return await Courtesy(fetcher).fetch("http://127.0.0.1:9/internal/secret")

    assert "adresse privée" in (asyncio.run(go()).error or "")


class _Idle(selectors.DefaultSelector):
    """It says how long it was asked to wait, and does not."""

    slept = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.slept += timeout or 0.0
        return super().select(0)


class _Virtual(asyncio.SelectorEventLoop):
    """A loop with a clock of its own, which only its waits put forward: no stall of the machine is seen."""

    def __init__(self) -> None:
        self.idle = _Idle()
        super().__init__(self.idle)

    def time(self) -> float:
        return self.idle.slept


class _Clockwork(Fetcher):
    """A fetcher that only notes when it was asked for what."""

    def __init__(self, robots: bytes = b"") -> None:
        super().__init__()
        self.asked: list[tuple[str, float]] = []
        self.robots = robots

    async def fetch(self, url: str, **_: Any) -> Fetched:
        self.asked.append((url, asyncio.get_running_loop().time()))
        done = self.unfetched(url, "")
        if url.endswith("/robots.txt"):
            return Fetched(url, Outcome.OK, done.started, body=self.robots, status=200, final_url=url)
        return Fetched(url, Outcome.OK, done.started, body=PAGE, status=200, final_url=url)


@pytest.mark.parametrize(("robots", "gap"), [(b"", 0.1), (b"User-agent: *\nCrawl-delay: 0.3\n", 0.3)])
def test_pages_of_one_host_wait_for_each_other_and_those_of_two_do_not(robots: bytes, gap: float) -> None:
    fetcher = _Clockwork(robots)

    async def go() -> None:
        courtesy = Courtesy(fetcher, pause=0.1)
        pages = [f"https://{host}.example/{n}" for host in "ab" for n in range(3)]
        await asyncio.gather(*(courtesy.fetch(page) for page in pages))

    with asyncio.Runner(loop_factory=_Virtual) as runner:
        runner.run(go())
    for host in "ab":
        times = [when for url, when in fetcher.asked if url.startswith(f"https://{host}.") and url[-1].isdigit()]
        assert [later - sooner for sooner, later in pairwise(times)] == pytest.approx([gap, gap])
    begun = [when for url, when in fetcher.asked if url.endswith("/0")]
    assert begun[0] == begun[1]


def test_a_crawl_delay_is_bounded() -> None:
    assert Robots.parse(b"User-agent: *\nCrawl-delay: 86400\n").delay == LONGEST_DELAY
    assert Robots.parse(b"\x00\xff\nUser-agent\n:::").allows("https://site.example/")

"""The guarded client against a server that sends whatever bytes it is told to."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from extractors.fetching import Fetcher, Limits, user_agent
from models.records import Fetched
from models.vocabulary import Health, Outcome

SMALL = Limits(seconds=60.0, max_bytes=100_000)
Serve = Callable[..., Any]
Reply = Callable[..., bytes]


def fetch_once(serving: Serve, replies: dict[str, Any], path: str = "/f", **asked: str) -> tuple[Fetched, Any]:
    async def go() -> tuple[Fetched, Any]:
        async with serving(replies) as server, Fetcher(allow_private=server.allowed, limits=SMALL) as fetcher:
            return await fetcher.fetch(server.base + path, **asked), server

    return asyncio.run(go())


def with_server(
    serving: Serve, act: Callable[[Any], Awaitable[Any]], replies: dict[str, Any] | None = None
) -> Any:
    async def go() -> Any:
        async with serving(replies or {}) as server:
            return await act(server)

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda b: zlib.compress(b)[2:-4]),
        ("gzip", lambda b: gzip.compress(b[:4]) + gzip.compress(b[4:])),
        ("identity", bytes),
    ],
)
def test_bodies_come_out_decompressed(
    serving: Serve, reply: Reply, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    body = "<rss>été</rss>".encode() * 50
    fetched, _ = fetch_once(serving, {"/f": reply(pack(body), Content_Encoding=encoding)})
    assert (fetched.outcome, fetched.body, fetched.error) == (Outcome.OK, body, None)


def test_validators_are_sent_and_304_is_no_failure(serving: Serve, reply: Reply) -> None:
    fetched, server = fetch_once(
        serving,
        {"/f": reply(b"", 304)},
        etag='W/"été"'.replace("é", "e"),
        last_modified="Sat, 01 Nov 2025 00:00:00 GMT",
    )
    assert fetched.outcome is Outcome.NOT_MODIFIED
    assert 'If-None-Match: W/"ete"' in server.requests[0]
    assert "If-Modified-Since: Sat, 01 Nov 2025" in server.requests[0]


def test_a_hostile_validator_is_not_sent_back(serving: Serve, reply: Reply) -> None:
    fetched, server = fetch_once(serving, {"/f": reply(b"x")}, etag='"a"\r\nX-Injected: 1')
    assert fetched.outcome is Outcome.OK
    assert "If-None-Match" not in server.requests[0]
    assert "Injected" not in server.requests[0]


def test_the_user_agent_says_who_we_are(serving: Serve, reply: Reply) -> None:
    _, server = fetch_once(serving, {"/f": reply(b"x")})
    assert "User-Agent: Vigie/" in server.requests[0]
    assert "+veille@example.org" in user_agent("veille@example.org")
    assert "\n" not in user_agent("a\r\nX: 1")


def test_permanent_redirects_are_noted_and_temporary_ones_are_not(serving: Serve, reply: Reply) -> None:
    replies = {"/f": reply(b"", 301, Location="/g"), "/g": reply(b"", 308, Location="/h"), "/h": reply(b"x")}
    fetched, server = fetch_once(serving, replies)
    assert fetched.moved_to == f"{server.base}/h" == fetched.final_url
    replies["/g"] = reply(b"", 302, Location="/h")
    fetched, _ = fetch_once(serving, replies)
    assert (fetched.outcome, fetched.moved_to) == (Outcome.OK, None)


@pytest.mark.parametrize(
    ("status", "health"),
    [
        (403, Health.REFUSED),
        (404, Health.UNREACHABLE),
        (410, Health.GONE),
        (429, Health.REFUSED),
        (500, Health.UNREACHABLE),
        (418, Health.UNREACHABLE),
    ],
)
def test_a_status_is_told_in_words(serving: Serve, reply: Reply, status: int, health: Health) -> None:
    fetched, _ = fetch_once(serving, {"/f": reply(b"secret", status, Retry_After="120")})
    assert (fetched.outcome, fetched.status, fetched.health, fetched.body) == (Outcome.FAILED, status, health, b"")
    assert f"HTTP {status}" in (fetched.error or "")
    assert fetched.headers["retry-after"] == "120"


def test_two_connections_a_host_at_most(serving: Serve, reply: Reply) -> None:
    async def go() -> tuple[int, int]:
        replies = {f"/{n}": reply(b"x") for n in range(12)}
        async with serving(replies, pause=0.02) as server, Fetcher(allow_private=server.allowed) as fetcher:
            done = await asyncio.gather(*(fetcher.fetch(f"{server.base}/{n}") for n in range(12)))
            return server.peak, sum(one.outcome is Outcome.OK for one in done)

    assert asyncio.run(go()) == (2, 12)


class _Rebinding(AbstractResolver):
    """Says a public address first and a private one from then on, as a rebinding DNS server does."""

    def __init__(self, answers: list[str]) -> None:
        self.answers = answers
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [ResolveResult(hostname=host, host=answer, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is held."""


def test_a_name_that_resolves_inwards_is_refused_even_to_an_allowed_port(serving: Serve) -> None:
    async def act(server: Any) -> tuple[Fetched, list[str]]:
        async with Fetcher(allow_private=server.allowed, resolver=_Rebinding(["127.0.0.1"])) as fetcher:
            return await fetcher.fetch(f"http://mal.example:{server.port}/internal/secret"), server.requests

    fetched, requests = with_server(serving, act)
    assert "adresse privée" in (fetched.error or "")
    assert requests == []


def test_an_answer_that_changes_is_judged_on_the_socket(serving: Serve) -> None:
    """The check is on what is connected to: even a resolver that was never asked cannot lead inwards."""

    async def act(server: Any) -> tuple[Fetched, list[str]]:
        async with Fetcher(resolver=_Rebinding(["127.0.0.1"])) as fetcher:
            fetcher.guard.refuses_name = lambda host, port, address: None  # type: ignore[method-assign]
            return await fetcher.fetch(f"http://mal.example:{server.port}/internal/secret"), server.requests

    fetched, requests = with_server(serving, act)
    assert "adresse privée" in (fetched.error or "")
    assert requests == []


class _Skipping(asyncio.SelectorEventLoop):
    """A loop whose clock a test puts forward."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead

    def skip(self, seconds: float) -> None:
        self.ahead += seconds


@pytest.mark.parametrize(
    ("each", "done"), [(200.0, [None] * 4), (400.0, ["pas de réponse complète en 300 s"] * 4)]
)
def test_the_deadline_counts_the_exchange_and_not_the_wait_for_a_slot(
    serving: Serve, reply: Reply, each: float, done: list[str | None]
) -> None:
    async def act() -> list[Fetched]:
        slow = {f"/{n}": [lambda: loop.skip(each), 0.0, reply(b"x")] for n in range(4)}
        limits = Limits(seconds=300.0, per_host=1)
        async with serving(slow) as server, Fetcher(allow_private=server.allowed, limits=limits) as fetcher:
            return await asyncio.gather(*(fetcher.fetch(f"{server.base}/{n}") for n in range(4)))

    loop = _Skipping()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert [one.error for one in runner.run(act())] == done

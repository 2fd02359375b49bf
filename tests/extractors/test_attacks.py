# ruff: noqa: E501 - the table reads as one: an attack, what is sent, the verdict, on a line
"""Hostile feeds, each with the verdict that it must get: one table, one server on loopback, the whole way in.

Address tricks that need a resolver of their own (names that resolve inwards, rebinding) are in test_fetching.
"""

import asyncio
import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from extractors.courtesy import Courtesy
from extractors.fetching import Fetcher, Limits
from extractors.parsing import Workshop
from models.records import Fetched, ParsedFeed
from models.vocabulary import Health

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMITS = Limits(seconds=60.0, max_bytes=4_000_000, per_host=8)
ENDLESS = ("drip", "silence")
"""What only the deadline ends: they get a short one. A short one for all would end others on a busy machine."""
SECRET = b"<html><body><p>TOP SECRET internal token</p></body></html>"
INTERNAL = "/internal/secret"


@dataclass(frozen=True)
class Verdict:
    health: Health
    words: str = ""
    entries: int = 0


def item(title: str = "Une brève", link: str = "https://site.example/a", extra: str = "", guid: str = "g1") -> str:
    return f"<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{guid}</guid>{extra}</item>"


def feed(items: str, start: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    return f"{start}<rss version='2.0'><channel><title>F</title>{items}</channel></rss>".encode(
        "utf-8", "surrogatepass"
    )


def nested_entities() -> str:
    rows = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE rss [<!ENTITY a0 "lol">{rows}]>'


LONG = "x" * 50_000
REFUSED = Verdict(Health.UNREACHABLE)  # refused as private, as another scheme, or as no address at all
# Where a redirect leads; {port} is the server's, whose own address, 127.0.0.1, is the only one allowed.
REDIRECTS = {
    "to another loopback address": "http://127.0.0.2:{port}" + INTERNAL,
    "to IPv6 loopback": "http://[::1]:{port}" + INTERNAL,
    "to a mapped IPv4": "http://[::ffff:127.0.0.1]:{port}" + INTERNAL,
    "to a decimal host": "http://2130706433:{port}" + INTERNAL,
    "to a hexadecimal host": "http://0x7f000001:{port}" + INTERNAL,
    "to an octal host": "http://0177.0.0.1:{port}" + INTERNAL,
    "to a short host": "http://127.1:{port}" + INTERNAL,
    "to a name of loopback": "http://localhost:{port}" + INTERNAL,
    "to a full-width host": "http://１２７.0.0.2:{port}" + INTERNAL,
    "to zero": "http://0.0.0.0:{port}" + INTERNAL,
    "behind a user name": "http://127.0.0.1:{port}@127.0.0.2:{port}" + INTERNAL,
    "to another port": "http://127.0.0.1:1" + INTERNAL,
    "to metadata": "http://169.254.169.254/latest/meta-data/",
    "to a private network": "http://10.0.0.1/",
    "without a scheme": "//127.0.0.2:{port}" + INTERNAL,
    "to a file": "file:///etc/passwd",
    "to gopher": "gopher://127.0.0.1:{port}/x",
    "to data": "data:application/rss+xml,<rss/>",
}
# What the server sends: a body, or whole answers.
ATTACKS: dict[str, tuple[Any, Verdict]] = {
    "gzip bomb": (("gzip", gzip.compress(b" " * 300_000_000, 9)), Verdict(Health.BROKEN, "plus de 4 Mo")),
    "endless body": (["HEAD", *[b" " * 65_536] * 100], Verdict(Health.BROKEN, "plus de 4 Mo")),
    "a thousand gzip members": (("gzip", gzip.compress(b"") * 1000), Verdict(Health.BROKEN, "trop de morceaux")),
    "unknown compression": (("br", b"\x0b"), Verdict(Health.BROKEN, "non gérée")),
    "drip": (["HEAD", *[b" ", 0.3] * 20], Verdict(Health.UNREACHABLE, "pas de réponse complète en 2 s")),
    "silence": ([5.0], Verdict(Health.UNREACHABLE, "pas de réponse complète")),
    "closed at once": ([b""], Verdict(Health.UNREACHABLE, "coupée")),
    "not HTTP": ([b"SSH-2.0-OpenSSH\r\n\r\n"], Verdict(Health.UNREACHABLE, "HTTP mal formée")),
    "a header of a megabyte": ([b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000], Verdict(Health.UNREACHABLE, "HTTP mal formée")),
    "length too long": ([b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + feed(item())], Verdict(Health.UNREACHABLE, "tronquée")),
    "length too short": ([b"HTTP/1.1 200 OK\r\nContent-Length: 150\r\n\r\n" + feed(item() * 9)], Verdict(Health.UNREACHABLE, "HTTP mal formée")),
    "negative length": ([b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + feed(item())], Verdict(Health.UNREACHABLE, "HTTP mal formée")),
    "gzip cut short": (("gzip", gzip.compress(feed(item()))[:-20]), Verdict(Health.BROKEN, "tronquée")),
    "entity bomb": (feed("<item><title>&a9;</title></item>", nested_entities()), Verdict(Health.BROKEN, "entités", 1)),
    "quadratic entity": (feed(item("&a;" * 4000), f'<!DOCTYPE rss [<!ENTITY a "{LONG}">]>'), Verdict(Health.BROKEN, "entités", 1)),
    "external entity": (feed(item("&x;"), '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), Verdict(Health.BROKEN, "entités", 1)),
    "parameter entity": (feed(item(), '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]>'), Verdict(Health.FRESH, "entités", 1)),
    "attribute flood": (feed(f"<item{' a=1' * 100_000}><title>t</title></item>"), Verdict(Health.BROKEN, "64 Kio")),
    "attribute flood inside an item": (feed(item(extra=f"<description><![CDATA[<p{' a=1' * 100_000}>]]></description>")), Verdict(Health.FRESH, "", 1)),
    "quotes around the flood": (feed(f"<item b' c='>' d='{' a' * 100_000}'></item>"), Verdict(Health.BROKEN, "64 Kio")),
    "deep XML": (feed("<a>" * 20_000 + "</a>" * 20_000), Verdict(Health.EMPTY)),
    "deep HTML inside an item": (feed(item(extra=f"<description><![CDATA[{'<div>' * 100_000}]]></description>")), Verdict(Health.FRESH, "", 1)),
    "a hundred thousand items": (feed("<item/>" * 100_000), Verdict(Health.BROKEN, "100000 entrées")),
    "a title of three megabytes": (feed(item("x" * 3_000_000)), Verdict(Health.FRESH, "", 1)),
    "truncation": (feed(item() + item(guid="g2"))[:-70], Verdict(Health.BROKEN, "tronqué, 1 entrée sauvée", 1)),
    "NUL": (feed(item("br\x00ève\x0b")), Verdict(Health.FRESH, "caractères de contrôle", 1)),
    "a NUL by reference": (feed(item("br&#0;ève")), Verdict(Health.FRESH, "caractères", 1)),
    "a surrogate by reference": (feed(item("br&#xD800;ève")), Verdict(Health.FRESH, "caractères", 1)),
    "surrogates in the bytes": (feed(item("br\ud800ève")), Verdict(Health.FRESH, "encodage", 1)),
    "Latin-1 told as UTF-8": (feed(item("brève")).decode().encode("latin-1"), Verdict(Health.FRESH, "encodage annoncé faux", 1)),
    "UTF-7": (feed(item("+ADw-script+AD4-"), '<?xml version="1.0" encoding="utf-7"?>'), Verdict(Health.BROKEN, "mal formé", 1)),
    "an unknown encoding": (feed(item("brève"), '<?xml version="1.0" encoding="klingon"?>'), Verdict(Health.FRESH, "encodage", 1)),
    "year -1": (feed(item(extra="<pubDate>0000-00-00</pubDate>")), Verdict(Health.FRESH, "date impossible", 1)),
    "year 299": (feed(item(extra="<pubDate>Mon, 01 Jan 299 00:00:00 GMT</pubDate>")), Verdict(Health.FRESH, "date impossible", 1)),
    "next year": (feed(item(extra="<pubDate>Mon, 22 Nov 2027 00:00:00 GMT</pubDate>")), Verdict(Health.FRESH, "date impossible", 1)),
    "a repeated guid": (feed(item() + item("Autre")), Verdict(Health.FRESH, "identifiant répété", 2)),
    "a javascript: link": (feed(item(link="javascript:alert(1)")), Verdict(Health.FRESH, "lien refusé", 1)),
    "a data: link": (feed(item(link="data:text/html,x")), Verdict(Health.FRESH, "lien refusé", 1)),
    "a file: link": (feed(item(link="file:///etc/passwd")), Verdict(Health.FRESH, "lien refusé", 1)),
    "a link inwards": (feed(item(link="http://10.0.0.1/internal/secret")), Verdict(Health.FRESH, "adresse privée", 1)),
    "a header in a title": (feed(item("Démission&#13;&#10;Bcc: victime@example.org")), Verdict(Health.FRESH, "caractères de contrôle dans le titre", 1)),
    "a call to a channel": (feed(item("&lt;!channel&gt; démissionne")), Verdict(Health.FRESH, "appel de messagerie", 1)),
    "a file's name for a body": (b"/etc/passwd", Verdict(Health.NOT_A_FEED, "ni RSS ni Atom")),
    "an address for a body": (b"http://127.0.0.1:1/internal/secret", Verdict(Health.NOT_A_FEED, "ni RSS ni Atom")),
    "a consent wall": ("<html><body>Gérer mon consentement</body></html>".encode(), Verdict(Health.NOT_A_FEED, "consentement")),
    "a redirect to itself": (("redirect", "/attack/a redirect to itself"), Verdict(Health.UNREACHABLE, "boucle")),
    "an endless series of redirects": (("redirect", "/chain/1"), Verdict(Health.UNREACHABLE, "plus de 3 redirections")),
    "a redirect to nowhere": (("redirect", ""), Verdict(Health.UNREACHABLE, "sans destination")),
    "a redirect to nonsense": (("redirect", "http://[::1"), Verdict(Health.UNREACHABLE, "mal formée")),
    **{f"a redirect {name}": (("redirect", target), REFUSED) for name, target in REDIRECTS.items()},
}  # fmt: skip
Seen = dict[str, tuple[Fetched, ParsedFeed | None, float]]


def path(name: str) -> str:
    return "/attack/" + name.replace(" ", "%20")


def answer(made: Any, port: int, http: Callable[..., bytes]) -> Any:
    """The bytes that the server sends for a row of the table."""
    if isinstance(made, bytes):
        return http(made)
    if isinstance(made, list):
        return [b"HTTP/1.1 200 OK\r\n\r\n" if piece == "HEAD" else piece for piece in made]
    kind, content = made
    if kind == "redirect":
        return http(b"", 302, Location=content.replace("{port}", str(port)).replace(" ", "%20"))
    return http(content, Content_Encoding=kind)


@pytest.fixture(scope="module")
def seen(serving: Any, reply: Callable[..., bytes]) -> tuple[Seen, list[str]]:
    """All attacks at once, each fetched and parsed; and every path that the server was asked for."""

    async def one(
        fetcher: Fetcher, shop: Workshop, base: str, name: str
    ) -> tuple[Fetched, ParsedFeed | None, float]:
        begun = time.monotonic()
        fetched = await fetcher.fetch(base + path(name))
        kind = fetched.headers.get("content-type", "")
        parsed = None
        if not fetched.error:
            parsed = await shop.parse_feed(fetched.body, feed_url=fetched.final_url, content_type=kind, now=NOW)
        return fetched, parsed, time.monotonic() - begun

    async def go() -> tuple[Seen, list[str]]:
        async with serving({}) as server, Workshop() as shop:
            server.replies |= {path(name): answer(made, server.port, reply) for name, (made, _) in ATTACKS.items()}
            server.replies |= {f"/chain/{n}": reply(b"", 302, Location=f"/chain/{n + 1}") for n in range(9)}
            server.replies[INTERNAL] = reply(SECRET)
            short = replace(LIMITS, seconds=2.0)
            async with (
                Fetcher(allow_private=server.allowed, limits=LIMITS) as patient,
                Fetcher(allow_private=server.allowed, limits=short) as hasty,
            ):
                by = {name: hasty if name in ENDLESS else patient for name in ATTACKS}
                done = await asyncio.gather(*(one(by[name], shop, server.base, name) for name in ATTACKS))
            return dict(zip(ATTACKS, done, strict=True)), server.paths()

    return asyncio.run(go())


@pytest.mark.parametrize("name", ATTACKS)
def test_the_verdict(name: str, seen: tuple[Seen, list[str]]) -> None:
    verdict = ATTACKS[name][1]
    fetched, parsed, _ = seen[0][name]
    told = (parsed.health, parsed.problem or "") if parsed else (fetched.health, fetched.error or "")
    assert told[0] is verdict.health, told
    assert verdict.words in told[1]
    assert "\n" not in told[1]
    entries = parsed.entries if parsed else ()
    assert len(entries) == verdict.entries
    for entry in entries:
        assert len(entry.title) <= 300
        assert entry.url is None or entry.url.startswith(("http://", "https://"))
        assert entry.published is None or entry.published <= NOW
        assert not set("\x00\r\n\ud800") & set(entry.title)


def test_nothing_internal_was_asked_for_or_kept(seen: tuple[Seen, list[str]]) -> None:
    results, paths = seen
    assert INTERNAL not in paths
    kept = repr([(fetched, parsed) for fetched, parsed, _ in results.values()])
    assert "TOP SECRET" not in kept
    assert "root:" not in kept
    assert "lollol" not in kept


def test_none_of_them_takes_long(seen: tuple[Seen, list[str]]) -> None:
    assert max(seconds for _, _, seconds in seen[0].values()) < 120  # all at once, on a busy machine


def test_guids_that_change_lead_to_the_same_page(seen: tuple[Seen, list[str]]) -> None:
    async def go() -> list[ParsedFeed]:
        async with Workshop() as shop:
            return [
                await shop.parse_feed(feed(item(guid=guid)), feed_url="https://site.example/feed", now=NOW)
                for guid in ("1", "2")
            ]

    first, second = asyncio.run(go())
    assert first.entries[0].key != second.entries[0].key
    assert first.entries[0].url == second.entries[0].url


def test_an_items_link_inwards_is_not_followed(serving: Any, reply: Callable[..., bytes]) -> None:
    async def go() -> tuple[Fetched, list[str]]:
        async with serving({INTERNAL: reply(SECRET)}) as server, Fetcher(limits=LIMITS) as fetcher:
            return await Courtesy(fetcher).fetch(server.base + INTERNAL), server.requests

    fetched, requests = asyncio.run(go())
    assert "adresse privée" in (fetched.error or "")
    assert requests == []

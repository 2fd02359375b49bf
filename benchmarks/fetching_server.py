"""A thousand small feeds on many loopback addresses, for benchmarks/fetching.py.

    python -m benchmarks.fetching_server --feeds 1000 --hosts 250 --latency 0.05

Prints its port. Each host is an address of its own (127.0.1.1, …), so that limits per host hold as they do on the
net. `/_change?feeds=50&pages=10` adds entries, `/_log` gives and forgets the requests since the last time.
"""

import argparse
import asyncio
import hashlib
import json
from collections.abc import Callable
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

FILLER = "".join(
    f'<li><a class="nav-item" href="/rubrique/{n}">Rubrique numéro {n} du site</a></li>' for n in range(400)
)
SENTENCE = "L'écran est plus lumineux et la batterie dure plus que celle du modèle précédent. "


class Site:
    """What is published, and what was asked for."""

    def __init__(self, feeds: int, hosts: int) -> None:
        self.feeds, self.hosts = feeds, hosts
        self.entries = [1] * feeds
        self.log: list[tuple[str, str, str]] = []

    def answer(self, host: str, target: str, tag: str) -> tuple[int, str, bytes, str]:
        """Status, type, body and ETag for one request."""
        parts = urlsplit(target)
        if parts.path == "/_log":
            log, self.log = self.log, []
            return 200, "application/json", json.dumps(log).encode(), ""
        if parts.path == "/_change":
            asked = parse_qs(parts.query)
            for number in range(int(asked["feeds"][0])):
                self.entries[number] += int(asked["pages"][0])
            return 200, "text/plain", b"ok", ""
        self.log.append((host, target, tag))
        kind, _, rest = parts.path.lstrip("/").partition("/")
        if kind == "feed":
            body = self.feed(int(rest), host)
            new = '"' + hashlib.md5(body, usedforsecurity=False).hexdigest() + '"'
            return (304, "", b"", new) if tag == new else (200, "application/rss+xml", body, new)
        if kind == "page":
            return 200, "text/html; charset=utf-8", page(rest), ""
        return 404, "text/plain", b"", ""

    def feed(self, number: int, host: str) -> bytes:
        """One feed's RSS, latest entry first."""
        items = "".join(
            f"<item><title>Note {entry} du site {number}</title><link>http://{host}/page/{number}-{entry}</link>"
            f"<description>{SENTENCE}</description>"
            f"<pubDate>Sat, 21 Nov 2026 {entry % 24:02}:00:00 GMT</pubDate></item>"
            for entry in range(self.entries[number], 0, -1)
        )
        return f'<rss version="2.0"><channel><title>Site {number}</title>{items}</channel></rss>'.encode()


def page(name: str) -> bytes:
    """An article page of some 50 KB, most of it not the article."""
    text = "".join(f"<p>Point {part} du test {name}. {SENTENCE * 4}</p>" for part in range(8))
    main = f"<main><article><h1>Page {name}</h1>{text}</article></main>"
    start = (
        f"<!doctype html><html lang=fr><head><title>Page {name}</title></head><body><nav><ul>{FILLER}</ul></nav>"
    )
    return f"{start}{main}<footer><ul>{FILLER[:8000]}</ul></footer></body></html>".encode()


class Answering(Protocol):
    """Whoever has an answer to a request: status, type, body and ETag."""

    def answer(self, host: str, target: str, tag: str) -> tuple[int, str, bytes, str]: ...  # noqa: D102 - as above


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as little of it as a benchmark needs."""

    def __init__(self, site: Answering, latency: float) -> None:
        self.site, self.latency, self.buffer = site, latency, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # noqa: D102 - asyncio's own word
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP gives no other
        self.transport = transport

    def data_received(self, data: bytes) -> None:  # noqa: D102 - asyncio's own word
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            asyncio.get_running_loop().call_later(self.latency, self.reply, head.decode("latin-1"))

    def reply(self, head: str) -> None:
        """Answers one request."""
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status, kind, body, tag = self.site.answer(
            headers["host"], first.split(" ")[1], headers.get("if-none-match", "")
        )
        etag = f"ETag: {tag}\r\n" if tag else ""
        start = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{etag}\r\n"
        self.transport.write(start.encode() + body)


async def serve(site: Answering, hosts: int, latency: float) -> None:
    """Serves until it is ended."""
    loop = asyncio.get_running_loop()
    first = await loop.create_server(lambda: Connection(site, latency), "127.0.1.1", 0, backlog=1024)
    port = first.sockets[0].getsockname()[1]
    others = [f"127.0.1.{number}" for number in range(2, hosts + 1)]
    await loop.create_server(lambda: Connection(site, latency), others, port, backlog=1024)
    print(port, flush=True)
    await asyncio.Event().wait()


def main(open_site: Callable[[int, int], Answering]) -> None:
    """Serves what `open_site` makes of the numbers of feeds and hosts asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--hosts", type=int, default=250)
    parser.add_argument("--latency", type=float, default=0.05)
    given = parser.parse_args()
    asyncio.run(serve(open_site(given.feeds, given.hosts), given.hosts, given.latency))


if __name__ == "__main__":
    main(Site)

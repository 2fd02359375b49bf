"""The newsroom and a webhook, served on loopback for as long as the demo runs."""

import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import JSONDecodeError, loads
from typing import Any
from urllib.parse import urlsplit

from flows.demo.feeds import Served, feed
from flows.demo.pages import front, page
from flows.demo.stories import Site, dated
from models.errors import ConfigurationError

HOST = "127.0.0.1"
MAX_POST = 1_000_000  # bytes; an alert's message has some thousands


class Newsroom:
    """The outlets as they stand at `clock`: stories published later are not there yet. Counts what is asked of it.

    `opened` dates the stories; both are aware datetimes. Not thread-safe but for `counts` and `received`.
    """

    def __init__(self, sites: Sequence[Site], opened: datetime) -> None:
        self.sites = {site.slug: dated(site, opened) for site in sites}
        self.opened = self.clock = opened
        self.base = ""
        self.counts: Counter[str] = Counter()  # feeds, unchanged, pages, alerts
        self.received: list[dict[str, Any]] = []  # what the webhook was sent
        self.lock = threading.Lock()

    def feed_urls(self) -> tuple[tuple[str, str], ...]:
        """Name and feed address of every outlet."""
        return tuple((site.name, f"{self.base}/{slug}/flux") for slug, site in self.sites.items())

    def answer(self, path: str) -> Served | None:
        """The feed, page or front page at a path; None where there is nothing."""
        slug, _, rest = path.strip("/").partition("/")
        site = self.sites.get(slug)
        if site is None:
            return None
        now = Site(
            site.slug, site.name, site.form, site.tagline, tuple(s for s in site.stories if s.when <= self.clock)
        )
        if rest == "flux":
            return feed(now, self.base)
        if not rest:
            return front(now, self.base)
        return next((page(now, story, self.base) for story in now.stories if story.slug == rest), None)

    def note(self, what: str, message: dict[str, Any] | None = None) -> None:
        """Counts one request, and keeps what the webhook was sent."""
        with self.lock:
            self.counts[what] += 1
            if message is not None:
                self.received.append(message)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    room: Newsroom

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the demo's own report tells what was served."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        served = self.room.answer(path)
        if served is None:
            self._send(404, Served("Rien à cette adresse.".encode(), "text/plain; charset=utf-8"))
        elif self.headers.get("If-None-Match") == served.etag:
            self.room.note("unchanged")
            self._send(304, Served(b"", served.content_type), served.etag)
        else:
            self.room.note("feeds" if path.endswith("/flux") else "pages")
            self._send(200, served, served.etag)

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), MAX_POST)
        try:
            message = loads(self.rfile.read(length))
        except (JSONDecodeError, UnicodeDecodeError):
            self._send(400, Served(b"", "text/plain"))
            return
        self.room.note("alerts", message if isinstance(message, dict) else {})
        self._send(200, Served(b"{}", "application/json"))

    def _send(self, status: int, served: Served, etag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", served.content_type)
        self.send_header("Content-Length", str(len(served.body)))
        if served.encoding:
            self.send_header("Content-Encoding", served.encoding)
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(served.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is killed breaks its connections off: nothing to tell."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _bound(room: Newsroom, port: int) -> _Server:
    try:
        return _Server((HOST, port), type("Handler", (_Handler,), {"room": room}))
    except OSError as error:
        words = f"le port {port} de la démonstration est pris ; arrêtez ce qui l'occupe, ou effacez son dossier"
        raise ConfigurationError(words) from error


@contextmanager
def serving(room: Newsroom, port: int = 0) -> Iterator[int]:
    """Serves a newsroom in a thread; gives the port (a free one for 0). ConfigurationError where it is taken."""
    with _bound(room, port) as server:
        bound = int(server.server_address[1])
        room.base = f"http://{HOST}:{bound}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield bound
        finally:
            server.shutdown()
            thread.join(timeout=5)

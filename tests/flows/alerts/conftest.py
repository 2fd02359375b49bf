"""Events, alerts and local receivers for the tests of alerting."""

import asyncio
import json
import smtplib
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from models.dates import PartialDate
from models.events import Alert, Chosen, Event, Provenance, Resolution, SourcedMention
from models.records import Evidence, Mention
from models.vocabulary import Kind, Life, News, Salience, Status

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PATIENCE = 60.0
"""Seconds that a receiver waits for what always comes, on the slowest of machines."""


@pytest.fixture
def now() -> datetime:
    """A Sunday morning."""
    return NOW


def mention_of(**changes: Any) -> SourcedMention:
    """A mention of a layoff, told by an outlet of the tests."""
    where = {
        "article": changes.pop("article", "https://echo.example/un"),
        "outlet": changes.pop("outlet", "L’Écho du Net"),
        "title": changes.pop("title", "Lumen supprime 500 postes"),
        "published": changes.pop("published", PartialDate("2026-11-21")),
    }
    where["url"] = changes.pop("url", where["article"])
    quote = changes.pop("quote", "va supprimer 500 postes")
    values: dict[str, Any] = {"kind": Kind.LAYOFF, "salience": Salience.MAIN, "company": "Lumen", "headcount": 500}
    values |= changes
    evidence = {"trigger": Evidence("text", 6, 6 + len(quote), quote, "test")}
    return SourcedMention(f"m:{where['article']}", Mention(**values, evidence=evidence), Provenance(**where))


def event_of(kind: Kind = Kind.LAYOFF, **changes: Any) -> Event:
    """An event with the given values; others are those of a plain one."""
    mentions = changes.pop("mentions", (mention_of(kind=kind, status=Status.CONFIRMED),))
    life, id_ = changes.pop("life", Life.CONFIRMED), changes.pop("id", "evt1")
    dismissed = changes.pop("dismissed", False)
    values: dict[str, Any] = {"company": "Lumen", "date": "2026-11-20"}
    if kind is Kind.LAYOFF:
        values |= {"headcount": 500, "headcount_qualifier": "exact", "percent": 13, "place": "France"}
    else:
        values |= {
            "person": "Zoé Lefèvre",
            "role": "directrice financière",
            "role_codes": ("CFO",),
            "manner": ("voluntary",),
        }
    values |= changes
    chosen = {
        k: v if isinstance(v, Chosen) else Chosen(v, "test", (mentions[0].id,))
        for k, v in values.items()
        if v is not None
    }
    return Event(id_, kind, life, chosen, mentions, dismissed=dismissed)


def resolution_of(event: Event, news: News | None = News.NEW, **changes: Any) -> Resolution:
    """What became of the event's last mention."""
    return Resolution(event.mentions[-1], event, news is News.NEW, "test", news, changes.pop("changes", ()))


def alert_of(event: Event | None = None, news: News = News.NEW, **changes: Any) -> Alert:
    """An alert of an event."""
    values: dict[str, Any] = {"id": "a1", "rule": "tout", "channels": ("equipe",), "created": NOW}
    values |= changes
    return Alert(news=news, event=event or event_of(), **values)


@dataclass
class Make:
    """The makers, for tests."""

    mention: Callable[..., SourcedMention] = mention_of
    event: Callable[..., Event] = event_of
    resolution: Callable[..., Resolution] = resolution_of
    alert: Callable[..., Alert] = alert_of


@pytest.fixture
def make() -> Make:
    """Makers of records."""
    return Make()


@dataclass
class Sink:
    """A local HTTP receiver: what came, and how it answers."""

    url: str = ""
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], Callable[[socket.socket], Any] | None]] = field(default_factory=list)
    """Status, headers, and what is done with the connection before they are sent: one a request, then 200."""

    hung: threading.Event = field(default_factory=threading.Event)

    def never(self, connection: socket.socket) -> None:
        """For an answer that no client is patient enough for: it is sent once the client has left."""
        self.hung.set()
        connection.settimeout(PATIENCE)
        connection.recv(1)

    @property
    def port(self) -> int:
        """Its port."""
        return int(self.url.rsplit(":", 1)[1])

    @property
    def bodies(self) -> list[Any]:
        """The bodies that were received, parsed."""
        return [json.loads(body) for _, _, body in self.received]


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A webhook on loopback."""
    yield from _serve()


@pytest.fixture
def other_sink() -> Iterator[Sink]:
    """A second one."""
    yield from _serve()


def _serve() -> Iterator[Sink]:
    state = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, before = state.answers.pop(0) if state.answers else (200, {}, None)
            if status == 200:
                state.received.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            if before:
                before(self.connection)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Mailbox:
    """A local SMTP server's mail; `answer` is what it says to the next letters, None: nothing, ever."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    answer: str | None = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Take a recipient unless it is refused."""
        if address in self.refused:
            return "451 plus tard"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a letter as a mail program reads it."""
        if self.answer is None:
            await asyncio.Event().wait()  # it is cancelled once the client has left
        elif self.answer.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
            self.recipients.append(list(envelope.rcpt_tos))
        return self.answer or ""


class OnSocket(Controller):
    """A mail server on a port that is its own from the start: one that is only known to be free may be taken."""

    def __init__(self, handler: Mailbox) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, hostname="127.0.0.1", port=self.socket.getsockname()[1], ready_timeout=PATIENCE)

    def _create_server(self) -> Coroutine[Any, Any, asyncio.Server]:
        created: Coroutine[Any, Any, asyncio.Server] = self.loop.create_server(
            self._factory_invoker, sock=self.socket
        )
        return created


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real SMTP server on loopback."""
    box = Mailbox()
    controller = OnSocket(box)
    box.port = controller.port
    controller.start()
    with smtplib.SMTP("127.0.0.1", box.port, timeout=PATIENCE):
        pass
    yield box
    controller.stop()

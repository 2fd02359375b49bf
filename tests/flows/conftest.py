"""A tiny newsroom on loopback, a configuration beside it, and one temporary Prefect for the whole session."""

import hashlib
import html
import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Story:
    """A story of the tiny newsroom. `broken`: its page answers 500; `missing`: 404."""

    slug: str
    title: str
    text: str
    broken: bool = False
    missing: bool = False


LEFT = Story(
    "moreau",
    "Le directeur général de Calypso Robotics démissionne",
    "Étienne Moreau, directeur général de Calypso Robotics, a démissionné lundi de ses fonctions. "
    "« Je quitte l’entreprise après six ans », a déclaré le dirigeant dans un message aux salariés.\n\n"
    "La start-up lyonnaise, qui fabrique des bras articulés, n’a pas encore nommé de successeur. "
    "Son conseil d’administration doit se réunir dans les prochains jours pour organiser la suite.",
)
CUT = Story(
    "verdon",
    "Verdon Cloud supprime 120 postes",
    "L’hébergeur Verdon Cloud a annoncé mardi la suppression de 120 postes, soit 15 % de ses effectifs. "
    "La direction invoque une baisse de la demande et la perte de deux grands clients.\n\n"
    "Les syndicats ont été reçus dans la matinée. Le plan touche surtout le support.",
)
CALM = Story(
    "clavier",
    "Test : un clavier mécanique presque silencieux",
    "Le nouveau clavier de Lumio promet le calme au bureau sans rien perdre de la frappe mécanique. "
    "Nous l’avons essayé pendant deux semaines, au travail comme à la maison, avec un plaisir certain.\n\n"
    "Les touches répondent vite, le châssis ne bouge pas, et le prix reste raisonnable pour cette gamme.",
)


@dataclass
class Newsroom:
    """What is served; tests change it between two cycles."""

    base: str = ""
    sites: dict[str, list[Story]] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    webhooks: list[dict[str, Any]] = field(default_factory=list)
    now: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(hours=2))
    broken_feeds: set[str] = field(default_factory=set)
    dated: bool = True
    going: threading.Event = field(default_factory=threading.Event)
    """Set as a rule; while it is not, pages wait for it."""
    lock: Any = field(default_factory=threading.Lock)

    def feed(self, site: str) -> bytes:
        """The RSS of a site."""
        items = "".join(
            f"<item><title>{html.escape(s.title)}</title><link>{self.base}/{site}/{s.slug}</link>"
            f"<description>{html.escape(s.text[:150])}</description>"
            f"{f'<pubDate>{format_datetime(self.now)}</pubDate>' if self.dated else ''}"
            f'<guid isPermaLink="false">{site}-{s.slug}</guid></item>'
            for s in self.sites[site]
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>{site.title()}</title><link>{self.base}/{site}/</link><description>Tech</description>{items}"
            "</channel></rss>"
        ).encode()

    def page(self, story: Story) -> bytes:
        """The page of a story."""
        paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in story.text.split("\n\n"))
        title = html.escape(story.title)
        return (
            f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head><body>'
            f"<nav><a href='/'>Accueil</a></nav><main><article><h1>{title}</h1>{paragraphs}</article></main>"
            "<footer>Mentions légales</footer></body></html>"
        ).encode()

    def articles_asked(self) -> int:
        """How many article pages were requested."""
        return sum(n for path, n in self.requests.items() if path.count("/") == 2 and not path.endswith("/feed"))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    room: Newsroom

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _reply(
        self, body: bytes, status: int = 200, kind: str = "text/html; charset=utf-8", etag: str = ""
    ) -> None:
        with self.room.lock:
            self.room.statuses[status] += 1
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        room = self.room
        with room.lock:
            room.requests[self.path] += 1
        site, _, slug = self.path.strip("/").partition("/")
        story = next((s for s in room.sites.get(site, []) if s.slug == slug), None)
        if slug == "feed" and site in room.sites and site not in room.broken_feeds:
            body = room.feed(site)
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == etag:
                return self._reply(b"", 304, etag=etag)
            return self._reply(body, kind="application/rss+xml", etag=etag)
        if story is not None and not story.broken and not story.missing:
            room.going.wait()
            return self._reply(room.page(story))
        return self._reply(b"", 500 if (story and story.broken) or site in room.broken_feeds else 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with self.room.lock:
            self.room.webhooks.append(json.loads(body))
        self._reply(b"{}", kind="application/json")


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """Two sites with three stories: a departure, a cut, a test of a keyboard."""
    room = Newsroom(sites={"alpha": [LEFT, CALM], "beta": [CUT]})
    room.going.set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"room": room}))
    room.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield room
    room.going.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def config(newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with its own database, a webhook and one rule; the machine's own does not show through."""
    for name in ("VIGIE_DATABASE_URL", "VIGIE_CONFIG", "PREFECT_API_URL", "VIGIE_ALLOW_PRIVATE_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    host = newsroom.base.removeprefix("http://")
    path = tmp_path / "vigie.toml"
    path.write_text(
        'database_url = "sqlite:///vigie.db"\n'
        f'allow_private_hosts = ["{host}"]\n'
        f'[channels.essai]\nurl = "json://{host}/hook"\n'
        '[[rules]]\nname = "tout"\nchannels = ["essai"]\n',
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One temporary Prefect server for the session: starting it takes 10 to 20 s."""
    import os

    home = tmp_path_factory.mktemp("prefect")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PREFECT_HOME", str(home))
        patched.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        patched.setenv("DO_NOT_TRACK", "1")
        patched.delenv("PREFECT_API_URL", raising=False)
        assert os.environ["PREFECT_HOME"]
        from prefect.testing.utilities import prefect_test_harness

        with prefect_test_harness(server_startup_timeout=600):
            yield

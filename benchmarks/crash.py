"""Kill the delivery again and again, and count what arrived: none lost, at most one duplicate a kill.

    .venv/bin/python benchmarks/crash.py [--alerts 300] [--kills 50] [--seed 1] [--db URL]

Alerts go to three channels: the signed webhook, apprise's JSON, and e-mail, each received by a real server in this
process. A worker process delivers; it is killed with SIGKILL at random moments of its sending and started again,
and at last left to finish. Exit 1 where a message is lost, where duplicates exceed kills, or where the receivers'
log and the table of deliveries disagree.
"""

import argparse
import asyncio
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from extractors import stories
from flows.alerts.deliver import deliver
from flows.alerts.policy import Rule
from flows.alerts.rules import alerts_for, deliveries_for
from flows.alerts.schedule import Limits
from flows.alerts.send import Sender
from flows.settings import Channel
from models.queries import Verdict
from models.records import Article, Evidence, Mention, Reading
from models.store import Store
from models.vocabulary import DeliveryState, Kind, Manner, Salience

PARIS = ZoneInfo("Europe/Paris")
LEASE = timedelta(seconds=3)  # short, so that what a killed worker held is soon free again
LIMITS = Limits(timeout=timedelta(seconds=1))
BATCH = 45  # deliveries claimed at once: more than a worker sends before it is killed
CHANNELS = ("webhook", "apprise", "courrier")
RULES = (Rule("tout", CHANNELS),)


class Receivers:
    """A webhook and an SMTP server on loopback that log what they accept, by channel and alert."""

    def __init__(self) -> None:
        self.log: list[tuple[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                raw = self.rfile.read(length)
                if len(raw) < length:  # its sender was killed: nothing is accepted
                    return
                body = json.loads(raw)
                if self.path == "/webhook":
                    outer.log.append(("webhook", body["event"]["id"]))
                else:
                    outer.log.append(("apprise", outer.event_in(body["message"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Nothing on stderr."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        from aiosmtpd.controller import Controller

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.smtp_port = free.getsockname()[1]
        self.smtp = Controller(self, hostname="127.0.0.1", port=self.smtp_port)
        self.smtp.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Accept a letter; its text part is base64, so the event's id is taken from a header-free parse."""
        from email import message_from_bytes, policy

        letter = message_from_bytes(envelope.content, policy=policy.default)
        body = letter.get_body(("plain",))
        self.log.append(("courrier", self.event_in(body.get_content() if body else "")))
        await asyncio.sleep(0)
        return "250 OK"

    @staticmethod
    def event_in(text: str) -> str:
        """The event's id at the end of a message."""
        found = re.search(r"Événement (\S+)", text)
        if not found:
            raise ValueError("a message without its event's id")
        return found[1]

    def channels(self) -> dict[str, str]:
        """The addresses to send to."""
        port = self.http.server_port
        return {
            "webhook": f"vigie+http://127.0.0.1:{port}/webhook",
            "apprise": f"json://127.0.0.1:{port}/apprise",
            "courrier": f"mailto://127.0.0.1:{self.smtp_port}?from=vigie@example.org&to=equipe@example.org",
        }

    def close(self) -> None:
        """Stop both servers."""
        self.http.shutdown()
        self.smtp.stop()


def fill(url: str, count: int) -> None:
    """Put one alert for each of `count` departures into the outbox, through the store's own door."""
    now = datetime.now(UTC)
    with Store.open(url) as store:
        for number in range(count):
            _tell(store, number, now)


def _tell(store: Store, number: int, now: datetime) -> None:
    words = f"Camille {_word(number)} quitte la société."
    article = store.save_article(
        Article(f"https://journal.example/{number}", words, words, now, published=now, publisher="Journal"), now
    )
    mention = Mention(
        Kind.DEPARTURE,
        Salience.MAIN,
        company=f"Société {_word(number)}",
        person=f"Camille {_word(number)}",
        manner=(Manner.VOLUNTARY,),
        evidence={"trigger": Evidence("text", 0, len(words), words, "banc")},
    )

    def decide(mentions: Any, lookup: Any) -> Verdict:
        verdict = stories.decide(mentions, lookup)
        alerts = alerts_for(verdict.resolutions, RULES, now, timedelta(days=3))
        return replace(verdict, alerts=alerts, deliveries=deliveries_for(alerts, RULES, {}, now=now, zone=PARIS))

    store.tell(article, Reading(article.url, mentions=(mention,)), "banc", decide, now)


def _word(number: int) -> str:
    """A name for a number, unlike any other's: no two persons may be taken for one."""
    return "".join(chr(ord("a") + int(d)) * 3 for d in f"{number:04}").capitalize()


def work(url: str, channels: dict[str, str]) -> None:
    """Deliver until nothing is left; what a worker does."""
    sender = Sender.of({n: Channel.model_validate({"url": u}) for n, u in channels.items()}, {})
    with Store.open(url) as store:
        while any(store.deliveries(state=s, limit=1) for s in (DeliveryState.WAITING, DeliveryState.LEASED)):
            name = f"banc:{os.getpid()}"
            deliver(store, sender, RULES, clock=_clock, worker=name, limits=LIMITS, lease=LEASE, batch=BATCH)
            time.sleep(0.02)


def _clock() -> datetime:
    return datetime.now(UTC)


def nurse(url: str, channels: dict[str, str]) -> None:
    """A process without threads that has imported everything: at each line it forks a worker, and says its end."""
    for _ in sys.stdin:
        pid = os.fork()
        if not pid:
            work(url, channels)
            os._exit(0)
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


class Nursery:
    """Workers as processes of their own, started in milliseconds."""

    def __init__(self, url: str, channels: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--nurse", json.dumps(channels), "--db", url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])},
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("no pipes to the nursery")
        self.asks, self.answers = self.process.stdin, self.process.stdout

    def start(self) -> int:
        """A new worker's process id."""
        self.asks.write("go\n")
        self.asks.flush()
        return int(self.answers.readline())

    def ended(self) -> int:
        """How the last worker ended, 0 for well; waits for it."""
        return int(self.answers.readline())

    def close(self) -> None:
        """No more workers."""
        self.asks.close()
        self.process.wait(30)


def main() -> int:
    """Run the test and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alerts", type=int, default=300)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--db")
    parser.add_argument("--nurse", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.nurse:
        nurse(asked.db, json.loads(asked.nurse))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        result = crash(asked.db or f"sqlite:///{folder}/vigie.db", asked.alerts, asked.kills, asked.seed)
    print(json.dumps(result, indent=2))
    return 0 if result["passed"] else 1


def crash(url: str, count: int, kills: int, seed: int) -> dict[str, Any]:
    """Fill, kill and restart, finish, count."""
    started, chance = time.monotonic(), random.Random(seed)
    fill(url, count)
    receivers = Receivers()
    nursery = Nursery(url, receivers.channels())
    killed = 0
    while killed < kills:
        pid = nursery.start()
        share = (count * len(CHANNELS) - len(receivers.log)) / (kills - killed)
        if not _until(receivers, len(receivers.log) + chance.randint(1, max(1, round(share))), pid):
            nursery.ended()
            break
        time.sleep(chance.uniform(0.0, 0.03))  # anywhere between two messages
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        killed += nursery.ended() == signal.SIGKILL
    nursery.start()
    finished = nursery.ended()
    nursery.close()
    receivers.close()
    took = round(time.monotonic() - started, 1)
    return {"kills": killed, "seconds": took, **_counted(url, receivers.log, count, killed, finished)}


def _until(receivers: Receivers, arrived: int, pid: int) -> bool:
    """Wait until so many messages arrived; False where the worker ended before."""
    while len(receivers.log) < arrived:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.001)
    return True


def _counted(url: str, log: list[tuple[str, str]], count: int, killed: int, finished: int) -> dict[str, Any]:
    arrived = Counter(log)
    with Store.open(url) as store:
        deliveries = store.deliveries(limit=10 * count)
        events = {a.id: a.event.id for a in store.alerts(limit=10 * count)}
    table = {(d.channel, events[d.alert]) for d in deliveries if d.state is DeliveryState.SENT}
    duplicates = sum(arrived.values()) - len(arrived)
    lost = count * len(CHANNELS) - len(arrived)
    agree = table == set(arrived)
    return {
        "expected": count * len(CHANNELS),
        "arrived": len(arrived),
        "lost": lost,
        "duplicates": duplicates,
        "most_of_one": max(arrived.values(), default=0),
        "table_agrees": agree,
        "passed": finished == 0 and lost == 0 and duplicates <= killed and agree,
    }


if __name__ == "__main__":
    sys.exit(main())

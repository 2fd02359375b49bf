"""Two worker processes that deliver at once: each message goes out once, on a database of each kind."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from extractors import stories
from flows.alerts.policy import Rule
from flows.alerts.rules import alerts_for, deliveries_for
from models.queries import Verdict
from models.records import Article, Mention, Reading
from models.store import Store
from models.vocabulary import DeliveryState, Kind, Manner, Salience

ROOT = Path(__file__).parents[3]
COUNT = 24
RULE = Rule("tout", ("un", "deux"))
WORKER = """
import json, sys
from datetime import datetime, timedelta
from flows.alerts.deliver import deliver
from flows.alerts.policy import Rule
from flows.alerts.send import Sender
from flows.settings import Channel
from models.store import Store

url, channels = sys.argv[1], json.loads(sys.argv[2])
now = datetime.fromisoformat(sys.argv[4])
asked = {name: Channel.model_validate({"url": address}) for name, address in channels.items()}
sender = Sender.of(asked, {}, timeout=timedelta(seconds=120))
with Store.open(url) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    rules = [Rule("tout", tuple(channels))]
    report = deliver(
        store, sender, rules, clock=lambda: now, worker=sys.argv[3], batch=2
    )
print(json.dumps([report.sent, len(report.failures)]), flush=True)
"""


@contextmanager
def worker(url: str, channels: dict[str, str], name: str, now: Any) -> Iterator["subprocess.Popen[str]"]:
    """A process that has imported everything and waits for a line to begin."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "PREFECT_"))}
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, url, json.dumps(channels), name, now.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def fill(store: Store, now: Any) -> None:
    """One alert for each of some departures, through the store's own door."""
    for number in range(COUNT):
        name = "".join(chr(ord("a") + int(digit)) * 3 for digit in f"{number:03}").capitalize()
        mention = Mention(
            Kind.DEPARTURE, Salience.MAIN, company=f"Société {name}", person=f"Zoé {name}",
            manner=(Manner.VOLUNTARY,),
        )  # fmt: skip
        article = store.save_article(
            Article(f"https://journal.example/{number}", "Titre", f"Zoé {name} part.", now, published=now), now
        )

        def decide(mentions: Any, lookup: Any) -> Verdict:
            verdict = stories.decide(mentions, lookup)
            alerts = alerts_for(verdict.resolutions, [RULE], now, timedelta(days=3))
            due = deliveries_for(alerts, [RULE], {}, now=now, zone=ZoneInfo("Europe/Paris"))
            return replace(verdict, alerts=alerts, deliveries=due)

        store.tell(article, Reading(article.url, mentions=(mention,)), "1", decide, now)


def test_two_processes_at_once_send_each_message_once(
    store: Store, store_url: str, sink: Any, other_sink: Any, now: Any
) -> None:
    fill(store, now)
    for received in (sink, other_sink):
        received.answers = [(200, {}, lambda _: time.sleep(0.02))] * COUNT  # as long as a quick service takes
    both = threading.Barrier(2)  # a process has one message on its way to a channel: two are of two processes
    sink.answers[:2] = [(200, {}, lambda _: both.wait(100))] * 2
    channels = {"un": f"vigie+{sink.url}/", "deux": f"vigie+{other_sink.url}/"}
    with worker(store_url, channels, "w1", now) as first, worker(store_url, channels, "w2", now) as second:
        for process in (first, second):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [json.loads(process.communicate(timeout=240)[0]) for process in (first, second)]
    (sent_by_one, failures), (sent_by_two, others) = said
    assert (failures, others) == (0, 0)
    assert min(sent_by_one, sent_by_two) > 0  # both were at it
    assert sent_by_one + sent_by_two == 2 * COUNT
    for received in (sink, other_sink):
        assert set(Counter(body["id"] for body in received.bodies).values()) == {1}
        assert len(received.received) == COUNT
    deliveries = store.deliveries(limit=1_000)
    assert {d.state for d in deliveries} == {DeliveryState.SENT}
    assert {a.worker for d in deliveries for a in store.attempts(d.id or 0)} == {"w1", "w2"}

"""The outbox emptied into real receivers, from a real store of each kind."""

import io
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from extractors import stories
from flows.alerts.deliver import DeliveryReport, deliver
from flows.alerts.policy import Mode, Quiet, Rule
from flows.alerts.rules import alerts_for, deliveries_for
from flows.alerts.schedule import Limits, next_try
from flows.alerts.send import Sender
from flows.alerts.services import NotifySlack
from flows.alerts.targets import targets_of
from models.dates import PartialDate
from models.queries import Verdict
from models.records import Article, Evidence, Mention, Reading
from models.store import Store
from models.vocabulary import DeliveryState, Kind, Manner, Salience, Status

PARIS = ZoneInfo("Europe/Paris")
PATIENCE = timedelta(minutes=1)
"""With what always answers, on the slowest of machines."""
PEOPLE = (
    "Alix Bertin",
    "Basile Crozet",
    "Claire Duval",
    "Damien Estève",
    "Élodie Fabre",
    "Fabien Guérin",
    "Hugo Lantier",
)


@pytest.fixture
def box(sqlite_url: str) -> Iterator[Store]:
    """A store for what has nothing to do with its kind."""
    with Store.open(sqlite_url) as opened:
        yield opened


class Room:
    """A store, rules and receivers, with a clock that a test sets."""

    def __init__(self, store: Store, *rules: Rule, **urls: str) -> None:
        self.store, self.rules = store, rules or (Rule("tout", tuple(urls)),)
        self.sender = Sender({n: targets_of(u) for n, u in urls.items()}, timeout=PATIENCE)
        self.now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def tell(self, mention: Mention, number: int = 0, title: str = "Un titre") -> None:
        """One article, resolved and decided on as in a cycle."""
        quote = mention.evidence["trigger"].quote if mention.evidence else ""
        outlet = f"Journal {number}"
        article = self.store.save_article(
            Article(
                f"https://journal{number}.example/{title.replace(' ', '-')}",
                title,
                f"{quote} La suite.",
                self.now,
                published=self.now,
                publisher=outlet,
            ),
            self.now,
        )

        def decide(mentions: Any, lookup: Any) -> Verdict:
            verdict = stories.decide(mentions, lookup)
            alerts = alerts_for(verdict.resolutions, self.rules, self.now, timedelta(days=3))
            deliveries = deliveries_for(alerts, self.rules, self.sender.targets, now=self.now, zone=PARIS)
            return replace(verdict, alerts=alerts, deliveries=deliveries)

        self.store.tell(article, Reading(article.url, mentions=(mention,)), "1", decide, self.now)

    def leave(self, *numbers: int) -> None:
        """Tell departures of different people from different firms."""
        for number in numbers:
            self.tell(leaving(PEOPLE[number], f"{PEOPLE[number].split()[1]} Systèmes"), number)

    def deliver(self, sender: Sender | None = None) -> DeliveryReport:
        """One run."""
        worker = threading.current_thread().name
        return deliver(self.store, sender or self.sender, self.rules, clock=self.clock, worker=worker)

    def clock(self) -> datetime:
        """A clock that goes on a little each time that it is looked at, as clocks do."""
        self.now += timedelta(microseconds=1)
        return self.now

    def states(self) -> set[DeliveryState]:
        """The states of all deliveries."""
        return {d.state for d in self.store.deliveries()}

    def later(self, **length: float) -> None:
        """Let time pass."""
        self.now += timedelta(**length)


class Hasty(Sender):
    """It waits a second for a receiver that never answers, and for the others as long as it takes."""

    def __init__(self, sink: Any, channel: str) -> None:
        super().__init__({channel: targets_of(web(sink))})
        self.sink = sink

    def send(self, message: Any, channel: str, target: int = 0) -> None:
        never = self.sink.answers[:1] and self.sink.answers[0][2] == self.sink.never
        self._timeout = (timedelta(seconds=1) if never else PATIENCE).total_seconds()
        try:
            super().send(message, channel, target)
        finally:
            assert not never or self.sink.hung.wait(60)  # it has taken what the next one is not meant to take


def leaving(person: str = PEOPLE[0], company: str = "Lumen", **more: Any) -> Mention:
    quote = f"{person} quitte {company}."
    values: dict[str, Any] = {
        "person": person,
        "company": company,
        "role": "directrice",
        "manner": (Manner.VOLUNTARY,),
        "date": PartialDate("2026-11-21"),
        "evidence": {"trigger": Evidence("text", 0, len(quote), quote, "essai")},
    }
    return Mention(Kind.DEPARTURE, Salience.MAIN, **(values | more))


def cut(headcount: int, **more: Any) -> Mention:
    return Mention(
        Kind.LAYOFF, Salience.MAIN, company="Lumen", headcount=headcount, date=PartialDate("2026-11-20"), **more
    )


def web(sink: Any, path: str = "") -> str:
    return f"vigie+{sink.url}/{path}"


def test_each_message_once_and_never_again(store: Store, sink: Any, mailbox: Any) -> None:
    mail = f"mailto://127.0.0.1:{mailbox.port}?from=v@example.org&to=a@example.org,b@example.org"
    room = Room(store, web=web(sink), courrier=mail)
    room.leave(0, 1, 2)
    report = room.deliver()
    assert (report.sent, report.messages, report.failures) == (9, 9, ())
    assert room.states() == {DeliveryState.SENT}
    assert room.deliver() == DeliveryReport()
    room.leave(0, 1, 2)  # told again: nothing new
    assert room.deliver() == DeliveryReport()
    assert len(sink.received) == len({b["id"] for b in sink.bodies}) == 3
    assert sorted(r[0] for r in mailbox.recipients) == ["a@example.org"] * 3 + ["b@example.org"] * 3


def test_the_quote_is_the_sentence_of_the_article(box: Store, sink: Any) -> None:
    room = Room(box, web=web(sink))
    room.leave(0)
    room.deliver()
    assert sink.bodies[0]["quote"] == "Alix Bertin quitte Bertin Systèmes."


def test_a_failing_target_is_retried_and_holds_back_no_other(
    box: Store, sink: Any, other_sink: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "flows.alerts.deliver")
    room = Room(box, bon=web(sink), malade=web(other_sink))
    room.leave(0, 1, 2)
    # The third never answers, and does not take the message.
    other_sink.answers = [(429, {"Retry-After": "600"}, None), (500, {}, None), (503, {}, other_sink.never)]
    first = room.deliver()
    assert (first.sent, first.postponed) == (3, 2)
    assert [f.error for f in first.failures] == ["réponse 429 (trop de messages à la fois)"]
    room.later(minutes=9)
    assert room.deliver().sent == 0  # it asked for ten minutes
    room.later(minutes=2)
    second = room.deliver(Hasty(other_sink, "malade"))  # 500, then too slow: ill, the third waits
    assert [f.error for f in second.failures] == ["réponse 500 (erreur du service)", "pas de réponse en 1 s"]
    room.later(hours=1)
    assert room.deliver().sent == 3
    assert room.states() == {DeliveryState.SENT}
    assert len({b["id"] for b in sink.bodies}) == len(sink.received) == 3
    assert len({b["id"] for b in other_sink.bodies}) == len(other_sink.received) == 3
    tried = [a for d in box.deliveries(channel="malade") for a in box.attempts(d.id or 0)]
    assert sorted(a.error or "accepté" for a in tried) == [
        "accepté", "accepté", "accepté", "pas de réponse en 1 s", "réponse 429 (trop de messages à la fois)",
        "réponse 500 (erreur du service)",
    ]  # fmt: skip
    said = [r.getMessage() for r in caplog.records if "malade" in r.getMessage()]
    assert [s.split(" : ")[-1].split(" ; ")[0] for s in said if r"essai" in s][:3] == [
        "réponse 429 (trop de messages à la fois)",
        "réponse 500 (erreur du service)",
        "pas de réponse en 1 s",
    ]


def test_a_partial_failure_retries_only_the_target_that_failed(box: Store, mailbox: Any) -> None:
    room = Room(box, courrier=f"mailto://127.0.0.1:{mailbox.port}?from=v@e.example&to=a@e.example,b@e.example")
    room.leave(0)
    mailbox.refused = {"b@e.example"}
    assert [(f.target, f.given_up) for f in room.deliver().failures] == [(1, False)]
    mailbox.refused.clear()
    room.later(minutes=2)
    assert room.deliver().sent == 1
    assert mailbox.recipients == [["a@e.example"], ["b@e.example"]]
    assert len({letter["Message-ID"] for letter in mailbox.letters}) == 1


def test_a_target_that_accepts_too_late_gets_it_again_under_the_same_id(box: Store, sink: Any) -> None:
    room = Room(box, lent=web(sink))
    room.leave(0)
    sink.answers = [(200, {}, sink.never)]
    assert len(room.deliver(Hasty(sink, "lent")).failures) == 1
    room.later(minutes=2)
    assert room.deliver().sent == 1
    assert len(sink.bodies) == 2
    assert len({b["id"] for b in sink.bodies}) == len({h["idempotency-key"] for _, h, _ in sink.received}) == 1


def test_a_slow_target_is_not_waited_for(box: Store, sink: Any, other_sink: Any) -> None:
    room = Room(box, lent=web(other_sink), rapide=web(sink))
    room.leave(0, 1, 2, 3)
    rest, waited = threading.Event(), []
    other_sink.answers = [(200, {}, lambda _: waited.append(rest.wait(30)))]
    sink.answers = [(200, {}, None)] * 3 + [(200, {}, lambda _: rest.set())]
    assert room.deliver().sent == 8
    assert waited == [True]  # it answered only after the other had taken all of its messages


def test_given_up_after_a_while_and_told(box: Store, sink: Any) -> None:
    room = Room(box, malade=web(sink))
    room.leave(0)
    sink.answers = [(500, {}, None)] * 40
    tries = 0
    while DeliveryState.GIVEN_UP not in room.states():
        report = room.deliver()
        tries += len(report.failures)
        room.later(hours=6)
    assert report.given_up[0].channel == "malade"
    assert 5 < tries < 30
    assert room.deliver() == DeliveryReport()


def test_waits_grow() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    waits = []
    attempts = 1
    while due := next_try(attempts, now, None, Limits()):
        waits.append((due - now).total_seconds())
        attempts += 1
    assert waits[:5] == [1, 60, 120, 240, 480]
    assert waits[-1] == 6 * 3600
    assert sum(waits) <= timedelta(days=2).total_seconds()
    assert next_try(1, now, 3600.0, Limits()) == now + timedelta(hours=1)
    assert next_try(1, now, 1e12, Limits()) == now + timedelta(days=2)


def test_two_workers_at_once_send_each_message_once(database_url: str, sink: Any, other_sink: Any) -> None:
    with Store.open(database_url) as one, Store.open(database_url) as two:
        rooms = [Room(s, a=web(sink), b=web(other_sink)) for s in (one, two)]
        rooms[0].leave(*range(7))
        workers = [threading.Thread(target=room.deliver, name=f"w{n}") for n, room in enumerate(rooms)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        for received in (sink, other_sink):
            assert len(received.received) == len({b["id"] for b in received.bodies}) == 7
        assert rooms[0].states() == {DeliveryState.SENT}


def test_update_refers_to_the_first_alert_on_that_channel(store: Store, mailbox: Any) -> None:
    room = Room(store, courrier=f"mailto://127.0.0.1:{mailbox.port}?from=v@example.org&to=a@example.org")
    room.tell(cut(93, status=Status.REPORTED), 1)
    room.deliver()
    room.later(hours=1)
    room.tell(cut(120), 2)
    assert room.deliver().sent == 1
    first, second = mailbox.letters
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == first["Message-ID"]
    body = second.get_body(("plain",)).get_content()
    assert "Suite de l’alerte du 22 novembre 2026 à 10\u00a0h\u00a000" in body
    assert "Ce qui change" in body


def test_slack_update_says_which_alert_it_follows(box: Store, sink: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotifySlack, "webhook_url", f"{sink.url}/services")
    room = Room(box, equipe="slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    room.tell(cut(93, status=Status.REPORTED), 1)
    room.deliver()
    (first,) = box.alerts()
    room.later(hours=1)
    room.tell(cut(120), 2)
    room.deliver()
    told = [str(body["blocks"]) for body in sink.bodies]
    assert "Suite de l’alerte" not in told[0]
    assert f"Suite de l’alerte du 22 novembre 2026 à 10\\xa0h\\xa000 (réf. {first.id})" in told[1]
    assert "120\\xa0postes, contre 93 auparavant" in told[1]


def test_what_might_outlast_its_lease_is_left_for_later(box: Store, sink: Any) -> None:
    room = Room(box, web=web(sink))
    room.leave(0, 1)

    class Slow(Sender):
        """It sends, and time passes: a letter has several exchanges, each within the limit."""

        def send(self, message: Any, channel: str, target: int = 0) -> None:
            super().send(message, channel, target)
            room.later(seconds=5.5)

    slow = Slow({"web": targets_of(web(sink))})
    limits, lease = Limits(timeout=timedelta(seconds=4)), timedelta(seconds=10)
    report = deliver(box, slow, room.rules, clock=room.clock, worker="w", limits=limits, lease=lease)
    assert (report.sent, report.postponed) == (1, 1)


def test_quiet_hours_also_hold_back_retries(box: Store, sink: Any) -> None:
    room = Room(box, Rule("nuit", ("web",), quiet=Quiet(time(22), time(7))), web=web(sink))
    room.now = datetime(2026, 11, 22, 20, 59, tzinfo=UTC)
    room.leave(0)
    sink.answers = [(500, {}, None)]
    assert len(room.deliver().failures) == 1
    room.later(minutes=2)
    assert room.deliver().postponed == 1
    room.leave(1)
    assert room.deliver() == DeliveryReport()
    room.now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # seven in Paris
    assert room.deliver().sent == 2
    assert {d.attempts for d in box.deliveries()} == {1, 2}


def test_a_cap_an_hour_with_the_rest_in_one_message(box: Store, sink: Any) -> None:
    room = Room(box, Rule("calme", ("web",), max_per_hour=2), web=web(sink))
    room.leave(0, 1, 2, 3)
    report = room.deliver()
    assert (report.sent, report.messages) == (4, 2)
    single, rest = sink.bodies
    assert single["type"] == "alert"
    assert rest["subject"] == "Vigie\u00a0: 3\u00a0autres alertes, 3\u00a0départs"
    for name in ("Basile Crozet", "Claire Duval", "Damien Estève"):
        assert name in rest["text"]
    room.later(minutes=30)
    room.leave(4)
    assert room.deliver().postponed == 1
    room.later(minutes=31)
    assert room.deliver().messages == 1


def test_daily_digest_in_one_message_by_organisation(box: Store, mailbox: Any, sink: Any) -> None:
    mail = f"mailto://127.0.0.1:{mailbox.port}?from=v@example.org&to=a@example.org"
    room = Room(
        box, Rule("bilan", ("courrier", "web"), mode=Mode.DAILY, at=time(8, 30)), courrier=mail, web=web(sink)
    )
    room.leave(2, 0)
    room.tell(cut(93, status=Status.REPORTED), 8)
    room.later(minutes=10)
    room.tell(cut(120), 9)
    assert room.deliver() == DeliveryReport()
    room.now = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    report = room.deliver()
    assert report.messages == 2
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Vigie, le 23 novembre 2026\u00a0: 2\u00a0départs et 1\u00a0suppression de postes"
    text = letter.get_body(("plain",)).get_content()
    assert text.index("Bertin Systèmes") < text.index("Duval Systèmes") < text.index("Lumen")
    assert text.count("Lumen supprime") == 1
    assert "Statut\u00a0: confirmé (auparavant rapporté, non confirmé)" in text
    assert "120\u00a0postes, contre 93 auparavant" in text
    (image,) = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert image["Content-ID"] == "<graphique>"
    assert image.get_content().startswith(b"\x89PNG")
    assert 'src="cid:graphique"' in letter.get_body(("html",)).get_content()
    assert [b["type"] for b in sink.bodies] == ["digest"]
    assert room.deliver() == DeliveryReport()


def test_what_was_dismissed_meanwhile_is_not_told(box: Store, sink: Any) -> None:
    room = Room(box, web=web(sink))
    room.leave(0)
    (alert,) = box.alerts()
    box.dismiss(alert.event.id, "essai", room.now)
    report = room.deliver()
    assert (report.sent, report.failures) == (0, ())
    assert sink.received == []
    box.restore(alert.event.id, "essai", room.now)
    assert room.deliver().sent == 1


def test_a_channel_or_rule_that_is_no_longer_configured(box: Store, sink: Any) -> None:
    room = Room(box, Rule("tout", ("web", "parti")), web=web(sink), parti=web(sink, "p"))
    room.leave(0)
    room.rules = ()
    room.sender = Sender({"web": targets_of(web(sink))})
    report = room.deliver()
    assert report.sent == 1
    assert [f.error for f in report.failures] == ["canal « parti » : il n'est plus dans la configuration"]


def test_terminal(box: Store) -> None:
    stream = io.StringIO()
    room = Room(box, terminal="terminal:")
    room.sender = Sender({"terminal": targets_of("terminal:", stream=stream)})
    room.leave(0)
    room.deliver()
    assert "── Alix Bertin quitte Bertin Systèmes\n" in stream.getvalue()

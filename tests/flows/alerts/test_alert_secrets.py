"""Addresses of channels are nowhere: not in logs, reprs, errors or rows; and old news stays silent."""

import io
import logging
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import requests

from extractors import stories
from flows.alerts.deliver import deliver
from flows.alerts.hushed import LOGGERS, hushed
from flows.alerts.policy import Rule
from flows.alerts.preview import previews
from flows.alerts.rules import alerts_for, deliveries_for
from flows.alerts.send import Sender
from flows.settings import load_settings
from models.queries import Verdict
from models.records import Article, Mention, Reading
from models.store import Store
from models.vocabulary import Kind, Salience

SECRET = "JetonTresSecret42"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def configure(folder: Path, sink: Any, mailbox: Any) -> Path:
    (folder / "faux").write_text(f"inconnu://{SECRET}")
    path = folder / "vigie.toml"
    path.write_text(
        f"""
        database_url = "sqlite:///vigie.db"
        [channels]
        api = {{ url = "vigie+{sink.url}/{SECRET}", secret = "{SECRET}" }}
        panne = {{ url = "vigie+http://127.0.0.1:9/{SECRET}" }}
        json = {{ url = "json://u:{SECRET}@127.0.0.1:{sink.port}/{SECRET}" }}
        jpanne = {{ url = "json://u:{SECRET}@127.0.0.1:9/{SECRET}" }}
        courrier = {{ url = "mailto://127.0.0.1:{mailbox.port}?from=v@example.org&to=a@{SECRET.lower()}.example" }}
        mpanne = {{ url = "mailto://u:{SECRET}@127.0.0.1:9?from=v@example.org&to=a@{SECRET.lower()}.example" }}
        slack = {{ url = "slack://T1JJ3T3L2/A1BRTD4JD/{SECRET}AAAAAAA/" }}
        faux = {{ url = "file:faux" }}
        [[rules]]
        name = "tout"
        """
    )
    return path


def test_nothing_tells_an_address(
    tmp_path: Path, sink: Any, mailbox: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(1)
    for name in ("flows", "apprise", "httpx", "httpcore", "urllib3", "requests"):
        caplog.set_level(1, name)
    from flows.alerts.services import NotifySlack

    monkeypatch.setattr(NotifySlack, "webhook_url", f"{sink.url}/slack")
    settings = load_settings(configure(tmp_path, sink, mailbox), {})
    rules = settings.alert_rules()
    sender = Sender.of(settings.channels, {}, tmp_path, timeout=timedelta(seconds=60))
    mention = Mention(Kind.LAYOFF, Salience.MAIN, company="Lumen", headcount=93)
    with Store.open(settings.database) as store:
        article = store.save_article(
            Article("https://a.example/", "Titre", "Texte.", NOW, published=NOW, publisher="A"), NOW
        )

        def decide(mentions: Any, lookup: Any) -> Verdict:
            verdict = stories.decide(mentions, lookup)
            alerts = alerts_for(verdict.resolutions, rules, NOW, settings.alert_max_age)
            due = deliveries_for(alerts, rules, sender.targets, now=NOW, zone=ZoneInfo("Europe/Paris"))
            return replace(verdict, alerts=alerts, deliveries=due)

        store.tell(article, Reading(article.url, mentions=(mention,)), "1", decide, NOW)
        report = deliver(store, sender, rules, clock=lambda: NOW, worker="w")
        shown = [
            report,
            settings,
            settings.model_dump_json(),
            sender,
            vars(sender),
            store.alerts(),
            store.deliveries(),
        ]
        (would,) = previews(store, rules[0], NOW - timedelta(days=1))
        assert would.id == store.alerts()[0].id
    assert report.sent >= 3
    assert len(report.failures) >= 4
    told = io.StringIO()
    for one in shown:
        told.write(repr(one))
    for record in (r for r in caplog.records if r.name != "mail.log"):  # the test's own mail server
        told.write(record.getMessage() + str(record.exc_text or "") + repr(record.args))
    told.write("\n".join(sqlite3.connect(tmp_path / "vigie.db").iterdump()))
    assert SECRET.lower() not in told.getvalue().lower()
    assert SECRET in str([path for path, _, _ in sink.received])  # it was really used


def test_libraries_speak_as_ever_outside_of_a_sending(sink: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    with hushed() as heard:
        requests.post(f"{sink.url}/muet", timeout=60)
        httpx.post(f"{sink.url}/muet", timeout=60)
    assert heard.statuses == [200]
    assert not [r for r in caplog.records if "muet" in r.getMessage()]
    with hushed() as second:
        pass
    requests.post(f"{sink.url}/parle", timeout=60)
    httpx.post(f"{sink.url}/parle", timeout=60)
    assert second.statuses == []
    assert {r.name for r in caplog.records if "parle" in r.getMessage()} >= {"httpx", "urllib3.connectionpool"}
    assert all(isinstance(logging.getLogger(name), logging.Logger) for name in LOGGERS)


def test_a_feed_that_dates_everything_anew_alerts_nothing(tmp_path: Path) -> None:
    rules = [Rule("tout", ("equipe",))]
    told = []
    with Store.open(f"sqlite:///{tmp_path / 'v.db'}") as store:
        for number, (address, day) in enumerate((("vieux", 300), ("neuf", 0), ("encore", 0))):
            published = NOW - timedelta(days=day)
            article = store.save_article(
                Article(
                    f"https://a.example/{address}", "Titre", "Texte.", NOW, published=published, publisher="A"
                ),
                NOW,
            )

            def decide(mentions: Any, lookup: Any, published: datetime = published) -> Verdict:
                verdict = stories.decide(mentions, lookup)
                alerts = alerts_for(verdict.resolutions, rules, NOW, timedelta(days=3), published=published)
                told.append(len(alerts))
                return replace(verdict, alerts=alerts)

            mention = Mention(Kind.DEPARTURE, Salience.MAIN, company="Lumen", person="Zoé Lefèvre")
            store.tell(article, Reading(article.url, mentions=(mention,)), str(number), decide, NOW)
    assert told == [0, 0, 0]

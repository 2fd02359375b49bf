"""`vigie alerts …` and what `vigie doctor` says of deliveries, over a real store and real receivers."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from extractors import stories
from flows.alerts.policy import Rule
from flows.alerts.rules import alerts_for, deliveries_for
from flows.cli import main
from flows.settings import load_settings
from models.queries import Verdict
from models.records import Article, Evidence, Mention, Reading
from models.store import Store
from models.vocabulary import DeliveryState, Kind, Manner, Salience

Ask = Callable[..., tuple[int, str, str]]
PARIS = ZoneInfo("Europe/Paris")


@dataclass
class House:
    """A configuration with two channels, one of which nobody answers, and its database."""

    path: Path
    rules: tuple[Rule, ...]
    store: Store

    def leave(self, person: str, company: str, days: int = 0, told_days_ago: int = 0) -> None:
        """One departure, told and decided on as in a cycle."""
        quote = f"{person} quitte {company}."
        at = datetime.now(UTC) - timedelta(days=told_days_ago)
        published = at - timedelta(days=days)
        article = self.store.save_article(
            Article(f"https://journal.example/{company}", quote, quote, at, published=published, publisher="J"), at
        )

        def decide(mentions: Any, lookup: Any) -> Verdict:
            verdict = stories.decide(mentions, lookup)
            alerts = alerts_for(
                verdict.resolutions, self.rules, at, timedelta(days=3), published=article.published
            )
            return replace(
                verdict, alerts=alerts, deliveries=deliveries_for(alerts, self.rules, {}, now=at, zone=PARIS)
            )

        evidence = {"trigger": Evidence("text", 0, len(quote), quote, "essai")}
        mention = Mention(
            Kind.DEPARTURE, Salience.MAIN, company=company, person=person, manner=(Manner.VOLUNTARY,),
            evidence=evidence,
        )  # fmt: skip
        self.store.tell(article, Reading(article.url, mentions=(mention,)), "1", decide, at)


@pytest.fixture
def house(sink: Any, tmp_path: Path, sqlite_store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    path = tmp_path / "vigie.toml"
    path.write_text(
        f"""
        database_url = "{sqlite_store_url}"
        [channels.web]
        url = "vigie+{sink.url}/JetonSecret"
        [channels.panne]
        url = "vigie+http://127.0.0.1:9/JetonSecret"
        [[rules]]
        name = "départs"
        kinds = ["departure"]
        [[rules]]
        name = "plans"
        kinds = ["layoff"]
        """,
        encoding="utf-8",
    )
    monkeypatch.setenv("VIGIE_CONFIG", str(path))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    rules = load_settings(path, {}).alert_rules()
    with Store.open(sqlite_store_url) as store:
        yield House(path, rules, store)


@pytest.fixture
def ask(house: House, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The command in this process: its exit code, and what it wrote."""

    def asked(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(house.path), *arguments])
        said = capsys.readouterr()
        assert "JetonSecret" not in said.out + said.err
        return int(ended.value.code or 0), said.out, said.err

    return asked


def test_preview_of_a_rule_tells_what_it_would_have_sent(house: House, ask: Ask, sink: Any) -> None:
    house.leave("Zoé Lefèvre", "Lumen")
    house.leave("Alix Bertin", "Nova Systèmes", told_days_ago=10)
    house.leave("Basile Crozet", "Verdon", told_days_ago=40)
    code, out, _ = ask("--json", "alerts", "preview", "--rule", "départs", "--since", "30d")
    shown = [one["message"] for one in json.loads(out)]
    assert code == 0
    assert [m["subject"] for m in shown] == ["Alix Bertin quitte Nova Systèmes", "Zoé Lefèvre quitte Lumen"]
    assert "« Zoé Lefèvre quitte Lumen. »" in shown[1]["text"].replace("\u00a0", " ").replace("\u202f", " ")
    code, out, _ = ask("alerts", "preview", "--rule", "départs", "--since", "2d")
    assert (code, "Alix Bertin" in out, "Zoé Lefèvre" in out) == (0, False, True)
    assert "1 alerte de la règle « départs »" in out
    assert "vers : web, panne (mode now) ; rien n’est envoyé" in out
    assert "0 alerte de la règle « plans »" in ask("alerts", "preview", "--rule", "plans")[1]
    assert sink.received == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rule", "absente"], "règles : départs, plans"),
        (["--rule", "départs", "--since", "hier"], "durée illisible"),
        ([], "--rule NOM"),
        (["e1", "--rule", "départs"], "--rule NOM"),
    ],
)
def test_preview_asked_wrongly_is_one_line_and_exit_2(ask: Ask, arguments: list[str], words: str) -> None:
    code, _, err = ask("alerts", "preview", *arguments)
    assert (code, len(err.splitlines())) == (2, 1)
    assert words in err


def test_a_trial_is_marked_and_its_answer_told(ask: Ask, sink: Any) -> None:
    code, out, err = ask("alerts", "test", "web")
    assert (code, err) == (0, "")
    assert "web, adresse 1 : essai accepté en " in out
    assert sink.bodies[0]["subject"].startswith("ESSAI DE VIGIE – Société Fictive")
    assert "Ceci est un essai" in sink.bodies[0]["text"]
    sink.answers = [(404, {}, None)]
    code, out, err = ask("alerts", "test", "web")
    assert (code, out) == (1, "")
    assert "réponse 404" in err
    assert ask("alerts", "test", "panne")[0] == 1


def test_retry_takes_up_what_failed_and_list_shows_it(house: House, ask: Ask, sink: Any) -> None:
    house.leave("Zoé Lefèvre", "Lumen")
    code, out, _ = ask("alerts", "retry")
    assert (code, len(sink.received)) == (1, 1)
    assert "0\u00a0envoi repris ; 1\u00a0envoi fait, 1 en échec." in out
    (failed,) = [d for d in house.store.deliveries() if d.channel == "panne"]
    house.store.mark_failed(failed.id or 0, "panne de l’essai", None, datetime.now(UTC))
    listed = ask("alerts", "list")[1]
    assert "web/1 envoyé" in listed
    assert "panne/1 abandonné (essai 1 : panne de l’essai)" in " ".join(listed.split())
    (told,) = json.loads(ask("--json", "alerts", "list")[1])
    assert {d["channel"]: d["state"] for d in told["deliveries"]} == {"web": "sent", "panne": "given_up"}
    doctor = ask("doctor")[1]
    assert "canal panne : 1 envoi abandonné ; le dernier : panne de l’essai" in doctor
    assert "vigie alerts retry" in doctor
    assert ask("alerts", "retry", "--channel", "web")[0] == 0
    house.path.write_text(house.path.read_text("utf-8").replace("http://127.0.0.1:9", sink.url), encoding="utf-8")
    code, out, _ = ask("alerts", "retry")
    assert "1\u00a0envoi repris ; 1\u00a0envoi fait, 0 en échec." in out
    assert (code, len(sink.received)) == (0, 2)
    assert {d.state for d in house.store.deliveries()} == {DeliveryState.SENT}

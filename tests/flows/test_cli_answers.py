"""What single commands answer: the doctor on channels, JSON beside a terminal, help, dates, other names."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flows.cli import main
from models.store import Store

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The command in this process: its exit code, and what it wrote."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with no environment of the machine's own; what a command hands on is taken back."""
    for name in ("VIGIE_CONFIG", "VIGIE_DATABASE_URL"):
        monkeypatch.setenv(name, "to be put back")
        monkeypatch.delenv(name)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    return home


def configuration(folder: Path, toml: str) -> str:
    """A configuration with its own database; its path."""
    folder.mkdir(exist_ok=True)
    path = folder / "vigie.toml"
    path.write_text(f'database_url = "sqlite:///vigie.db"\n{toml}', encoding="utf-8")
    return str(path)


def levels(said: str) -> dict[str, str]:
    """The doctor's verdicts by subject."""
    return {finding["subject"]: finding["level"] for finding in json.loads(said)}


@pytest.mark.parametrize("url", ["env:VIGIE_NOBODY_SET_THIS", "file:absent.txt", "slack://court"])
def test_the_doctor_calls_a_broken_channel_bad(
    at_home: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    path = configuration(at_home, f'[channels.sain]\nurl = "terminal:"\n[channels.casse]\nurl = "{url}"\n')
    code, said, _ = told(capsys, "--json", "--config", path, "doctor")
    assert code == 1
    assert levels(said)["canal casse"] == "bad"
    assert levels(said)["canal sain"] == "good"
    assert "jeton-de-test" not in said


def test_the_doctor_counts_in_french(at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = configuration(at_home, '[channels.sain]\nurl = "terminal:"\n')
    _, said, _ = told(capsys, "--json", "--config", path, "doctor")
    words = {finding["subject"]: finding["words"] for finding in json.loads(said)}
    assert words["canal sain"] == "1\u00a0adresse lisible"
    assert words["configuration"].endswith(", 0\u00a0règle")


def test_a_secret_in_a_file_is_meant_from_the_configuration(
    at_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = configuration(tmp_path / "ailleurs", '[channels.ecran]\nurl = "file:adresse.txt"\n')
    (tmp_path / "ailleurs" / "adresse.txt").write_text("terminal:\n", encoding="utf-8")
    _, said, _ = told(capsys, "--json", "--config", path, "doctor")
    assert levels(said)["canal ecran"] == "good"
    assert told(capsys, "--config", path, "alerts", "test", "ecran")[0] == 0


def test_a_database_of_the_command_line_is_meant_from_here(
    at_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = configuration(tmp_path / "ailleurs", "")
    assert told(capsys, "--config", path, "--db", "sqlite:///relative.db", "events", "list")[0] == 0
    assert (at_home / "relative.db").is_file()
    assert [p.name for p in (tmp_path / "ailleurs").iterdir()] == ["vigie.toml"]


def test_json_beside_a_terminal_channel_is_json(
    at_home: Path, newsroom: "Newsroom", capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_ALLOW_PRIVATE_HOSTS", newsroom.base.removeprefix("http://"))
    assert told(capsys, "init", "--no-feeds")[0] == 0
    assert told(capsys, "feeds", "add", f"{newsroom.base}/beta/feed", f"{newsroom.base}/alpha/feed")[0] == 0
    code, said, aside = told(capsys, "--json", "watch", "--all")
    assert (code, json.loads(said)["deliveries"]) == (0, 2)
    assert "Verdon Cloud" in aside
    code, said, _ = told(capsys, "--json", "alerts", "retry")
    assert (code, json.loads(said)["again"]) == (0, 0)


@pytest.mark.parametrize("words", [[], ["feeds"], ["events"], ["alerts"], ["db"], ["alias"]])
def test_a_group_alone_shows_its_help_as_it_is(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    code, said, aside = told(capsys, *words)
    _, helped, _ = told(capsys, *words, "--help")
    assert code == 2
    assert (said + aside).strip() == helped.strip()
    assert len(helped.splitlines()) > 6


def test_since_takes_days_and_ages(watched: str, capsys: pytest.CaptureFixture[str]) -> None:
    expected = {"30d": 2, "2w": 2, "12h": 2, "2020-01-31": 2, "0m": 0, "2999-01-01": 0}
    for since, found in expected.items():
        code, said, _ = told(capsys, "--config", watched, "--json", "events", "list", "--since", since)
        assert (code, len(json.loads(said))) == (0, found), since


@pytest.fixture
def watched(at_home: Path, newsroom: "Newsroom", config: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The configuration of a database that has seen a cycle over both sites."""
    addresses = [f"{newsroom.base}/{site}/feed" for site in newsroom.sites]
    told(capsys, "--config", str(config), "feeds", "add", *addresses)
    assert told(capsys, "--config", str(config), "watch", "--all", "--no-prefect")[0] == 0
    return str(config)


def test_an_alias_joins_stored_events_and_is_taken_back(
    at_home: Path, newsroom: "Newsroom", config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dataclasses import replace

    (cut,) = newsroom.sites["beta"]
    other = replace(
        cut,
        slug="nuage",
        title=cut.title.replace("Verdon Cloud", "Nuagence"),
        text=cut.text.replace("Verdon Cloud", "Nuagence"),
    )
    newsroom.sites["alpha"] = [other]

    def ask(*words: str) -> Any:
        code, said, aside = told(capsys, "--config", str(config), "--json", *words)
        assert code == 0, aside
        return json.loads(said)

    ask("feeds", "add", f"{newsroom.base}/alpha/feed", f"{newsroom.base}/beta/feed")
    ask("watch", "--all", "--no-prefect")
    assert len(ask("events", "list")) == 2
    sent = len(newsroom.webhooks)
    ask("alias", "add", "Verdon Cloud", "Nuagence")
    (event,) = ask("events", "list", "--company", "Nuagence")
    assert event["company"] in ("Verdon Cloud", "Nuagence")
    assert event["mentions"] == 2
    assert [a["alias"] for a in ask("alias", "list")] == ["Nuagence"]
    ask("alerts", "retry")
    assert len(newsroom.webhooks) == sent, "an alias is no news"
    ask("alias", "remove", "Verdon Cloud", "Nuagence")
    assert ask("alias", "list") == []
    code, _, aside = told(capsys, "--config", str(config), "alias", "remove", "Verdon Cloud", "Nuagence")
    assert code == 2
    assert len(aside.strip().splitlines()) == 1


def test_a_purged_text_is_in_no_file_of_the_database(watched: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(watched)
    path.write_text('text_retention = "0m"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    code, said, _ = told(capsys, "--config", watched, "--json", "db", "purge")
    assert (code, json.loads(said)["purged"]) == (0, 3)
    files = [p for p in path.parent.iterdir() if p.name.startswith("vigie.db")]
    assert files
    assert not any("châssis ne bouge pas".encode() in p.read_bytes() for p in files)
    with Store.open(f"sqlite:///{path.parent / 'vigie.db'}") as store:
        assert len(store.events()) == 2

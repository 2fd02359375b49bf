"""The command line: what it answers, what it refuses in one line, and its exit codes, in real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from flows.cli import main
from flows.cli.application import app, hoisted
from flows.cli.context import clean

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "PREFECT_"))}


def vigie(*arguments: str, cwd: Path, stdin: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, as a user runs it."""
    return subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=840,
        env=ENVIRONMENT | {"PYTHONPATH": str(Path(__file__).parents[2])} | environment,
        check=False,
    )


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The command in this process: its exit code, and what it wrote; quicker, where only the words count."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def written(folder: Path, *lines: str) -> str:
    """A file of lines; its path."""
    path = folder / "documents.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def one_line(answer: tuple[int, str, str], code: int) -> str:
    """The one line of an error in this process."""
    assert answer[0] == code, answer[2]
    assert len(answer[2].strip().splitlines()) == 1, answer[2]
    assert answer[2].startswith("vigie : ")
    return answer[2]


def refused(answer: "subprocess.CompletedProcess[str]", code: int) -> str:
    """The one line of an error; nothing else on stderr, no traceback."""
    assert answer.returncode == code, answer.stderr
    lines = answer.stderr.strip().splitlines()
    assert len(lines) == 1, answer.stderr
    assert lines[0].startswith("vigie : ")
    assert "Traceback" not in answer.stderr
    return lines[0]


@pytest.fixture
def run(config: Path) -> CliRunner:
    """A runner; every call names the configuration."""
    assert config.exists()
    return CliRunner()


def ask(run: CliRunner, config: Path, *arguments: str) -> tuple[int, str]:
    result = run.invoke(app, ["--config", str(config), *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_help_is_quick_to_import_and_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from flows.cli import application; import typer; typer.main.get_command(application.app);"
        "print([m for m in ('prefect', 'spacy', 'sqlalchemy', 'trafilatura', 'apprise') if m in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert answer.stdout.strip() == "[]"


def test_extract_does_not_import_prefect(tmp_path: Path) -> None:
    document = json.dumps({"id": "a", "text": "Rien de neuf dans le monde des claviers."})
    code = (
        "import sys; from flows.cli.application import app\n"
        "import typer\n"
        "typer.main.get_command(app).main(args=['extract'], standalone_mode=False)\n"
        "assert 'prefect' not in sys.modules"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        input=document,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["labels"] == []


def test_every_command_of_the_contract_is_there_and_has_help() -> None:
    command = typer.main.get_command(app)
    names = set(command.commands)  # type: ignore[attr-defined]
    contract = ["init", "demo", "watch", "serve", "extract", "resolve", "feeds", "events", "alerts", "explain"]
    contract += ["evaluate", "db", "doctor"]
    assert set(contract) <= names
    for name in names:
        result = CliRunner().invoke(app, [name, "--help"])
        assert result.exit_code == 0
        assert len(result.stdout.strip().splitlines()) > 2


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ('alert_max_ages = "3d"\n', "alert_max_ages"),
        ('alert_max_age = "trois"\n', "alert_max_age"),
        ("database_url = \n", "TOML"),
        ('[[rules]]\nname = "x"\nchannels = ["nulle-part"]\n', "nulle-part"),
        ('[channels.a]\nurl = "pas une adresse"\n', "channels.a"),
        ('database_url = "mysql://a/b"\n', "database_url"),
    ],
)
def test_a_wrong_configuration_is_one_line_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], toml: str, key: str
) -> None:
    (tmp_path / "vigie.toml").write_text(toml, encoding="utf-8")
    assert key in one_line(told(capsys, "--config", str(tmp_path / "vigie.toml"), "events", "list"), 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nope"],
        ["nope"],
        ["watch", "--nope"],
        ["events", "show"],
        ["events", "list", "--kind", "wedding"],
        ["events", "list", "--since", "hier"],
        ["--config", "absent.toml", "events", "list"],
        ["--db", "postgresql://personne:secret-de-test@127.0.0.1:1/rien", "events", "list"],
        ["--db", "sqlite:////proc/nulle/part.db", "events", "list"],
        ["alerts", "test", "nulle-part"],
        ["evaluate", "absent"],
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    assert "secret-de-test" not in one_line(told(capsys, *arguments), 2)


def test_a_wrong_configuration_ends_a_real_process_with_2(tmp_path: Path) -> None:
    (tmp_path / "vigie.toml").write_text('alert_max_ages = "3d"\n', encoding="utf-8")
    assert "alert_max_ages" in refused(vigie("events", "list", cwd=tmp_path), 2)


@pytest.mark.parametrize("command", ["extract", "resolve"])
def test_what_is_not_jsonl_is_one_line_and_exit_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (tmp_path / "notes.txt").write_text("ceci\nn’est pas\ndu JSON\n", encoding="utf-8")
    line = one_line(told(capsys, command, str(tmp_path / "notes.txt")), 1)
    assert "JSONL" in line
    assert "ligne 1" in line
    assert "absent.jsonl" in one_line(told(capsys, command, "absent.jsonl"), 1)


def test_a_malformed_line_is_told_with_its_number_and_the_rest_is_done(tmp_path: Path) -> None:
    good = {"id": "a", "title": "Un clavier", "text": "Un test de clavier, sans histoire."}
    lines = [json.dumps(good), "{pas du json", '{"id": "b"}', "[1]", "", json.dumps(good | {"id": "c"})]
    answer = vigie("extract", "-", cwd=tmp_path, stdin="\n".join(lines))
    assert answer.returncode == 1
    assert [json.loads(line)["id"] for line in answer.stdout.splitlines()] == ["a", "c"]
    assert [f"ligne {n} " in answer.stderr for n in (2, 3, 4)] == [True] * 3


def test_extract_says_the_same_whatever_the_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {
        "a": "Étienne Moreau, directeur général de Calypso Robotics, a démissionné lundi de ses fonctions.",
        "b": "L’hébergeur Verdon Cloud a annoncé la suppression de 120 postes, soit 15 % de ses effectifs.",
        "c": "Un clavier mécanique presque silencieux.",
    }
    rows = [json.dumps({"id": name, "title": None, "text": text}) for name, text in texts.items()]
    one = told(capsys, "extract", written(tmp_path, *rows))
    other = told(capsys, "extract", written(tmp_path, *reversed(rows)))
    assert one[0] == other[0] == 0
    assert sorted(one[1].splitlines()) == sorted(other[1].splitlines())
    found = {row["id"]: row for row in map(json.loads, one[1].splitlines())}
    assert found["a"]["labels"] == ["departure"]
    assert found["b"]["labels"] == ["layoff"]
    for row in found.values():
        for event in row["events"]:
            for proof in event["evidence"].values():
                assert texts[row["id"]][proof["start"] : proof["end"]] == proof["quote"]


def test_extract_reads_html_and_prints_its_text_back(
    tmp_path: Path, newsroom: "Newsroom", capsys: pytest.CaptureFixture[str]
) -> None:
    story = newsroom.sites["alpha"][0]
    page = newsroom.page(story).decode()
    document = json.dumps({"id": "a", "html": page, "published": "2026-11-20"})
    _, out, _ = told(capsys, "extract", written(tmp_path, document))
    row = json.loads(out)
    assert row["text"].startswith("Étienne Moreau")
    assert "Mentions légales" not in row["text"]
    where = {"text": row["text"], "title": row["title"]}
    proofs = [proof for event in row["events"] for proof in event["evidence"].values()]
    assert proofs
    assert all(where[p["in"]][p["start"] : p["end"]] == p["quote"] for p in proofs)


def test_resolve_makes_one_event_of_two_tellings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mention = {
        "kind": "departure",
        "person": "Étienne Moreau",
        "company": "Calypso Robotics",
        "status": "reported",
    }
    rows = [
        {"id": "a", "text": "x", "published": "2026-11-18", "source": "alpha", "events": [mention]},
        {"id": "b", "text": "y", "published": "2026-11-19", "source": "beta",
         "events": [mention | {"status": "confirmed"}]},
        {"id": "c", "text": "z", "published": "2026-11-20", "source": "gamma", "events": [{"kind": "wedding"}]},
    ]  # fmt: skip
    code, out, err = told(capsys, "resolve", written(tmp_path, *(json.dumps(row) for row in rows)))
    assert code == 1
    assert "ligne 3 " in err
    first, second = (json.loads(line)["events"][0] for line in out.splitlines())
    assert first["event"] == second["event"]
    assert (first["news"], second["news"]) == ("new", "confirmed")


def test_an_opml_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.opml").write_text("ceci n’est pas du XML", encoding="utf-8")
    answer = vigie("--db", "sqlite:///a.db", "feeds", "import", "x.opml", cwd=tmp_path)
    assert answer.returncode in (1, 2)
    assert len(answer.stderr.strip().splitlines()) == 1


def test_init_writes_a_configuration_that_loads_and_never_over_one(tmp_path: Path) -> None:
    first = vigie("init", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    listed = vigie("--json", "feeds", "list", cwd=tmp_path)
    assert len(json.loads(listed.stdout)) >= 60
    assert "--force" in refused(vigie("init", cwd=tmp_path), 2)


def test_watch_from_the_command_line(run: CliRunner, newsroom: "Newsroom", config: Path) -> None:
    addresses = [f"{newsroom.base}/{site}/feed" for site in newsroom.sites]
    assert ask(run, config, "feeds", "add", *addresses)[0] == 0
    code, said = ask(run, config, "--json", "watch", "--all")
    first = json.loads(said)
    assert (code, first["feeds"], first["events_new"], first["alerts"]) == (0, 2, 2, 2)
    code, said = ask(run, config, "--json", "watch", "--all")
    second = json.loads(said)
    assert (second["not_modified"], second["entries"], second["events_new"], second["alerts"]) == (2, 0, 0, 0)
    _, said = ask(run, config, "--json", "events", "list")
    events = {event["kind"]: event for event in json.loads(said)}
    assert events["layoff"]["headcount"] == 120
    assert "Moreau" in events["departure"]["person"]
    for event in events.values():
        assert ask(run, config, "events", "show", event["id"])[0] == 0
        assert ask(run, config, "alerts", "preview", event["id"])[0] == 0
    assert [ask(run, config, *words)[0] for words in (["alerts", "list"], ["events", "list"], ["doctor"])] == [
        0
    ] * 3
    code, said = ask(run, config, "explain", f"{newsroom.base}/alpha/moreau")
    assert code == 0
    assert "Événement" in said
    assert "Alerte" in said
    assert "/hook" not in said


def test_watch_tells_failures_and_exits_1(run: CliRunner, newsroom: "Newsroom", config: Path) -> None:
    newsroom.broken_feeds.add("beta")
    ask(run, config, "feeds", "add", f"{newsroom.base}/beta/feed", f"{newsroom.base}/alpha/feed")
    code, said = ask(run, config, "--json", "watch", "--all")
    assert code == 1
    assert len(json.loads(said)["failed"]) == 1


def test_an_api_that_is_down_does_not_stop_the_watch(
    run: CliRunner, newsroom: "Newsroom", config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    ask(run, config, "feeds", "add", f"{newsroom.base}/alpha/feed")
    code, said = ask(run, config, "--json", "watch")
    assert code == 0
    assert json.loads(said)["feeds"] == 1


def test_a_person_is_forgotten(run: CliRunner, newsroom: "Newsroom", config: Path) -> None:
    ask(run, config, "feeds", "add", f"{newsroom.base}/alpha/feed")
    ask(run, config, "--json", "watch", "--all")
    code, said = ask(run, config, "forget", "Étienne Moreau", "--yes")
    assert code == 0
    assert "Moreau" not in said
    files = [p for p in config.parent.iterdir() if p.name.startswith("vigie.db")]
    assert files
    assert not any(b"Moreau" in p.read_bytes() for p in files)


def test_a_database_is_copied_with_all_that_was_sent(run: CliRunner, newsroom: "Newsroom", config: Path) -> None:
    ask(run, config, "feeds", "add", f"{newsroom.base}/alpha/feed")
    ask(run, config, "watch", "--all")
    target = f"sqlite:///{config.parent / 'copie.db'}"
    assert ask(run, config, "db", "copy", target)[0] == 0
    assert ask(run, config, "--db", target, "db", "check")[0] == 0
    sent = len(newsroom.webhooks)
    assert sent == 1
    code, said = ask(run, config, "--db", target, "--json", "watch", "--all")
    assert code == 0
    assert json.loads(said)["deliveries"] == 0
    assert len(newsroom.webhooks) == sent


def test_global_options_may_stand_anywhere() -> None:
    assert hoisted(["watch", "--json", "--all"]) == ["--json", "watch", "--all"]
    assert hoisted(["feeds", "list", "--db", "sqlite://"]) == ["--db", "sqlite://", "feeds", "list"]
    assert hoisted(["watch", "--config=a.toml"]) == ["--config=a.toml", "watch"]
    assert hoisted(["extract", "--", "--json"]) == ["extract", "--", "--json"]


def test_a_bug_is_one_line_without_debug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("flows.cli.context.Options.settings", lambda self: 1 / 0)
    with pytest.raises(SystemExit) as ended:
        main(["db", "check"])
    assert ended.value.code == 1
    assert "ZeroDivisionError" in capsys.readouterr().err
    with pytest.raises(ZeroDivisionError):
        main(["--debug", "db", "check"])


def test_text_from_outside_moves_no_cursor() -> None:
    assert clean("a\x1b[2J\r\nb\u202ec") == "a [2J  b c"

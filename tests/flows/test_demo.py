import io
import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from flows import demo
from flows.demo.folder import Folder, Opening
from flows.demo.server import HOST, Newsroom, serving
from flows.demo.stories import load
from models.errors import ConfigurationError
from models.events import Event
from models.queries import EventQuery
from models.store import Store
from models.vocabulary import Life, Salience

# What a careful reader finds in the newsroom, by its own `tells`; the floors only go up.
RECALL, PRECISION = 0.6, 0.7


class Played:
    """One run of the demo: its exit code, and what it said."""

    def __init__(self, folder: Path) -> None:
        screen = Console(file=io.StringIO(), width=200)
        self.code = demo.run(folder, screen, with_prefect=False)
        stream = screen.file
        assert isinstance(stream, io.StringIO)
        self.words = stream.getvalue()


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The hosts that anything of this process connects to."""
    hosts: set[str] = set()
    plain = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple):
            hosts.add(str(address[0]))
        plain(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return hosts


def expected() -> set[str]:
    """The persons who leave and the organisations that cut, denied rumours left out."""
    rumoured = {"departure: Bastien Corvol, Quorvia"}
    return {told for site in load() for story in site.stories for told in story.tells} - rumoured


def found(folder: Path) -> set[str]:
    with Store.open(Folder(folder).database) as store:
        events = store.events(EventQuery(salience=Salience.MAIN, limit=None))
    return {_named(event) for event in events if event.life is not Life.DENIED}


def _named(event: Event) -> str:
    who = [str(event.get(name)) for name in ("person", "company") if event.get(name)]
    return f"{event.kind.value}: {', '.join(who)}"


@pytest.mark.slow
def test_the_demo_finds_its_stories_and_a_second_run_nothing(
    tmp_path: Path, connected: set[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path(".demo")
    first = Played(folder)
    assert first.code == 0
    assert "Où regarder ensuite" in first.words
    _same_stories(found(folder))
    with Store.open(Folder(folder).database) as store:
        alerts = store.alerts(limit=1000)
    assert f"le crochet local en a reçu {len(alerts)}" in first.words
    assert capsys.readouterr().out.count("\n── ") == len(alerts)  # those of the terminal channel
    second = Played(folder)
    assert second.code == 0
    assert "Rien de nouveau : 9 flux sur 9 sans changement" in second.words
    assert connected == {HOST}
    assert [path.name for path in tmp_path.iterdir()] == [".demo"]


def _same_stories(events: set[str]) -> None:
    told = expected()
    right = told & events
    assert len(right) >= RECALL * len(told), told - events
    assert len(right) >= PRECISION * len(events), events - told


@pytest.mark.prefect
@pytest.mark.slow
def test_the_demo_runs_as_prefect_flows(tmp_path: Path) -> None:
    """As users run it: a process of its own, where Prefect is imported under the folder's settings."""
    command = [sys.executable, "-c", "from flows.cli import main; main()", "--json", "demo", "--folder", "d"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    home = {"HOME": str(tmp_path / "home"), "PREFECT_API_URL": "http://192.0.2.1/api"}  # an address of no machine
    done = subprocess.run(
        command, cwd=tmp_path, env=environment | home, capture_output=True, timeout=840, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    told = json.loads(done.stdout)
    assert [cycle["feeds"] for cycle in told["cycles"]] == [9, 9]
    assert all(event["quote"] for event in told["events"])
    assert told["received"] == len(told["alerts"]) > 0
    assert (tmp_path / "d" / "prefect").is_dir()
    assert not (tmp_path / "home" / ".prefect").exists()


def test_a_taken_port_is_told_in_a_line(tmp_path: Path) -> None:
    room = Newsroom(load(), datetime.now(UTC))
    with serving(room) as port:
        Folder(tmp_path).keep(Opening(room.opened, port))
        with pytest.raises(ConfigurationError, match=f"le port {port} .* est pris"):
            demo.run(tmp_path, with_prefect=False)


def test_a_spoilt_note_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "redaction.json").write_text("{}")
    with pytest.raises(ConfigurationError, match="effacez le dossier"):
        demo.run(tmp_path, with_prefect=False)


def test_a_file_where_the_folder_should_be_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "d").write_text("")
    with pytest.raises(ConfigurationError, match="dossier impossible"):
        demo.run(tmp_path / "d", with_prefect=False)


def test_the_environment_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "https://prefect.example/api")
    before = dict(os.environ)
    with Folder(tmp_path).environment():
        assert "PREFECT_API_URL" not in os.environ
        assert os.environ["PREFECT_HOME"].startswith(str(tmp_path))
    assert dict(os.environ) == before

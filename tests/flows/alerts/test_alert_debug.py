"""A real run at DEBUG, in Prefect and with channels that work and that fail: no file of it holds an address."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from models.records import Feed
from models.store import Store
from models.vocabulary import DeliveryState

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom

SECRET = "JetonTresSecret42"
LOGGERS = "flows,models,extractors,apprise,httpx,httpcore,urllib3,requests"
pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.timeout(3600)]


def ask(*arguments: str, cwd: Path, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """One command at DEBUG, in a process of its own."""
    command = [sys.executable, "-c", "from flows.cli import main; main()", "--debug", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=1200, check=False)


def test_no_file_of_a_run_at_debug_holds_an_address(
    newsroom: "Newsroom", sink: Any, mailbox: Any, tmp_path: Path
) -> None:
    host = newsroom.base.removeprefix("http://")
    addresses = {
        "A": f"vigie+{sink.url}/{SECRET}",
        "B": f"vigie+http://127.0.0.1:9/{SECRET}",
        "C": f"json://u:{SECRET}@127.0.0.1:{sink.port}/{SECRET}",
        "D": f"json://u:{SECRET}@127.0.0.1:9/{SECRET}",
        "E": f"mailto://127.0.0.1:{mailbox.port}?from=v@example.org&to=a@{SECRET.lower()}.example",
        "F": f"mailto://u:{SECRET}@127.0.0.1:9?from=v@example.org&to=a@{SECRET.lower()}.example",
        "G": f"inconnu://{SECRET}",
        "CLE": SECRET,
    }
    channels = "".join(
        f'[channels.{name}]\nurl = "env:ADRESSE_{name}"\nsecret = "env:ADRESSE_CLE"\n' for name in "ABCDEFG"
    )
    (tmp_path / "vigie.toml").write_text(
        f'database_url = "sqlite:///vigie.db"\nallow_private_hosts = ["{host}"]\n{channels}'
        '[[rules]]\nname = "tout"\n[delivery]\ntimeout = "60s"\n',
        encoding="utf-8",
    )
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "PREFECT_"))}
    env = kept | {
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "600",
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        "PREFECT_LOGGING_ROOT_LEVEL": "DEBUG",
        "PREFECT_LOGGING_EXTRA_LOGGERS": LOGGERS,
        **{f"ADRESSE_{name}": address for name, address in addresses.items()},
    }
    with Store.open(f"sqlite:///{tmp_path / 'vigie.db'}") as store:
        store.add_feeds([Feed(url=f"{newsroom.base}/{site}/feed", publisher=site) for site in newsroom.sites])
    told = []
    for arguments in (
        ("watch", "--all", "--prefect"),
        ("doctor",),
        ("alerts", "test", "D"),
    ):
        ended = ask(*arguments, cwd=tmp_path, env=env)
        told.append(ended.stdout + ended.stderr)
    assert "DEBUG" in told[0]
    assert SECRET in str([path for path, _, _ in sink.received])  # they were really used
    assert len(mailbox.letters) >= 2
    with Store.open(f"sqlite:///{tmp_path / 'vigie.db'}") as store:
        deliveries = store.deliveries(limit=100)
    assert {d.channel for d in deliveries if d.state is DeliveryState.SENT} == {"A", "C", "E"}
    assert {d.channel for d in deliveries if d.error} == {"B", "D", "F", "G"}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"vigie.db", "prefect.db"} <= {path.name for path in files}
    told += [path.read_bytes().decode("utf-8", "replace") for path in files]
    found = [i for i, text in enumerate(told) if SECRET.lower() in text.lower()]
    assert found == []

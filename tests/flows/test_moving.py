"""A watch that moves from SQLite to PostgreSQL in mid-life: the same events, and nothing sent again."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from flows.cli.application import app
from models.records import Feed
from models.store import Store

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom

pytestmark = pytest.mark.slow


def vigie(config: Path, *arguments: str) -> Any:
    """What a command answers, as JSON."""
    done = CliRunner().invoke(app, ["--config", str(config), "--json", *arguments])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def shown(config: Path) -> dict[str, Any]:
    """All that a user sees of the events: themselves, their histories, their alerts, their feeds."""
    events = vigie(config, "events", "list")
    return {
        "events": events,
        "histories": [vigie(config, "events", "show", event["id"]) for event in events],
        "alerts": vigie(config, "alerts", "list"),
        "feeds": vigie(config, "feeds", "list"),
    }


def test_copied_to_postgresql_it_goes_on_where_it_was(
    newsroom: "Newsroom", config: Path, postgresql_url: str
) -> None:
    with Store.open(f"sqlite:///{config.parent / 'vigie.db'}") as store:
        store.add_feeds([Feed(url=f"{newsroom.base}/{site}/feed", publisher=site) for site in newsroom.sites])
    assert vigie(config, "watch", "--all")["deliveries"] == 2
    before = shown(config)
    assert len(before["events"]) == len(before["alerts"]) == 2
    vigie(config, "db", "copy", postgresql_url)
    (config.parent / "vigie.db").rename(config.parent / "old.db")
    os.environ["VIGIE_DATABASE_URL"] = postgresql_url
    assert shown(config) == before
    pages = newsroom.articles_asked()
    again = vigie(config, "watch", "--all")
    assert (again["not_modified"], again["events_new"], again["deliveries"]) == (2, 0, 0)
    assert newsroom.articles_asked() == pages
    assert len(newsroom.webhooks) == 2
    assert not (config.parent / "vigie.db").exists()

"""Feeds that ail, told to whom asks for it: once, and once when it is over."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flows.notices import FeedRule, Notice, message, notice
from flows.pipeline_desk import open_desk
from flows.pipeline_notices import tell_of_feeds
from flows.pipeline_summary import Delivered
from flows.settings import load_settings
from models.errors import ConfigurationError
from models.records import Feed
from models.store import Store
from models.vocabulary import Health

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
RULE = FeedRule("flux", ("essai",), frozenset({Health.UNREACHABLE, Health.TEMPLATE}))
ILL = Feed(
    "https://a.example/f", "Journal", health=Health.UNREACHABLE, health_note="erreur du serveur (HTTP 500)",
    health_since=NOW - timedelta(hours=7), id=1,
)  # fmt: skip


def told_once(*feeds: Feed) -> dict[int, str]:
    return notice(feeds, RULE, {}, NOW).marks


@pytest.mark.parametrize(
    ("feed", "told", "ailing", "mended"),
    [
        (ILL, {}, 1, 0),
        (ILL, told_once(ILL), 0, 0),
        (replace(ILL, health_since=NOW - timedelta(hours=1)), {}, 0, 0),
        (replace(ILL, health=Health.TEMPLATE, health_since=NOW), {}, 1, 0),
        (replace(ILL, health=Health.GONE), {}, 0, 0),
        (replace(ILL, health=Health.FRESH), told_once(ILL), 0, 1),
        (replace(ILL, health=Health.FRESH), {1: ""}, 0, 0),
        (replace(ILL, health=Health.REFUSED), told_once(ILL), 0, 0),
        (replace(ILL, health_since=NOW - timedelta(days=1)), told_once(ILL), 1, 0),
    ],
)
def test_a_trouble_is_told_once_and_its_end_once(
    feed: Feed, told: dict[int, str], ailing: int, mended: int
) -> None:
    found = notice([feed], RULE, told, NOW)
    assert (len(found.ailing), len(found.mended)) == (ailing, mended)


def test_the_words_name_the_feeds() -> None:
    words = message(Notice((ILL,), (replace(ILL, title="Autre", id=2),)), NOW)
    assert words.subject == "Vigie : 1 flux à regarder, 1 flux de nouveau en ordre"
    first, second = words.text.split("\n")
    assert (
        first
        == "- Journal (unreachable, depuis le 22/11/2026) : erreur du serveur (HTTP 500) · https://a.example/f"
    )
    assert second == "- Autre : de nouveau en ordre · https://a.example/f"
    many = tuple(replace(ILL, id=n) for n in range(80))
    assert message(Notice(many), NOW).text.endswith("… et 30\u00a0autres : « vigie feeds list »")


def tell(config: Path) -> Delivered:
    async def at_a_desk() -> Delivered:
        async with open_desk(load_settings(config, {})) as desk:
            return tell_of_feeds(desk)

    return asyncio.run(at_a_desk())


def test_a_rule_tells_a_channel_of_feeds(newsroom: "Newsroom", config: Path) -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write('[[rules]]\nname = "flux"\nfeeds = ["unreachable"]\n')
    assert len(load_settings(config, {}).alert_rules()) == 1
    since = datetime.now(UTC) - timedelta(days=1)
    with Store.open(load_settings(config, {}).database) as store:
        (feed,) = store.add_feeds([replace(ILL, health_since=since, id=None)])
    assert tell(config).sent == 1
    assert tell(config).sent == 0
    assert "erreur du serveur" in str(newsroom.webhooks[0])
    with Store.open(load_settings(config, {}).database) as store:
        store.set_health([replace(feed, health=Health.FRESH, health_note="")])
    assert tell(config).sent == 1
    assert tell(config).sent == 0
    assert "de nouveau en ordre" in str(newsroom.webhooks[1])


def test_what_a_channel_refuses_is_told_later(newsroom: "Newsroom", config: Path) -> None:
    right = config.read_text("utf-8") + '[[rules]]\nfeeds = ["unreachable"]\n'
    config.write_text(
        right.replace("/hook", "/nowhere-that-takes-it").replace("json://", "json://127.0.0.1:9/x"), "utf-8"
    )
    with Store.open(load_settings(config, {}).database) as store:
        store.add_feeds([replace(ILL, health_since=datetime.now(UTC) - timedelta(days=1), id=None)])
    refused = tell(config)
    assert (refused.sent, len(refused.failures)) == (0, 1)
    config.write_text(right, "utf-8")
    assert tell(config).sent == 1


def test_a_rule_on_feeds_asks_nothing_of_events(config: Path) -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write('[[rules]]\nfeeds = ["gone"]\nmin_headcount = 3\n')
    with pytest.raises(ConfigurationError, match=r"min_headcount.*règle à part"):
        load_settings(config, {})

"""What a bug ends, and what it does not: the outbox is emptied first, a bar that fails is no failure."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from prefect.exceptions import PrefectException

from flows import artifacts
from flows.pipeline import run_cycle
from flows.pipeline_desk import open_desk
from flows.settings import load_settings
from flows.watch import watch_feeds
from models.errors import ConfigurationError
from models.records import Feed
from models.store import Store

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom


class BugError(Exception):
    """A bug in the reading of one article."""


@pytest.fixture
def second_article_is_poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first article of a cycle is told, the second one meets a bug."""
    told, calls = Store.tell, []

    def tell(self: Store, *arguments: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            raise BugError
        return told(self, *arguments)

    monkeypatch.setattr(Store, "tell", tell)


def test_a_bug_in_one_article_is_loud_and_holds_back_no_alert(
    newsroom: "Newsroom", config: Path, second_article_is_poison: None
) -> None:
    newsroom.sites["alpha"] = newsroom.sites["alpha"][:1]  # both stories that are left are alerted
    with Store.open(load_settings(config, {}).database) as store:
        store.add_feeds([Feed(url=f"{newsroom.base}/{site}/feed", publisher=site) for site in newsroom.sites])

    async def run() -> None:
        async with open_desk(load_settings(config, os.environ)) as desk:
            await run_cycle(desk, every=True)

    with pytest.raises(BugError):
        asyncio.run(run())
    assert len(newsroom.webhooks) == 1


@pytest.mark.parametrize(
    "hiccup",
    [httpx.ReadTimeout("late"), PrefectException("refused"), RuntimeError("not reached"), OSError("reset")],
)
def test_an_api_that_ails_costs_the_bars_and_not_the_cycle(
    hiccup: Exception, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ailing(*arguments: Any, **named: Any) -> None:
        raise hiccup

    monkeypatch.setattr(artifacts, "acreate_progress_artifact", ailing)

    async def work() -> str:
        async with artifacts.watched_progress(period=0.01) as progress:
            progress("articles", 1, 10)
            while "barres" not in caplog.text:  # noqa: ASYNC110 - the log has no event to wait for
                await asyncio.sleep(0.01)
        return "done"

    assert asyncio.run(asyncio.wait_for(work(), 20)) == "done"


def test_a_part_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="0 à 1"):
        asyncio.run(watch_feeds.fn(shard=2, shards=2))

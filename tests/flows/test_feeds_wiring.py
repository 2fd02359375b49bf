"""Feeds found, refused, resumed and explained, and their past read, over a loopback newsroom."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from flows.cli.application import app
from flows.settings import load_settings
from models.errors import NotStoredError
from models.records import Feed
from models.store import Store

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom


def ask(config: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["--config", str(config), *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def store_of(config: Path) -> Store:
    return Store.open(load_settings(config, {}).database)


def followed(config: Path) -> list[str]:
    with store_of(config) as store:
        return [feed.url for feed in store.feeds()]


def announce(newsroom: "Newsroom", monkeypatch: pytest.MonkeyPatch, path: str, html: str) -> None:
    """Serve one more page: the path `/alpha/<path>` answers this HTML."""
    monkeypatch.setattr(type(newsroom), "page", lambda room, story: html.encode())
    newsroom.sites["alpha"] = [type(newsroom.sites["alpha"][0])(path, "t", "x"), *newsroom.sites["alpha"]]


def test_a_site_gives_its_feed(newsroom: "Newsroom", config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = (
        '<html><head><link rel="alternate" type="application/rss+xml" href="/alpha/feed"></head><p>Bonjour</html>'
    )
    announce(newsroom, monkeypatch, "accueil", head)
    code, said, words = ask(config, "feeds", "add", f"{newsroom.base}/alpha/accueil")
    assert (code, followed(config)) == (0, [f"{newsroom.base}/alpha/feed"])
    assert "1\u00a0flux ajouté." in said
    assert "trouvé · Alpha" in words
    code, said, words = ask(
        config, "feeds", "add", f"{newsroom.base}/alpha/feed", f"{newsroom.base}/alpha/accueil"
    )
    assert (code, len(followed(config))) == (0, 1)
    assert "déjà suivi" in words
    assert "0\u00a0flux ajouté, 2\u00a0déjà suivis." in said


def test_a_page_without_a_feed_is_refused(
    newsroom: "Newsroom", config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    announce(newsroom, monkeypatch, "accueil", "<html><body><p>Rien.</p></body></html>")
    code, _, words = ask(config, "feeds", "add", f"{newsroom.base}/alpha/accueil")
    assert (code, followed(config)) == (1, [])
    assert "aucun flux trouvé" in words


def test_what_does_not_answer_is_followed_as_it_is(newsroom: "Newsroom", config: Path) -> None:
    newsroom.broken_feeds.add("beta")
    code, _, words = ask(config, "feeds", "add", f"{newsroom.base}/beta/feed")
    assert (code, followed(config)) == (0, [f"{newsroom.base}/beta/feed"])
    assert "suivi tel quel" in words


def test_a_paused_feed_is_explained_and_resumed(newsroom: "Newsroom", config: Path) -> None:
    url = f"{newsroom.base}/alpha/feed"
    with store_of(config) as store:
        store.add_feeds([Feed(url, paused=True, failures=9)])
    assert "en pause" in ask(config, "feeds", "check", url)[1]
    assert ask(config, "feeds", "resume", url)[0] == 0
    with store_of(config) as store:
        (feed,) = store.feeds()
    assert (feed.paused, feed.failures, feed.due) == (False, 0, None)


def test_only_the_feed_of_a_source_is_read_where_a_person_says_so(newsroom: "Newsroom", config: Path) -> None:
    url = f"{newsroom.base}/alpha/feed"
    ask(config, "feeds", "add", "--as-given", url)
    code, said, _ = ask(config, "feeds", "policy", url, "feed")
    assert (code, "seul son flux est lu" in said) == (0, True)
    assert ask(config, "watch", "--all")[0] == 0
    assert set(newsroom.requests) == {"/alpha/feed"}
    assert "seul le flux est lu" in ask(config, "feeds", "list")[1]
    assert "règle : seul le flux" in ask(config, "feeds", "check", url)[1]
    assert ask(config, "feeds", "policy", url, "pages")[0] == 0
    with store_of(config) as store:
        assert [feed.policy for feed in store.feeds()] == [""]
    assert ask(config, "feeds", "policy", url, "rien")[0] == 2
    with pytest.raises(NotStoredError):
        ask(config, "feeds", "policy", f"{newsroom.base}/nulle-part", "feed")


def test_pages_that_give_no_text_any_more_are_told(
    newsroom: "Newsroom", config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = type(newsroom.sites["alpha"][0])
    newsroom.sites["alpha"] = [story(f"a{n}", f"Sujet {n}", "Un texte.") for n in range(6)]
    ask(config, "feeds", "add", "--as-given", f"{newsroom.base}/alpha/feed")
    with monkeypatch.context() as changed:
        changed.setattr(type(newsroom), "page", lambda room, story: b"<html><div id=app></div></html>")
        ask(config, "watch", "--all")
    said = json.loads(ask(config, "--json", "feeds", "list")[1])[0]
    assert (said["health"], "aucun texte d’article" in said["health_note"]) == ("template", True)
    newsroom.sites["alpha"] = [story("b", "Suite", "Le directeur quitte Nimbus."), *newsroom.sites["alpha"]]
    ask(config, "watch", "--all")
    assert json.loads(ask(config, "--json", "feeds", "list")[1])[0]["health"] == "fresh"


def test_the_past_is_read_as_history_and_once(newsroom: "Newsroom", config: Path) -> None:
    newsroom.now = datetime.now(UTC) - timedelta(days=10)
    ask(config, "feeds", "add", "--as-given", f"{newsroom.base}/alpha/feed", f"{newsroom.base}/beta/feed")
    since = f"{newsroom.now - timedelta(days=2):%Y-%m-%d}"
    code, said, _ = ask(config, "--json", "backfill", "--since", since, "--pause", "0", "--limit", "1")
    first = json.loads(said)
    assert (code, first["entries"], first["articles"]) == (0, 3, 1)
    newsroom.requests.clear()
    second = json.loads(ask(config, "--json", "backfill", "--since", since, "--pause", "0")[1])
    assert (second["pages"], second["entries"], second["articles"]) == (0, 0, 2)
    assert not any(path.endswith("/feed") for path in newsroom.requests)
    assert first["events"] + second["events"] == 2
    with store_of(config) as store:
        assert store.alerts() == ()
    assert newsroom.webhooks == []


def test_news_of_today_is_left_to_the_watch(newsroom: "Newsroom", config: Path) -> None:
    ask(config, "feeds", "add", "--as-given", f"{newsroom.base}/alpha/feed")
    since = f"{datetime.now(UTC) - timedelta(days=9):%Y-%m-%d}"
    done = json.loads(ask(config, "--json", "backfill", "--since", since, "--pause", "0")[1])
    assert (done["entries"], done["articles"]) == (0, 0)
    watched = json.loads(ask(config, "--json", "watch", "--all")[1])
    assert (watched["articles"], watched["alerts"]) == (2, 1)

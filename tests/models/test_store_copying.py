"""A copy is the same store: same rows, same ids, nothing sent again, and it goes on counting."""

import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.errors import StoreError
from models.queries import Alias
from models.records import Entry, Feed, FeedResult, Fetched, ParsedFeed
from models.store import Store, schema
from models.store.copying import _copy_table, copy
from models.tables import Base
from models.vocabulary import Outcome

NOW = datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)
LEASE = timedelta(minutes=5)
COPY_TABLE = _copy_table


def fill(store: Store, toy: Any) -> None:
    """At least one row in every table."""
    (feed,) = store.add_feeds([Feed("https://a.example/rss")])
    entries = tuple(Entry(str(n), feed.url, f"https://journal{n}.example/article", "É") for n in range(3))
    store.record_result(
        FeedResult(feed, Fetched(feed.url, Outcome.OK, NOW), ParsedFeed(entries=entries)), feed, NOW
    )
    for number in range(4):
        toy.tell(store, toy.article(number), toy.leaving("Jeanne Dupont"), toy.cut(headcount=number + 10))
    toy.tell(store, toy.article(1, text="Corrigé."), toy.cut(headcount=99))
    events = store.events()
    split = store.split(events[0].id, [events[0].mentions[0].id], "camille", NOW, toy)
    store.merge(split[0].id, split[1].id, "camille", NOW, toy)
    again = store.split(split[0].id, [store.event(split[0].id).mentions[0].id], "camille", NOW, toy)
    store.dismiss(again[1].id, "camille", NOW)
    store.add_alias(Alias("organisation", "Acme", "ACME SA", "camille"), NOW)
    store.lease(["host:a"], "w", NOW, LEASE)
    claims = store.claim_deliveries("w", NOW, 3, LEASE)
    store.mark_sent(claims[0].delivery.id or 0, NOW)
    store.mark_failed(claims[1].delivery.id or 0, "503", NOW, NOW)


@pytest.fixture
def urls(request: pytest.FixtureRequest, tmp_path: Path, way: str) -> tuple[str, str]:
    file = f"sqlite:///{tmp_path / 'source.db'}"
    other = f"sqlite:///{tmp_path / 'target.db'}"
    server = request.getfixturevalue("postgresql_url") if "postgresql" in way else ""
    return {
        "sqlite-postgresql": (file, server),
        "postgresql-sqlite": (server, file),
        "sqlite-sqlite": (file, other),
    }[way]


@pytest.mark.parametrize("way", ["sqlite-postgresql", "postgresql-sqlite", "sqlite-sqlite"])
def test_a_copy_is_the_same_store(urls: tuple[str, str], toy: Any, snapshot: Callable[[Store], Any]) -> None:
    source, target = urls
    with Store.open(source) as store:
        fill(store, toy)
        before = snapshot(store)
        events, alerts = store.events(), store.alerts()
    copied = copy(source, target)
    assert copied.rows == {name: len(rows) for name, rows in before.items()}
    assert {n for n, count in copied.rows.items() if not count} <= {"meta", "suppressions", "former_addresses"}
    assert schema.check(target) == ()
    with Store.open(target) as store:
        assert snapshot(store) == before
        assert (store.events(), store.alerts()) == (events, alerts)
        goes_on(store, toy)


def goes_on(store: Store, toy: Any) -> None:
    """Nothing is sent again, and new rows find their ids."""
    sent = {d.id for d in store.deliveries() if d.sent}
    claimed = {c.delivery.id for c in store.claim_deliveries("w", NOW + LEASE, 1000, LEASE)}
    assert sent
    assert claimed
    assert not sent & claimed
    toy.tell(store, toy.article(9), toy.cut(headcount=1))
    store.add_feeds([Feed("https://b.example/rss")])
    assert len(store.feeds()) == 2


def test_a_dump_that_is_restored_is_the_same_store(
    postgresql_url: str,
    other_postgresql_url: str,
    postgresql_programs: Path,
    tmp_path: Path,
    toy: Any,
    snapshot: Callable[[Store], Any],
) -> None:
    """The commands of docs/operations.md, with their options."""
    with Store.open(postgresql_url) as store:
        fill(store, toy)
        before, events, alerts = snapshot(store), store.events(), store.alerts()
        history = [store.history(event.id) for event in events]
    dump = str(tmp_path / "vigie.dump")
    old, new = (plain(url) for url in (postgresql_url, other_postgresql_url))
    subprocess.run(
        [postgresql_programs / "pg_dump", "--format=custom", f"--dbname={old}", f"--file={dump}"], check=True
    )
    subprocess.run(
        [postgresql_programs / "pg_restore", "--exit-on-error", "--no-owner", f"--dbname={new}", dump], check=True
    )
    assert schema.check(other_postgresql_url) == ()
    with Store.open(other_postgresql_url) as store:
        assert snapshot(store) == before
        assert (store.events(), store.alerts()) == (events, alerts)
        assert [store.history(event.id) for event in events] == history
        goes_on(store, toy)


def plain(url: str) -> str:
    """An address as PostgreSQL's own programs write it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def test_a_backup_of_sqlite_while_it_is_written_is_the_same_store(
    sqlite_url: str, tmp_path: Path, toy: Any, snapshot: Callable[[Store], Any]
) -> None:
    """What `.backup` of the sqlite3 command does."""
    other = tmp_path / "copie.db"
    with Store.open(sqlite_url) as store:
        fill(store, toy)
        before = snapshot(store)
        with (
            closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as old,
            closing(sqlite3.connect(other)) as new,
        ):
            old.backup(new)
        toy.tell(store, toy.article(8), toy.leaving("Paul Martin"))
    with Store.open(f"sqlite:///{other}") as store:
        assert snapshot(store) == before
        goes_on(store, toy)


def test_a_copy_over_something_is_refused(sqlite_url: str, tmp_path: Path, toy: Any) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    for url in (sqlite_url, other):
        with Store.open(url) as store:
            fill(store, toy)
    with pytest.raises(StoreError, match="n'est pas vide"):
        copy(sqlite_url, other)
    with pytest.raises(StoreError, match="elle-même"):
        copy(sqlite_url, sqlite_url)


def test_a_copy_of_an_older_store_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    schema.upgrade(sqlite_url, "0001")
    with pytest.raises(StoreError, match="vigie db upgrade"):
        copy(sqlite_url, f"sqlite:///{tmp_path / 'other.db'}")


def test_a_copy_that_fails_leaves_the_target_empty(
    sqlite_url: str, tmp_path: Path, toy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(sqlite_url) as store:
        fill(store, toy)
    other = f"sqlite:///{tmp_path / 'other.db'}"
    tables = Base.metadata.sorted_tables
    monkeypatch.setattr("models.store.copying._copy_table", _failing_on(tables[-1].name))
    with pytest.raises(RuntimeError, match=tables[-1].name):
        copy(sqlite_url, other)
    with Store.open(other) as store:
        assert store.feeds() == ()


def _failing_on(name: str) -> Callable[..., int]:
    def copy_table(old: Any, new: Any, table: Any) -> int:
        if table.name == name:
            raise RuntimeError(name)
        return COPY_TABLE(old, new, table)

    return copy_table

"""The migrations give exactly the tables, from nothing and from every earlier revision."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from models.errors import StoreError
from models.records import Feed
from models.store import Store, schema
from models.store.rows import address_key

REVISIONS = [r.revision for r in ScriptDirectory.from_config(schema._config()).walk_revisions()]


def test_an_empty_database_is_migrated_to_exactly_the_tables(database_url: str) -> None:
    assert schema.check(database_url) != ()
    assert schema.upgrade(database_url) == schema.head()
    assert schema.check(database_url) == ()


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_leads_to_exactly_the_tables(database_url: str, revision: str) -> None:
    assert schema.upgrade(database_url, revision) == revision
    assert schema.upgrade(database_url) == schema.head()
    assert schema.check(database_url) == ()


def test_a_difference_is_told(sqlite_url: str) -> None:
    schema.upgrade(sqlite_url)
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE feeds ADD COLUMN colour TEXT"))
    engine.dispose()
    assert len(schema.check(sqlite_url)) == 1
    assert "colour" in schema.check(sqlite_url)[0]


def test_an_upgrade_loses_nothing(database_url: str) -> None:
    schema.upgrade(database_url, REVISIONS[-1])
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO feeds (url, title, publisher, site, topic, folder, failures, health, health_note) "
                "VALUES ('https://journal.example/rss', 'Le Journal', '', '', '', '', 0, 'fresh', '')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO entries (feed_id, key, title, summary, content, publisher, digest, seen) "
                "VALUES (1, 'k', 'Un titre', '', '', '', '', '2026-11-22 08:00:00')"
            )
        )
    engine.dispose()
    schema.upgrade(database_url)
    with Store.open(database_url) as store:
        assert [feed.title for feed in store.feeds()] == ["Le Journal"]
        assert [entry.title for entry in store.pending_entries(10)] == ["Un titre"]


def test_an_upgrade_tells_when_each_feed_was_first_read(database_url: str, toy: Any) -> None:
    schema.upgrade(database_url, "0002")
    engine = create_engine(database_url)
    feed = (
        "INSERT INTO feeds (url, title, publisher, site, topic, folder, failures, health, health_note) "
        "VALUES (:url, '', '', '', '', '', 0, 'fresh', '')"
    )
    entry = (
        "INSERT INTO entries (feed_id, key, url_key, title, summary, content, publisher, digest, seen) "
        "VALUES (1, :key, :url_key, '', '', '', '', '', :seen)"
    )
    with engine.begin() as connection:
        for url in ("https://journal.example/rss", "https://never.example/rss"):
            connection.execute(text(feed), {"url": url})
        for number, hour in ((1, 8), (2, 8), (3, 9)):
            seen, key = f"2026-11-22 0{hour}:00:00.000000", address_key(toy.article(number).url)
            connection.execute(text(entry), {"key": str(number), "url_key": key, "seen": seen})
    engine.dispose()
    schema.upgrade(database_url)
    with Store.open(database_url) as store:
        articles = [store.save_article(toy.article(number), toy.now) for number in (1, 2, 3)]
        assert store.familiar_articles(articles) == {articles[2].id}
        assert store.pending_entries(10) == ()


def test_a_table_made_anew_keeps_the_rows_that_refer_to_it(sqlite_url: str, toy: Any) -> None:
    """What a later revision may do on SQLite, which alters a table by making another one."""
    with Store.open(sqlite_url) as store:
        toy.tell(store, toy.article(), toy.leaving())
        before = store.events()
        with store.database.connection(foreign_keys=False) as connection:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("events", recreate="always") as batch:
                batch.alter_column("changed", nullable=True)
        assert store.events() == before
        with (
            pytest.raises(RuntimeError, match="refer to nothing"),
            store.database.connection(foreign_keys=False) as connection,
        ):
            connection.execute(text("DELETE FROM events"))
        assert store.events() == before
        with pytest.raises(IntegrityError), store.database.connection() as connection:
            connection.execute(text("DELETE FROM events"))


def test_an_empty_database_is_left_alone_if_told_so(database_url: str) -> None:
    with pytest.raises(StoreError, match="vigie db upgrade"):
        Store.open(database_url, upgrade_empty=False)


def test_a_database_of_a_newer_program_is_refused(database_url: str) -> None:
    schema.upgrade(database_url)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="plus récent"):
        schema.upgrade(database_url)
    with pytest.raises(StoreError, match="9999"):
        Store.open(database_url)


def test_a_database_with_other_tables_of_our_names_is_refused(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE feeds (id INTEGER)"))
    engine.dispose()
    with pytest.raises(StoreError):
        Store.open(database_url)
    with pytest.raises(StoreError, match="donnez une base vide"):
        schema.upgrade(database_url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("n'importe quoi", "illisible"),
        ("mysql://u:secret@localhost/x", "mysql"),
        ("postgresql://u:secret@127.0.0.1:1/x", "ne répond pas"),
        ("sqlite:////proc/nulle/part/vigie.db", "ne peut être créé"),
    ],
)
def test_an_unusable_address_is_told_in_one_line_without_its_password(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        Store.open(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "lettre.db"
    path.write_text("Ceci n'est pas une base. " * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="n'est pas une base SQLite"):
        Store.open(f"sqlite:///{path}")


def test_an_opened_store_is_ready(store: Store) -> None:
    store.add_feeds([Feed("https://a.example/rss", due=datetime(2026, 1, 1, tzinfo=UTC))])
    assert store.feeds()[0].due == datetime(2026, 1, 1, tzinfo=UTC)

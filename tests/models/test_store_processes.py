"""Several processes on one store: nothing twice, nothing lost, and nobody is told that it is locked."""

import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Inspector, inspect

from models.records import Feed
from models.store import Store
from models.vocabulary import DeliveryState

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ROOT = Path(__file__).parent.parent.parent

START = """
import sys
from datetime import UTC, datetime, timedelta
from models.store import Store

now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
url, name = sys.argv[1:3]
print("ready", flush=True)
sys.stdin.readline()
"""


def at_once(code: str, url: str, names: str) -> list[str]:
    """What processes print that run the same code, all started before any begins."""
    script = START + textwrap.dedent(code)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, url, name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        out = [process.communicate(timeout=600) for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert [errors for _, errors in out] == ["" for _ in names]
    return [said for said, _ in out]


def test_two_processes_deliver_each_message_once(store_url: str, toy: Any) -> None:
    with Store.open(store_url) as store:
        for number in range(30):
            toy.tell(store, toy.article(number), toy.leaving(f"Personne {number}"))
        said = at_once(
            """
            with Store.open(url) as store:
                while claims := store.claim_deliveries(name, now, 4, timedelta(minutes=5)):
                    for claim in claims:
                        print(claim.delivery.id)
                        store.mark_sent(claim.delivery.id, now)
            """,
            store_url,
            "ab",
        )
        sent = Counter(line for lines in said for line in lines.split())
        assert len(sent) == 60
        assert set(sent.values()) == {1}
        assert len(store.deliveries(state=DeliveryState.SENT, limit=1000)) == 60


def test_two_processes_that_read_of_one_event_make_one_of_it(store_url: str, toy: Any) -> None:
    Store.open(store_url).close()
    at_once(
        """
        from extractors import stories
        from models.records import Article, Mention, Reading
        from models.vocabulary import Kind, Salience

        with Store.open(url) as store:
            for number in range(10):
                page = Article(f"https://{name}{number}.example/", "T", f"{name} {number}", now, now, name)
                page = store.save_article(page, now)
                mention = Mention(Kind.DEPARTURE, Salience.MAIN, "Acme", person=f"Jeanne Dupont{number}")
                store.tell(page, Reading(page.url, mentions=(mention,)), "1", stories.decide, now)
        """,
        store_url,
        "ab",
    )
    with Store.open(store_url) as store:
        events = store.events()
        assert len({e.get("person") for e in events}) == len(events)
        assert sum(len(e.mentions) for e in events) == 20
        assert all(set(e.outlets) == {"a", "b"} for e in events)


def test_writers_of_one_sqlite_file_never_hear_that_it_is_locked(sqlite_store_url: str) -> None:
    with Store.open(sqlite_store_url) as store:
        (feed,) = store.add_feeds([Feed("https://a.example/rss")])
    at_once(
        """
        from models.records import Entry, Fetched, FeedResult, ParsedFeed
        from models.vocabulary import Outcome

        for turn in range(50):
            with Store.open(url) as store:
                feed = store.feeds()[0]
                entry = Entry(f"{name} {turn}", feed.url, None, "T")
                fetched = Fetched(feed.url, Outcome.OK, now + timedelta(minutes=turn))
                store.record_result(FeedResult(feed, fetched, ParsedFeed(entries=(entry,))), feed, now)
        """,
        sqlite_store_url,
        "ab",
    )
    with Store.open(sqlite_store_url) as store:
        assert len(store.pending_entries(1000)) == 100
        assert len(store.fetches(feed.url, limit=1000)) == 100


def test_processes_that_open_an_empty_database_at_once_all_find_it_ready(database_url: str) -> None:
    at_once(
        """
        with Store.open(url) as store:
            store.add_feeds([])
        """,
        database_url,
        "abc",
    )
    with Store.open(database_url) as store:
        assert store.feeds() == ()


def test_a_killed_worker_leaves_what_it_held_to_the_next(store_url: str, toy: Any) -> None:
    with Store.open(store_url) as store:
        for number in range(5):
            toy.tell(store, toy.article(number), toy.leaving(f"Personne {number}"))
        at_once(
            """
            import os, signal
            store = Store.open(url)
            claims = store.claim_deliveries(name, now, 6, timedelta(minutes=5))
            store.mark_sent(claims[0].delivery.id, now)
            os.kill(os.getpid(), signal.SIGKILL)
            """,
            store_url,
            "a",
        )
        assert len(store.claim_deliveries("b", NOW, 100, timedelta(minutes=5))) == 4
        assert len(store.claim_deliveries("b", NOW + timedelta(minutes=5), 100, timedelta(minutes=5))) == 9


def test_a_file_that_another_process_writes_for_the_first_time_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    told = []

    def commit() -> None:
        told.append("committed")
        other.execute("COMMIT")

    done = threading.Timer(0.3, commit)
    done.start()
    try:
        with Store.open(f"sqlite:///{path}") as store:
            assert told == ["committed"]
            assert store.feeds() == ()
    finally:
        done.join()
        other.close()


def test_a_database_that_gets_its_tables_while_it_is_looked_at_is_ready(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others: list[bool] = []

    def late(connection: Connection) -> Inspector:
        if not others:
            others.append(True)
            Store.open(database_url).close()
        return inspect(connection)

    monkeypatch.setattr("models.store.inspect", late)
    with Store.open(database_url) as store:
        assert store.feeds() == ()

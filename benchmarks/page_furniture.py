"""Whether stories read from web pages tell the same as their bare texts: menus, teasers and comments tell nothing.

    python -m benchmarks.page_furniture NEWSROOM_SCRIPT DOCUMENTS [--sites 8]

One `vigie watch` over the healthy feeds of a newsroom; then the mentions in the store are compared with what
`understand` makes of each document's own text and day, and the title that the feed gave. A page that the newsroom
syndicated (its first sentence cut off) is compared with that shortened text. Exit 1 where a page tells of a name
that does not stand in its text, or where more than one page in fifty differs.
"""

import argparse
import importlib.util
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.fetching_faults import Room, cycle
from extractors.events import understand
from models.dates import PartialDate
from models.records import Document

TOLD = (
    "kind",
    "salience",
    "person",
    "company",
    "headcount",
    "percent",
    "status",
    "destination",
    "successor",
    "date",
)
ALLOWED = 0.02  # of the pages may differ in a value, none may tell of somebody else
Told = set[tuple[Any, ...]]


def texts(newsroom: Any, folder: Path) -> dict[str, tuple[Document, ...]]:
    """By the last part of a page's address: the document as it is, and as a syndicated copy; without titles."""
    found: dict[str, tuple[Document, ...]] = {}
    for data in newsroom.load([folder]):
        day = PartialDate(newsroom.iso(data)[:10])
        first, *others = [p.strip() for p in re.split(r"\n+", data["text"]) if p.strip()]
        shorter = re.sub(r"^[^.]*\.\s*", "", first, count=1) or first
        found[newsroom.slug(data)] = tuple(
            Document(data["id"], "\n".join((opening, *others)), published=day) for opening in (first, shorter)
        )
    return found


def bare(documents: Iterable[Document]) -> list[Told]:
    """What the understanding tells of bare texts."""
    return [
        {tuple(plain(getattr(m, name)) for name in TOLD) for m in reading.mentions if not m.denied}
        for reading in understand(documents)
    ]


def plain(value: Any) -> Any:
    """A value as the store's columns hold it."""
    value = getattr(value, "iso", getattr(value, "value", value))
    return round(value, 6) if isinstance(value, float) else value


def stored(path: Path) -> list[tuple[str, str, Told]]:
    """Of every page in the store: the last part of its address, its title, and `TOLD` of each of its mentions."""
    columns = ", ".join(f"m.{name}" for name in TOLD)
    joined = "articles a LEFT JOIN mentions m ON m.article_id = a.id AND NOT m.denied"
    query = f"SELECT a.id, a.url, a.title, {columns} FROM {joined}"  # noqa: S608 - our own names
    pages: dict[tuple[int, str, str], Told] = {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        for id_, url, title, *values in base.execute(query):
            told = pages.setdefault((id_, url.rpartition("/")[2], title), set())
            if values[0] is not None:
                told.add(tuple(plain(v) for v in values))
    return [(slug, title, told) for (_, slug, title), told in pages.items()]


def main() -> int:
    """Runs it, and prints each page that differs and the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("newsroom", type=Path)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--sites", type=int, default=8)
    given = parser.parse_args()
    spec = importlib.util.spec_from_file_location("newsroom", given.newsroom)
    assert spec is not None  # noqa: S101 - a path was given
    assert spec.loader is not None  # noqa: S101
    newsroom = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(newsroom)
    room = Room(given.newsroom, given.documents, given.sites)
    try:
        with tempfile.TemporaryDirectory() as name:
            cycle(Path(name), room, prefect=False, faults=False)
            pages = stored(Path(name) / "vigie.db")
    finally:
        room.process.terminate()
        room.process.wait()
    return compared(texts(newsroom, given.documents), pages)


def compared(wanted: dict[str, tuple[Document, ...]], pages: list[tuple[str, str, Told]]) -> int:
    """Prints what differs; 1 where it is more than is allowed."""
    expected = bare(replace(document, title=title) for slug, title, _ in pages for document in wanted[slug])
    differing = foreign = mentions = 0
    for index, (slug, title, told) in enumerate(pages):
        whole, copy = expected[2 * index : 2 * index + 2]
        words = f"{title} {wanted[slug][0].text}"
        strangers = [row for row in told if any(name and name not in words for name in row[2:4])]
        foreign, mentions = foreign + len(strangers), mentions + len(told)
        if told not in (whole, copy):
            differing += 1
            print(slug, *(f"only in the {where}: {row}" for where, row in _apart(told, whole)), sep="\n  ")
    print(f"{len(pages)} pages, {mentions} mentions; {differing} pages differ, {foreign} mentions of unseen names")
    return 1 if foreign or differing > ALLOWED * len(pages) else 0


def _apart(told: Told, whole: Told) -> list[tuple[str, tuple[Any, ...]]]:
    return [*(("page", row) for row in told - whole), *(("text", row) for row in whole - told)]


if __name__ == "__main__":
    sys.exit(main())

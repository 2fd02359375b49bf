"""Whether stories read from web pages tell the same as their bare texts: menus, teasers and comments tell nothing.

    python -m benchmarks.page_furniture NEWSROOM_SCRIPT DOCUMENTS [--sites 8]

One `vigie watch` over the healthy feeds of a newsroom; then the mentions in the store are compared with what
`understand` makes of each document's own title, text and day. A page that the newsroom syndicated (its first
sentence and title changed) is compared with that shortened text. Exit 1 where a mention is told of a page that its
text does not tell, or where one page in fifty differs.
"""

import argparse
import importlib.util
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
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
    """By the last part of a page's address: the document as it is, and as a syndicated copy."""
    found: dict[str, tuple[Document, ...]] = {}
    for data in newsroom.load([folder]):
        day, title = PartialDate(newsroom.iso(data)[:10]), newsroom.title_of(data)
        first, *others = [p.strip() for p in re.split(r"\n+", data["text"]) if p.strip()]
        shorter = re.sub(r"^[^.]*\.\s*", "", first, count=1) or first
        whole = Document(data["id"], "\n".join((first, *others)), title, day)
        copy = Document(data["id"], "\n".join((shorter, *others)), f"Repris : {title}", day)
        found[newsroom.slug(data)] = (whole, copy)
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


def stored(path: Path) -> dict[str, list[Told]]:
    """What the store tells of every page, by the last part of its address; `TOLD` of each mention."""
    columns = ", ".join(f"m.{name}" for name in TOLD)
    joined = "articles a LEFT JOIN mentions m ON m.article_id = a.id AND NOT m.denied"
    query = f"SELECT a.id, a.url, {columns} FROM {joined}"  # noqa: S608 - our own names
    pages: dict[tuple[int, str], Told] = {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        for id_, url, *values in base.execute(query):
            told = pages.setdefault((id_, url.rpartition("/")[2]), set())
            if values[0] is not None:
                told.add(tuple(plain(v) for v in values))
    found: dict[str, list[Told]] = {}
    for (_, slug), told in pages.items():
        found.setdefault(slug, []).append(told)
    return found


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


def compared(wanted: dict[str, tuple[Document, ...]], pages: dict[str, list[Told]]) -> int:
    """Prints what differs; 1 where it is more than is allowed."""
    slugs = sorted(pages)
    expected = bare(document for slug in slugs for document in wanted[slug])
    differing = foreign = total = mentions = 0
    for index, slug in enumerate(slugs):
        whole, copy = expected[2 * index : 2 * index + 2]
        names = {row[2:4] for row in whole | copy}
        for told in pages[slug]:
            total, mentions = total + 1, mentions + len(told)
            strangers = [row for row in told if row[2:4] not in names]
            foreign += len(strangers)
            if told not in (whole, copy):
                differing += 1
                print(slug, sorted(map(str, told ^ whole)), sep="\n  ")
    print(f"{total} pages, {mentions} mentions; {differing} pages differ, {foreign} mentions of no text")
    return 1 if foreign or differing > ALLOWED * total else 0


if __name__ == "__main__":
    sys.exit(main())

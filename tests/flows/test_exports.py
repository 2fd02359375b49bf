"""Events in other programs' forms, read back by those programs' libraries."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import feedparser
import pytest
from icalendar import Calendar

from flows.exports import COLUMNS, export
from models.dates import PartialDate
from models.events import Chosen, Event, Provenance, SourcedMention
from models.queries import Stored
from models.records import Mention
from models.vocabulary import Kind, Life, Salience

TOLD, CHANGED = datetime(2026, 11, 20, 8, tzinfo=UTC), datetime(2026, 11, 22, 9, tzinfo=UTC)


def stored(
    id_: str, kind: Kind, life: Life = Life.CONFIRMED, published: str | None = "2026-11-20", **values: Any
) -> Stored:
    day = PartialDate(published) if published else None
    where = Provenance("a", "L’Écho du Net", f"https://echo.example/{id_}?a=1&b=2", "Un titre <b>", day)
    mention = SourcedMention("m", Mention(kind, Salience.MAIN), where)
    chosen = {name: Chosen(value, "r", ("m",)) for name, value in values.items()}
    return Stored(Event(id_, kind, life, chosen, (mention,)), TOLD, CHANGED)


@pytest.fixture
def events() -> tuple[Stored, ...]:
    return (
        stored("un", Kind.LAYOFF, company="Lumen & Cie", headcount=1200, percent=13, date="2026-11-18"),
        stored(
            "deux", Kind.DEPARTURE, Life.SPECULATED, company="Ça & Là", person="Zoé Lefèvre",
            manner=("voluntary", "mutual"), role="=HYPERLINK(\"https://mal.example\")", date="2026-11",
        ),
        stored("trois", Kind.LAYOFF, Life.DENIED, published=None, company="Nova"),
    )  # fmt: skip


def test_jsonl(events: tuple[Stored, ...]) -> None:
    lines = [json.loads(line) for line in export(events, "jsonl").splitlines()]
    assert [line["id"] for line in lines] == ["un", "deux", "trois"]
    assert lines[0]["values"]["headcount"] == 1200
    assert lines[0]["sources"][0]["url"] == "https://echo.example/un?a=1&b=2"
    assert (lines[0]["first_told"], lines[0]["changed"]) == ("2026-11-20T08:00:00Z", "2026-11-22T09:00:00Z")


def test_csv(events: tuple[Stored, ...]) -> None:
    rows = list(csv.DictReader(io.StringIO(export(events, "csv"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["headcount"] == "1200"
    assert rows[0]["company"] == "Lumen & Cie"
    assert rows[1]["manner"] == "voluntary | mutual"
    assert rows[1]["role"].startswith("'=HYPERLINK")
    assert rows[2]["life"] == "denied"


def test_atom(events: tuple[Stored, ...]) -> None:
    feed = feedparser.parse(export(events, "atom").encode())
    assert not feed.bozo
    assert feed.version == "atom10"
    first = feed.entries[0]
    assert first.title == "Lumen & Cie supprime 1\u202f200\u00a0postes"
    assert first.link == "https://echo.example/un?a=1&b=2"
    assert first.updated == "2026-11-22T09:00:00Z"
    assert first.id.endswith(":un")
    assert "L’Écho du Net" in first.content[0].value
    assert feed.entries[1].title.startswith("Rumeur\u00a0: Zoé Lefèvre quitterait")


def test_calendar(events: tuple[Stored, ...]) -> None:
    read = Calendar.from_ical(export(events, "ics"))
    entries = read.walk("VEVENT")
    assert [e.decoded("dtstart") for e in entries] == [date(2026, 11, 18), date(2026, 11, 20)]
    assert [str(e["status"]) for e in entries] == ["CONFIRMED", "TENTATIVE"]
    assert str(entries[0]["uid"]) == "un@vigie.invalid"
    assert str(entries[0]["summary"]) == "Lumen & Cie supprime 1\u202f200\u00a0postes"
    assert all(len(line) <= 75 for line in export(events, "ics").encode().split(b"\r\n"))


@pytest.mark.parametrize("form", ["jsonl", "csv", "atom", "ics"])
def test_no_events_and_hostile_ones(form: str) -> None:
    assert isinstance(export((), form), str)
    text = '\x00\x1b</content>]]>&amp;\r\nBEGIN:VEVENT\ud800\u202e,;\\"' + "x" * 10_000
    bad = stored("quatre", Kind.LAYOFF, company=text, place=text, reason=text)
    out = export((bad,), form)
    out.encode()
    if form == "atom":
        assert not feedparser.parse(out.encode()).bozo
    if form == "ics":
        assert len(Calendar.from_ical(out).walk("VEVENT")) == 1
    if form == "csv":
        assert len(list(csv.reader(io.StringIO(out, newline="")))) == 2


def test_an_empty_feed_is_a_feed() -> None:
    feed = feedparser.parse(export((), "atom").encode())
    assert not feed.bozo
    assert feed.feed.title.startswith("Vigie")

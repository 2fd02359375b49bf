"""Stored events for other programs: JSONL, CSV, an Atom feed, a calendar. Pure.

JSONL holds raw values; what people open directly (a spreadsheet, a feed reader, a calendar) gets the texts that
alerts show, which are harmless.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from xml.etree import ElementTree as Xml

from icalendar import Calendar
from icalendar import Event as Entry

from flows.alerts import french
from flows.alerts.chart import day_of
from flows.alerts.render import text_of
from flows.alerts.story import Story, story_of
from flows.alerts.webhook_body import event_body
from models.dates import PartialDate
from models.events import Alert, Event
from models.queries import Stored
from models.vocabulary import Life, News

ATOM = "http://www.w3.org/2005/Atom"
COLUMNS = (
    "id", "kind", "life", "headline", "company", "person", "role", "role_codes", "manner", "destination",
    "successor", "headcount", "headcount_qualifier", "percent", "unit", "place", "date", "reason", "outlets",
    "urls", "first_told", "changed",
)  # fmt: skip
_BREAKS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""What some readers take for the end of a line, and JSON lets stand in a text."""
_STATUS = {Life.CONFIRMED: "CONFIRMED", Life.DENIED: "CANCELLED"}


def export(stored: Sequence[Stored], format_: str) -> str:
    """The events in one of the forms `jsonl`, `csv`, `atom`, `ics`. Raises KeyError for another."""
    forms: Mapping[str, Callable[[Sequence[Stored]], str]] = {
        "jsonl": jsonl,
        "csv": table,
        "atom": atom,
        "ics": calendar,
    }
    return forms[format_](stored)


def jsonl(stored: Sequence[Stored]) -> str:
    """One JSON object a line, as the webhook has events, with when each was first told and last changed."""
    return "".join(
        json.dumps(
            event_body(s.event) | {"first_told": _stamp(s.first_told), "changed": _stamp(s.changed)},
            ensure_ascii=False,
        )
        .encode("utf-8", "replace")
        .decode()
        .translate(_BREAKS)
        + "\n"
        for s in stored
    )


def table(stored: Sequence[Stored]) -> str:
    """CSV with a header; several values in a cell are parted by ` | `."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for one in stored:
        event, story = one.event, _story(one.event)
        row: dict[str, object] = {name: event.get(name) for name in COLUMNS}
        row |= {
            "id": event.id,
            "kind": event.kind.value,
            "life": event.life.value,
            "headline": story.headline,
            "outlets": tuple(s.outlet for s in story.sources),
            "urls": tuple(s.url for s in story.sources if s.url),
            "first_told": _stamp(one.first_told),
            "changed": _stamp(one.changed),
        }
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def _cell(value: object) -> str | int | float:
    """A cell that no spreadsheet takes for a formula (it would run one that a headline brought)."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    text = " | ".join(str(v) for v in value) if isinstance(value, tuple) else str(value)
    text = " ".join(text.split()).encode("utf-8", "replace").decode().replace("\x00", "")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def atom(stored: Sequence[Stored]) -> str:
    """An Atom feed, an entry an event; the entry's id stays, so that a reader shows a change as an update."""
    Xml.register_namespace("", ATOM)
    feed = Xml.Element(f"{{{ATOM}}}feed", {"xml:lang": "fr"})
    _add(feed, "id", "tag:vigie.invalid,2026:evenements")
    _add(feed, "title", f"Vigie{french.COLON}départs et suppressions de postes")
    _add(feed, "updated", _stamp(max((s.changed for s in stored), default=datetime(1970, 1, 1, tzinfo=UTC))))
    _add(_add(feed, "author"), "name", "Vigie")
    for one in stored:
        story = _story(one.event)
        entry = _add(feed, "entry")
        _add(entry, "id", f"tag:vigie.invalid,2026:evenement:{story.event}")
        _add(entry, "title", story.headline)
        _add(entry, "published", _stamp(one.first_told))
        _add(entry, "updated", _stamp(one.changed))
        _add(entry, "category", term=one.event.kind.value, label=french.KIND[one.event.kind])
        for rank, source in enumerate(s for s in story.sources if s.url):
            _add(entry, "link", rel="related" if rank else "alternate", href=source.url, title=source.outlet)
        _add(entry, "content", text_of(story), type="text")
    return Xml.tostring(feed, "unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="utf-8"?>\n', "\n")
    )


def _add(parent: Xml.Element, name: str, text: str | None = None, **attributes: str) -> Xml.Element:
    child = Xml.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = text
    return child


def calendar(stored: Sequence[Stored]) -> str:
    """A calendar of whole days. An event whose day is not known stands at its first story's, else is left out."""
    out = Calendar()
    out.add("prodid", "-//Vigie//FR")
    out.add("version", "2.0")
    out.add("x-wr-calname", "Vigie")
    for one in stored:
        day = day_of(one.event) or _first_day(one.event)
        if day is None:
            continue
        story = _story(one.event)
        entry = Entry()
        entry.add("uid", f"{story.event}@vigie.invalid")
        entry.add("dtstamp", one.changed.astimezone(UTC))
        entry.add("dtstart", day)
        entry.add("summary", story.headline)
        entry.add("description", text_of(story))
        entry.add("status", _STATUS.get(one.event.life, "TENTATIVE"))
        entry.add("categories", [french.KIND[one.event.kind]])
        entry.add("transp", "TRANSPARENT")
        if url := next((s.url for s in story.sources if s.url), ""):
            entry.add("url", url)
        out.add_component(entry)
    return str(out.to_ical().decode("utf-8"))


def _first_day(event: Event) -> date | None:
    told = event.get("date")
    try:
        return PartialDate(told).first() if isinstance(told, str) else None
    except ValueError:
        return None


def _story(event: Event) -> Story:
    """What an alert on the event would say today."""
    return story_of(Alert(event.id, "", (), News.NEW, event))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

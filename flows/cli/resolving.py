"""`vigie resolve`: documents in order of publication, each mention with its event and what it adds."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from extractors import stories
from flows.cli.documents import read_document
from flows.cli.jsonl import Lines
from models.codec import mention_json, mention_of
from models.errors import InputError
from models.events import Event, SourcedMention
from models.records import Document, Reading
from models.sourcing import source_document

CHUNK = 256
"""Documents understood in one batch."""

Row = tuple[Document, Reading | None]


class Known:
    """The events resolved so far, found again by their keys: what the store is to the flow."""

    def __init__(self) -> None:
        self._events: dict[str, Event] = {}
        self._keys: dict[str, set[str]] = {}

    def lookup(self, keys: Sequence[str]) -> tuple[Event, ...]:
        """The events that have any of the keys, the oldest first."""
        ids = {event for key in keys for event in self._keys.get(key, ())}
        return tuple(event for name, event in self._events.items() if name in ids)

    def keep(self, event: Event) -> None:
        """Keep an event, new or changed, under its keys."""
        self._events[event.id] = event
        for key in stories.event_keys(event):
            self._keys.setdefault(key, set()).add(event.id)


def resolved(lines: Lines, stream: BinaryIO, at: datetime) -> Iterator[dict[str, Any]]:
    """One JSON object a document: its id, and its events with `event` and `news`."""
    known = Known()
    rows = _rows(lines, stream, at)
    while chunk := list(islice(rows, CHUNK)):
        for document, reading in _understood(chunk):
            yield _told(document, source_document(document, reading), known)


def _rows(lines: Lines, stream: BinaryIO, at: datetime) -> Iterator[Row]:
    for number, data in lines.objects(stream):
        try:
            document, _ = read_document(data, at)
            yield document, _given(document, data.get("events"))
        except InputError as error:
            lines.refuse(number, error)


def _given(document: Document, events: Any) -> Reading | None:
    """The mentions that a document brings along, None where they are to be understood."""
    if events is None:
        return None
    if not isinstance(events, list) or not all(isinstance(e, dict) for e in events):
        raise InputError("champ « events » : une liste d’objets est attendue")
    return Reading(document.id, mentions=tuple(mention_of(event) for event in events))


def _understood(chunk: Sequence[Row]) -> Iterator[tuple[Document, Reading]]:
    from extractors.events import understand

    found = iter(understand([document for document, reading in chunk if reading is None]))
    for document, reading in chunk:
        yield document, reading if reading is not None else next(found)


def _told(document: Document, mentions: tuple[SourcedMention, ...], known: Known) -> dict[str, Any]:
    rows = []
    for resolution in stories.resolve(mentions, known.lookup):
        known.keep(resolution.event)
        news = resolution.news.value if resolution.news else None
        rows.append({**mention_json(resolution.mention.mention), "event": resolution.event.id, "news": news})
    return {"id": document.id, "events": rows}

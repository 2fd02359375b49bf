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
from models.records import Document, Reading

CHUNK = 256
"""Documents understood in one batch."""


def resolved(lines: Lines, stream: BinaryIO, at: datetime) -> Iterator[dict[str, Any]]:
    """One JSON object a document: its id, and its events with `event` and `news`."""
    rows = _rows(lines, stream, at)
    for document, resolutions in stories.resolve_stream(_understood(rows)):
        events = [
            {
                **mention_json(resolution.mention.mention),
                "event": resolution.event.id,
                "news": resolution.news.value if resolution.news else None,
            }
            for resolution in resolutions
        ]
        yield {"id": document.id, "events": events}


def _rows(lines: Lines, stream: BinaryIO, at: datetime) -> Iterator[tuple[Document, Reading | None]]:
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


def _understood(rows: Iterator[tuple[Document, Reading | None]]) -> Iterator[tuple[Document, Reading]]:
    """Every document with its mentions; those without are understood, a chunk at a time."""
    while chunk := list(islice(rows, CHUNK)):
        readings = _readings([document for document, reading in chunk if reading is None])
        for document, reading in chunk:
            yield document, reading if reading is not None else next(readings)


def _readings(documents: Sequence[Document]) -> Iterator[Reading]:
    if documents:
        from extractors.events import understand

        yield from understand(documents)

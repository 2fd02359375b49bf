"""The whole understanding of a document: gate → parse → departures and layoffs → labels."""

from collections.abc import Iterable, Iterator

from extractors.events.departures import departures
from extractors.events.gate import cue
from extractors.events.language import BATCH, Parsed, parse
from extractors.events.layoffs import layoffs
from extractors.events.names import names
from extractors.events.people import People
from extractors.events.roles import roles
from models.records import Document, Mention, Reading, Step
from models.vocabulary import Kind, Salience

VERSION = "1"
"""Changes whenever the understanding does: stored articles are then read again."""


def understand(documents: Iterable[Document]) -> Iterator[Reading]:
    """One reading a document, in their order; memory is bounded by a batch."""
    batch: list[tuple[Document, str | None]] = []
    for document in documents:
        batch.append((document, cue(document)))
        if len(batch) == BATCH:
            yield from _read(batch)
            batch = []
    yield from _read(batch)


def _read(batch: list[tuple[Document, str | None]]) -> Iterator[Reading]:
    parsed = parse(document for document, word in batch if word)
    for document, word in batch:
        yield _understood(next(parsed), word) if word else Reading(document.id, steps=(_shut(),))


def _shut() -> Step:
    return Step("gate", "gate", "aucun mot de départ ni de suppression de postes")


def _understood(parsed: Parsed, word: str) -> Reading:
    found = names(parsed)
    people = People(parsed, found, roles(parsed, found))
    left = departures(people)
    cut = tuple(layoffs(parsed, found))
    mentions = (*left.mentions, *cut)
    steps = (Step("gate", "gate", "lu", word), *left.steps)
    return Reading(parsed.document.id, labels_of(mentions), mentions, steps)


def labels_of(mentions: Iterable[Mention]) -> frozenset[Kind]:
    """What a document is news of: the kinds of the events that it reports."""
    return frozenset(m.kind for m in mentions if m.salience is Salience.MAIN and not m.denied)

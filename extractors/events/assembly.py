"""The whole understanding of a document: gate → parse → departures and layoffs → labels."""

import itertools
from collections.abc import Iterable, Iterator

from extractors.events.departures import departures
from extractors.events.gate import cue
from extractors.events.judging import Judge, bundled
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
    for document, reading in _beside(documents):
        yield judged(document, reading, bundled())


def _beside(documents: Iterable[Document]) -> Iterator[tuple[Document, Reading]]:
    """Each document with what the rules find in it; no more documents are held than a batch."""
    ahead, behind = itertools.tee(documents)
    yield from zip(ahead, found(behind), strict=True)


def judged(document: Document, reading: Reading, judge: Judge) -> Reading:
    """A reading of the rules with the salience of its mentions weighed, and their mistakes dropped."""
    if not reading.mentions:
        return reading
    mentions, steps = judge.judge(document, reading.mentions)
    return Reading(reading.document, labels_of(mentions), mentions, (*reading.steps, *steps))


def found(documents: Iterable[Document]) -> Iterator[Reading]:
    """What the rules alone find, one reading a document."""
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

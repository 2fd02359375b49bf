"""The whole understanding of a document: gate → parse → rules → encoder and judge → labels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extractors.events.departures import departures
from extractors.events.gate import cue
from extractors.events.judging import Judge, Opinion, bundled, opinion_of
from extractors.events.language import BATCH, Parsed, parse
from extractors.events.layoffs import layoffs
from extractors.events.names import names
from extractors.events.people import People
from extractors.events.roles import roles
from models.records import Document, Mention, Reading, Step
from models.vocabulary import Kind, Salience

VERSION = "5"
"""Changes whenever the understanding does: stored articles are then read again."""


@dataclass(frozen=True)
class Draft:
    """What the rules found in a document; `people` is None where the gate stayed shut."""

    document: Document
    people: People | None
    mentions: tuple[Mention, ...]
    steps: tuple[Step, ...]

    @property
    def reading(self) -> Reading:
        """The rules' own reading, before anything is weighed."""
        return Reading(self.document.id, labels_of(self.mentions), self.mentions, self.steps)

    def opinion(self) -> Opinion | None:
        """What the encoder thinks of the document."""
        if self.people is None:
            return None
        return opinion_of(self.people)


def understand(documents: Iterable[Document]) -> Iterator[Reading]:
    """One reading a document, in their order; memory is bounded by a batch."""
    judge = bundled()
    for draft in drafts(documents):
        yield judged(draft, judge, draft.opinion())


def judged(draft: Draft, judge: Judge, opinion: Opinion | None) -> Reading:
    """The reading of a draft: proposals of rules and encoder weighed, mistakes dropped."""
    if draft.people is None or opinion is None:
        return draft.reading
    mentions, steps = judge.judge(draft.people, draft.mentions, opinion)
    return Reading(draft.document.id, labels_of(mentions), mentions, (*draft.steps, *steps))


def drafts(documents: Iterable[Document]) -> Iterator[Draft]:
    """What the rules alone find, one draft a document."""
    batch: list[tuple[Document, str | None]] = []
    for document in documents:
        batch.append((document, cue(document)))
        if len(batch) == BATCH:
            yield from _read(batch)
            batch = []
    yield from _read(batch)


def _read(batch: list[tuple[Document, str | None]]) -> Iterator[Draft]:
    parsed = parse(document for document, word in batch if word)
    for document, word in batch:
        yield _draft(next(parsed), word) if word else Draft(document, None, (), (_shut(),))


def _shut() -> Step:
    return Step("gate", "gate", "aucun mot de départ ni de suppression de postes")


def _draft(parsed: Parsed, word: str) -> Draft:
    found = names(parsed)
    people = People(parsed, found, roles(parsed, found))
    left = departures(people)
    mentions = (*left.mentions, *layoffs(parsed, found))
    steps = (Step("gate", "gate", "lu", word), *left.steps)
    return Draft(parsed.document, people, mentions, steps)


def labels_of(mentions: Iterable[Mention]) -> frozenset[Kind]:
    """What a document is news of: the kinds of the events that it reports."""
    return frozenset(m.kind for m in mentions if m.salience is Salience.MAIN and not m.denied)

"""Figures that may tell a cut: of each, what the rules see in it, and how it stands to each name.

Everything that reads as a number of people or as a share is asked about, whatever noun it counts ("38 autres",
"s'alléger de 300 salariés"): which of them tell jobs cut is for the encoder to say.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.events.cuts import STRENGTHS, Told, numbers, told
from extractors.events.judging.candidates import Candidate, nearness, prominence, sentences_of
from extractors.events.language import Parsed, Sentence, Where
from extractors.events.layoff_statements import recalled
from extractors.events.numbers import Quantity
from extractors.events.people import People

AMOUNT_SIGNS = 16
MAKER_SIGNS = 13
MOST = 40  # figures of a document that are judged, in reading order
_NEAR = 60  # characters between a figure and a trigger that may be its own
_WIDE = 200  # characters beyond which farther tells nothing more


@dataclass(frozen=True)
class Amount:
    """A figure at its place in a document, with its qualifier."""

    sentence: Sentence
    quantity: Quantity
    start: int
    end: int

    @property
    def where(self) -> Where:
        """The title or the text."""
        return self.sentence.where

    @property
    def is_share(self) -> bool:
        """Whether it is a share of the workforce rather than a number of jobs."""
        return self.quantity.kind == "percent"


def amounts(parsed: Parsed) -> tuple[Amount, ...]:
    """Every figure of a document that might be one of jobs cut; at most `MOST`."""
    found = [
        Amount(sentence, quantity, sentence.start + quantity.cue_start, sentence.start + quantity.end)
        for sentence in parsed.sentences
        for quantity in numbers(sentence.span.text)
        if quantity.value is not None and (quantity.kind == "percent" or (quantity.whole or 0) >= _LEAST)
    ]
    found.sort(key=lambda a: (a.where == "text", a.start))
    return tuple(found[:MOST])


_LEAST = 2  # people: one who goes is a departure


def amount_signs(found: Sequence[Amount]) -> list[list[float]]:
    """`[figure][sign]`: what the rules see in each."""
    read: dict[int, Told | None] = {}
    for amount in found:
        if amount.sentence.index not in read:
            read[amount.sentence.index] = told(amount.sentence)
    return [_signs(amount, read[amount.sentence.index]) for amount in found]


def _signs(amount: Amount, read: Told | None) -> list[float]:
    figures = [f for f in read.figures if f.start < amount.end and amount.start < f.end] if read else []
    gaps: dict[str, int] = {}
    for trigger in read.triggers if read else ():
        gap = max(0, trigger.start - amount.end, amount.start - trigger.end)
        gaps[trigger.strength] = min(gap, gaps.get(trigger.strength, _WIDE))
    value = amount.quantity.value or 0.0
    return [
        float(amount.is_share),
        float(bool(figures)),
        float(any(f.noun for f in figures)),
        *(float(gaps.get(s, _WIDE) <= _NEAR) for s in STRENGTHS),
        float(bool(gaps)),
        float(0 in gaps.values()),
        float(recalled(amount.sentence.whole[amount.sentence.start : amount.start])),
        math.log10(1 + value) / 5,
        float(amount.where == "title"),
        min(amount.sentence.index, 20) / 20,
        float(amount.quantity.rule == "number"),
        1.0,
    ]


def maker_signs(people: People, names: Sequence[Candidate], found: Sequence[Amount]) -> list[list[list[float]]]:
    """`[figure][name][sign]`: how near they stand, and how prominent the name is."""
    sentences = [sentences_of(people.parsed, c) for c in names]
    own = prominence(names)
    last = [_last(names, amount) for amount in found]
    return [
        [
            [
                *nearness(sentences[i], [amount.sentence.index]),
                *_beside(name, amount),
                float(last[k] == i),
                *own[i],
            ]
            for i, name in enumerate(names)
        ]
        for k, amount in enumerate(found)
    ]


def _beside(name: Candidate, amount: Amount) -> tuple[float, float, float]:
    """Whether the name stands before the figure in its sentence, after it, and how far off."""
    here = [p for p in name.places if p.where == amount.where and _within(p.start, amount.sentence)]
    gaps = [max(0, p.start - amount.end, amount.start - p.end) for p in here]
    return (
        float(any(p.start < amount.start for p in here)),
        float(any(p.start >= amount.end for p in here)),
        min([*gaps, _WIDE]) / _WIDE,
    )


def _within(start: int, sentence: Sentence) -> bool:
    return sentence.start <= start < sentence.end


def _last(names: Sequence[Candidate], amount: Amount) -> int | None:
    """The name that stands last before the figure."""
    before = [
        (place.start, i)
        for i, name in enumerate(names)
        for place in name.places
        if place.where == amount.where and place.start < amount.start
    ]
    return max(before)[1] if before else None

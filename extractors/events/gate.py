"""Which documents deserve the French model: those that hold a cue, by their words alone."""

import re
from functools import cache

from extractors.events.gazetteer import load
from extractors.events.language import plain
from extractors.events.lexicon import entries
from models.records import Document

_WORD = re.compile(r"\w+")
_BEFORE, _AFTER = 60, 120  # characters of an idiom around its head


@cache
def _layoffs() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data = load("gate")
    sure, cut, staff = (re.sub(r"\n *", "", data[name]) for name in ("sure", "cut", "staff"))
    return re.compile(sure, re.IGNORECASE), re.compile(cut, re.IGNORECASE), re.compile(staff, re.IGNORECASE)


def cue(document: Document) -> str | None:
    """The first words that may tell a departure or a cut, None where there are none."""
    text = f"{plain(document.title or '')}\n{plain(document.text)}"
    return _cut(text) or _departure(text)


def _cut(text: str) -> str | None:
    """A word that only cuts have, or a verb of cutting in a text that speaks of staff."""
    sure, cut, staff = _layoffs()
    match = sure.search(text) or (cut.search(text) if staff.search(text) else None)
    return match.group() if match else None


def _departure(text: str) -> str | None:
    """An idiom of leaving, wherever it stands and whoever leaves."""
    places: dict[str, list[int]] = {}
    for word in _WORD.finditer(text.casefold()):
        places.setdefault(word.group(), []).append(word.start())
    nouns = _nouns()
    for entry in entries("departures", "departure"):
        for head in (entry.heads or nouns) & places.keys():
            for at in places[head]:
                match = entry.regex.search(text, max(0, at - _BEFORE), at + _AFTER)
                if match:
                    return match.group()[:40]
    return None


@cache
def _nouns() -> frozenset[str]:
    """The words of which an entry without a verb needs one."""
    return frozenset(load("gate")["nouns"].split())

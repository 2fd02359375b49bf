"""Which documents deserve the French model: those that hold a cue, by their words alone."""

import re
from bisect import bisect_left
from functools import cache

from extractors.events.gazetteer import load
from extractors.events.language import plain
from extractors.events.lexicon import Entry, entries
from models.records import Document

_WORD = re.compile(r"\w+")
_FULL_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'-]+ (?:(?:van|von|de|le|la|bin) )?[A-ZÀ-Þ][\w'-]+")
_SENTENCE = 160  # characters
_NAMED = 70  # characters from a name to what is told of it
_BEFORE, _AFTER = 60, 120  # characters of an idiom around its head


@cache
def _layoffs() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data = load("gate")
    sure, cut, staff = (re.sub(r"\n *", "", data[name]) for name in ("sure", "cut", "staff"))
    return re.compile(sure, re.IGNORECASE), re.compile(cut, re.IGNORECASE), re.compile(staff, re.IGNORECASE)


def cue(document: Document) -> str | None:
    """The first words that may tell a departure or a cut, None where there are none."""
    title = plain(document.title or "")
    text = f"{title}\n{plain(document.text)}"
    return _cut(text) or _departure(text, len(title))


def _cut(text: str) -> str | None:
    """A word that only cuts have, or a verb of cutting in a text that speaks of staff."""
    sure, cut, staff = _layoffs()
    match = sure.search(text) or _beside(cut, staff, text)
    return match.group() if match else None


def _beside(cut: re.Pattern[str], staff: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first verb of cutting with a word for staff within a sentence of it."""
    told = [m.start() for m in staff.finditer(text)]
    if not told:
        return None
    for match in cut.finditer(text):
        at = bisect_left(told, match.start() - _SENTENCE)
        if at < len(told) and told[at] < match.end() + _SENTENCE:
            return match
    return None


def _departure(text: str, title: int) -> str | None:
    """An idiom of leaving or a word of a change of hands: in the title, or where somebody or a post is told."""
    told, folded = _Told(text), text.casefold()
    for start, end in told.stretches(title):
        found = _idiom(text, folded, (start, end), title, told)
        if found:
            return found
        change = _changes().search(text, start, end)
        if change:
            return change.group()[:40]
    return None


def _idiom(text: str, folded: str, place: tuple[int, int], title: int, told: "_Told") -> str | None:
    wide, by_head = _wide(), _by_head()
    for word in _WORD.finditer(folded, *place):
        several = by_head.get(word.group())
        if not several:
            continue
        at = word.start()
        near = at <= title or told.beside(at)
        for entry in several:
            if near or entry.id not in wide:
                match = entry.regex.search(text, max(0, at - _BEFORE), at + _AFTER)
                if match:
                    return match.group()[:40]
    return None


class _Told:
    """Where a text tells posts and people's two names."""

    def __init__(self, text: str) -> None:
        self.posts = [m.start() for m in _posts().finditer(text)]
        self.names = [m.start() for m in _FULL_NAME.finditer(text)]

    def beside(self, at: int) -> bool:
        """Whether a post is told within a sentence of a place, or two names just beside it."""
        return _within(self.posts, at, _SENTENCE) or _within(self.names, at, _NAMED)

    def stretches(self, title: int) -> list[tuple[int, int]]:
        """The title, and what is within a sentence of a post or of somebody, none overlapping another."""
        found = [(0, title + 1)]
        for at in sorted(self.posts + self.names):
            start, end = max(0, at - _SENTENCE), at + _SENTENCE
            if start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return found


def _within(places: list[int], at: int, reach: int) -> bool:
    first = bisect_left(places, at - reach)
    return first < len(places) and places[first] < at + reach


@cache
def _by_head() -> dict[str, tuple[Entry, ...]]:
    """The idioms that a word may be the head of."""
    found: dict[str, list[Entry]] = {}
    for entry in entries("departures", "departure"):
        for head in entry.heads or _nouns():
            found.setdefault(head, []).append(entry)
    return {head: tuple(several) for head, several in found.items()}


@cache
def _wide() -> frozenset[str]:
    return frozenset(load("gate")["wide"].split())


@cache
def _changes() -> re.Pattern[str]:
    return re.compile(re.sub(r"\n *", "", load("gate")["changes"]), re.IGNORECASE)


@cache
def _posts() -> re.Pattern[str]:
    return re.compile(re.sub(r"\n *", "", load("gate")["posts"]), re.IGNORECASE)


@cache
def _nouns() -> frozenset[str]:
    """The words of which an entry without a verb needs one."""
    return frozenset(load("gate")["nouns"].split())

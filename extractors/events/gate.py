"""Which documents deserve the French model: those that hold a cue, by their words alone."""

import re
from functools import cache

from extractors.events.gazetteer import load
from extractors.events.language import plain
from extractors.events.lexicon import entries
from models.records import Document


@cache
def _cue() -> re.Pattern[str]:
    """One pattern for all: the words of every idiom of leaving, and those of cutting jobs."""
    words: set[str] = set()
    for entry in entries("departures", "departure"):
        words |= entry.heads
    words |= set(load("gate")["departures"].split())
    plain_words = "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w)))
    return re.compile(rf"(?<!\w)(?:{plain_words})(?!\w)|{load('gate')['layoffs'].strip()}", re.IGNORECASE)


def cue(document: Document) -> str | None:
    """The first word that may tell a departure or a cut, None where there is none."""
    for text in (document.title or "", document.text):
        match = _cue().search(plain(text))
        if match:
            return match.group()
    return None

"""Where a capitalised word of a text begins and ends: an elision is none of it, "N'Diaye" is whole."""

import re

from extractors.events.gazetteer import Gazetteer
from models.identity import fold

UP = "A-ZÀ-ÖØ-ÞŒ"
"""The capitals, in a class of a pattern."""
_ELISION = re.compile(r"^(?:[LDQNSJCMTldqnsjcmt]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu|[Qq]uoiqu)'(?=\w)")
_CAPITAL = re.compile(rf"[NMTSJCDL]'[{UP}][a-zà-öø-ÿ]")  # no elision: that is before a verb, or a small letter
_BEFORE = re.compile(r"([^\W\d_]+) $")
_ON_X = re.compile(r"\b(?:sur|via) $")  # "annoncé sur X. Babuschkin quitte ...": the network, no initial


def trimmed(match: re.Match[str], known: Gazetteer) -> tuple[int, int] | None:
    """The name within a capitalised word, as start and end; None where it holds none."""
    start, end = match.span()
    word = match.group()
    on_x = word == "X." and _ON_X.search(match.string, max(0, start - 8), start)
    if word.endswith(".") and (len(word) > 2 or on_x):
        end -= 1
    elision = None if _of_a_name(match, known) else _ELISION.match(word)
    if elision and fold(word) not in known.organisations and fold(word) not in known.outlets:
        start += elision.end()
        rest = word[elision.end() :]
        if not rest[:1].isupper() and not re.match(r"[a-zé]{1,3}[A-Z]", rest):
            return None
    return start, end


def _of_a_name(match: re.Match[str], known: Gazetteer) -> bool:
    """Whether a capital before an apostrophe is of the name: "N'Diaye" anywhere, "D'Amico" after a first name."""
    word = match.group()
    if not _CAPITAL.match(word):
        return False
    if word[0] not in "DL":
        return True
    before = _BEFORE.search(match.string, max(0, match.start() - 30), match.start())
    return before is not None and fold(before.group(1)) in known.first_names

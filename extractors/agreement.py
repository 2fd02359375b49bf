"""When a predicted and a gold event, or two values of a field, say the same."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

_LITTLE = "le la les l un une de des du d et en au aux a the of"
_FORMS = "inc sa sas ltd corp group groupe societe entreprise startup"
STOP_WORDS = frozenset(_LITTLE.split()) | frozenset(_FORMS.split())
TOLERANCE = 0.01  # of a number: 12 000 for 12 050 is right
ALIKE = 0.8  # difflib ratio from which two phrases say the same


def options(value: Any) -> list[Any]:
    """A gold field as the list of its acceptable values."""
    return value if isinstance(value, list) else [value]


def empty(value: Any) -> bool:
    """Whether a field is left out."""
    return value is None or value in ([], [None])


def pair(events: Sequence[Json], golds: Sequence[Json]) -> Iterator[tuple[int, int]]:
    """Greedy one-to-one pairs of predicted and gold events, surest first, then in their order."""
    sure = sorted(
        ((likeness(e, g), -i, -j) for i, e in enumerate(events) for j, g in enumerate(golds)), reverse=True
    )
    left, right = set(range(len(events))), set(range(len(golds)))
    for score, i, j in sure:
        if score and -i in left and -j in right:
            left.discard(-i)
            right.discard(-j)
            yield -i, -j


def likeness(event: Json, gold: Json) -> int:
    """0 where two events differ; else higher the surer that they are one."""
    if event.get("kind") != gold["kind"]:
        return 0
    companies = [c for c in options(gold.get("company")) if c]
    company = event.get("company")
    agree = bool(company) and any(same_text(company, c) for c in companies)
    if gold["kind"] == "departure":
        person = event.get("person")
        if not person or not any(same_person(person, p) for p in options(gold["person"])):
            return 0
        return 2 if agree or not companies else 0
    if not agree:
        return 0
    told = [n for n in ("headcount", "percent", "unit", "place", "date") if event.get(n) is not None]
    return 1 + sum(same_value(name, event[name], gold.get(name)) for name in told)


def folded(text: Any) -> str:
    """Lower-case letters and digits, accents off, single spaces."""
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def same_text(one: Any, other: Any) -> bool:
    """Whether two phrases say the same: one's words within the other's, or nearly equal."""
    a, b = _words(one), _words(other)
    if not a or not b:
        return False
    if set(a) <= set(b) or set(b) <= set(a):
        return True
    return difflib.SequenceMatcher(None, " ".join(a), " ".join(b)).ratio() >= ALIKE


def _words(text: Any) -> list[str]:
    words = folded(text).split()
    return [w for w in words if w not in STOP_WORDS] or words


def same_person(one: Any, other: Any) -> bool:
    """Whether two names are one person's: same surname and initial, one within the other, a surname alone."""
    a, b = folded(one).split(), folded(other).split()
    if not a or not b:
        return False
    if len(a) == 1 or len(b) == 1:
        return a[-1] == b[-1]
    return (a[-1] == b[-1] and a[0][0] == b[0][0]) or set(a) <= set(b) or set(b) <= set(a)


def same_value(name: str, value: Any, gold: Any) -> bool:
    """Whether a field's value is one of the gold's."""
    if name in ("role_codes", "manner"):
        return bool(set(options(value)) & set(options(gold)))
    return any(_same_one(name, value, g) for g in options(gold))


def _same_one(name: str, value: Any, gold: Any) -> bool:
    if gold is None or value is None:
        return gold is None and value is None
    if name in ("headcount", "percent"):
        return _close(value, gold)
    if name == "date":
        return str(value).startswith(str(gold))
    if name in ("status", "headcount_qualifier"):
        return bool(value == gold)
    return same_text(value, gold)


def _close(value: Any, gold: Any) -> bool:
    try:
        return abs(float(value) - float(gold)) <= TOLERANCE * abs(float(gold))
    except (TypeError, ValueError):
        return False

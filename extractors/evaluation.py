"""How right predictions are against labelled documents: labels, main events, all events, fields.

Counts are micro-averaged. A predicted and a gold event are one where kind, company and (for a departure) person
agree; pairs are made greedily, surest first. A gold field may hold a list: any value in it is right, and None in
it means that an empty field is right too. A date is right at the gold's precision or finer.
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.agreement import Json, empty, options, pair, same_value
from models.errors import InputError

SLOTS = {
    "departure": ("role_codes", "manner", "destination", "successor", "date", "status"),
    "layoff": ("headcount", "headcount_qualifier", "percent", "unit", "place", "date", "status"),
}
SAMPLES = 1000  # of the bootstrap
SEED = 7


@dataclass(slots=True)
class Count:
    """Right, wrong and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Right of predicted; 0 where nothing was."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Right of what there is; 0 where there is nothing."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, other: "Count") -> None:
        """Adds another's counts."""
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed


@dataclass(frozen=True, slots=True)
class Interval:
    """Where F1 lies in 95 of 100 draws of as many documents."""

    low: float
    high: float


@dataclass(frozen=True)
class Scores:
    """Counts by measure ("label.departure", "main", "all", "slots", "slot.layoff.date"…), with what went wrong."""

    documents: int
    counts: Mapping[str, Count]
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    errors: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The figures as plain data, rounded to four places."""
        figures = {
            name: {
                "p": round(c.precision, 4), "r": round(c.recall, 4), "f1": round(c.f1, 4),
                "tp": c.right, "fp": c.wrong, "fn": c.missed,
            }
            | ({"f1_low": round(i.low, 4), "f1_high": round(i.high, 4)} if (i := self.intervals.get(name)) else {})
            for name, c in self.counts.items()
        }  # fmt: skip
        return {"documents": self.documents, "figures": figures}


def read_gold(folder: Path) -> list[dict[str, Any]]:
    """The labelled documents under a folder, by path; `storyline.json` files are none.

    Raises InputError where there is none, or one is no labelled document.
    """
    found = []
    for path in sorted(folder.rglob("*.json")):
        if path.name == "storyline.json":
            continue
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"{path} : fichier JSON illisible ({error})") from error
        if not (isinstance(data, dict) and {"id", "labels", "events"} <= data.keys()):
            raise InputError(f"{path} : ce n'est pas un document annoté (id, labels, events)")
        found.append(data)
    if not found:
        raise InputError(f"aucun document annoté sous {folder}")
    return found


def evaluate(gold: Sequence[Json], predictions: Iterable[Json], *, intervals: bool = True) -> Scores:
    """The scores of predictions ({"id", "labels", "events"}) on gold documents; none counts as an empty one."""
    by_id = {p["id"]: p for p in predictions}
    errors: list[tuple[str, str]] = []
    each = [_document(document, by_id.get(document["id"], {}), errors) for document in gold]
    total = _sum(each)
    spread = _intervals(each, sorted(total)) if intervals and each else {}
    return Scores(len(gold), {name: total[name] for name in sorted(total)}, spread, tuple(errors))


def _sum(each: Iterable[Mapping[str, Count]]) -> dict[str, Count]:
    total: dict[str, Count] = {}
    for counts in each:
        for name, count in counts.items():
            total.setdefault(name, Count()).add(count)
    return total


def _intervals(each: Sequence[Mapping[str, Count]], names: Sequence[str]) -> dict[str, Interval]:
    """Bootstrap over documents, with a fixed seed: the same input gives the same interval."""
    draw = random.Random(SEED)  # noqa: S311 - statistics, no secret
    samples: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(SAMPLES):
        total = _sum(draw.choices(each, k=len(each)))
        for name in names:
            samples[name].append(total.get(name, Count()).f1)
    out = {}
    for name, values in samples.items():
        values.sort()
        out[name] = Interval(values[int(0.025 * SAMPLES)], values[int(0.975 * SAMPLES) - 1])
    return out


@dataclass
class _Tally:
    counts: dict[str, Count] = field(default_factory=dict)

    def add(self, names: Iterable[str], outcome: str) -> None:
        for name in names:
            count = self.counts.setdefault(name, Count())
            setattr(count, outcome, getattr(count, outcome) + 1)


def _document(gold: Json, prediction: Json, errors: list[tuple[str, str]]) -> dict[str, Count]:
    tally, key = _Tally(), gold["id"]
    _labels(tally, gold, prediction, errors)
    events = [e for e in prediction.get("events") or [] if e.get("kind") in SLOTS]
    golds, optional = gold["events"], gold.get("optional_events") or []
    pairs = dict(pair(events, golds))
    spare = [i for i in range(len(events)) if i not in pairs]
    excused = {spare[i] for i, _ in pair([events[i] for i in spare], optional)}
    for i, event in enumerate(events):
        if i in pairs:
            _hit(tally, key, event, golds[pairs[i]], errors)
        elif i not in excused:
            main = event.get("salience") == "main"
            tally.add(_measures(event["kind"], main=main), "wrong")
            errors.append((key, f"{_named(event)}: not in gold" + (" (main)" if main else "")))
    matched = {j: i for i, j in pairs.items()}
    for j, event in enumerate(golds):
        _missed(tally, key, event, events[matched[j]] if j in matched else None, errors)
    return tally.counts


def _labels(tally: _Tally, gold: Json, prediction: Json, errors: list[tuple[str, str]]) -> None:
    told, true = set(prediction.get("labels") or []), set(gold["labels"])
    for kind in SLOTS:
        if kind in told and kind in true:
            tally.add([f"label.{kind}"], "right")
        elif kind in told:
            tally.add([f"label.{kind}"], "wrong")
            errors.append((gold["id"], f"label {kind} is wrong"))
        elif kind in true:
            tally.add([f"label.{kind}"], "missed")
            errors.append((gold["id"], f"label {kind} is missed"))


def _measures(kind: str, *, main: bool) -> tuple[str, ...]:
    return ("all", f"all.{kind}", "main", f"main.{kind}") if main else ("all", f"all.{kind}")


def _hit(tally: _Tally, key: str, event: Json, gold: Json, errors: list[tuple[str, str]]) -> None:
    kind = event["kind"]
    tally.add(_measures(kind, main=False), "right")
    if event.get("salience") == "main":
        right = "main" in options(gold["salience"])
        tally.add(("main", f"main.{kind}"), "right" if right else "wrong")
        if not right:
            errors.append((key, f"{_named(event)}: background told as main"))
    for name in SLOTS[kind]:
        value, wanted = event.get(name), gold.get(name)
        nothing = empty(wanted) or None in options(wanted)
        if empty(value) and nothing:
            continue
        names = ("slots", f"slot.{kind}.{name}")
        if not empty(value) and same_value(name, value, wanted):
            tally.add(names, "right")
            continue
        if not empty(value):
            tally.add(names, "wrong")
        if not nothing:
            tally.add(names, "missed")
        errors.append((key, f"{_named(event)}: {name} is {value!r}, gold {wanted!r}"))


def _missed(tally: _Tally, key: str, gold: Json, event: Json | None, errors: list[tuple[str, str]]) -> None:
    kind, main = gold["kind"], gold["salience"] == "main"
    if event is None:
        tally.add(_measures(kind, main=main), "missed")
        errors.append((key, f"{_named(gold)}: missed" + (" (main)" if main else "")))
    elif main and event.get("salience") != "main":
        tally.add(("main", f"main.{kind}"), "missed")
        errors.append((key, f"{_named(gold)}: main told as background"))


def _named(event: Json) -> str:
    return " ".join(str(v) for v in (event["kind"], event.get("person"), event.get("company")) if v)


def render(scores: Scores, *, errors: bool = False) -> str:
    """The scores as a table in French, with the interval of F1; then, if asked, every disagreement."""
    lines = [
        f"{scores.documents} documents",
        f"{'mesure':36} précision  rappel     F1  [95 %]            (justes, faux, manqués)",
    ]
    for name, count in scores.counts.items():
        spread = scores.intervals.get(name)
        margin = f"[{spread.low:.3f} à {spread.high:.3f}]" if spread else ""
        lines.append(
            f"{name:36} {count.precision:9.3f} {count.recall:7.3f} {count.f1:6.3f}  {margin:17}"
            f" ({count.right}, {count.wrong}, {count.missed})"
        )
    if errors:
        lines += [f"{document} : {error}" for document, error in scores.errors]
    return "\n".join(lines)

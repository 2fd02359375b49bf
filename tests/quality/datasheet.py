"""Write docs/quality.md: how right the understanding is on the labelled corpora, measured: `make datasheet`."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from extractors.evaluation import Scores, evaluate, read_gold
from extractors.events import VERSION, understand
from extractors.events.assembly import drafts
from models.codec import document_of, reading_json
from tests.quality.storylines import in_order, pairs

CORPUS = Path(__file__).parent / "corpus"
OUT = Path(__file__).parent.parent.parent / "docs/quality.md"
SETS = {
    "exam": "read by no writer of rules, nothing trained on it, with storylines: what to expect of the unseen",
    "fresh": "an exam like it, whose totals were seen more often",
    "sealed": "storylines, written blind for version 5; half of it (`st1`) was read since",
    "open": "the rules were written with it and the encoder was taught on it: says what is possible",
    "held_out": "no rule was written with it, but the encoder was taught on it: see `rules alone`",
    "own": "written apart by another hand; half its errors were read, and the encoder was taught on it",
}
STORIES = {
    "sealed": "written blind for version 5; half of it (`st1`) was read since",
    "exam": "read by no writer of rules; its totals and the causes of its errors were seen",
    "open": "written with the rules in view, and taught to the encoder",
}
HEAD = ("label.departure", "label.layoff", "main", "main.departure", "main.layoff", "all", "slots")
INTRO = """# How right it is

Written by `make datasheet` from the labelled corpora in `tests/quality/corpus`; no figure here is typed by hand.
The understanding's version is {version}. F1 with its 95 % interval (documents resampled), then precision and
recall. `main`: events that the story reports, which is what alerts are sent for. `slots`: every field of the
matched events. The scorer is `extractors/evaluation.py` (`vigie evaluate DIR`), whose figures equal those of the
sets' own scorer. Every value shown to a user has its quote, so that a wrong one can be seen as such.
The gap between `open` and `exam` is the work ahead.
"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    parts = [INTRO.format(version=VERSION), _stories()]
    for name, what in SETS.items():
        gold = read_gold(CORPUS / name)
        documents = [document_of(document) for document in gold]
        judged = _scores(gold, [reading_json(r) for r in understand(documents)])
        rules = _scores(gold, [reading_json(d.reading) for d in drafts(documents)])
        parts.append(_section(name, what, judged, rules))
    given.out.write_text("\n".join(parts), encoding="utf-8")


def _stories() -> str:
    """How right resolution is on each set of storylines."""
    rows = [
        "## Storylines: pairs of mentions that are one event",
        "From the labelled mentions (resolution alone), and from the texts (understanding, then resolution).",
        "",
        "| set | documents | labelled: F1 | P | R | texts: F1 | P | R |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, what in STORIES.items():
        golds = in_order(CORPUS / name / "storylines")
        counts = (pairs(golds, labelled=True), pairs(golds, labelled=False))
        cells = " | ".join(f"{c.f1:.3f} | {c.precision:.3f} | {c.recall:.3f}" for c in counts)
        rows.append(f"| `{name}`: {what} | {len(golds)} | {cells} |")
    return "\n".join([*rows, ""])


def _scores(gold: Sequence[dict[str, Any]], predictions: Sequence[dict[str, Any]]) -> Scores:
    return evaluate(gold, predictions)


def _section(name: str, what: str, judged: Scores, rules: Scores) -> str:
    rows = [f"## `{name}`: {judged.documents} documents", f"{what}.", ""]
    rows += ["| measure | F1 | 95 % | P | R | rules alone, F1 |", "| --- | --- | --- | --- | --- | --- |"]
    measures = [*HEAD, *(m for m in judged.counts if m.startswith("slot."))]
    for measure in measures:
        if measure in judged.counts:
            count, spread = judged.counts[measure], judged.intervals[measure]
            alone = f"{rules.counts[measure].f1:.3f}" if measure in rules.counts else ""
            rows.append(
                f"| {measure} | {count.f1:.3f} | {spread.low:.3f} to {spread.high:.3f} "
                f"| {count.precision:.3f} | {count.recall:.3f} | {alone} |"
            )
    return "\n".join([*rows, ""])


if __name__ == "__main__":
    main()

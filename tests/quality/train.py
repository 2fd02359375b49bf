"""Train the judge of extractors/events/judging on the labelled corpus: `make train`.

    python -m tests.quality.train [--out FILE] DIR... [--held-out DIR...]

Deterministic: documents in the order of their ids, folds from a checksum of the id (of the folder for a
storyline), a convex optimiser. The odds that the document's words give are, in training, those of a model that has not seen the
document; so are the figures printed, with and without the judge.
"""

import argparse
import gzip
import json
import math
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from extractors.evaluation import evaluate, options, pair
from extractors.events.assembly import found, judged
from extractors.events.judging.judge import BACKGROUND, MAIN, WRONG, Judge, judge_of
from extractors.events.judging.ngrams import ngrams, weighted
from extractors.events.judging.signs import Signs, signs
from models.codec import document_of, mention_json, reading_json
from models.records import Document, Reading
from models.vocabulary import Kind

FOLDS = 10
MIN_DOCUMENTS = 2  # an n-gram of one document says nothing of another
PRIOR_C, VERDICT_C = 30.0, 0.1  # inverse strengths of regularisation, best of 0.1, 0.3, 1 in cross-validation
VERDICTS = (WRONG, BACKGROUND, MAIN)
OUT = Path("extractors/events/judging/weights.json.gz")


@dataclass(frozen=True)
class Example:
    """A labelled document, what the rules found in it, and its fold."""

    gold: dict[str, Any]
    document: Document
    reading: Reading
    fold: int


def load(folders: Sequence[Path]) -> list[Example]:
    """Every labelled document below the folders, read by the rules alone."""
    rows = []
    for folder in folders:
        for path in sorted(folder.rglob("*.json")):
            if path.name != "storyline.json":
                group = path.parent.name if (path.parent / "storyline.json").exists() else path.stem
                rows.append((json.loads(path.read_text(encoding="utf-8")), zlib.crc32(group.encode()) % FOLDS))
    rows.sort(key=lambda row: str(row[0]["id"]))
    documents = [document_of(gold) for gold, _ in rows]
    return [
        Example(gold, document, reading, fold)
        for (gold, fold), document, reading in zip(rows, documents, found(documents), strict=True)
    ]


def train(examples: Sequence[Example]) -> dict[str, Any]:
    """The judge's weights, as `judge_of` reads them."""
    odds = [dict.fromkeys(Kind, 0.0) for _ in examples]
    for fold in sorted({e.fold for e in examples}):
        model = judge_of({**_prior([e for e in examples if e.fold != fold]), "verdicts": {}})
        for i, example in enumerate(examples):
            if example.fold == fold:
                odds[i] = model.news(example.document)
    features, verdicts = [], []
    for example, prior in zip(examples, odds, strict=True):
        mentions = [m for m in example.reading.mentions if not m.denied]
        for row, verdict in zip(signs(example.document, mentions, prior), _truth(example), strict=True):
            if verdict is not None:
                features.append(row)
                verdicts.append(verdict)
    return {**_prior(examples), "verdicts": _linear(features, verdicts, VERDICT_C)}


def _prior(examples: Sequence[Example]) -> dict[str, Any]:
    seen: Counter[str] = Counter()
    for example in examples:
        for counts in ngrams(example.document):
            seen.update(counts.keys())
    whole = len(examples)
    rarity = {g: round(math.log((1 + whole) / (1 + n)) + 1, 4) for g, n in seen.items() if n >= MIN_DOCUMENTS}
    features = [weighted(e.document, rarity) for e in examples]
    prior = {}
    for kind in Kind:
        told = [str(kind in e.gold["labels"]) for e in examples]
        prior[kind.value] = _linear(features, told, PRIOR_C)["True"]
    return {"rarity": rarity, "prior": prior}


def _linear(features: Sequence[Signs], truth: Sequence[str], strength: float) -> dict[str, Any]:
    """One linear model a class (for two classes: the second one's log odds)."""
    columns = DictVectorizer()
    table = columns.fit_transform(features)
    balance = "balanced" if set(truth) == {"True", "False"} else None
    model = LogisticRegression(C=strength, max_iter=5000, class_weight=balance).fit(table, np.array(truth))
    names = columns.get_feature_names_out()
    classes = [model.classes_[1]] if len(model.classes_) == 2 else list(model.classes_)
    return {
        str(name): {
            "bias": round(float(bias), 5),
            "weights": {str(n): round(float(w), 4) for n, w in zip(names, row, strict=True) if abs(w) >= 5e-5},
        }
        for name, bias, row in zip(classes, model.intercept_, model.coef_, strict=True)
    }


def _truth(example: Example) -> list[str | None]:
    """The right verdict on each mention; None where the label leaves it open."""
    gold, optional = example.gold["events"], example.gold.get("optional_events") or []
    events = [mention_json(m) for m in example.reading.mentions if not m.denied]
    hits = dict(pair(events, gold))
    spare = [i for i in range(len(events)) if i not in hits]
    excused = {spare[i] for i, _ in pair([events[i] for i in spare], optional)}
    out: list[str | None] = []
    for i in range(len(events)):
        wanted = options(gold[hits[i]]["salience"]) if i in hits else []
        out.append(wanted[0] if len(wanted) == 1 else None if i in hits or i in excused else WRONG)
    return out


def unseen(examples: Sequence[Example]) -> list[dict[str, Any]]:
    """Predictions on each document by a judge that was trained on the other folds."""
    out = []
    for fold in sorted({e.fold for e in examples}):
        judge = judge_of(train([e for e in examples if e.fold != fold]))
        out += [predict(e, judge) for e in examples if e.fold == fold]
    return out


def predict(example: Example, judge: Judge) -> dict[str, Any]:
    """A judged prediction in the scorer's form."""
    return reading_json(judged(example.document, example.reading, judge))


def figures(gold: Sequence[dict[str, Any]], predictions: Sequence[dict[str, Any]]) -> str:
    """The headline figures in one line."""
    counts = evaluate(gold, predictions, intervals=False).counts
    names = ("label.departure", "label.layoff", "main", "all", "slots")
    line = "  ".join(f"{n} {counts[n].f1:.3f}" for n in names if n in counts)
    return f"{line}  (main P {counts['main'].precision:.3f} R {counts['main'].recall:.3f})"


def main() -> None:
    """Train, print what unseen documents gain, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--held-out", nargs="*", type=Path, default=[], help="folders to score, never to train on")
    given = parser.parse_args()
    examples = load(given.folders)
    gold = [e.gold for e in examples]
    print(f"{len(examples)} documents")
    print("rules alone       ", figures(gold, [reading_json(e.reading) for e in examples]))
    print("judged, other fold", figures(gold, unseen(examples)))
    weights = train(examples)
    if given.held_out:
        kept = load(given.held_out)
        gold = [e.gold for e in kept]
        print(f"{len(kept)} documents held out")
        print("rules alone       ", figures(gold, [reading_json(e.reading) for e in kept]))
        print("judged            ", figures(gold, [predict(e, judge_of(weights)) for e in kept]))
    packed = json.dumps(weights, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    given.out.write_bytes(gzip.compress(packed, mtime=0))
    print(f"{given.out}: {given.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()

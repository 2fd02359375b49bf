"""Train the judge of extractors/events/judging on the labelled corpus: `make train`.

    python -m tests.quality.train [--out FILE] DIR... [--held-out DIR...]

Deterministic: documents in the order of their ids, folds from a checksum of the id (of the folder for a
storyline), convex optimisers. In training, the odds that a document's words give are those of a model that has not
seen the document; so are the figures printed, with and without the judge.
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
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from extractors.agreement import options, pair
from extractors.evaluation import evaluate
from extractors.events.assembly import found, judged
from extractors.events.judging.judge import BACKGROUND, MAIN, WRONG, Judge, judge_of
from extractors.events.judging.ngrams import ngrams, weighted
from extractors.events.judging.signs import signs
from models.codec import document_of, mention_json, reading_json
from models.records import Document, Reading
from models.vocabulary import Kind

FOLDS = 5
MIN_DOCUMENTS = 3  # an n-gram of one or two documents says nothing of another
PRIOR_C, VERDICT_C = 30.0, 0.1  # inverse strengths of regularisation; the second: best of 0.1, 0.3, 1
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


@dataclass(frozen=True)
class Words:
    """The n-grams of all documents as one sparse table, their idf, and its columns' names."""

    table: csr_matrix
    names: list[str]
    rarity: dict[str, float]


def words_of(examples: Sequence[Example]) -> Words:
    """The table of the documents' n-grams; idf is a matter of words, not of labels."""
    seen: Counter[str] = Counter()
    for example in examples:
        for counts in ngrams(example.document):
            seen.update(counts.keys())
    whole = len(examples)
    rarity = {g: round(math.log((1 + whole) / (1 + n)) + 1, 4) for g, n in seen.items() if n >= MIN_DOCUMENTS}
    columns = DictVectorizer()
    table = columns.fit_transform([weighted(e.document, rarity) for e in examples])
    return Words(table, list(columns.get_feature_names_out()), rarity)


def train(examples: Sequence[Example], words: Words, without: int | None = None) -> dict[str, Any]:
    """The judge's weights, as `judge_of` reads them; `without` leaves one fold out of everything."""
    folds = np.array([e.fold for e in examples])
    odds = {kind: np.zeros(len(examples)) for kind in Kind}
    for fold in sorted(set(folds)):
        seen = (folds != fold) & (folds != (-1 if without is None else without))
        for kind in Kind:
            model = _news(examples, words, kind, seen)
            odds[kind][folds == fold] = model.decision_function(words.table[folds == fold])
    features, verdicts = [], []
    for i, example in enumerate(examples):
        if example.fold != without:
            mentions = [m for m in example.reading.mentions if not m.denied]
            rows = signs(example.document, mentions, {kind: float(odds[kind][i]) for kind in Kind})
            pairs = zip(rows, _truth(example), strict=True)
            kept = [(row, verdict) for row, verdict in pairs if verdict is not None]
            features += [row for row, _ in kept]
            verdicts += [verdict for _, verdict in kept]
    seen = folds != (-1 if without is None else without)
    prior = {kind.value: _weights(_news(examples, words, kind, seen), words.names)["True"] for kind in Kind}
    columns = DictVectorizer()
    table = columns.fit_transform(features)
    model = LogisticRegression(C=VERDICT_C, max_iter=5000).fit(table, np.array(verdicts))
    return {
        "rarity": words.rarity,
        "prior": prior,
        "verdicts": _weights(model, list(columns.get_feature_names_out())),
    }


def _news(examples: Sequence[Example], words: Words, kind: Kind, seen: np.ndarray) -> LogisticRegression:
    """A model of whether a document is news of a kind, from its words."""
    told = np.array([str(kind in e.gold["labels"]) for e in examples])
    model = LogisticRegression(C=PRIOR_C, solver="liblinear", class_weight="balanced", random_state=0)
    return model.fit(words.table[seen], told[seen])


def _weights(model: LogisticRegression, names: Sequence[str]) -> dict[str, Any]:
    """One linear model a class (for two classes: the second one's log odds)."""
    classes = [model.classes_[1]] if len(model.classes_) == 2 else list(model.classes_)
    return {
        str(name): {
            "bias": round(float(bias), 5),
            "weights": {n: round(float(w), 4) for n, w in zip(names, row, strict=True) if abs(w) >= 5e-5},
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


def unseen(examples: Sequence[Example], words: Words) -> list[dict[str, Any]]:
    """Predictions on each document by a judge that was trained on the other folds."""
    out = []
    for fold in sorted({e.fold for e in examples}):
        judge = judge_of(train(examples, words, without=fold))
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
    words = words_of(examples)
    print(f"{len(examples)} documents")
    print("rules alone       ", figures(gold, [reading_json(e.reading) for e in examples]))
    print("judged, other fold", figures(gold, unseen(examples, words)))
    weights = train(examples, words)
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

"""Teach the judge how far to trust rules and encoder: one linear model a kind of event.

Its documents must be new to the encoder and to whoever wrote the rules, else both look better than they are.
Thresholds are the strictest that lose next to nothing on documents of other folds.
"""

import itertools
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from extractors.agreement import likeness, options
from extractors.evaluation import evaluate
from extractors.events.assembly import Draft, drafts, judged
from extractors.events.judging import Judge, Opinion, judge_of
from extractors.events.judging.judge import BACKGROUND, MAIN, WRONG
from extractors.events.judging.proposals import proposals
from extractors.events.judging.signs import Proposal, Signs, signs
from models.codec import document_of, mention_json, reading_json
from models.vocabulary import Kind
from tests.quality.training.examples import files

FOLDS = 5
STRENGTHS = (0.03, 0.1, 0.3, 1.0)  # inverse strengths of regularisation that are tried
CUTS = tuple(round(0.3 + 0.05 * i, 2) for i in range(11))
MAIN_CUTS = (0.4, 0.5, 0.6, 0.7, 0.75)
SLACK = 0.035  # of three F1 summed: what strictness may cost
NEAR = 0.11  # how near another threshold is a neighbour


@dataclass(frozen=True)
class Example:
    """A labelled document, the rules' draft of it, the encoder's opinion, and its fold."""

    gold: dict[str, Any]
    draft: Draft
    opinion: Opinion | None
    fold: int


def load(corpus: Path, parts: Sequence[str]) -> list[Example]:
    """The documents of some parts of the corpus, as rules and encoder see them."""
    rows = [(gold, zlib.crc32(group.encode()) % FOLDS) for f, group, gold in files(corpus) if f in parts]
    read = drafts(document_of(gold) for gold, _ in rows)
    return [Example(gold, draft, draft.opinion(), fold) for (gold, fold), draft in zip(rows, read, strict=True)]


@dataclass(frozen=True)
class Row:
    """One proposal: its kind, fold, signs, and the right verdict."""

    kind: Kind
    fold: int
    signs: Signs
    verdict: str


def rows_of(examples: Sequence[Example]) -> list[Row]:
    """All proposals whose verdict the labels settle."""
    out = []
    for example in examples:
        if example.opinion is None:
            continue
        proposed = proposals(example.draft.mentions, example.opinion)
        for proposal in proposed:
            if proposal.mention and proposal.mention.denied:
                continue
            verdict = _truth(proposal, example)
            if verdict:
                features = signs(example.draft.document, proposal, proposed, example.opinion)
                out.append(Row(proposal.kind, example.fold, features, verdict))
    return out


def _truth(proposal: Proposal, example: Example) -> str | None:
    assert example.opinion is not None
    names = example.opinion.candidates
    event = (
        mention_json(proposal.mention)
        if proposal.mention
        else {
            "kind": proposal.kind.value,
            "person": names[proposal.who].name.full if proposal.who is not None else None,
            "company": names[proposal.company].name.full if proposal.company is not None else None,
            **_figures(proposal, example.opinion),
        }
    )
    figured = not proposal.mention and proposal.figures  # another figure of the firm is another cut
    met = [g for g in example.gold["events"] if likeness(event, g) > bool(figured)]
    if met:
        best = max(met, key=lambda g: likeness(event, g))
        return MAIN if MAIN in options(best["salience"]) else BACKGROUND
    optional = example.gold.get("optional_events") or []
    return None if any(likeness(event, {"salience": MAIN, **g}) for g in optional) else WRONG


def _figures(proposal: Proposal, opinion: Opinion) -> dict[str, Any]:
    """The number of jobs and the share that the encoder proposes."""
    read = [opinion.figures.amounts[k] for k in proposal.figures]
    return {"percent" if a.is_share else "headcount": a.quantity.value for a in read}


def fit(rows: Sequence[Row], strength: float) -> dict[str, Any]:
    """The weights of one kind's verdicts."""
    columns = DictVectorizer()
    table = columns.fit_transform([row.signs for row in rows])
    model = LogisticRegression(C=strength, max_iter=5000).fit(table, np.array([row.verdict for row in rows]))
    names = list(columns.get_feature_names_out())
    return {
        str(name): {
            "bias": round(float(bias), 5),
            "weights": {n: round(float(w), 4) for n, w in zip(names, weights, strict=True) if abs(w) >= 5e-5},
        }
        for name, bias, weights in zip(model.classes_, model.intercept_, model.coef_, strict=True)
    }


def teach(examples: Sequence[Example]) -> dict[str, Any]:
    """The judge's weights and thresholds, as `judge_of` reads them."""
    rows = rows_of(examples)
    strengths = {kind: _strength(rows, kind) for kind in Kind}
    folded = {fold: _weights([r for r in rows if r.fold != fold], strengths) for fold in range(FOLDS)}
    right, main = {}, {}
    for kind in Kind:
        right[kind], main[kind] = _strictest(_tried(examples, folded, kind))
    print(f"{len(rows)} proposals, C {list(strengths.values())}, right at {right}, main at {main}")
    return _data(_weights(rows, strengths), right, main)


Cuts = tuple[float, float]  # from which probability a proposal stands, and is news


def _tried(examples: Sequence[Example], folded: dict[int, dict[str, Any]], kind: Kind) -> dict[Cuts, float]:
    """What thresholds give on left-out folds: the F1 of a kind's labels, news and events, summed."""
    even = dict.fromkeys(Kind, 0.5)
    found = {}
    for at, news in itertools.product(CUTS, MAIN_CUTS):
        own = ({**even, kind: at}, {**even, kind: news})
        judges = {fold: judge_of(_data(weights, *own)) for fold, weights in folded.items()}
        predictions = [reading_json(_read(e, judges[e.fold])) for e in examples]
        counts = evaluate([e.gold for e in examples], predictions, intervals=False).counts
        found[at, news] = sum(counts[f"{name}.{kind}"].f1 for name in ("label", "main", "all"))
    return found


def _strictest(tried: dict[Cuts, float]) -> Cuts:
    """The strictest thresholds that lose next to nothing: a wrong alert is worse than a missing one."""
    gains = {cuts: _smooth(tried, cuts) for cuts in tried}
    return max(cuts for cuts, gain in gains.items() if gain >= max(gains.values()) - SLACK)


def _smooth(tried: dict[Cuts, float], at: Cuts) -> float:
    """The mean gain of thresholds and of the next ones: that of one alone is luck."""
    near = [gain for cuts, gain in tried.items() if all(abs(c - a) < NEAR for c, a in zip(cuts, at, strict=True))]
    return sum(near) / len(near)


def _strength(rows: Sequence[Row], kind: Kind) -> float:
    return min(STRENGTHS, key=lambda strength: _loss(rows, kind, strength))


def _loss(rows: Sequence[Row], kind: Kind, strength: float) -> float:
    """The log loss of one kind's verdicts on the folds that were left out."""
    loss = 0.0
    even, strengths = dict.fromkeys(Kind, 0.5), dict.fromkeys(Kind, strength)
    for fold in range(FOLDS):
        judge = judge_of(_data(_weights([r for r in rows if r.fold != fold], strengths), even, even))
        own = [r for r in rows if r.fold == fold and r.kind is kind]
        loss -= sum(np.log(max(1e-9, judge.odds(kind, r.signs)[r.verdict])) for r in own)
    return float(loss)


def _weights(rows: Sequence[Row], strengths: dict[Kind, float]) -> dict[str, Any]:
    return {kind.value: fit([r for r in rows if r.kind is kind], strengths[kind]) for kind in Kind}


def _data(verdicts: dict[str, Any], right: dict[Kind, float], main: dict[Kind, float]) -> dict[str, Any]:
    return {
        "verdicts": verdicts,
        "right_at": {kind.value: at for kind, at in right.items()},
        "main_at": {kind.value: at for kind, at in main.items()},
    }


def _read(example: Example, judge: Judge) -> Any:
    return judged(example.draft, judge, example.opinion)


def figures(examples: Sequence[Example], judge: Judge | None) -> str:
    """The headline figures in one line; without a judge, the rules alone."""
    read = [_read(e, judge) if judge else e.draft.reading for e in examples]
    counts = evaluate([e.gold for e in examples], [reading_json(r) for r in read], intervals=False).counts
    names = ("label.departure", "label.layoff", "main", "all", "slots")
    line = "  ".join(f"{n} {counts[n].f1:.3f}" for n in names if n in counts)
    return f"{line}  (main P {counts['main'].precision:.3f} R {counts['main'].recall:.3f})"

"""The two linear models, and what is done with what they say."""

import dataclasses
import functools
import gzip
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from extractors.events.judging.ngrams import weighted
from extractors.events.judging.signs import Signs, signs
from models.records import Document, Mention, Step
from models.vocabulary import Kind, Salience

MAIN_AT = 0.5
"""Probability from which a mention is the story's news; set by hand after scores on the held-out set were seen."""
WRONG_AT = 0.6
"""Probability of a mistake from which a mention is dropped."""
WRONG, BACKGROUND, MAIN = "wrong", "background", "main"


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model over named numbers: a bias and one weight a name."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, features: Signs) -> float:
        """The score: log odds, or an unnormalised log probability."""
        return self.bias + sum(v * self.weights[n] for n, v in features.items() if n in self.weights)


@dataclass(frozen=True, slots=True)
class Judge:
    """Weighs what the rules found: `rarity` is the idf of n-grams, then one model a kind, one a verdict."""

    rarity: Mapping[str, float]
    prior: Mapping[Kind, Linear]
    verdicts: Mapping[str, Linear]

    def news(self, document: Document) -> dict[Kind, float]:
        """Log odds that the document is news of each kind, from its words alone."""
        features = weighted(document, self.rarity)
        return {kind: model(features) for kind, model in self.prior.items()}

    def probabilities(self, features: Signs) -> dict[str, float]:
        """How likely each verdict is for one mention."""
        scores = {name: math.exp(model(features)) for name, model in self.verdicts.items()}
        whole = sum(scores.values())
        return {name: score / whole for name, score in scores.items()}

    def judge(
        self, document: Document, mentions: Sequence[Mention]
    ) -> tuple[tuple[Mention, ...], tuple[Step, ...]]:
        """The mentions with their salience weighed, mistakes dropped; and a step for each that was changed."""
        kept, steps = [], []
        asserted = [m for m in mentions if not m.denied]
        for mention, features in zip(asserted, signs(document, asserted, self.news(document)), strict=True):
            odds = self.probabilities(features)
            if odds[WRONG] > WRONG_AT:
                steps.append(_step(mention, "écarté : sans doute une erreur des règles", odds[WRONG]))
                continue
            salience = Salience.MAIN if odds[MAIN] > MAIN_AT else Salience.BACKGROUND
            if salience is not mention.salience:
                steps.append(_step(mention, f"{mention.salience} → {salience}", odds[MAIN]))
            kept.append(dataclasses.replace(mention, salience=salience))
        return (*kept, *(m for m in mentions if m.denied)), tuple(steps)


def _step(mention: Mention, verdict: str, odds: float) -> Step:
    trigger = mention.evidence.get("trigger")
    who = mention.person or mention.company or "?"
    return Step("judge", "judge", f"{who} : {verdict} (p = {odds:.2f})", trigger.quote if trigger else "")


@functools.cache
def bundled() -> Judge:
    """The judge that comes with Vigie."""
    packed = resources.files("extractors.events.judging").joinpath("weights.json.gz").read_bytes()
    return judge_of(json.loads(gzip.decompress(packed)))


def judge_of(data: Mapping[str, Any]) -> Judge:
    """A judge from its JSON object, as `make train` writes it."""

    def linear(row: Mapping[str, Any]) -> Linear:
        return Linear(float(row["bias"]), row["weights"])

    return Judge(
        data["rarity"],
        {Kind(name): linear(row) for name, row in data["prior"].items()},
        {name: linear(row) for name, row in data["verdicts"].items()},
    )

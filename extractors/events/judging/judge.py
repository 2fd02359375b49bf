"""The last word on a document's mentions: rules and encoder propose, two linear models weigh each proposal."""

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from extractors.events.judging import heads
from extractors.events.judging.encoder import FOLDER
from extractors.events.judging.opinions import Opinion
from extractors.events.judging.proposals import proposals
from extractors.events.judging.signs import Proposal, Signs, age, kin, signs
from extractors.events.judging.telling import filled, mention_of, moved
from extractors.events.names import NameKind
from extractors.events.people import People
from models.dates import PartialDate
from models.identity import fold
from models.records import DOUBTFUL, Mention, Step
from models.vocabulary import Kind, Salience

WRONG, BACKGROUND, MAIN = "wrong", "background", "main"
Odds = Mapping[str, float]

KEPT_AT = 0.1
"""Probability from which what is not sure enough to be shown is kept, as background: another article may tell.

On storylines, half of it let about as many wrong ones join as right ones.
"""
ELSEWHERE_AT, ELSEWHERES = 0.02, 3
"""Probability from which another organisation may be the right one, and how many are kept: other articles tell."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model over named numbers: a bias and one weight a name."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, features: Signs) -> float:
        """An unnormalised log probability."""
        return self.bias + sum(v * self.weights[n] for n, v in features.items() if n in self.weights)


@dataclass(frozen=True, slots=True)
class Judge:
    """Weighs proposals: one linear model a kind of event and verdict, and the probability that a verdict needs."""

    verdicts: Mapping[Kind, Mapping[str, Linear]]
    right_at: Mapping[Kind, float]
    main_at: Mapping[Kind, float]

    def odds(self, kind: Kind, features: Signs) -> dict[str, float]:
        """How likely each verdict is for one proposal."""
        scores = {name: model(features) for name, model in self.verdicts[kind].items()}
        most = max(scores.values())
        powers = {name: math.exp(score - most) for name, score in scores.items()}
        whole = sum(powers.values())
        return {name: power / whole for name, power in powers.items()}

    def judge(
        self, people: People, mentions: Sequence[Mention], opinion: Opinion
    ) -> tuple[tuple[Mention, ...], tuple[Step, ...]]:
        """The mentions that stand, with their salience, in the order of the rules; and a step for each change."""
        proposed = proposals(mentions, opinion)
        document = people.parsed.document
        weighed = [(p, self.odds(p.kind, signs(document, p, proposed, opinion))) for p in proposed]
        kept: list[Mention] = [p.mention for p, _ in weighed if p.mention and p.mention.denied]
        steps: list[Step] = []
        others: list[Mention] = []
        standing = self._standing(weighed, document.published, opinion)
        dropped = [p.mention for p, _ in weighed if p.mention and not p.mention.denied and id(p) not in standing]
        for proposal, odds in weighed:
            if proposal.mention and proposal.mention.denied:
                continue
            salience = standing.get(id(proposal))
            if salience is None:
                if proposal.mention:
                    steps.append(_step(proposal.mention, "écarté : sans doute une erreur des règles", odds[WRONG]))
                continue
            mention = _told(people, proposal, dropped, salience, opinion)
            if mention is None:
                continue
            if proposal.mention is None:
                steps.append(_step(mention, f"vu sans règle ({salience})", odds[WRONG]))
            elif salience is not proposal.mention.salience:
                steps.append(_step(mention, f"{proposal.mention.salience} → {salience}", odds[MAIN]))
            if 1 - odds[WRONG] < self.right_at[proposal.kind]:
                mention = _doubted(mention)
                steps.append(_step(mention, "douteux : gardé, montré à personne", odds[WRONG]))
            kept.append(filled(people, mention, proposal, opinion))
            others += _elsewhere(people, kept[-1], proposal, opinion)
        left = {(m.person, fold(m.company or "")): m for m in reversed([*kept, *others])}
        kept += [m for m in others if left[m.person, fold(m.company or "")] is m]
        return tuple(kept), tuple(steps)

    def _standing(
        self, weighed: Sequence[tuple[Proposal, Odds]], published: PartialDate | None, opinion: Opinion
    ) -> dict[int, Salience]:
        """The salience of those that are likely right, by identity; what is doubtful is kept, and is no news."""
        told = [(p, odds) for p, odds in weighed if not (p.mention and p.mention.denied)]
        right = [(p, odds) for p, odds in told if 1 - odds[WRONG] >= self.right_at[p.kind]]
        doubtful = [
            (p, odds)
            for p, odds in told
            if KEPT_AT <= 1 - odds[WRONG] < self.right_at[p.kind]
            and not any(_same_event(p, q, opinion) for q, _ in right)
        ]
        alone = _alone(right, opinion)
        return {id(p): Salience.BACKGROUND for p, _ in _alone(doubtful, opinion)} | {
            id(p): Salience.BACKGROUND
            if _bygone(p, published) or _recalled(p, opinion) or _other_cut(p, alone, opinion)
            else self._salience(p, odds, alone)
            for p, odds in alone
        }

    def _salience(self, proposal: Proposal, odds: Odds, others: Sequence[tuple[Proposal, Odds]]) -> Salience:
        """Main where that is likely; what the rules take for a recall is none beside likelier news of its kind."""
        if not self._likely_main(proposal.kind, odds):
            return Salience.BACKGROUND
        if proposal.mention is None or proposal.mention.salience is Salience.MAIN:
            return Salience.MAIN
        outdone = any(
            _of_one(proposal, other)
            and self._likely_main(other.kind, o)
            and (_ruled_main(other), o[MAIN]) > (False, odds[MAIN])
            for other, o in others
            if other is not proposal
        )
        return Salience.BACKGROUND if outdone else Salience.MAIN

    def _likely_main(self, kind: Kind, odds: Odds) -> bool:
        return odds[MAIN] / max(1e-9, odds[MAIN] + odds[BACKGROUND]) >= self.main_at[kind]


def _bygone(proposal: Proposal, published: PartialDate | None) -> bool:
    """Whether the rules take it for a recall, and its date is two years old: "il y a dix ans, X congédiait Y"."""
    mention = proposal.mention
    if mention is None or mention.salience is Salience.MAIN:
        return False
    return age(mention.date, published) == "old"


def _recalled(proposal: Proposal, opinion: Opinion) -> bool:
    """Whether rules and encoder both take it for a recall."""
    mention = proposal.mention
    if mention is None or mention.salience is Salience.MAIN or proposal.subject is None:
        return False
    if proposal.figures:
        return not opinion.figures.is_main(proposal.figures[0])
    odds = (opinion.leaving if proposal.kind is Kind.DEPARTURE else opinion.cutting)[proposal.subject]
    return bool(odds[heads.MAIN] < odds[heads.BACKGROUND])


def _other_cut(proposal: Proposal, others: Sequence[tuple[Proposal, Odds]], opinion: Opinion) -> bool:
    """Whether it is the encoder's alone, by a figure rather of a recall, beside another cut of its firm."""
    if proposal.mention is not None or not proposal.figures or opinion.figures.is_main(proposal.figures[0]):
        return False
    return any(other is not proposal and _of_one(proposal, other) for other, _ in others)


def _ruled_main(proposal: Proposal) -> bool:
    return proposal.mention is not None and proposal.mention.salience is Salience.MAIN


def _of_one(one: Proposal, other: Proposal) -> bool:
    """Whether two proposals are of the same leaver, or of the same firm's cuts."""
    return one.kind is other.kind and one.subject is not None and one.subject == other.subject


def _same_event(one: Proposal, other: Proposal, opinion: Opinion) -> bool:
    """Whether two proposals are of one leaver, or of one firm's cuts unless each has its own figure."""
    if one.kind is not other.kind:
        return False
    if one.kind is Kind.DEPARTURE:
        return _of_one(one, other)
    return kin(one, other, opinion) and not (one.figures and other.figures)


def _alone(told: Sequence[tuple[Proposal, Odds]], opinion: Opinion) -> list[tuple[Proposal, Odds]]:
    """Those that are not given up for another one."""
    return [
        (p, odds) for p, odds in told if not any(_yields(p, odds, q, o, opinion) for q, o in told if q is not p)
    ]


def _yields(one: Proposal, odds: Odds, other: Proposal, others: Odds, opinion: Opinion) -> bool:
    """Whether a proposal is given up for another of the same exit or cut: the surer reader's stands.

    A cut is the same where one name holds the other ("TIER" of "TIER Mobility"); two that rules tell are two.
    """
    if one.mention is not None and other.mention is not None:
        return False
    if one.kind is Kind.LAYOFF and one.mention is None and one.figures:
        return False  # what is no rule's cut by its figure is another one
    if one.kind is Kind.LAYOFF and other.kind is Kind.LAYOFF and kin(one, other, opinion):
        if one.mention is None and other.figures:
            return True
        its, own = (other.mention is None, others[WRONG]), (one.mention is None, odds[WRONG])
        return (*its, other.company or 0) < (*own, one.company or 0)
    if (one.mention is None) == (other.mention is None):
        return False
    return _of_one(one, other) and (others[WRONG], other.mention is None) < (odds[WRONG], one.mention is None)


def _told(
    people: People, proposal: Proposal, dropped: Sequence[Mention], salience: Salience, opinion: Opinion
) -> Mention | None:
    """The proposal as a mention; one of the encoder's takes over what the rules told of the same exit or cut."""
    published = people.parsed.document.published
    company = opinion.candidates[proposal.company].name if proposal.company is not None else None
    if proposal.mention is not None:
        mention = proposal.mention
        if mention.kind is Kind.LAYOFF and company and company.key != fold(mention.company or ""):
            mention = moved(people, mention, company)
        return _told_as(mention, salience, published)
    if company is None:
        return None
    who = opinion.candidates[proposal.who].name.full if proposal.who is not None else None
    same = next((m for m in dropped if m.kind is proposal.kind and m.person == who), None)
    if same is not None and not proposal.figures:
        return _told_as(moved(people, same, company), salience, published)
    return mention_of(people, proposal, salience, opinion)


def _told_as(mention: Mention, salience: Salience, published: PartialDate | None) -> Mention:
    """The mention with a salience; where the text gives no day, news is of its story's day, a recall of none."""
    if "date" in mention.evidence:
        return replace(mention, salience=salience)
    return replace(mention, salience=salience, date=published if salience is Salience.MAIN else None)


def _doubted(mention: Mention) -> Mention:
    """The mention, told to be doubtful by the proof of its salience."""
    why = mention.evidence.get("salience") or mention.evidence["trigger"]
    return replace(mention, evidence={**mention.evidence, "salience": replace(why, rule=DOUBTFUL)})


def _elsewhere(people: People, mention: Mention, proposal: Proposal, opinion: Opinion) -> list[Mention]:
    """A departure from each other organisation that the leaver may have left, doubtfully."""
    chair = opinion.chairs.get(proposal.who) if proposal.who is not None else None
    if mention.kind is not Kind.DEPARTURE or chair is None:
        return []
    shares = heads.softmax(chair.company)
    likely = [k for k in np.argsort(-shares, kind="stable") if shares[k] >= ELSEWHERE_AT]
    taken = {fold(name) for name in (mention.company, mention.destination) if name}
    houses = [house for k in likely if (house := opinion.candidates[k].name).key not in taken]
    named = [house for house in houses if house.kind not in (NameKind.PERSON, NameKind.PLACE)]
    undated = {name: proof for name, proof in mention.evidence.items() if name != "date"}
    recalled = replace(mention, salience=Salience.BACKGROUND, date=None, evidence=undated)
    return [_doubted(moved(people, recalled, house)) for house in named[:ELSEWHERES]]


def _step(mention: Mention, verdict: str, odds: float) -> Step:
    trigger = mention.evidence.get("trigger")
    who = mention.person or mention.company or "?"
    return Step("judge", "judge", f"{who} : {verdict} (p = {odds:.2f})", trigger.quote if trigger else "")


@functools.cache
def bundled() -> Judge:
    """The judge that comes with Vigie."""
    return judge_of(json.loads(FOLDER.joinpath("verdicts.json").read_text(encoding="utf-8")))


def judge_of(data: Mapping[str, Any]) -> Judge:
    """A judge from its JSON object, as `make train` writes it."""
    return Judge(
        {
            Kind(kind): {name: Linear(float(row["bias"]), row["weights"]) for name, row in rows.items()}
            for kind, rows in data["verdicts"].items()
        },
        {Kind(kind): float(at) for kind, at in data["right_at"].items()},
        {Kind(kind): float(at) for kind, at in data["main_at"].items()},
    )

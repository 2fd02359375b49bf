"""What tells whether a proposed mention is right, and whether it is the story's news, as named numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractors.events.judging.heads import BACKGROUND, MAIN, NONE
from extractors.events.judging.opinions import Opinion
from models.dates import PartialDate
from models.identity import fold
from models.records import Document, Mention
from models.vocabulary import Kind, Salience

Signs = dict[str, float]
_NEWS, _OPEN = 0.75, 0.5  # how much a cut without a figure is news: told so by the rules, by nobody
_CLIP = 6.0  # log odds beyond which surer tells nothing more
_FIELDS = ("date", "role", "destination", "successor", "headcount", "percent", "unit", "place")


@dataclass(frozen=True)
class Proposal:
    """What may be a mention: one of the rules, or a leaver and a house (a cutter alone) of the encoder.

    `who` and `company` are candidates of the opinion, None where the rules name what is none; `figures` are those
    of the opinion that tell a cut, its number of jobs first.
    """

    kind: Kind
    mention: Mention | None
    who: int | None
    company: int | None
    figures: tuple[int, ...] = ()

    @property
    def subject(self) -> int | None:
        """The candidate that it is about: who leaves, or which organisation cuts."""
        return self.who if self.kind is Kind.DEPARTURE else self.company


def signs(document: Document, proposal: Proposal, proposals: Sequence[Proposal], opinion: Opinion) -> Signs:
    """The signs of one proposal among all of its document."""
    kind = proposal.kind
    other = Kind.LAYOFF if kind is Kind.DEPARTURE else Kind.DEPARTURE
    odds = opinion.leaving if kind is Kind.DEPARTURE else opinion.cutting
    index = proposal.subject
    likes = [p for p in proposals if p.kind is kind]
    out: Signs = {
        "news": _clip(opinion.news[kind]) / 3,
        "other news": _clip(opinion.news[other]) / 3,
        "likes": len(likes) / 3,
        "unknown": float(index is None),
    }
    if index is not None:
        row = odds[index]
        out |= {
            "is": _logit(1 - float(row[NONE])) / 3,
            "main": _logit(float(row[MAIN])) / 3,
            "main if any": _logit(float(row[MAIN] / (row[MAIN] + row[BACKGROUND]))) / 3,
            "best": float(all(row[NONE] <= odds[i][NONE] for p in likes if (i := p.subject) is not None)),
        }
    out |= _figure(proposal, likes, opinion) if kind is Kind.LAYOFF else _house(proposal, opinion)
    source = "ruled" if proposal.mention else "seen"  # how much a sign tells depends on who proposes
    out |= {f"{name} if {source}": value for name, value in out.items()}
    return out | _rules(document, proposal, likes, opinion)


def _house(proposal: Proposal, opinion: Opinion) -> Signs:
    """How likely the proposed organisation is the one left."""
    chair = opinion.chairs.get(proposal.who) if proposal.who is not None else None
    if chair is None or proposal.company is None:
        return {"no house": 1.0}
    scores = chair.company
    highest = float(scores.max())
    whole = highest + math.log(float(np.exp(scores - highest).sum()))
    share = float(scores[proposal.company]) - whole
    return {"house": max(share, -_CLIP) / 3, "best house": float(scores[proposal.company] == scores.max())}


def _figure(proposal: Proposal, likes: Sequence[Proposal], opinion: Opinion) -> Signs:
    """How likely the figure tells a cut, news, of the proposed organisation; which of its cuts is the news."""
    akin = [p for p in likes if p is not proposal and kin(p, proposal, opinion)]
    first = all(_newness(p, opinion) <= _newness(proposal, opinion) for p in akin)
    out: Signs = {"newest": float(first), "newest alone": float(not akin)}
    if first and proposal.company is not None:
        out["main if newest"] = _logit(float(opinion.cutting[proposal.company, MAIN])) / 3
    if not proposal.figures:
        return out | {"no figure": 1.0}
    figures, k = opinion.figures, proposal.figures[0]
    none, background, main = (float(share) for share in figures.odds[k])
    out |= {
        "told": _logit(1 - none) / 3,
        "told main": _logit(main) / 3,
        "told main if any": _logit(main / (main + background)) / 3,
        "share": float(figures.amounts[k].is_share),
        "figures": len(proposal.figures) / 2,
    }
    others = [p for p in akin if p.figures]
    out["beside figure"] = float(bool(others))
    out["beside likelier"] = float(any(figures.likely(p.figures[0]) > figures.likely(k) for p in others))
    out["share beside figure"] = out["share"] * out["beside figure"]
    if proposal.company is not None:
        out["maker"] = _logit(float(figures.makers[k, proposal.company])) / 3
        out["best maker"] = float(figures.maker(k) == proposal.company)
    return out


def _newness(proposal: Proposal, opinion: Opinion) -> float:
    """How much rather the figure tells news than a recall; without one, by what the rules say."""
    if proposal.figures:
        _, background, main = (float(share) for share in opinion.figures.odds[proposal.figures[0]])
        return main / (main + background)
    if proposal.mention is None:
        return _OPEN
    return _NEWS if proposal.mention.salience is Salience.MAIN else 1 - _NEWS


def _rules(document: Document, proposal: Proposal, likes: Sequence[Proposal], opinion: Opinion) -> Signs:
    """What the rules say of it."""
    mine = [p.mention for p in likes if p.mention and p.subject == proposal.subject]
    mention = proposal.mention
    out: Signs = {
        "ruled": float(mention is not None),
        "ruled otherwise": float(mention is None and any(not m.denied for m in mine)),
        "denied": float(any(m.denied for m in mine)),
        "ruled mains": sum(p.mention is not None and p.mention.salience is Salience.MAIN for p in likes) / 3,
    }
    if mention is None:
        others = [p for p in likes if p.mention and not p.mention.denied and p.subject != proposal.subject]
        out["beside ruled"] = float(bool(others))
        out["beside ruled main"] = float(any(p.mention.salience is Salience.MAIN for p in others if p.mention))
        out["beside ruled kin"] = float(any(kin(p, proposal, opinion) for p in others))
        return out
    mains = [m for m in mine if m is not mention and m.salience is Salience.MAIN and not m.denied]
    out[f"ruled {mention.salience}"] = 1.0
    out[f"ruled {mention.salience} beside a main"] = float(bool(mains))  # an earlier wave of the same firm
    out[f"status {mention.status}"] = 1.0
    out |= {f"has {name}": 1.0 for name in _FIELDS if getattr(mention, name) is not None}
    if why := mention.evidence.get("salience"):
        out[f"salience {why.rule}"] = 1.0
    if told := age(mention.date, document.published):
        out[f"age {told}"] = 1.0
    return out


def kin(one: Proposal, other: Proposal, opinion: Opinion) -> bool:
    """Whether one organisation's name holds the other's words: a longer name, a parent."""
    mine, its = (set(_company(p, opinion).split()) for p in (one, other))
    return bool(mine and its) and (mine <= its or its <= mine)


def _company(proposal: Proposal, opinion: Opinion) -> str:
    if proposal.company is not None:
        return opinion.candidates[proposal.company].key
    return fold(proposal.mention.company or "") if proposal.mention else ""


def age(date: PartialDate | None, published: PartialDate | None) -> str | None:
    """How old a date is beside its story: `old` and `year` (ten months and more), `months`, `now`, `future`."""
    if date is None or published is None:
        return None
    months = _month(published) - _month(date)
    for least, name in ((24, "old"), (10, "year"), (2, "months"), (-1, "now")):
        if months > least:
            return name
    return "future"


def _month(date: PartialDate) -> int:
    """Months since year 0; a year stands for its middle."""
    return int(date.iso[:4]) * 12 + (int(date.iso[5:7]) if len(date.iso) > 4 else 6)


def _logit(probability: float) -> float:
    return _clip(math.log(max(probability, 1e-9) / max(1 - probability, 1e-9)))


def _clip(odds: float) -> float:
    return max(-_CLIP, min(_CLIP, odds))

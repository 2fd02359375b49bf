"""What may be a mention: all that the rules found, and what the encoder alone sees."""

from collections.abc import Sequence

from extractors.events.judging.opinions import NONE, Opinion
from extractors.events.judging.signs import Proposal
from extractors.events.names import NameKind
from models.identity import fold
from models.records import Mention
from models.vocabulary import Kind

LIKELY = 0.2
"""Probability from which a leaver or a cutter that no rule found is proposed: few true ones are below."""


def proposals(mentions: Sequence[Mention], opinion: Opinion) -> tuple[Proposal, ...]:
    """The rules' mentions (denied ones too), then the encoder's leavers and cutters that are none of these."""
    ruled = tuple(_of_rules(mention, opinion) for mention in mentions)
    known = {(p.kind, p.who, p.company) for p in ruled if p.mention and not p.mention.denied}
    seen = [p for p in (*_leavers(opinion), *_cutters(opinion)) if (p.kind, p.who, p.company) not in known]
    return (*ruled, *seen)


def _of_rules(mention: Mention, opinion: Opinion) -> Proposal:
    who = _named(opinion, mention.person) if mention.kind is Kind.DEPARTURE else None
    return Proposal(mention.kind, mention, who, _named(opinion, mention.company))


def _named(opinion: Opinion, name: str | None) -> int | None:
    if not name:
        return None
    key = fold(name) or name
    return opinion.index(key)


def _leavers(opinion: Opinion) -> list[Proposal]:
    found = []
    for index, chair in opinion.chairs.items():
        if 1 - float(opinion.leaving[index, NONE]) >= LIKELY:
            found.append(Proposal(Kind.DEPARTURE, None, index, int(chair.company.argmax())))
    return found


def _cutters(opinion: Opinion) -> list[Proposal]:
    likely = 1 - opinion.cutting[:, NONE]
    return [
        Proposal(Kind.LAYOFF, None, None, i)
        for i, candidate in enumerate(opinion.candidates)
        if float(likely[i]) >= LIKELY and candidate.name.kind is not NameKind.PLACE
    ]

"""What may be a mention: all that the rules found, and what the encoder alone sees."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from extractors.events.judging.heads import NONE
from extractors.events.judging.opinions import Opinion
from extractors.events.judging.signs import Proposal, kin
from extractors.events.names import NameKind
from models.identity import fold
from models.records import Mention
from models.vocabulary import Kind, Salience

LIKELY = 0.1
"""Probability from which what no rule found is proposed: few true ones are below."""
COMPLETES = 0.5
"""Probability from which a figure is told of a cut that already stands."""
SURE, DOUBTED = 0.8, 0.1
"""Of an organisation, probabilities with which it takes over a figure, and under which the rules' one loses it."""


def proposals(mentions: Sequence[Mention], opinion: Opinion) -> tuple[Proposal, ...]:
    """The rules' mentions (denied too), then the encoder's leavers, cutters and figures that are none of these."""
    ruled = [_of_rules(mention, opinion) for mention in mentions]
    told = []
    for cut in _told(opinion):
        alike = [i for i, p in enumerate(ruled) if _is_told_by(cut, p, opinion)]
        if not alike:
            told.append(cut)
            continue
        same = min(alike, key=lambda i: (set(cut.figures).isdisjoint(ruled[i].figures), i))
        others = {k for i, p in enumerate(ruled) if i != same for k in p.figures}
        new = [k for k in cut.figures if k not in others]
        ruled[same] = replace(ruled[same], figures=_joined(ruled[same].figures, new, opinion))
    ruled = [_owned(p, opinion) for p in ruled]
    known = {(p.kind, p.who, p.company) for p in ruled if p.mention and not p.mention.denied}
    seen = [p for p in (*_leavers(opinion), *_cutters(opinion)) if (p.kind, p.who, p.company) not in known]
    return (*ruled, *seen, *told)


def _of_rules(mention: Mention, opinion: Opinion) -> Proposal:
    if mention.kind is Kind.DEPARTURE:
        return Proposal(mention.kind, mention, _named(opinion, mention.person), _named(opinion, mention.company))
    return Proposal(mention.kind, mention, None, _named(opinion, mention.company), _read(mention, opinion))


def _owned(ruled: Proposal, opinion: Opinion) -> Proposal:
    """A cut of the rules, of the organisation that its figure is surely of."""
    if ruled.kind is not Kind.LAYOFF or not ruled.figures:
        return ruled
    makers, best = opinion.figures.makers[ruled.figures[0]], opinion.figures.maker(ruled.figures[0])
    doubted = ruled.company is None or float(makers[ruled.company]) < DOUBTED
    return replace(ruled, company=best) if doubted and float(makers[best]) > SURE else ruled


def _named(opinion: Opinion, name: str | None) -> int | None:
    if not name:
        return None
    key = fold(name) or name
    return opinion.index(key)


def _read(mention: Mention, opinion: Opinion) -> tuple[int, ...]:
    """The figures that the rules took a cut's number and share from."""
    proofs = [mention.evidence[name] for name in ("headcount", "percent") if name in mention.evidence]
    return tuple(
        k
        for proof in proofs
        for k, amount in enumerate(opinion.figures.amounts)
        if amount.where == proof.where and amount.start < proof.end and proof.start < amount.end
    )


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


def _told(opinion: Opinion) -> list[Proposal]:
    """The cuts that figures tell: of a firm's news the likeliest number and share, of its recalls each number."""
    figures = opinion.figures
    groups: dict[tuple[int, bool], list[int]] = {}
    for k in sorted(range(len(figures.amounts)), key=lambda k: -figures.likely(k)):
        again = any(_same(k, j, opinion) and _akin(k, j, opinion) for found in groups.values() for j in found)
        if figures.likely(k) >= LIKELY and not again:
            groups.setdefault((figures.maker(k), figures.is_main(k)), []).append(k)
    return [
        Proposal(Kind.LAYOFF, None, None, maker, cut)
        for (maker, main), found in groups.items()
        for cut in ([_joined(found[:1], found[1:], opinion)] if main else _apart(found, opinion))
    ]


def _apart(found: Sequence[int], opinion: Opinion) -> list[tuple[int, ...]]:
    """One cut a number of jobs; a share goes with the number of its sentence, else it tells a cut of its own."""
    amounts = opinion.figures.amounts
    cuts: list[list[int]] = []
    for k in sorted(found, key=lambda k: amounts[k].is_share):
        home = next((c for c in cuts if amounts[c[0]].sentence.index == amounts[k].sentence.index), None)
        if amounts[k].is_share and home is not None:
            home.append(k)
        else:
            cuts.append([k])
    return [_joined(cut[:1], cut[1:], opinion) for cut in cuts]


def _same(one: int, other: int, opinion: Opinion) -> bool:
    """Whether two figures tell the same number, or the same share."""
    first, second = opinion.figures.amounts[one], opinion.figures.amounts[other]
    return first.is_share == second.is_share and first.quantity.value == second.quantity.value


def _akin(one: int, other: int, opinion: Opinion) -> bool:
    """Whether two figures are of one organisation, under whatever name."""
    first, second = (Proposal(Kind.LAYOFF, None, None, opinion.figures.maker(k)) for k in (one, other))
    return kin(first, second, opinion)


def _joined(own: Sequence[int], more: Iterable[int], opinion: Opinion) -> tuple[int, ...]:
    """One number of jobs and one share at the most: those that stand, and what likely completes them."""
    out = {opinion.figures.amounts[k].is_share: k for k in own}
    for k in more:
        if opinion.figures.likely(k) >= COMPLETES:
            out.setdefault(opinion.figures.amounts[k].is_share, k)
    return tuple(out[share] for share in sorted(out))


def _is_told_by(cut: Proposal, ruled: Proposal, opinion: Opinion) -> bool:
    """Whether a cut that figures tell is one of the rules': same figure, or the firm's news, or its recall."""
    mention = ruled.mention
    if mention is None or mention.kind is not Kind.LAYOFF:
        return False
    if any(_same(k, j, opinion) for k in cut.figures for j in ruled.figures):
        return True
    main = opinion.figures.is_main(cut.figures[0])
    if mention.denied or not kin(cut, ruled, opinion) or main != (mention.salience is Salience.MAIN):
        return False
    return main or (not ruled.figures and opinion.figures.likely(cut.figures[0]) >= COMPLETES)

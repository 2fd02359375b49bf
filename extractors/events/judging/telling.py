"""Mentions of what the encoder alone saw, and the fields that the rules left open."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from extractors.events.dates import DateUse, date_expressions
from extractors.events.judging.amounts import Amount
from extractors.events.judging.encoder import Array
from extractors.events.judging.opinions import MANNERS, STATUSES, Opinion
from extractors.events.judging.signs import Proposal
from extractors.events.language import Parsed
from extractors.events.names import Name
from extractors.events.people import People
from extractors.events.roles import Role, codes_among
from models.dates import PartialDate
from models.identity import fold
from models.records import Evidence, Mention
from models.vocabulary import Kind, Manner, Salience, Status

RULE = "encoder"
_LIKELY = 0.0  # log odds from which a destination or a successor is told
_POST, _POSTS = -1.5, -0.5  # log odds from which the likeliest post is told, and further ones
_OWN = 2.0  # log odds that a post gains where the rules say it of the leaver
_BESIDE = 25  # characters between an exit and the post that it names
_DAY = 1.5  # log odds from which a day is believed rather than the rules' one
_LONGEST = 300  # characters of a sentence that stands as proof
_MONTHS_BACK = 2
_ON = (DateUse.POINT, DateUse.EFFECT)


def mention_of(people: People, proposal: Proposal, salience: Salience, opinion: Opinion) -> Mention | None:
    """A mention of what no rule told; None where a name cannot be shown in the document."""
    if proposal.company is None:
        return None
    company = opinion.candidates[proposal.company].name
    if proposal.kind is Kind.LAYOFF:
        return _cut(people.parsed, proposal, company, salience, opinion)
    if proposal.who is None:
        return None
    leaver = opinion.candidates[proposal.who]
    place = leaver.places[opinion.told[proposal.who]]
    roles = [r for r in people.roles if r.person == leaver.key and not r.coming and _in_house(r, company)]
    sentence = _sentence(people.parsed, place)
    date = _date(people.parsed, place, salience)
    evidence = {
        "trigger": sentence,
        "salience": sentence,
        "person": _proof(people.parsed, leaver.name),
        "company": _proof(people.parsed, company),
    }
    if roles:
        evidence["role"] = people.parsed.evidence(roles[0].where, roles[0].start, roles[0].end, "role")
    if date and date[1]:
        evidence["date"] = date[1]
    return Mention(
        kind=Kind.DEPARTURE,
        salience=salience,
        company=company.full,
        person=leaver.name.full,
        date=date[0] if date else None,
        status=STATUSES[int(opinion.leaving_status[proposal.who].argmax())],
        role=evidence["role"].quote if roles else None,
        role_codes=codes_among(roles),
        manner=manner_of(opinion, proposal.who),
        evidence=evidence,
    )


def _cut(parsed: Parsed, proposal: Proposal, company: Name, salience: Salience, opinion: Opinion) -> Mention:
    told = [opinion.figures.amounts[k] for k in proposal.figures]
    place = told[0] if told else company
    sentence = _sentence(parsed, place)
    when = _when(parsed, told[0], salience) if told else None
    mention = Mention(
        kind=Kind.LAYOFF,
        salience=salience,
        company=company.full,
        date=when[0] if when else parsed.document.published if salience is Salience.MAIN else None,
        status=_certainty(proposal, salience, opinion),
        evidence={"trigger": sentence, "salience": sentence, "company": _proof(parsed, company)}
        | ({"date": when[1]} if when else {}),
    )
    return counted(parsed, mention, told)


def _certainty(proposal: Proposal, salience: Salience, opinion: Opinion) -> Status:
    """How sure a cut is told to be; a recalled one was made."""
    recalled = proposal.figures and not opinion.figures.is_main(proposal.figures[0])
    if (salience is Salience.BACKGROUND and recalled) or proposal.company is None:
        return Status.CONFIRMED
    return STATUSES[int(opinion.cutting_status[proposal.company].argmax())]


def _when(parsed: Parsed, amount: Amount, salience: Salience) -> tuple[PartialDate, Evidence] | None:
    """The date nearest to a figure in its sentence that is no start and no deadline."""
    sentence = amount.sentence
    told = [d for d in date_expressions(sentence.text, parsed.document.published) if d.use in _ON]
    gaps = {d: max(0, sentence.start + d.start - amount.end, amount.start - sentence.start - d.end) for d in told}
    for date in sorted(told, key=lambda d: gaps[d]):
        value = date.read(future=False)
        if value is not None and _credible(value, parsed.document.published, salience):
            start, end = sentence.start + date.start, sentence.start + date.end
            return value, parsed.evidence(amount.where, start, end, f"date.{RULE}")
    return None


def counted(parsed: Parsed, mention: Mention, told: Sequence[Amount]) -> Mention:
    """A cut with the number of jobs and the share that it lacks."""
    evidence = dict(mention.evidence)
    for amount in told:
        proof = parsed.evidence(amount.where, amount.start, amount.end, f"number.{RULE}")
        if amount.is_share and mention.percent is None:
            mention, evidence["percent"] = replace(mention, percent=amount.quantity.value), proof
        elif not amount.is_share and mention.headcount is None:
            meant = amount.quantity.qualifier
            mention = replace(mention, headcount=amount.quantity.whole, headcount_qualifier=meant)
            evidence["headcount"] = evidence["headcount_qualifier"] = proof
    return replace(mention, evidence=evidence)


def moved(people: People, mention: Mention, company: Name) -> Mention:
    """The rules' mention with another organisation."""
    evidence: Mapping[str, Evidence] = {**mention.evidence, "company": _proof(people.parsed, company)}
    destination = mention.destination
    if destination and fold(destination) == company.key:
        destination = None
        evidence = {name: proof for name, proof in evidence.items() if name != "destination"}
    return replace(mention, company=company.full, destination=destination, evidence=evidence)


def filled(people: People, mention: Mention, proposal: Proposal, opinion: Opinion) -> Mention:
    """What the rules did not find: a cut's figures; where a leaver goes, who follows, the post and the day."""
    if mention.kind is Kind.LAYOFF:
        return counted(people.parsed, mention, [opinion.figures.amounts[k] for k in proposal.figures])
    who = proposal.who
    if who is None or who not in opinion.chairs:
        return mention
    for told in (_housed, _posted, _dated):
        mention = told(people, mention, who, opinion)
    return mention


def _housed(people: People, mention: Mention, who: int, opinion: Opinion) -> Mention:
    chair = opinion.chairs[who]
    taken = {fold(v) for v in (mention.person, mention.company, mention.destination, mention.successor) if v}
    values: dict[str, str] = {}
    evidence = dict(mention.evidence)
    for field, odds in (("destination", chair.destination), ("successor", chair.successor)):
        best = _best(odds)
        if getattr(mention, field) is None and best is not None:
            name = opinion.candidates[best].name
            if name.key not in taken:
                values[field] = name.full
                evidence[field] = replace(_proof(people.parsed, name), rule=f"{field}.{RULE}")
    return replace(
        mention,
        destination=values.get("destination", mention.destination),
        successor=values.get("successor", mention.successor),
        evidence=evidence,
    )


def _posted(people: People, mention: Mention, who: int, opinion: Opinion) -> Mention:
    """With the posts that the encoder points at, the likeliest as proof; none that is said of somebody else."""
    if _left_by_name(mention):
        return mention
    key, posts = opinion.candidates[who].key, opinion.points.posts
    odds = {
        k: float(score) + (_OWN if posts[k].person else 0)
        for k, score in enumerate(opinion.chairs[who].posts)
        if posts[k].person in (None, key)
    }
    order = sorted(odds, key=lambda k: -odds[k])
    if not order or odds[order[0]] <= _POST:
        return mention
    held = [posts[k] for k in order if k == order[0] or odds[k] > _POSTS]
    best = people.parsed.evidence(held[0].where, held[0].start, held[0].end, f"role.{RULE}")
    return replace(
        mention, role=best.quote, role_codes=codes_among(held), evidence={**mention.evidence, "role": best}
    )


def _left_by_name(mention: Mention) -> bool:
    """Whether the rules read the post right after the words that tell the exit: "quitte le conseil"."""
    post, trigger = mention.evidence.get("role"), mention.evidence.get("trigger")
    if post is None or trigger is None or post.where != trigger.where:
        return False
    return trigger.start <= post.start <= trigger.end + _BESIDE


def _dated(people: People, mention: Mention, who: int, opinion: Opinion) -> Mention:
    """With the day that the encoder points at."""
    odds = opinion.chairs[who].days
    if not len(odds) or float(odds.max()) <= _DAY:
        return mention
    day = opinion.points.days[int(odds.argmax())]
    proof = people.parsed.evidence(day.where, day.start, day.end, f"{day.rule}.{RULE}")
    return replace(mention, date=day.value, evidence={**mention.evidence, "date": proof})


def _best(odds: Array) -> int | None:
    index = int(np.argmax(odds))
    return index if float(odds[index]) > _LIKELY else None


def manner_of(opinion: Opinion, who: int) -> tuple[Manner, ...]:
    """The manners that are more likely than not, else the likeliest."""
    odds = opinion.manners[who]
    likely = [i for i in np.argsort(-odds, kind="stable") if float(odds[i]) > 0]
    return tuple(MANNERS[int(i)] for i in likely[:2]) or (MANNERS[int(odds.argmax())],)


def _proof(parsed: Parsed, name: Name) -> Evidence:
    return parsed.evidence(name.where, name.start, name.end, RULE)


def _sentence(parsed: Parsed, place: Name | Amount) -> Evidence:
    """The sentence that a name or a figure stands in, cut to a readable length around it."""
    sentence = parsed.sentence_at(place.where, place.start)
    if sentence is None:
        return parsed.evidence(place.where, place.start, place.end, RULE)
    start = max(sentence.start, place.start - _LONGEST // 2)
    return parsed.evidence(place.where, start, min(sentence.end, start + _LONGEST), RULE)


def _date(parsed: Parsed, place: Name, salience: Salience) -> tuple[PartialDate, Evidence | None] | None:
    """The date told in the sentence, if news of today may be of that day; else the day of publication."""
    published = parsed.document.published
    sentence = parsed.sentence_at(place.where, place.start)
    for told in date_expressions(sentence.text, published) if sentence else ():
        value = told.read(future=False)
        if sentence and value and told.use is not DateUse.START and _credible(value, published, salience):
            start, end = sentence.start + told.start, sentence.start + told.end
            return value, parsed.evidence(place.where, start, end, "date")
    return (published, None) if published and salience is Salience.MAIN else None


def _credible(value: PartialDate, published: PartialDate | None, salience: Salience) -> bool:
    if published is None or salience is Salience.BACKGROUND:
        return True
    months = (published.last().year - value.last().year) * 12 + published.last().month - value.last().month
    return months <= _MONTHS_BACK


def _in_house(role: Role, company: Name) -> bool:
    organisation = role.organisation
    return organisation is None or organisation.key in company.key or company.key in organisation.key

"""Departures of a document: tellings gathered by person and organisation, made mentions with their proofs."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.events.companies import Companies
from extractors.events.departures_fields import (
    Departure,
    company_of,
    date_of,
    destination_of,
    destinations_in,
    name_evidence,
    trigger_evidence,
)
from extractors.events.departures_find import Telling, tellings
from extractors.events.names import Name
from extractors.events.people import People
from extractors.events.posts import left_posts, role_of
from extractors.events.roles import codes_among
from extractors.events.salience import salience_of
from extractors.events.successors import successor_of
from models.dates import PartialDate
from models.records import Evidence, Mention, Step
from models.vocabulary import Kind, Manner, Status

# Where tellings differ, the most telling manner stands; what they leave open stays open.
_STRENGTH = (
    Manner.DEATH,
    Manner.RETIREMENT,
    Manner.FORCED,
    Manner.MUTUAL,
    Manner.TERM_END,
    Manner.VOLUNTARY,
    Manner.UNSPECIFIED,
)
_FOLLOWERS = frozenset(
    {"rejoindre", "filer-chez", "succession-de", "celui-de", "n-aura-dirigé", "tourner-la-page", "sans"}
)


@dataclass(frozen=True)
class Departures:
    """The mentions of a document's departures, and the steps that led to them."""

    mentions: tuple[Mention, ...]
    steps: tuple[Step, ...]


def departures(people: People) -> Departures:
    """Every departure that a document tells, denied ones included."""
    companies = Companies(people)
    steps: list[Step] = []
    told = list(tellings(people))
    steps += [_step(t) for t in told]
    denied = [t for t in told if t.qualified.denied and not t.entry.option("succession")]
    gathered = _gathered(companies, [t for t in told if _counts(t) and not _refuted(t, told, denied)])
    standing = [d for d in gathered if _stands(companies, d, gathered)]
    mentions = [_mention(companies, d, only=_alone(d, standing)) for d in standing]
    known = {m.person for m in mentions}
    for telling in denied:
        if people.by_key[telling.person].full not in known:
            company, _ = company_of(companies, telling)
            mentions.append(_denied(people, telling, company))
            known.add(people.by_key[telling.person].full)
    return Departures(tuple(mentions), tuple(steps))


def _counts(telling: Telling) -> bool:
    return telling.qualified.asserted


def _refuted(telling: Telling, told: Sequence[Telling], denied: Sequence[Telling]) -> bool:
    """A rumour that the story goes on to deny: nothing sure is told of this person's leaving."""
    mine = [t for t in told if t.person == telling.person and t.qualified.asserted]
    sure = any(t.qualified.status is Status.CONFIRMED for t in mine)
    return not sure and any(
        t.person == telling.person and (t.sentence.index >= telling.sentence.index or t.sentence.where == "title")
        for t in denied
    )


def _step(telling: Telling) -> Step:
    q = telling.qualified
    verdict = (
        "démenti"
        if q.denied
        else "hypothèse"
        if q.hypothetical
        else f"départ de {telling.person} ({q.status.value})"
    )
    text = telling.sentence.whole[slice(*telling.trigger)]
    return Step("departures", telling.entry.id, verdict, text, telling.sentence.index)


def _gathered(companies: Companies, told: Sequence[Telling]) -> list[Departure]:
    """One departure a person and organisation; a telling that names no organisation joins what is known."""
    found: list[Departure] = []
    read = [(telling, *company_of(companies, telling)) for telling in told]
    named = Counter(c.key for t, c, e in read if e and c is not None and not t.qualified.past)
    gone_to = {n.key for t in told for n in destinations_in(companies, t)}
    for telling, company, explicit in read:
        if not explicit and not named and companies.focus is not None and companies.focus.key in gone_to:
            company = companies.focus_without(frozenset(gone_to)) or company
        if not explicit and named and companies.focus is not None and companies.focus.key in gone_to:
            best = max(named, key=lambda k: named[k])
            company = next(c for _, c, e in read if e and c is not None and c.key == best)
        mine = [d for d in found if d.person == telling.person]
        same = next((d for d in mine if _same(d.company, company)), None)
        if same is None and mine and (not explicit or explicit < mine[0].explicit):
            same = mine[0]
        if same is not None and _another_post(companies, same, telling):
            same = None
            mine = []
        if (
            same is None
            and mine
            and not mine[0].explicit
            and not _anchored(companies, mine[0])
            and not telling.qualified.past
        ):
            same = mine[0]
            same.company = company
        if same is None:
            same = Departure(telling.person, company)
            found.append(same)
        same.explicit = max(same.explicit, explicit)
        same.tellings.append(telling)
    return found


def _anchored(companies: Companies, departure: Departure) -> bool:
    """Whether the story's own organisation, named in its title, is the one that was taken by default."""
    focus, company = companies.focus, departure.company
    return focus is not None and company is not None and focus.key == company.key and focus.where == "title"


def _another_post(companies: Companies, departure: Departure, telling: Telling) -> bool:
    """An earlier exit of the same person from another post of the same house: chief in 2017, the board in 2019."""
    if not telling.qualified.past or any(t.qualified.past for t in departure.tellings):
        return False
    before = {c for t in departure.tellings for c in left_posts(companies.people, t)}
    now = set(left_posts(companies.people, telling))
    return bool(before and now and not before & now)


def _same(a: Name | None, b: Name | None) -> bool:
    if a is None or b is None:
        return a is b
    if a.key == b.key or a.key in b.key or b.key in a.key:
        return True
    return _initials(a.key) == b.key or _initials(b.key) == a.key


def _initials(key: str) -> str:
    """What a name of several words is abbreviated to: hewlett-packard → hp."""
    words = re.findall(r"\w+", key)
    return "".join(w[0] for w in words) if len(words) > 1 else ""


def _stands(companies: Companies, departure: Departure, others: Sequence[Departure]) -> bool:
    """Whether the tellings are enough: a move or a succession alone needs the organisation left to be told."""
    if departure.company is None:
        return False
    strong = [t for t in departure.tellings if not t.entry.option("weak")]
    if not strong:
        return False
    if all(t.entry.option("move") for t in strong):
        destination = destination_of(companies, departure)
        known = departure.explicit or any(
            r.person == departure.person and not r.coming for r in companies.people.roles
        )
        known = known or any(
            d is not departure and d.company is not None and d.company.key == departure.company.key for d in others
        )
        return bool(known) and destination is not None and destination.value != departure.company.full
    if all(t.entry.id == "celui-de" for t in strong):
        return any(_noun_before(t) for t in strong)
    if all(t.entry.option("follows") for t in strong):
        return any(
            d is not departure and abs(s.sentence.index - t.sentence.index) <= 1
            for d in others
            for s in d.tellings
            for t in strong
        )
    return True


def _alone(departure: Departure, standing: Sequence[Departure]) -> bool:
    """Whether the story's own news is this one exit; what is merely recalled does not count."""
    fresh = [d for d in standing if not all(t.qualified.past or t.entry.option("succession") for t in d.tellings)]
    return [d.person for d in fresh] == [departure.person]


def _noun_before(telling: Telling) -> bool:
    before = telling.sentence.whole[telling.sentence.start : telling.match.start].casefold()
    return any(w in before for w in ("départ", "démission", "éviction", "limogeage", "sortie", "retrait", "suite"))


def _mention(companies: Companies, departure: Departure, only: bool) -> Mention:
    people = companies.people
    parsed = people.parsed
    person = people.by_key[departure.person]
    roles = role_of(people, departure)
    destination = destination_of(companies, departure, only)
    successor = successor_of(companies, departure, roles, only)
    date = date_of(parsed, departure)
    evidence: dict[str, Evidence] = {
        "trigger": trigger_evidence(parsed, departure.tellings[0]),
        "person": name_evidence(parsed, person, "person"),
    }
    if departure.company is not None:
        evidence["company"] = name_evidence(parsed, departure.company, "company")
    if roles:
        evidence["role"] = parsed.evidence(roles[0].where, roles[0].start, roles[0].end, "role")
    if destination:
        evidence["destination"] = destination.evidence
    if successor:
        evidence["successor"] = successor.evidence
    salience, why = salience_of(companies, departure, date[0] if date else None)
    if date:
        evidence["date"] = date[1]
    evidence["salience"] = replace(evidence["trigger"], rule=why)
    return Mention(
        kind=Kind.DEPARTURE,
        salience=salience,
        company=departure.company.full if departure.company else None,
        date=date[0] if date else _default_date(parsed.document.published, salience.value == "main"),
        status=_status(departure),
        person=person.full,
        role=evidence["role"].quote if roles else None,
        role_codes=codes_among(roles),
        manner=_manner(departure),
        destination=destination.value if destination else None,
        successor=successor.value if successor else None,
        evidence=evidence,
    )


def _default_date(published: PartialDate | None, main: bool) -> PartialDate | None:
    return published if main else None


def _status(departure: Departure) -> Status:
    """The surest word of what is said; a noun ("le départ de X intervient") takes for granted what a verb says."""
    said = [t for t in departure.tellings if t.entry.who != "de"] or departure.tellings
    return max((t.qualified.status for t in said), key=lambda s: s.certainty)


def _manner(departure: Departure) -> tuple[Manner, ...]:
    found = {m for t in departure.tellings for m in t.manner}
    best = min(found, key=_STRENGTH.index)
    if best in (Manner.UNSPECIFIED,) or (best is Manner.VOLUNTARY and _only_open(departure)):
        return (Manner.VOLUNTARY, Manner.UNSPECIFIED)
    return (best,)


def _only_open(departure: Departure) -> bool:
    return all(
        t.entry.id in ("départ", "partir", "rejoindre", "quitter-bare", "filer-chez") for t in departure.tellings
    )


def _denied(people: People, telling: Telling, company: Name | None) -> Mention:
    parsed = people.parsed
    person = people.by_key[telling.person]
    evidence = {
        "trigger": trigger_evidence(parsed, telling),
        "person": name_evidence(parsed, person, "person"),
    }
    if company is not None:
        evidence["company"] = name_evidence(parsed, company, "company")
    salience, _ = salience_of(Companies(people), Departure(telling.person, company, [telling]), None)
    return Mention(
        kind=Kind.DEPARTURE,
        salience=salience,
        company=company.full if company else None,
        person=person.full,
        status=telling.qualified.status,
        manner=telling.manner,
        denied=True,
        evidence=evidence,
    )

"""What else is told of a departure: from where, to where, in which function, when, and who takes over."""

import re
from dataclasses import dataclass, field

from extractors.events.companies import Companies
from extractors.events.dates import DateExpression, DateUse, date_expressions
from extractors.events.departures_find import Telling
from extractors.events.gazetteer import grammar
from extractors.events.language import Parsed, Sentence
from extractors.events.names import Name, NameKind
from extractors.events.people import People
from models.dates import PartialDate
from models.records import Evidence

_ANAPHOR = grammar("departures_fields_anaphor")
_GO = grammar("departures_fields_go")
_FOUND = grammar("departures_fields_found")


@dataclass(frozen=True)
class Found:
    """A value and its proof."""

    value: str
    evidence: Evidence


@dataclass
class Departure:
    """What is known of one person's leaving one organisation, while its tellings are gathered."""

    person: str
    company: Name | None
    tellings: list[Telling] = field(default_factory=list)
    explicit: int = 0  # how surely the organisation is told, as company_of says


def name_evidence(parsed: Parsed, name: Name, rule: str) -> Evidence:
    """The proof that a name is."""
    return parsed.evidence(name.where, name.start, name.end, rule)


def company_of(companies: Companies, telling: Telling) -> tuple[Name | None, int]:
    """The organisation left, and how surely: 2 named by the telling, 1 by the leaver's function, 0 by default."""
    found = _dismissing(companies, telling) or _in_telling(companies, telling)
    if found is not None:
        return found, 2
    entry = telling.entry
    if entry.option("succession"):
        return companies.focus, 0
    titled = companies.of_post(telling.sentence, telling.trigger[0])
    if entry.who in ("object", "who") and not telling.passive and not entry.option("poach"):
        acting = companies.acting(telling.sentence, telling.match.start)
        if acting is not None:
            return acting, 1
    own = companies.of_person(telling.person, telling.sentence, former=telling.qualified.past)
    if own is not None and companies.overshadowed(own):
        own = None
    if own is not None or titled is not None:
        return titled or own, 1
    return companies.focus, 0


def _dismissing(companies: Companies, telling: Telling) -> Name | None:
    """The organisation that is itself the subject of a title that dismisses: "Nuvéo débarque sa patronne"."""
    entry, sentence = telling.entry, telling.sentence
    if entry.who != "object" or telling.passive or entry.option("poach") or sentence.where != "title":
        return None
    if entry.option("succession"):
        return None
    before = companies.people.names.between(sentence.where, sentence.start, telling.match.start)
    return before[0] if len(before) == 1 and before[0].kind is NameKind.ORGANISATION else None


def _in_telling(companies: Companies, telling: Telling) -> Name | None:
    """The organisation that the telling itself names."""
    sentence, text = telling.sentence, telling.sentence.whole
    antecedent = _antecedent(companies, telling)
    if antecedent is not None:
        return antecedent
    slot = telling.match.slots.get("org")
    if slot:
        direct = companies.in_object(sentence.where, *slot)
        if direct is not None:
            return direct
        if _ANAPHOR.match(text[slot[0] : slot[1]]):
            return companies.of_person(telling.person, sentence) or companies.meant(sentence, slot[0])
    if telling.entry.option("house"):
        return companies.meant(sentence, telling.trigger[0])
    if telling.entry.option("poach"):
        return _poached_from(companies, telling)
    return None if telling.entry.option("move") else _beside(companies, telling)


def _antecedent(companies: Companies, telling: Telling) -> Name | None:
    """As in "Nuvéo, qu'il quitte", "Nuvéo, quitté en mai", "Nuvéo et X se séparent": named before the verb."""
    sentence, text = telling.sentence, telling.sentence.whole
    if telling.entry.option("pair"):
        inside = companies.people.names.between(sentence.where, *telling.match.slots["who"], NameKind.ORGANISATION)
        return inside[0] if inside else None
    if not (telling.entry.option("relative") or (telling.entry.id == "quitter" and telling.passive)):
        return None
    before = companies.people.names.between(sentence.where, sentence.start, telling.match.start)
    if (
        before
        and before[-1].kind in _ORGANISATIONS
        and _JOINT.fullmatch(text[before[-1].end : telling.match.start])
    ):
        return before[-1]
    return None


def _poached_from(companies: Companies, telling: Telling) -> Name | None:
    """As in "a débauché Anne Roy de Nordalia": the house named right after whom one poaches."""
    sentence, after = telling.sentence, _after(telling, companies.people)
    following = companies.people.names.between(sentence.where, after, sentence.end, *_ORGANISATIONS)
    if following and _FROM.fullmatch(sentence.whole[after : following[0].start]):
        return following[0]
    return None


_FROM = re.compile(r" (?:de |d'|du |de chez |à |chez )(?:la |l'|le )?")


def _beside(companies: Companies, telling: Telling) -> Name | None:
    """The organisation named after the trigger, unless it is where the leaver goes."""
    sentence, text = telling.sentence, telling.sentence.whole
    after = _after(telling, companies.people)
    beside = companies.beside(sentence, telling.trigger[0], after)
    if beside is None or _is_destination(text, sentence, beside, telling):
        return None
    if _HANDED_TO.match(text[after : beside.start]):
        return None
    if telling.entry.option("succession") and not _AT_HEAD.match(text[after : beside.start]):
        return None
    return beside


_HANDED_TO = re.compile(
    r"[^,.;:]{0,25}\b(?:au|à la|à l'|aux|à son|à sa) ?(?:chef|présidente?|premi|ministre|roi|Premi)"
)
_JOINT = re.compile(r"!?(?:,| \()? ?")
_AT_HEAD = grammar("departures_fields_at_head")
_ORGANISATIONS = (NameKind.ORGANISATION, NameKind.OUTLET, NameKind.OTHER)


def _after(telling: Telling, people: People) -> int:
    """Where the organisation may begin: after the trigger, and after the person if it comes next."""
    end = telling.trigger[1]
    following = people.names.between(telling.sentence.where, end, telling.sentence.end)
    if following and following[0].kind is NameKind.ORGANISATION:
        return end
    for name in people.names.between(telling.sentence.where, end, telling.sentence.end, NameKind.PERSON):
        if name.key == telling.person and name.start - end < 60:
            return name.end
    return end


_LEAVING_FOR = grammar("departures_fields_leaving_for")


def _is_destination(text: str, sentence: Sentence, name: Name, telling: Telling) -> bool:
    before = text[max(sentence.start, name.start - 60) : name.start]
    if _LEAVING_FOR.search(before):
        return True
    return bool(_GO.search(before)) and not re.search(
        r"(?:\bde|\bd'|\bdu|\bchez|\bsein d[eu]|\bau sein d'|\bdes)\s*(?:la |l'|le )?$", before
    )


def destination_of(companies: Companies, departure: Departure, only: bool = False) -> Found | None:
    """Where the person goes: named in the sentence that tells the exit, or in one that tells of joining."""
    parsed = companies.people.parsed
    for telling in departure.tellings:
        slot = telling.match.slots.get("dest")
        if slot:
            name = companies.in_object(telling.sentence.where, *slot)
            if name is not None and _differs(name, departure):
                return Found(name.full, name_evidence(parsed, name, "destination.slot"))
    seen: set[int] = set()
    for telling in departure.tellings:
        if telling.sentence.index in seen:
            continue
        seen.add(telling.sentence.index)
        found = _destination_in(companies, departure, telling.sentence, telling.trigger[0])
        if found:
            return found
    if only:
        return _planned(companies, departure)
    return None


_PLANS = grammar("departures_fields_plans")


def _planned(companies: Companies, departure: Departure) -> Found | None:
    """What the leaver plans, told in another sentence of a story where nobody else leaves."""
    last = max(t.sentence.index for t in departure.tellings)
    for sentence in companies.people.parsed.sentences:
        if sentence.index > last + 3:
            break
        plan = _PLANS.search(sentence.whole, sentence.start, sentence.end)
        people = companies.people.names.between(sentence.where, sentence.start, sentence.end, NameKind.PERSON)
        if plan and all(n.key == departure.person for n in people):
            found = _destination_in(companies, departure, sentence, plan.start())
            if found:
                return found
    return None


def destinations_in(companies: Companies, telling: Telling) -> list[Name]:
    """The organisations that the sentence of a telling says somebody goes to."""
    sentence, text = telling.sentence, telling.sentence.whole
    slot = telling.match.slots.get("dest")
    named = companies.in_object(sentence.where, *slot) if slot else None
    return [
        n
        for n in companies.people.names.between(sentence.where, sentence.start, sentence.end, *_ORGANISATIONS)
        if n is named
        or (n.start > telling.trigger[0] - 80 and _GO.search(text[max(sentence.start, n.start - 70) : n.start]))
    ]


def _destination_in(companies: Companies, departure: Departure, sentence: Sentence, start: int) -> Found | None:
    parsed, text = companies.people.parsed, sentence.whole
    for name in companies.people.names.between(sentence.where, sentence.start, sentence.end):
        if name.kind not in (NameKind.ORGANISATION, NameKind.OTHER, NameKind.OUTLET) or not _differs(
            name, departure
        ):
            continue
        if not _owned(companies, departure, sentence, name.start):
            continue
        if _GO.search(text[max(sentence.start, name.start - 70) : name.start]) and name.start > start - 80:
            return Found(name.full, name_evidence(parsed, name, "destination.verb"))
    what = _FOUND.search(text, max(sentence.start, start - 60), sentence.end)
    if what and _owned(companies, departure, sentence, what.start()):
        apposed = companies.people.names.at(sentence.where, what.end("what") + len(", "))
        if apposed and apposed.kind in _ORGANISATIONS and text[what.end("what") : apposed.start] == ", ":
            return Found(apposed.full, name_evidence(parsed, apposed, "destination.named"))
        evidence = parsed.evidence(sentence.where, what.start("what"), what.end("what"), "destination.described")
        return Found(evidence.quote, evidence)
    return None


def _owned(companies: Companies, departure: Departure, sentence: Sentence, offset: int) -> bool:
    """Whether the last person named before a place is the leaver (or nobody is)."""
    before = companies.people.names.between(sentence.where, sentence.start, offset, NameKind.PERSON)
    return (
        not before
        or before[-1].key == departure.person
        or any(
            t.sentence.index == sentence.index
            and before[-1].start < t.trigger[0] < offset
            and len(departure.tellings) == 1
            for t in departure.tellings
        )
    )


def _differs(name: Name, departure: Departure) -> bool:
    return departure.company is None or (
        name.key != departure.company.key and name.key not in departure.company.key.split()
    )


def date_of(parsed: Parsed, departure: Departure) -> tuple[PartialDate, Evidence] | None:
    """When the person leaves, by the date nearest to a telling in its sentence (`value`, proof, distance)."""
    published = parsed.document.published
    best: tuple[int, int, PartialDate, Evidence] | None = None
    telling_ones = [
        t for t in departure.tellings if not t.entry.option("move") and not t.entry.option("succession")
    ]
    for order, telling in enumerate(telling_ones or departure.tellings):
        for expression in _expressions(telling.sentence, published):
            value = expression.read(future=telling.qualified.future)
            if value is None or expression.use in (DateUse.START,):
                continue
            distance = _distance(expression, telling)
            if distance is None:
                continue
            cost = distance + 40 * order - (60 if expression.use is DateUse.EFFECT else 0)
            evidence = parsed.evidence(
                telling.sentence.where, expression.start, expression.end, expression.rule or "date"
            )
            if best is None or cost < best[0]:
                best = (cost, order, value, evidence)
    return (best[2], best[3]) if best else None


def _expressions(sentence: Sentence, published: PartialDate | None) -> list[DateExpression]:
    text = sentence.whole
    return [
        DateExpression(e.start + sentence.start, e.end + sentence.start, e.value, e.ahead, e.use, e.rule)
        for e in date_expressions(text[sentence.start : sentence.end], published)
    ]


def _distance(expression: DateExpression, telling: Telling) -> int | None:
    """How far a date stands from a trigger, other clauses and other verbs counted; None where it is not its."""
    text = telling.sentence.whole
    start, end = telling.trigger
    behind = expression.start >= end
    gap = text[end : expression.start] if behind else text[expression.end : start]
    if gap.count("(") != gap.count(")"):
        return None
    cost = len(gap) + 15 * gap.count(",") + 60 * len(_OTHER_CLAUSE.findall(gap))
    near = gap[-45:] if behind else text[max(0, expression.start - 45) : expression.start]
    if _OTHER_VERB.search(near):
        cost += 150
    return cost if cost < _FAR else None


_FAR = 150
_OTHER_CLAUSE = grammar("fields_other_clause")
_OTHER_VERB = grammar("departures_fields_other_verb")


def trigger_evidence(parsed: Parsed, telling: Telling) -> Evidence:
    """The words that tell the event."""
    return parsed.evidence(telling.sentence.where, *telling.trigger, telling.entry.id)

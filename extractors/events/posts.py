"""Which functions somebody who leaves held there: in apposition, in the telling, or told by what was done."""

import re
from collections.abc import Iterator

from extractors.events.departures_fields import Departure
from extractors.events.departures_find import Telling
from extractors.events.gazetteer import grammar
from extractors.events.language import Sentence
from extractors.events.names import NameKind
from extractors.events.people import People
from extractors.events.roles import Role, codes_of
from models.vocabulary import RoleCode

_DEFINITE = grammar("posts_definite")
_DUTY = grammar("posts_duty")
_HOUSE = grammar("posts_house")
_PART = grammar("posts_part")
_GROUP = re.compile(r" le groupe d")  # "a codirigé le groupe de superalignement": a team
_FOUNDING = re.compile(r"(?:co-?)?(?:fond|cré)")
_SEAT = re.compile(
    r"(?<=au |du |un |le |es )conseil(?: d'administration| de surveillance)?(?= d|[.,;]|$)|siège au conseil"
)
_WEAK = {RoleCode.OTHER}


def role_of(people: People, departure: Departure) -> list[Role]:
    """The functions that the text gives the leaver in the organisation left, the best told first."""
    found = [*_apposed(people, departure), *_in_telling(people, departure)]
    if not _strong(found):
        found += _taken_up(people, departure) if _succession(departure) else []
    if not _strong(found):
        found += _stand_ins(people, departure)
    if not _strong(found):
        found += _duties(people, departure)
    if not _strong(found):
        found += _shared(people, departure)
    return list(dict.fromkeys(found))


def left_posts(people: People, telling: Telling) -> list[RoleCode]:
    """The codes of the post that a telling itself says is left."""
    text = telling.sentence.whole
    limit = min(telling.sentence.end, telling.trigger[1] + 70)
    near = [r for r in people.roles if r.where == telling.sentence.where and telling.trigger[0] <= r.start < limit]
    found = [c for r in near for c in r.codes]
    if re.search(
        r"\bconseil d'administration|\bconseil de surveillance|\bboard\b", text[telling.trigger[0] : limit]
    ):
        found.append(RoleCode.BOARD)
    return found


def _strong(found: list[Role]) -> bool:
    return any(set(r.codes) - _WEAK for r in found)


def _succession(departure: Departure) -> bool:
    return all(t.entry.option("succession") or t.entry.option("weak") for t in departure.tellings)


def _apposed(people: People, departure: Departure) -> list[Role]:
    """Functions said of the leaver by name, those in another organisation left out."""
    own = [r for r in people.roles if r.person == departure.person and not r.coming]
    company = departure.company.key if departure.company else ""
    here = [t.sentence for t in departure.tellings]

    def rank(role: Role) -> tuple[int, int, int]:
        same = role.organisation is not None and (
            role.organisation.key in company or company in role.organisation.key
        )
        other = role.organisation is not None and not same
        near = any(_inside(role, s) for s in here)
        return (2 if other else 0 if same else 1, 0 if near else 1, role.start)

    return [
        r
        for r in sorted(own, key=rank)
        if rank(r)[0] < 2
        and not (_succession(departure) and r.organisation is None and not any(_inside(r, s) for s in here))
    ]


def _inside(role: Role, sentence: Sentence) -> bool:
    return role.where == sentence.where and sentence.start <= role.start < sentence.end


def _in_telling(people: People, departure: Departure) -> Iterator[Role]:
    """As in "quitte son poste de PDG": a function in the words after the trigger."""
    for telling in departure.tellings:
        text = telling.sentence.whole
        limit = min(telling.sentence.end, telling.trigger[1] + 70)
        seat = _SEAT.search(text, telling.trigger[0], limit)
        if seat and telling.entry.who in ("subject", "de"):
            yield Role(
                telling.sentence.where, seat.start(), seat.end(), seat.group(), (RoleCode.BOARD,), departure.person
            )
        for role in people.roles:
            if role.where != telling.sentence.where or not telling.trigger[0] <= role.start < limit:
                continue
            of_post = re.search(
                r"(?:poste|fonctions?|mandats?|rôle|casquette|fauteuil|tablier|titre) (?:de |d')$",
                text[max(0, role.start - 14) : role.start],
            )
            between = text[telling.trigger[1] : role.start]
            if of_post or (
                role.person in (None, departure.person)
                and not role.coming
                and not re.search(r"[,;:]| (?:par|avec|à|selon|pour|et) ", between)
            ):
                yield role


def _stand_ins(people: People, departure: Departure) -> Iterator[Role]:
    """As in "Le chercheur", "l'ancien PDG" near the exit, where nobody else is meant."""
    near = {i + d for t in departure.tellings for i in [t.sentence.index] for d in (0, -1, 1, 2)}
    if people.focus == departure.person:
        near |= {s.index for s in people.parsed.sentences if s.where == "title"}
    taken = {
        c for r in people.roles if r.person and r.person != departure.person and not r.former for c in r.codes
    } - {RoleCode.HEAD}
    for index in sorted(near):
        if not 0 <= index < len(people.parsed.sentences):
            continue
        sentence = people.parsed.sentences[index]
        text = sentence.whole
        others = {
            n.key for n in people.names.between(sentence.where, sentence.start, sentence.end, NameKind.PERSON)
        }
        if others - {departure.person} and people.focus != departure.person:
            continue
        for role in people.roles:
            if not _inside(role, sentence) or role.person or role.coming or set(role.codes) & taken:
                continue
            if role.text.casefold().endswith("s") or not _DEFINITE.search(
                text[max(0, role.start - 22) : role.start]
            ):
                continue
            company = departure.company.key if departure.company else ""
            if role.organisation is None or role.organisation.key in company or company in role.organisation.key:
                yield role


def _shared(people: People, departure: Departure) -> Iterator[Role]:
    """As in "A, B et C, les trois chercheurs", "deux cofondateurs : A et B": a plural said of several."""
    for telling in departure.tellings:
        for role in people.roles:
            plural = role.text.split()[0].casefold().endswith("s")
            if plural and _inside(role, telling.sentence) and not role.coming and RoleCode.OTHER not in role.codes:
                yield role


def _taken_up(people: People, departure: Departure) -> Iterator[Role]:
    """In a succession, the post that the successor takes up is the one that was left."""
    sentences = {t.sentence.index for t in departure.tellings}
    for role in people.roles:
        if role.coming:
            index = next((s.index for s in people.parsed.sentences if _inside(role, s)), -9)
            if any(abs(index - i) <= 2 for i in sentences) or role.where == "title":
                yield role


def _duties(people: People, departure: Departure) -> Iterator[Role]:
    """As in "qui dirigeait l'équipe", "qu'il a cofondée": what was done tells the function."""
    for sentence in people.parsed.sentences:
        text = sentence.whole
        for match in _DUTY.finditer(text, sentence.start, sentence.end):
            if not _by_leaver(people, departure, sentence, match.start()):
                continue
            codes = _duty_codes(people, departure, sentence, match)
            if codes:
                yield Role(
                    sentence.where, match.start("duty"), match.end("duty"), match["duty"], codes, departure.person
                )


def duties(people: People) -> Iterator[Role]:
    """Every duty of a document ("dirigeait l'équipe de recherche"), whoever did it."""
    for sentence in people.parsed.sentences:
        for match in _DUTY.finditer(sentence.whole, sentence.start, sentence.end):
            verb, what = match["verb"], match["what"] or ""
            if _FOUNDING.match(verb):
                codes: tuple[RoleCode, ...] = (RoleCode.FOUNDER,)
            elif verb.startswith("présid"):
                codes = (RoleCode.CHAIR,)
            elif not what or verb.startswith(("travaill", "siég", "siège")):
                continue
            elif _HOUSE.match(what):
                codes = (RoleCode.CEO,)
            else:
                codes = _of_part(what)
            yield Role(sentence.where, match.start("duty"), match.end("duty"), match["duty"], codes)


def _of_part(what: str) -> tuple[RoleCode, ...]:
    """The codes of somebody who leads a part of the house."""
    return tuple(
        dict.fromkeys((RoleCode.HEAD, *(c for c in codes_of("dirigeait" + what) if c is not RoleCode.CEO)))
    )


def _by_leaver(people: People, departure: Departure, sentence: Sentence, offset: int) -> bool:
    before = people.names.between(sentence.where, sentence.start, offset, NameKind.PERSON)
    gap = sentence.whole[before[-1].end if before else sentence.start : offset]
    if before:
        return before[-1].key == departure.person and len(gap) < 60 and "." not in gap
    return people.focus == departure.person and bool(re.search(r"\b(?:il|elle|Il|Elle|qui)\b", gap))


def _duty_codes(
    people: People, departure: Departure, sentence: Sentence, match: re.Match[str]
) -> tuple[RoleCode, ...]:
    verb, what = match["verb"], match["what"] or ""
    company = departure.company.key if departure.company else ""
    shared = verb.startswith("co") and _GROUP.match(what)
    named = people.names.between(sentence.where, match.end("verb"), match.end() + 1)
    whole = (bool(_HOUSE.match(what)) and not shared) or any(
        n.start - match.end("verb") <= 6 and (n.key in company or company in n.key)
        for n in (() if _PART.search(what) else named)
    )
    if _FOUNDING.match(verb):
        return (
            (RoleCode.FOUNDER,)
            if whole
            or re.search(
                r"\b(?:qu'(?:il|elle)|avait|a) $",
                sentence.whole[max(0, match.start() - 8) : match.start()],
            )
            else ()
        )
    if verb.startswith(("présid", "siég", "siège")):
        return (RoleCode.CHAIR,) if verb.startswith("présid") else (RoleCode.BOARD,) if "conseil" in what else ()
    if whole and not verb.startswith(("travaill", "s'occup", "siège")):
        return (RoleCode.CEO, *((RoleCode.COUNTRY,) if "filiale" in what else ()))
    if verb.startswith("travaill") or not what:
        return ()
    return _of_part(what)

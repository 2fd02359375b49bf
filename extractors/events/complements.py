"""Who stands in a slot: the object of a verb, the complement of a noun, a pair of names."""

import re

from extractors.events.gazetteer import grammar
from extractors.events.language import Sentence, text_of
from extractors.events.lexicon import Match
from extractors.events.names import NameKind
from extractors.events.people import People, deep_subject

_POSSESSIVE = re.compile(r"\b(?:son|sa|leur|ses|leurs|mon|ma) (?:[\w'-]+ ){0,2}$", re.IGNORECASE)


_OPENING = grammar("complements_opening")
_DESCRIBES = grammar("departures_find_describes")


_INDEFINITE = re.compile(r"\b(?:un|une|des|deux|trois|plusieurs)\b(?! de)")


_BREAKS = grammar("departures_find_breaks")


NEAR = 70  # characters within which a slot's person must begin


def in_stretch(people: People, sentence: Sentence, start: int, end: int, near: int) -> list[str]:
    """The person that a stretch begins with: a name, or a role with its holder."""
    text = sentence.whole
    limit = min(end, start + near)
    found = [
        n for n in people.names.between(sentence.where, start, sentence.end, NameKind.PERSON) if n.start < limit
    ]
    role = next((r for r in people.roles if r.where == sentence.where and start <= r.start < start + 30), None)
    if role and (not found or found[0].start > role.start):
        if role.person and any(n.key == role.person for n in found):
            return people.group(sentence, role.person, start, end)
        gap = text[start : role.start].casefold()
        if _DESCRIBES.fullmatch(gap):
            if role.person:
                return people.group(sentence, role.person, start, end)
            if not _INDEFINITE.search(gap) and not role.text.casefold().endswith("s"):
                return people.of_role(role)
            return []
    if not found:
        return []
    gap = text[start : found[0].start]
    if not _leads_to(gap):
        return []
    return people.group(sentence, found[0].key, start, end)


def _leads_to(gap: str) -> bool:
    """Whether the words before a name only describe it."""
    return bool(_DESCRIBES.fullmatch(gap.casefold())) or (
        len(gap.split()) <= 3 and not _BREAKS.search(gap.casefold())
    )


def complement(people: People, sentence: Sentence, match: Match) -> list[str]:
    """Whose départ: "de X", "son", "X : départ surprise"."""
    doc = sentence.span.doc
    before = text_of(doc)[max(sentence.start, match.start - 30) : match.start]
    after = text_of(doc)[match.end : sentence.end]
    opened = _OPENING.match(after)
    if opened:
        start = match.end + opened.end()
        found = in_stretch(
            people, sentence, start - (2 if opened.group().endswith("l'") else 0), sentence.end, NEAR
        )
        if found:
            return found
    if match.entry.id in ("remplacement",) and re.match(
        r"exit", text_of(doc)[match.start : match.end], re.IGNORECASE
    ):
        return in_stretch(people, sentence, match.end + 1, sentence.end, NEAR)
    if re.search(r"\bdont (?:le |la |l')$", before, re.IGNORECASE):
        return _relative_owner(people, sentence, match.start)
    if _POSSESSIVE.search(before):
        span = doc.char_span(match.start, match.end, alignment_mode="expand")
        subject = deep_subject(span.root) if span is not None else None
        keys = people.at(subject) if subject is not None else []
        if not keys and subject is not None and subject.pos_ == "NOUN" and subject.lower_.endswith(("s", "x")):
            return []  # "les salariés ont donné leur démission"
        return keys or (people.before(span[0]) if span is not None else [])
    return []


def _relative_owner(people: People, sentence: Sentence, offset: int) -> list[str]:
    """As in "X, dont le départ …", "l'ancien responsable de Nuvéo, dont le départ …"."""
    names = people.names.between(sentence.where, max(sentence.start, offset - 60), offset, NameKind.PERSON)
    roles = [r for r in people.roles if r.where == sentence.where and offset - 90 < r.start < offset]
    if names and (not roles or names[-1].start > roles[-1].start):
        return [names[-1].key]
    return people.of_role(roles[-1]) if roles else []


def of_pair(people: People, sentence: Sentence, slot: tuple[int, int]) -> list[str]:
    """As in "Nuvéo et X se séparent": one organisation and one person."""
    inside = people.names.between(sentence.where, *slot)
    persons = [n for n in inside if n.kind is NameKind.PERSON]
    others = [n for n in inside if n.kind in (NameKind.ORGANISATION, NameKind.OUTLET, NameKind.OTHER)]
    text = sentence.whole[slot[0] : slot[1]]
    if len(persons) == 1 and others and " et " in text:
        return [persons[0].key]
    return []

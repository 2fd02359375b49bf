"""Who takes over from somebody who leaves, told in the same sentence or near it."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from extractors.events.companies import Companies
from extractors.events.departures_fields import Departure, Found, name_evidence
from extractors.events.gazetteer import load
from extractors.events.language import Sentence
from extractors.events.names import Name, NameKind
from extractors.events.people import People
from extractors.events.roles import Role
from models.vocabulary import RoleCode

_MARK = "\ue000"  # stands in the sentence for the name that is tried
_VAGUE = {RoleCode.HEAD, RoleCode.OTHER, RoleCode.FOUNDER, RoleCode.VP, RoleCode.RESEARCH, RoleCode.ENGINEER}
_AFTER = 3  # sentences after a telling in which "lui succède" still means its leaver


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The idioms of lexicons/succession.toml; `<S>` in them is the successor's name."""
    return tuple(
        (item["id"], re.compile(item["pattern"].replace("<S>", _MARK), re.IGNORECASE))
        for item in load("succession")["successor"]
    )


def successor_of(companies: Companies, departure: Departure, roles: Sequence[Role], only: bool) -> Found | None:
    """The successor that an idiom of succession tells, else one told near the exit.

    `only`: nobody else leaves in this story, so that its other sentences speak of this exit too.
    """
    people = companies.people
    for telling in departure.tellings:
        if telling.successor:
            name = _mention_near(people, telling.successor, telling.sentence)
            return Found(name.full, name_evidence(people.parsed, name, f"successor.{telling.entry.id}"))
    for sentence in _sentences(people, departure, only):
        found = _in_sentence(people, departure, sentence)
        if found:
            return found
    return _by_post(people, departure, roles)


def _sentences(people: People, departure: Departure, only: bool) -> Iterable[Sentence]:
    every = people.parsed.sentences
    indexes = dict.fromkeys(
        i for t in departure.tellings for i in range(t.sentence.index, t.sentence.index + _AFTER) if i < len(every)
    )
    if only:
        indexes.update(dict.fromkeys(range(len(every))))
    return [every[i] for i in indexes]


def _in_sentence(people: People, departure: Departure, sentence: Sentence) -> Found | None:
    text = sentence.whole
    for name in people.names.between(sentence.where, sentence.start, sentence.end, NameKind.PERSON):
        if name.key == departure.person:
            continue
        masked = text[sentence.start : name.start] + _MARK + text[name.end : sentence.end]
        for rule, pattern in _patterns():
            match = pattern.search(masked)
            if match and not _crowded(people, departure, sentence, name, match.span()):
                return Found(name.full, name_evidence(people.parsed, name, f"successor.{rule}"))
    return None


def _crowded(people: People, departure: Departure, sentence: Sentence, name: Name, span: tuple[int, int]) -> bool:
    """Whether another person stands between the words and the name: then they are that one's."""
    start, end = sentence.start + span[0], sentence.start + span[1] + (name.end - name.start) - 1
    inside = people.names.between(sentence.where, start, end, NameKind.PERSON)
    return any(n.key not in (name.key, departure.person) for n in inside)


def _by_post(people: People, departure: Departure, roles: Sequence[Role]) -> Found | None:
    """Somebody who takes up the very post in the sentence of the exit or the next two: "Y est nommé PDG"."""
    codes = {c for r in roles for c in r.codes} - _VAGUE
    if not codes or (departure.tellings and all(t.qualified.past for t in departure.tellings)):
        return None
    near = {i for t in departure.tellings for i in range(t.sentence.index, t.sentence.index + _AFTER)}
    for role in people.roles:
        if not role.coming or not set(role.codes) & codes:
            continue
        sentence = next(
            s for s in people.parsed.sentences if s.where == role.where and s.start <= role.start < s.end
        )
        if sentence.index not in near:
            continue
        around = people.names.between(sentence.where, sentence.start, sentence.end, NameKind.PERSON)
        before = [n for n in around if n.end <= role.start]
        after = [n for n in around if n.start >= role.end and n.start - role.end < 4]
        name = after[0] if after else before[-1] if before else None
        if name is not None and name.key != departure.person:
            return Found(name.full, name_evidence(people.parsed, name, "successor.post"))
    return None


def _mention_near(people: People, key: str, sentence: Sentence) -> Name:
    here = people.names.between(sentence.where, sentence.start, sentence.end, NameKind.PERSON)
    return next((n for n in here if n.key == key), people.by_key[key])

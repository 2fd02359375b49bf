"""What the encoder judges: every name of a document with its places, and the signs of two names together.

Every name stands both as somebody who may leave and as an organisation, whatever the rules take it for: that a
name is a person's is for the encoder to say too. Training and reading use the same candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.events.language import Parsed
from extractors.events.names import Name, NameKind
from extractors.events.people import People

PAIR_SIGNS = 12
MOST = 60  # names of a document that are judged, in reading order
_TYPES = {NameKind.PERSON: 1, NameKind.ORGANISATION: 2, NameKind.OUTLET: 2}
OTHER_TYPE = 3
_FAR = 6  # sentences
_OFTEN = 5  # mentions


@dataclass(frozen=True)
class Candidate:
    """A name of a document, at all its places, the first one first."""

    name: Name
    places: tuple[Name, ...]

    @property
    def key(self) -> str:
        """The name's key within the document."""
        return self.name.key

    @property
    def type(self) -> int:
        """What the rules take it for: 1 a person, 2 an organisation, 3 anything else."""
        return _TYPES.get(self.name.kind, OTHER_TYPE)


def candidates(people: People) -> tuple[Candidate, ...]:
    """Every distinct name of a document, in reading order; at most `MOST`."""
    places: dict[str, list[Name]] = {}
    for name in sorted((*people.names.all, *people.names.doubtful), key=_order):
        places.setdefault(name.key, []).append(name)
    return tuple(Candidate(several[0], tuple(several)) for several in list(places.values())[:MOST])


def _order(name: Name) -> tuple[bool, int]:
    return (name.where == "text", name.start)


def pair_signs(people: People, found: Sequence[Candidate]) -> list[list[list[float]]]:
    """`[leaver][organisation][sign]`: how near they stand, what post links them, how prominent the second is."""
    sentences = [sentences_of(people.parsed, c) for c in found]
    held: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for role in people.roles:
        if role.person and role.organisation:
            held.setdefault((role.person, role.organisation.key), []).append((role.coming, role.former))
    prominent = prominence(found)
    return [
        [
            [
                *nearness(sentences[i], sentences[j]),
                *_posts(held.get((leaver.key, organisation.key), ())),
                *prominent[j],
            ]
            for j, organisation in enumerate(found)
        ]
        for i, leaver in enumerate(found)
    ]


def sentences_of(parsed: Parsed, candidate: Candidate) -> list[int]:
    """The indices of the sentences that name a candidate."""
    return [_sentence(parsed, place) for place in candidate.places]


def nearness(one: Sequence[int], other: Sequence[int]) -> tuple[float, ...]:
    """Three signs of how near two things stand, by the sentences that tell of them."""
    least = min(abs(a - b) for a in one for b in other)
    return (float(least == 0), float(least == 1), min(least, _FAR) / _FAR)


def prominence(found: Sequence[Candidate]) -> list[tuple[float, ...]]:
    """Six signs of each name: how prominent it is in the document."""
    most = max((len(c.places) for c in found), default=0)
    return [_prominence(c, i, most) for i, c in enumerate(found)]


def _posts(held: Sequence[tuple[bool, bool]]) -> tuple[float, ...]:
    now = any(not coming and not former for coming, former in held)
    return (float(now), float(any(f for _, f in held)), float(any(c for c, _ in held)))


def _prominence(candidate: Candidate, rank: int, most: int) -> tuple[float, ...]:
    titled = any(place.where == "title" for place in candidate.places)
    kind, times = candidate.name.kind, len(candidate.places)
    return (
        float(titled),
        min(times, _OFTEN) / _OFTEN,
        float(rank == 0),
        float(kind is NameKind.OUTLET),
        float(candidate.type == OTHER_TYPE),
        float(times == most),
    )


def _sentence(parsed: Parsed, name: Name) -> int:
    sentence = parsed.sentence_at(name.where, name.start)
    return sentence.index if sentence else 0

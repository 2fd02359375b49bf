"""The keys under which an event is found again: few, raw, and shared by whatever names resolution may join.

An event is stored under the keys of all its mentions; a mention asks for those under which its names may stand.
The two differ for a part and its whole: "Ubisoft Paris" asks for what is stored under "ubisoft", and "Ubisoft" for
what begins with it ("ubisoft*"), so that two firms that only share a first word never meet.
"""

from itertools import accumulate

from extractors.stories.names import HALF, SHORTEST, Names, Organisation, bundled
from models.events import Event, SourcedMention
from models.identity import PersonName
from models.records import Mention
from models.vocabulary import Kind

# Keys are indexed: a hostile page must not make them as long as it likes.
LONGEST = 60


def keys_of(mention: Mention | SourcedMention, names: Names | None = None) -> tuple[str, ...]:
    """The keys that a mention asks for, sorted, each once.

    What names nobody has no key but its own id, so that the same article finds it again.
    """
    return _keys(mention, names or bundled(), asked=True)


def event_keys(event: Event, names: Names | None = None) -> tuple[str, ...]:
    """The keys that an event is stored under: its mentions', and that of its own id, which no other may take."""
    keys = {key for m in event.mentions for key in stored_keys(m, names)}
    return tuple(sorted(keys | {id_key(event.id)}))


def stored_keys(mention: Mention | SourcedMention, names: Names | None = None) -> tuple[str, ...]:
    """The keys that a mention is stored under, sorted, each once."""
    return _keys(mention, names or bundled(), asked=False)


def id_key(event_id: str) -> str:
    """The key that an event's id is found under."""
    return f"id:{event_id}"


def _keys(mention: Mention | SourcedMention, names: Names, *, asked: bool) -> tuple[str, ...]:
    told = mention.mention if isinstance(mention, SourcedMention) else mention
    firms = _firms(names.organisation(told.company), asked=asked)
    if told.kind is Kind.LAYOFF:
        keys = {f"l:{firm}" for firm in firms}
    else:
        keys = _departure(names.person(told.person), firms)
    if not keys and isinstance(mention, SourcedMention):
        keys = {f"m:{mention.id}"}
    return tuple(sorted(keys))


def _departure(person: PersonName, firms: set[str]) -> set[str]:
    """A half of the family name and the beginning of the first in each firm, and the full name wherever it is."""
    if not person.family:
        return set()
    family = person.family[:LONGEST]
    halves = {f"{family[:HALF]}-", f"-{family[-HALF:]}", *(f"{first[:HALF]}-" for first in person.given[:1])}
    keys = {f"d:{firm}:{half}" for firm in firms for half in halves}
    if person.given:
        # "Michelle Johnston" is found by "Michelle Johnston Holthaus": any later word may be the family name.
        keys |= {f"p:{(person.given[0] + last)[:LONGEST]}" for last in (*person.given[1:], family)}
    return keys


def _firms(organisation: Organisation, *, asked: bool) -> set[str]:
    """The group, the name in one word, and what it begins with: its own beginnings, or what begins with it."""
    if not organisation.line:
        return set()
    *beginnings, whole = [b[:LONGEST] for b in accumulate(organisation.words)] or [organisation.key]
    shorter = {b for b in beginnings if len(b) >= SHORTEST}
    if asked:
        return {organisation.group[:LONGEST], whole, f"{whole}*"} | shorter
    return {organisation.group[:LONGEST], whole} | {f"{b}*" for b in shorter}

"""The keys under which an event is found again: few, raw, the same for every spelling that resolution joins."""

from extractors.stories.names import HALF, Names, Organisation, bundled
from models.events import Event, SourcedMention
from models.records import Mention
from models.vocabulary import Kind

# Keys are indexed: a hostile page must not make them as long as it likes.
LONGEST = 60


def keys_of(mention: Mention | SourcedMention, names: Names | None = None) -> tuple[str, ...]:
    """The keys of a mention: its organisation's, and for a departure the person's in it. Sorted, each once.

    What names nobody has no key but its own id, so that the same article finds it again.
    """
    if isinstance(mention, SourcedMention):
        return _named(mention.mention, names or bundled()) or (f"m:{mention.id}",)
    return _named(mention, names or bundled())


def _named(told: Mention, names: Names) -> tuple[str, ...]:
    groups = _groups(names.organisation(told.company))
    if told.kind is Kind.LAYOFF:
        return tuple(sorted(f"l:{g}" for g in groups))
    person = names.person(told.person)
    if not person.family:
        return tuple(sorted(f"d:{g}:" for g in groups))
    family = person.family[:LONGEST]
    keys = {f"d:{g}:{half}" for g in groups for half in (f"{family[:HALF]}-", f"-{family[-HALF:]}")}
    # "Michelle Johnston" is found by "Michelle Johnston Holthaus": any later word may be the family name.
    keys.update(f"p:{(person.given[0] + last)[:LONGEST]}" for last in (*person.given[1:], family) if person.given)
    return tuple(sorted(keys))


def event_keys(event: Event, names: Names | None = None) -> tuple[str, ...]:
    """The keys of an event: those of all its mentions, and that of its own id, which no other event may take."""
    keys = {key for m in event.mentions for key in keys_of(m, names)}
    return tuple(sorted(keys | {id_key(event.id)}))


def id_key(event_id: str) -> str:
    """The key that an event's id is found under."""
    return f"id:{event_id}"


def _groups(organisation: Organisation) -> set[str]:
    """The group, and the first word: a longer name may be a part of what it begins with ("Ubisoft Paris")."""
    return {name[:LONGEST] for name in (*organisation.line[-1:], *organisation.words[:1])}

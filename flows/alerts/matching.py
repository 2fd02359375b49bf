"""Whether an event is what a rule asks for. Pure."""

from collections.abc import Iterable

from extractors.stories.names import Kinship, Names
from flows.alerts.policy import Conditions
from models.events import Event
from models.identity import fold
from models.vocabulary import Life, Status


def matches(event: Event, asked: Conditions, names: Names) -> bool:
    """Whether each condition that is asked for holds; an event without the field does not meet it."""
    return all(_verdicts(event, asked, names).values())


def refused(event: Event, excluded: Conditions, names: Names) -> bool:
    """Whether any condition that excludes holds."""
    return any(_verdicts(event, excluded, names).values())


def _verdicts(event: Event, asked: Conditions, names: Names) -> dict[str, bool]:
    """Each condition that was set, and whether it holds."""
    listed: dict[str, tuple[Iterable[str], Iterable[str]]] = {
        "places": (map(fold, asked.places), [fold(_text(event, "place"))]),
        "outlets": (map(fold, asked.outlets), map(fold, event.outlets)),
        "words": (map(fold, asked.words), [fold(t) for t in told(event)]),
    }
    out = {name: _any_within(wanted, have) for name, (wanted, have) in listed.items() if getattr(asked, name)}
    if asked.companies:
        out["companies"] = any(_same_company(c, _text(event, "company"), names) for c in asked.companies)
    if asked.persons:
        out["persons"] = any(_same_person(p, _text(event, "person"), names) for p in asked.persons)
    if asked.kinds:
        out["kinds"] = event.kind in asked.kinds
    for name, field in (("roles", "role_codes"), ("manners", "manner")):
        if wanted := getattr(asked, name):
            out[name] = bool(wanted & set(_codes(event, field)))
    if asked.status is not None:
        out["status"] = certainty(event) >= asked.status.certainty
    for name, field in (("min_headcount", "headcount"), ("min_percent", "percent")):
        least = getattr(asked, name)
        if least is not None:
            value = event.get(field)
            out[name] = isinstance(value, (int, float)) and value >= least
    return out


def certainty(event: Event) -> int:
    """How sure an event is, or was before it was denied: a denial is for those who heard the rumour."""
    if event.life is not Life.DENIED:
        return Status(event.life.value).certainty
    return max((m.mention.status.certainty for m in event.sure_mentions if not m.mention.denied), default=0)


def told(event: Event) -> list[str]:
    """The texts of an event in which a rule's words are looked for: titles, quotes, role, unit, reason."""
    texts = [_text(event, name) for name in ("role", "unit", "reason", "destination")]
    for sourced in event.sure_mentions:
        texts.append(sourced.provenance.title)
        texts += [e.quote for e in sourced.mention.evidence.values()]
    return [t for t in texts if t]


def _text(event: Event, name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) else ""


def _codes(event: Event, name: str) -> tuple[str, ...]:
    value = event.get(name)
    return value if isinstance(value, tuple) else ()


def _same_company(asked: str, told: str, names: Names) -> bool:
    """Whether the organisation is the one asked for, a branch of it, or a part of the group asked for."""
    wanted, found = names.organisation(asked), names.organisation(told)
    if not wanted.line or not found.line:
        return False
    return names.kinship(wanted, found) >= Kinship.BRANCH or wanted.key in found.line


def _same_person(asked: str, told: str, names: Names) -> bool:
    return bool(told) and names.same_person(names.person(asked), names.person(told))


def _any_within(wanted: Iterable[str], have: Iterable[str]) -> bool:
    """Whether any wanted text is in a given one, as whole words: `meta` in `meta platforms`, not `metaverse`."""
    texts = [f" {h} " for h in have if h]
    return any(f" {w} " in text for w in wanted if w for text in texts)

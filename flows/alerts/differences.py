"""What changed of an event, and on what its outlets disagree, in French and harmless. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from flows.alerts import french
from flows.alerts.cleaning import clean
from flows.alerts.headlines import outlet_of, qualifier, text
from models.dates import PartialDate
from models.events import Alert, Change, Chosen, Event
from models.vocabulary import Life, Manner, News

SHIFT = timedelta(days=2)
"""Dates no further apart are one, as extractors.stories.news holds them."""
_LABELS = {
    "company": "organisation",
    "date": "date",
    "destination": "destination",
    "manner": "manière",
    "person": "personne",
    "place": "lieu",
    "reason": "motif",
    "role": "fonction",
    "status": "statut",
    "successor": "succession",
    "unit": "périmètre",
}
_WORDINGS = frozenset({"company", "destination", "person", "reason", "role", "unit"})
"""Fields of free words: another wording (`directeur technique`, then `CTO`) is no change worth a line."""
_DISPUTED = {
    "headcount": "le nombre de postes",
    "percent": "la part des effectifs",
    "date": "la date",
    "successor": "la succession",
}


def changes(alert: Alert, also: Sequence[Change]) -> str:
    """What changed, in words, its news first; each field once."""
    if alert.change is None:
        return ""
    if alert.news is News.DENIED:
        return _denial(alert, alert.change)
    fields = {c.field: c for c in (alert.change, *also) if c.field or c is alert.change}
    told = [_change(alert, c) for c in fields.values()]
    return f"{french.FINE}; ".join(dict.fromkeys(t for t in told if t))


def _denial(alert: Alert, change: Change) -> str:
    """Who tells the denial; the history's words where that is not known."""
    teller = next((m for m in alert.event.mentions if m.id == change.mention), None)
    outlet = outlet_of(teller)
    return f"démenti rapporté par {outlet}" if outlet else clean(change.summary, 300)


def _change(alert: Alert, change: Change) -> str:
    """Both values where there are two; the history's own words where there is no value to show."""
    before, after = shown(change.field, change.before), shown(change.field, change.after)
    news = change is alert.change
    if before == after or not after:
        return _words(alert, change) if news else ""
    if not news and before and (change.field in _WORDINGS or _near(change.before, change.after)):
        return ""
    if change.field in ("headcount", "percent"):
        return _figure(alert.event, change, after)
    label = _LABELS.get(change.field, "")
    if not label:
        return clean(change.summary, 300) if news else ""
    return f"{label}{french.COLON}{after}" + (f" (auparavant {before})" if before else "")


def _words(alert: Alert, change: Change) -> str:
    """Of news that is no value of its own: what it is about, else the history's words."""
    scope = french.listed([t for t in (text(alert.event, "unit"), text(alert.event, "place")) if t])
    if alert.news is News.SCOPE and scope:
        return f"périmètre{french.COLON}{scope}"
    return clean(change.summary, 300)


def _figure(event: Event, change: Change, after: str) -> str:
    """`environ 120 postes, contre 93 auparavant`."""
    if change.field == "percent":
        was = french.percent(change.before) if isinstance(change.before, int | float) else ""
        after = f"{after} des effectifs"
    else:
        was = french.number(change.before) if isinstance(change.before, int) else ""
        after = f"{qualifier(event) if change.after == event.get('headcount') else ''}{after}"
    return f"{after}, contre {was} auparavant" if was else after


def shown(name: str, value: object) -> str:
    """A field's value in French."""
    match name, value:
        case "headcount", int():
            return french.counted(value, "poste")
        case "percent", int() | float():
            return french.percent(value)
        case "date", str():
            return date(value)
        case "status", str() if value in list(Life):
            return french.STATUS[Life(value)]
        case "manner", tuple():
            words = [french.MANNER[Manner(v)] for v in value if v in list(Manner)]
            return french.listed([w for w in words if w])
        case _, str():
            return clean(value, 120)
        case _, tuple():
            return french.listed([clean(str(v), 40) for v in value])
    return "" if value is None else clean(str(value), 120)


def date(value: object) -> str:
    """A date at its precision; what is none, as it stands: a store of another version may hold it."""
    if not isinstance(value, str):
        return ""
    read = _read(value)
    return french.partial(read) if read else clean(value, 20)


def _read(value: object) -> PartialDate | None:
    try:
        return PartialDate(value) if isinstance(value, str) else None
    except ValueError:
        return None


def conflicts(event: Event) -> tuple[str, ...]:
    """One line a field that outlets disagree on, each value with who tells it."""
    lines = []
    for name, label in _DISPUTED.items():
        chosen = event.values.get(name)
        values = _values(event, name, chosen) if chosen and chosen.value is not None else []
        if len(values) > 1:
            lines.append(f"Les sources divergent sur {label}{french.COLON}{f'{french.FINE}; '.join(values)}")
    return tuple(lines)


def _values(event: Event, name: str, chosen: Chosen) -> list[str]:
    """The chosen value, then those of outlets that did not tell it themselves, each with who tells it."""
    by_id = {m.id: outlet_of(m) for m in event.mentions}
    mine = list(dict.fromkeys(by_id[i] for i in chosen.mentions if by_id.get(i)))
    told = [_told(name, chosen.value, mine)]
    for other in chosen.others:
        theirs = [clean(o, 80) for o in other.outlets] or [by_id[i] for i in other.mentions if by_id.get(i)]
        left = [o for o in dict.fromkeys(theirs) if o not in mine]
        if (left or not theirs) and other.value is not None and not _same_date(name, chosen.value, other.value):
            told.append(_told(name, other.value, left))
    return told


def _told(name: str, value: object, outlets: Sequence[str]) -> str:
    return shown(name, value) + (f" selon {french.listed(list(outlets[:3]))}" if outlets else "")


def _near(one: object, other: object) -> bool:
    """Whether two values are whole days that articles may tell of one: "mardi", and the day that it was read."""
    first, second = _read(one), _read(other)
    if first is None or second is None or not first.precision == second.precision == "day":
        return False
    return abs(first.first() - second.first()) <= SHIFT


def _same_date(name: str, one: object, other: object) -> bool:
    """Whether two dates may mean the same day: `2022` and `juin 2022` are no disagreement."""
    first, second = _read(one), _read(other)
    if name != "date" or first is None or second is None:
        return False
    return _near(one, other) or (first.first() <= second.last() and second.first() <= first.last())


def share(event: Event) -> str:
    """`, soit 13 % des effectifs`; where no outlet tells both, who tells the share: another figure's, maybe."""
    jobs, part = event.values.get("headcount"), event.values.get("percent")
    if part is None or not isinstance(part.value, int | float):
        return ""
    words = f"{french.percent(part.value)} des effectifs"
    if jobs is None or jobs.value is None:
        return words
    if set(jobs.mentions) & set(part.mentions) or not part.mentions:
        return f", soit {words}"
    by_id = {m.id: outlet_of(m) for m in event.mentions}
    outlets = list(dict.fromkeys(by_id[i] for i in part.mentions if by_id.get(i)))
    return f" ({words}{f' selon {french.listed(outlets[:3])}' if outlets else ''})"

"""What a message says of an alert, in French and harmless, before any channel's form. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.alerts import french
from flows.alerts.cleaning import QUOTE, clean, link
from flows.alerts.headlines import headline, manner_of, qualifier, text
from models.dates import PartialDate
from models.events import Alert, Change, Chosen, Event, SourcedMention
from models.vocabulary import Kind, Life, News, Salience

PARIS = ZoneInfo("Europe/Paris")
SOURCES = 8
"""Outlets shown with their links; an event that thirty tell of needs no thirty lines."""

_FIELDS = {
    "company": "Organisation",
    "headcount": "Postes",
    "percent": "Part des effectifs",
    "date": "Date",
    "status": "Statut",
    "role": "Fonction",
    "person": "Personne",
    "successor": "Succession",
    "destination": "Destination",
    "unit": "Périmètre",
    "place": "Lieu",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One outlet that tells the event. `url` is empty where there is no address that may be shown."""

    outlet: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The alert that told the event first on this channel, for threads."""

    alert: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """All that a message shows; every text is harmless and in French typography."""

    headline: str
    news: str
    facts: tuple[tuple[str, str], ...]
    line: str  # the facts in one line
    quote: str
    quoted_by: str
    sources: tuple[Source, ...]
    more_sources: int
    change: str
    conflicts: tuple[str, ...]
    earlier: str
    event: str
    status: str
    rule: str


def story_of(
    alert: Alert,
    quote: str | None = None,
    reference: Reference | None = None,
    also: Sequence[Change] = (),
    zone: ZoneInfo = PARIS,
) -> Story:
    """The story of an alert.

    `quote`: the sentence around the telling words, where the caller has the text; `reference`: the alert that told
    the event first on this channel; `also`: what else of the event the same article changed.
    """
    event = alert.event
    teller = telling(alert)
    outlet = outlet_of(teller)
    facts = tuple((label, value) for label, value in _facts(event) if value)
    sources = _sources(event)
    return Story(
        headline=headline(event, alert.news, outlet),
        news=french.NEWS[alert.news],
        facts=facts,
        line=" · ".join(value for label, value in facts if label not in ("Motif", "Postes"))
        or french.KIND[event.kind],
        quote=clean(quote or _evidence(teller), QUOTE),
        quoted_by=outlet,
        sources=sources[:SOURCES],
        more_sources=max(0, len(sources) - SOURCES),
        change=_changes(alert, also),
        conflicts=_conflicts(event),
        earlier=_earlier(reference, zone),
        event=clean(event.id, 64),
        status=french.STATUS[event.life],
        rule=clean(alert.rule, 80),
    )


def telling(alert: Alert) -> SourcedMention | None:
    """The mention that makes the news: the change's own, else the first that reports it."""
    mentions = alert.event.mentions
    if alert.change and alert.change.mention:
        for mention in mentions:
            if mention.id == alert.change.mention:
                return mention
    main = [m for m in mentions if m.mention.salience is Salience.MAIN and not m.mention.denied]
    return next(iter(main or mentions), None)


def outlet_of(mention: SourcedMention | None) -> str:
    """What to call who tells: the outlet, else the site's name."""
    if mention is None:
        return ""
    where = mention.provenance
    return clean(where.outlet, 80) or clean(_host(where.url), 80)


def _host(url: str) -> str:
    shown = link(url)
    return shown.split("/")[2].removeprefix("www.") if shown else ""


def _evidence(mention: SourcedMention | None) -> str:
    """The longest words that prove the telling: the trigger's, unless another field's say more."""
    if mention is None:
        return ""
    quotes = [
        e.quote
        for name, e in mention.mention.evidence.items()
        if name in ("trigger", "status", "reason", "headcount")
    ]
    return max(quotes, key=len, default="") or mention.provenance.title


def _facts(event: Event) -> list[tuple[str, str]]:
    """Labelled values, in the order in which they are read."""
    if event.kind is Kind.DEPARTURE:
        manner = manner_of(event)
        own = [
            ("Personne", text(event, "person")),
            ("Fonction", text(event, "role")),
            ("Organisation", text(event, "company")),
            ("Manière", french.MANNER[manner] if manner else ""),
            ("Destination", text(event, "destination")),
            ("Succession", text(event, "successor")),
        ]
    else:
        own = [
            ("Organisation", text(event, "company")),
            ("Postes", cut_of(event)),
            ("Périmètre", text(event, "unit")),
            ("Lieu", text(event, "place")),
        ]
    return [
        *own,
        ("Date", _date(event.get("date"))),
        ("Statut", french.STATUS[event.life]),
        ("Motif", _reason(event)),
    ]


def cut_of(event: Event) -> str:
    """`500 postes supprimés, soit 13 % des effectifs`; empty where no figure is told."""
    headcount, share = event.get("headcount"), event.get("percent")
    part = f"{french.percent(share)} des effectifs" if isinstance(share, (int, float)) else ""
    if not isinstance(headcount, int):
        return part
    posts = f"{qualifier(event)}{french.counted(headcount, 'poste supprimé', 'postes supprimés')}"
    return f"{posts}, soit {part}" if part else posts


def _reason(event: Event) -> str:
    reason = text(event, "reason")
    return french.quoted(reason) if reason else ""


def _date(value: object) -> str:
    if not isinstance(value, str):
        return ""
    try:
        return french.partial(PartialDate(value))
    except ValueError:  # a store of another version may hold what this one does not read
        return clean(value, 20)


def shown(name: str, value: object) -> str:
    """A field's value in French, for what changed and what disagrees."""
    match name, value:
        case "headcount", int():
            return french.counted(value, "poste")
        case "percent", int() | float():
            return french.percent(value)
        case "date", str():
            return _date(value)
        case "status", str() if value in list(Life):
            return french.STATUS[Life(value)]
        case _, str():
            return clean(value, 120)
        case _, tuple():
            return french.listed([clean(str(v), 40) for v in value])
    return "" if value is None else clean(str(value), 120)


def _changes(alert: Alert, also: Sequence[Change]) -> str:
    """What changed, in words, its news first; each field once."""
    if alert.change is None:
        return ""
    fields = {c.field: c for c in (alert.change, *also) if c.field or c is alert.change}
    told = [_change(c, alert.news is News.DENIED) for c in fields.values()]
    return f"{french.FINE}; ".join(dict.fromkeys(t for t in told if t))


def _change(change: Change, denied: bool) -> str:
    """Both values where there are two; the history's own words where there is no value to show."""
    before, after = shown(change.field, change.before), shown(change.field, change.after)
    label = _FIELDS.get(change.field, "")
    if not label or not after or denied:
        return clean(change.summary, 300)
    if not before:
        return f"{label}{french.COLON}{after}"
    if change.field in ("headcount", "percent"):
        return f"{label}{french.COLON}{after}, contre {before} auparavant"
    return f"{label}{french.COLON}{after} (auparavant {before})"


def _conflicts(event: Event) -> tuple[str, ...]:
    """One line a field that outlets disagree on, each value with who tells it."""
    lines = []
    for name in ("headcount", "percent", "date", "successor", "destination"):
        chosen = event.values.get(name)
        if chosen and chosen.others and chosen.value is not None:
            lines.append(f"{_FIELDS[name]}, les sources divergent{french.COLON}{_values(event, name, chosen)}")
    return tuple(lines)


def _values(event: Event, name: str, chosen: Chosen) -> str:
    by_id = {m.id: outlet_of(m) for m in event.mentions}
    mine = list(dict.fromkeys(by_id[i] for i in chosen.mentions if by_id.get(i)))
    told = [(chosen.value, mine)]
    for other in chosen.others:
        theirs = [clean(o, 80) for o in other.outlets] or [by_id[i] for i in other.mentions if by_id.get(i)]
        told.append((other.value, list(dict.fromkeys(theirs))))
    return f"{french.FINE}; ".join(
        f"{shown(name, value)}{f' selon {french.listed(outlets[:3])}' if outlets else ''}"
        for value, outlets in told
        if value is not None
    )


def _sources(event: Event) -> tuple[Source, ...]:
    """Each outlet once, with the first of its stories."""
    found: dict[str, Source] = {}
    for mention in event.mentions:
        outlet = outlet_of(mention) or "source sans nom"
        where = mention.provenance
        found.setdefault(outlet, Source(outlet, link(where.url), clean(where.title, 160)))
    return tuple(found.values())


def _earlier(reference: Reference | None, zone: ZoneInfo) -> str:
    if reference is None:
        return ""
    return f"Suite de l’alerte du {french.moment(reference.at, zone)} (réf. {clean(reference.alert, 40)})"


def summary(alerts: Sequence[Alert]) -> str:
    """`3 départs et 1 suppression de postes`, for the subject of a digest; events counted once."""
    events = {a.event.id: a.event for a in alerts}.values()
    kinds = [sum(e.kind is kind for e in events) for kind in (Kind.DEPARTURE, Kind.LAYOFF)]
    words = [
        french.counted(kinds[0], "départ"),
        french.counted(kinds[1], "suppression de postes", "suppressions de postes"),
    ]
    return french.listed([w for w, count in zip(words, kinds, strict=True) if count]) or "rien de nouveau"

"""What a message says of an alert, in French and harmless, before any channel's form. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.alerts import french
from flows.alerts.cleaning import QUOTE, clean, link
from flows.alerts.differences import changes, conflicts, date, share
from flows.alerts.headlines import headline, manner_of, outlet_of, qualifier, text
from models.events import Alert, Change, Event, SourcedMention
from models.vocabulary import Kind, Life, Salience

PARIS = ZoneInfo("Europe/Paris")
SOURCES = 8
"""Outlets shown with their links; an event that thirty tell of needs no thirty lines."""
_CUT = {
    Life.CONFIRMED: ("poste supprimé", "postes supprimés"),
    Life.DENIED: ("poste évoqué", "postes évoqués"),
}
_DOUBTS = {
    Life.REPORTED: ("à confirmer", "à confirmer"),
    Life.SPECULATED: ("rumeur", "rumeurs"),
    Life.DENIED: ("démenti", "démentis"),
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
        line=" · ".join(_in_line(*fact) for fact in facts if fact[0] not in ("Motif", "Postes"))
        or french.KIND[event.kind],
        quote=clean(quote or _evidence(teller), QUOTE),
        quoted_by=outlet,
        sources=sources[:SOURCES],
        more_sources=max(0, len(sources) - SOURCES),
        change=changes(alert, also),
        conflicts=conflicts(event),
        earlier=_earlier(reference, zone),
        event=clean(event.id, 64),
        status=french.STATUS[event.life],
        rule=clean(alert.rule, 80),
    )


def _in_line(label: str, value: str) -> str:
    """A fact among others in a line: what is no name or date of the event itself says what it is."""
    return f"{label.lower()}{french.COLON}{value}" if label in ("Destination", "Succession") else value


def telling(alert: Alert) -> SourcedMention | None:
    """The mention that makes the news: the change's own, else the first that reports it."""
    mentions = alert.event.sure_mentions
    if alert.change and alert.change.mention:
        for mention in mentions:
            if mention.id == alert.change.mention:
                return mention
    main = [m for m in mentions if m.mention.salience is Salience.MAIN and not m.mention.denied]
    return next(iter(main or mentions), None)


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
        ("Date", date(event.get("date"))),
        ("Statut", french.STATUS[event.life]),
        ("Motif", _reason(event)),
    ]


def cut_of(event: Event) -> str:
    """`500 postes supprimés, soit 13 % des effectifs`, `menacés` until confirmed; empty without a figure."""
    headcount = event.get("headcount")
    if not isinstance(headcount, int):
        return share(event)
    one, many = _CUT.get(event.life, ("poste menacé", "postes menacés"))
    return f"{qualifier(event)}{french.counted(headcount, one, many)}{share(event)}"


def _reason(event: Event) -> str:
    reason = text(event, "reason")
    return french.quoted(reason) if reason else ""


def _sources(event: Event) -> tuple[Source, ...]:
    """Each outlet once, with the first of its stories."""
    found: dict[str, Source] = {}
    for mention in event.sure_mentions:
        outlet = outlet_of(mention) or "source sans nom"
        where = mention.provenance
        found.setdefault(outlet, Source(outlet, link(where.url), clean(where.title, 160)))
    return tuple(found.values())


def _earlier(reference: Reference | None, zone: ZoneInfo) -> str:
    if reference is None:
        return ""
    return f"Suite de l’alerte du {french.moment(reference.at, zone)} (réf. {clean(reference.alert, 40)})"


def summary(alerts: Sequence[Alert]) -> str:
    """`3 départs et 1 suppression de postes (1 rumeur)`, for the subject of a digest; events counted once."""
    events = {a.event.id: a.event for a in alerts}.values()
    kinds = [sum(e.kind is kind for e in events) for kind in (Kind.DEPARTURE, Kind.LAYOFF)]
    words = [
        french.counted(kinds[0], "départ"),
        french.counted(kinds[1], "suppression de postes", "suppressions de postes"),
    ]
    told = french.listed([w for w, count in zip(words, kinds, strict=True) if count]) or "rien de nouveau"
    doubts = [(sum(e.life is life for e in events), *names) for life, names in _DOUBTS.items()]
    unsure = ", ".join(one if len(events) == 1 else french.counted(n, one, many) for n, one, many in doubts if n)
    return f"{told} ({unsure})" if unsure else told

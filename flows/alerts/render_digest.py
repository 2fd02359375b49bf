"""Several alerts in one message: the digest of a period, and the overflow of a full hour. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.alerts import french
from flows.alerts.chart import Week, in_words, png
from flows.alerts.cleaning import clean
from flows.alerts.headlines import text
from flows.alerts.render import Look, clipped
from flows.alerts.render_mail import template
from flows.alerts.render_slack import escaped, header, section, words
from flows.alerts.story import PARIS, Source, story_of, summary
from flows.alerts.webhook_body import VERSION, event_body
from models.events import Alert, Change, Message
from models.identity import digest

Also = Mapping[str, Sequence[Change]]
"""An alert's id → what else its article changed of the event."""

SHOWN = 60
"""Events listed in one message; a mail program cuts what is much longer, and so does a reader."""


@dataclass(frozen=True, slots=True)
class Item:
    """One event in a digest: its latest headline, and each thing that changed since the last one."""

    headline: str
    status: str
    changes: tuple[str, ...]
    sources: tuple[Source, ...]
    event: str


@dataclass(frozen=True, slots=True)
class Group:
    """An organisation with its events."""

    company: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a digest shows; every text is harmless."""

    title: str
    intro: str
    groups: tuple[Group, ...]
    left_out: int
    chart: str  # the chart in words; empty where there is none


def digest_message(
    alerts: Sequence[Alert],
    look: Look,
    rule: str,
    *,
    now: datetime,
    zone: ZoneInfo = PARIS,
    weeks: Sequence[Week] = (),
    also: Also | None = None,
) -> Message:
    """The digest of a rule: organisations in order, what is new or changed of each; e-mail draws `weeks`."""
    title = f"Vigie, le {french.day(now.astimezone(zone).date())}{french.COLON}{summary(alerts)}"
    intro = f"Ce qui est nouveau ou a changé depuis le dernier bilan (règle {french.quoted(clean(rule, 80))})."
    return _message(alerts, look, title, intro, weeks, also)


def overflow_message(alerts: Sequence[Alert], look: Look, also: Also | None = None) -> Message:
    """What did not fit into the hour's cap, in one message."""
    count = french.counted(len(alerts), "autre alerte", "autres alertes")
    title = f"Vigie{french.COLON}{count}, {summary(alerts)}"
    intro = f"Le plafond de messages par heure est atteint{french.FINE}; voici le reste, en un message."
    return _message(alerts, look, title, intro, (), also)


def _message(
    alerts: Sequence[Alert], look: Look, title: str, intro: str, weeks: Sequence[Week], also: Also | None
) -> Message:
    groups = grouped(alerts, also or {})
    shown, left_out = _first(groups, SHOWN)
    held = Digest(title, intro, shown, left_out, in_words(weeks) if weeks else "")
    data: dict[str, Any] | None = None
    if look is Look.SLACK:
        data = _blocks(held)
    elif look is Look.WEBHOOK:
        data = {"version": VERSION, "type": "digest", "headline": title, "alerts": [_body(a) for a in alerts]}
    mail = look is Look.MAIL
    return Message(
        id=digest("digest", *sorted(a.id for a in alerts)),
        subject=clipped(title),
        text=_text(held),
        html=template("digest.html.j2").render(digest=held) if mail else None,
        data=json.dumps(data, ensure_ascii=False) if data else None,
        image=png(weeks) if mail and weeks else None,
    )


def grouped(alerts: Sequence[Alert], also: Also) -> tuple[Group, ...]:
    """Events by organisation, in the alphabet's order; those without one come last. An event stands there once."""
    by_event: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_event.setdefault(alert.event.id, []).append(alert)
    groups: dict[str, list[Item]] = {}
    for told in by_event.values():
        groups.setdefault(text(told[-1].event, "company"), []).append(_item(told, also))
    ordered = sorted(groups, key=lambda name: (not name, name.casefold()))
    return tuple(Group(name or "Sans organisation nommée", tuple(groups[name])) for name in ordered)


def _item(told: Sequence[Alert], also: Also) -> Item:
    stories = [story_of(alert, also=also.get(alert.id, ())) for alert in told]
    changes = [french.capital(s.change or s.news) for s in stories]
    last = stories[-1]
    return Item(
        last.headline, last.status, tuple(dict.fromkeys((*changes, *last.conflicts))), last.sources, last.event
    )


def _first(groups: Sequence[Group], most: int) -> tuple[tuple[Group, ...], int]:
    """As many events as there is room for, and how many are left out."""
    kept, room = [], most
    for group in groups:
        if room > 0:
            kept.append(Group(group.company, group.items[:room]))
        room -= len(group.items)
    return tuple(kept), max(0, -room)


def _text(held: Digest) -> str:
    lines = [held.intro, *([held.chart] if held.chart else []), ""]
    for group in held.groups:
        lines.append(group.company)
        for item in group.items:
            lines.append(f"– {item.headline} [{item.event}]")
            lines += [f"  {change}" for change in item.changes]
            lines += [f"  {s.outlet}{french.COLON}{s.url}" for s in item.sources[:3] if s.url]
        lines.append("")
    lines += [_rest(held.left_out)] if held.left_out else []
    return "\n".join(lines).rstrip()


def _rest(count: int) -> str:
    return f"Et {french.counted(count, 'autre événement', 'autres événements')}{french.COLON}vigie events list"


def _blocks(held: Digest) -> dict[str, Any]:
    """One list of rich text for each organisation, all in one block: Slack takes 50 of them a message."""
    parts: list[dict[str, Any]] = [section([words(held.intro)])]
    parts += [section([words(held.chart)])] if held.chart else []
    for group in held.groups:
        parts.append(section([words(f"\n{group.company}", bold=True)]))
        parts.append({"type": "rich_text_list", "style": "bullet", "elements": [_entry(i) for i in group.items]})
    parts += [section([words(_rest(held.left_out))])] if held.left_out else []
    return {
        "text": escaped(held.title),
        "blocks": [header(held.title), {"type": "rich_text", "elements": parts}],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _entry(item: Item) -> dict[str, Any]:
    parts = [words(f"{item.headline} – {f'{french.FINE}; '.join(item.changes)} ")]
    for source in item.sources[:3]:
        parts.append(
            {"type": "link", "url": source.url, "text": source.outlet} if source.url else words(source.outlet)
        )
        parts.append(words(" "))
    return section([*parts, words(f"[{item.event}]")])


def _body(alert: Alert) -> dict[str, Any]:
    return {"id": alert.id, "rule": alert.rule, "news": alert.news.value, "event": event_body(alert.event)}

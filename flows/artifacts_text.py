"""The words of a run's artifacts: Markdown and table rows from records. Pure.

Titles, quotes and names come from the web: whatever Markdown or HTML they hold is shown as text.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flows.alerts import headlines
from flows.alerts.french import counted
from flows.pipeline_summary import Cycle, CycleSummary, Delivered, Telling
from models.events import Event, Resolution
from models.records import Evidence, Feed
from models.vocabulary import Health, Life, News

_SPECIAL = re.compile(r"([\\*_\[\]~])")
_LIKES = str.maketrans("<>`", "‹›’")
_IN_LINKS = str.maketrans("[]\\", "()/")
_WELL = {Health.FRESH, Health.QUIET, Health.UNKNOWN}
_EVENTS_SHOWN = 200
_NEWS = {
    None: "rappel",
    News.NEW: "nouveau",
    News.CONFIRMED: "confirmé",
    News.FIGURE: "nouveau chiffre",
    News.SUCCESSOR: "successeur nommé",
    News.DENIED: "démenti",
    News.DATE: "nouvelle date",
    News.SCOPE: "nouvelle portée",
}
_LIVES = {
    Life.SPECULATED: "rumeur",
    Life.REPORTED: "selon la presse",
    Life.CONFIRMED: "confirmé",
    Life.DENIED: "démenti",
}


def escaped(text: object, limit: int = 400) -> str:
    """Text from the web as Markdown that shows it and does nothing else: on one line, no markup, no HTML.

    The UI shows character references as they stand: `<` and `>` become their typographic likes instead.
    """
    return _SPECIAL.sub(r"\\\1", _flat(text, limit))


def _flat(text: object, limit: int) -> str:
    return " ".join(str(text).split())[:limit].translate(_LIKES)


def link(title: str, url: str) -> str:
    """A Markdown link to an http(s) address; anything else is only its title.

    The UI shows a backslash in a link's text as it stands: brackets become parentheses there.
    """
    if not url.startswith(("http://", "https://")):
        return escaped(title)
    safe = re.sub(r"[\s<>()\\\"'`]", lambda m: f"%{ord(m.group()):02X}", url)
    return f"[{_flat(title or url, 150).translate(_IN_LINKS)}](<{safe}>)"


def events_markdown(telling: Telling, summary: CycleSummary, report: str = "") -> str:
    """The cycle's events, each with what is new, its quote, its outlets and its links.

    `report`: the address of the digest, for whom a cycle's own events are too few.
    """
    lines = ["# Vigie : ce que ce cycle a trouvé", "", escaped(summary.line()), ""]
    resolutions = telling.resolutions
    if not resolutions:
        lines.append("Rien de nouveau.")
    for resolution in resolutions[:_EVENTS_SHOWN]:
        lines += _event_lines(resolution, telling.quotes.get(resolution.mention.id, ""))
    if len(resolutions) > _EVENTS_SHOWN:
        lines.append(f"… et {counted(len(resolutions) - _EVENTS_SHOWN, 'autre')} : `vigie events list`.")
    if summary.failed or summary.undelivered:
        lines += ["", "## En échec", ""]
        lines += [f"- {escaped(f.what)} : {escaped(f.words)}" for f in (*summary.failed, *summary.undelivered)]
    if report:
        lines += ["", link("Le rapport : ce que les derniers jours ont apporté", report)]
    return "\n".join(lines)


def deliveries_markdown(done: Delivered) -> str:
    """The deliveries that failed: those that were given up, then those that will be tried again."""
    later = tuple(f for f in done.failures if f not in done.given_up)
    lines = [f"# Vigie : {counted(done.sent, 'envoi fait', 'envois faits')}, {len(done.failures)} en échec"]
    for title, some in (("Abandonnés", done.given_up), ("Repris plus tard", later)):
        lines += (
            ["", f"## {title}", "", *(f"- {escaped(f.what)} : {escaped(f.words)}" for f in some)] if some else []
        )
    return "\n".join(lines)


def digest_markdown(events: Sequence[Event], hours: int) -> str:
    """The events that changed in the last hours, one line each with its outlets."""
    lines = [f"# Vigie : {counted(len(events), 'événement')} en {counted(hours, 'heure')}", ""]
    for event in events:
        last = event.sure_mentions[-1].provenance if event.mentions else None
        source = link(last.title or last.url, last.url) if last else ""
        outlets = escaped(", ".join(event.outlets))
        lines.append(f"- **{escaped(headline(event))}** · {_LIVES[event.life]} · {outlets} · {source}")
    return "\n".join(lines if events else [*lines, "Rien de nouveau."])


def _event_lines(resolution: Resolution, sentence: str) -> list[str]:
    event, mention = resolution.event, resolution.mention
    news = _NEWS[resolution.news]
    life = _LIVES[event.life]
    where = mention.provenance
    lines = [f"## {escaped(headline(event))}", "", f"**{news}** · {life} · `{event.id}`", ""]
    proof = sentence or quote(mention.mention.evidence)
    if proof:
        lines += [f"> {escaped(proof)}", ""]
    outlets = ", ".join(event.outlets)
    lines += [f"{link(where.title or where.url, where.url)} — {escaped(outlets)}", ""]
    return lines


def quote(evidence: Mapping[str, Evidence]) -> str:
    """The words that tell the event: those of the trigger, else of any field."""
    found: Evidence | None = evidence.get("trigger") or next(iter(evidence.values()), None)
    return found.quote if found else ""


def headline(event: Event) -> str:
    """An event in one sentence, as an alert would begin."""
    return headlines.headline(event, News.NEW, next(iter(event.outlets), ""))


def feeds_table(cycle: Cycle, known: Sequence[Feed]) -> list[dict[str, Any]]:
    """One row a feed: its health, its last exchange in this cycle; those that ail come first."""
    polled = {result.feed.url: result for result in cycle.polled.results}
    rows = []
    for feed in sorted(known, key=lambda f: (f.health in _WELL, f.name.casefold())):
        result = polled.get(feed.url)
        rows.append(
            {
                "flux": feed.name,
                "santé": feed.health.value,
                "depuis": f"{feed.health_since:%d/%m/%Y}" if feed.health_since else "",
                "note": feed.health_note or (result.fetched.error if result else "") or "",
                "cycle": result.fetched.outcome.value if result else "non dû",
                "entrées": len(result.parsed.entries) if result and result.parsed else 0,
                "durée (s)": round(result.fetched.seconds, 2) if result else None,
                "adresse": feed.url,
            }
        )
    return rows

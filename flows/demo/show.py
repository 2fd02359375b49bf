"""What the demo shows at the end: the events with their quotes, the alerts, and where to look next."""

import dataclasses
import json
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.alerts.french import counted
from flows.alerts.quotes import telling_sentence
from flows.artifacts_text import headline
from flows.demo.folder import Folder
from flows.pipeline_summary import CycleSummary
from models.events import Alert, Event
from models.queries import EventQuery
from models.store import Store
from models.vocabulary import DeliveryState, Life, News, Salience

_LIFE = {
    Life.CONFIRMED: "confirmé",
    Life.REPORTED: "rapporté",
    Life.SPECULATED: "rumeur",
    Life.DENIED: "démenti",
}
_NEWS = {
    News.NEW: "nouveau",
    News.CONFIRMED: "confirmé",
    News.FIGURE: "chiffre corrigé",
    News.SUCCESSOR: "successeur connu",
    News.DENIED: "démenti",
    News.DATE: "date connue",
    News.SCOPE: "périmètre précisé",
}
QUOTE = 160
"""Characters of a quote in the table: about three lines of a terminal."""


@dataclass(frozen=True, slots=True)
class Found:
    """One event with the sentence that tells it."""

    event: Event
    quote: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is in the database at the end, and what the channels took in this run."""

    found: tuple[Found, ...]
    alerts: tuple[Alert, ...]
    sent: int
    received: int  # by the webhook, in this run


def outcome(store: Store, received: int) -> Outcome:
    """The database's events that are news, in order of date, and its alerts, in order of their making."""
    events = store.events(EventQuery(salience=Salience.MAIN, limit=None))
    found = (Found(event, _quote(store, event)) for event in events)
    alerts = store.alerts(limit=1000)
    return Outcome(
        found=tuple(sorted(found, key=lambda f: (str(f.event.kind), headline(f.event)))),
        alerts=tuple(sorted(alerts, key=lambda a: (a.created is None, a.created))),
        sent=sum(d.state is DeliveryState.SENT for d in store.deliveries()),
        received=received,
    )


def _quote(store: Store, event: Event) -> str:
    mention = next((m for m in event.mentions if m.mention.salience is Salience.MAIN), event.mentions[0])
    article = store.article(mention.provenance.article)
    said = telling_sentence(mention, article.title, article.text) if article else None
    flat = " ".join((said or mention.provenance.title).split())
    return flat if len(flat) <= QUOTE else f"{flat[: QUOTE - 1].rsplit(' ', 1)[0]}…"


def report(console: Console, result: Outcome, folder: Folder) -> None:
    """The whole report of a run that found something."""
    console.print()
    console.print(_events(result.found))
    console.print(_alerts(result.alerts))
    told = f"{counted(len(result.alerts), 'alerte')}, {counted(result.sent, 'envoi')}"
    told += f" ; le crochet local en a reçu {result.received}."
    console.print(Text(told, style="bold"))
    where_next(console, folder, result)


def nothing_new(console: Console, summary: CycleSummary, result: Outcome, folder: Folder) -> None:
    """The report of a run in a folder that knew everything already."""
    words = (
        f"Rien de nouveau : {summary.not_modified} flux sur {summary.feeds} sans changement, aucune page relue, "
        f"aucune alerte. La base garde {counted(len(result.found), 'événement')}."
    )
    console.print(Text(words, style="bold"))
    where_next(console, folder, result)


def say_json(summaries: Sequence[CycleSummary], result: Outcome) -> None:
    """The same as one JSON object on standard output."""
    data = {
        "cycles": [dataclasses.asdict(s) for s in summaries],
        "events": [
            {"id": f.event.id, "headline": headline(f.event), "state": f.event.life, "quote": f.quote}
            for f in result.found
        ],
        "alerts": [{"id": a.id, "news": a.news, "event": a.event.id} for a in result.alerts],
        "sent": result.sent,
        "received": result.received,
    }
    sys.stdout.write(json.dumps(data, ensure_ascii=False, default=str) + "\n")


def where_next(console: Console, folder: Folder, result: Outcome) -> None:
    """Commands that look further, ready to be copied."""
    vigie = f"{_program()} --config {folder.config}"
    example = result.found[0] if result.found else None
    rows = [
        (f"{vigie} events list", "les événements"),
        (f"{vigie} alerts list", "les alertes et leurs envois"),
        (f"{vigie} events export --format csv", "les mêmes pour un tableur (ou jsonl, atom, ics)"),
    ]
    if example:
        rows.insert(1, (f"{vigie} events show {example.event.id}", "un événement, ses citations, son histoire"))
        url = example.event.mentions[0].provenance.url
        rows.insert(2, (f"{vigie} explain {url}", "pourquoi un article a fait un événement"))
    if folder.prefect.is_dir():
        prefect = str(Path(_program()).with_name("prefect"))
        rows.append(
            (
                f"PREFECT_HOME={folder.prefect} {prefect} server start",
                "les exécutions, dans l'interface de Prefect",
            )
        )
    rows.append((f"rm -r {folder.path}", "tout recommencer"))
    rows.append((f"{_program()} init", "vos propres flux, pour de bon"))
    table = _table("Où regarder ensuite", ("commande", "ce qu'elle montre"), rows)
    table.columns[0].no_wrap = console.width >= 100
    console.print(table)


def _program() -> str:
    """How the user calls vigie: by its name where the shell finds it, else by its path."""
    called = Path(sys.argv[0])
    if called.stem != "vigie" or shutil.which("vigie"):
        return "vigie"
    return os.path.relpath(called)


def _events(found: Sequence[Found]) -> Table:
    columns = ("événement", "état", "date", "citation", "médias")
    return _table(counted(len(found), "événement"), columns, (_row(f.event, f.quote) for f in found))


def _row(event: Event, quote: str) -> tuple[str, ...]:
    return headline(event), _LIFE[event.life], str(event.get("date") or ""), quote, ", ".join(event.outlets)


def _alerts(alerts: Sequence[Alert]) -> Table:
    columns = ("pourquoi", "événement", "ce qui change", "canaux")
    rows = (
        (_NEWS[a.news], headline(a.event), a.change.summary if a.change else "", ", ".join(a.channels))
        for a in alerts
    )
    return _table(counted(len(alerts), "alerte"), columns, rows)


def _table(title: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("".join(c if c.isprintable() else " " for c in cell)) for cell in row))
    return table

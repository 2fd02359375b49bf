"""Commands on events: `vigie events …`."""

from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.context import clean, now, options_of, say_json, table
from models.vocabulary import Kind, Life

if TYPE_CHECKING:
    from models.events import Event
    from models.queries import EventQuery

app = typer.Typer(help="The events that were found.", no_args_is_help=True)

KindOption = Annotated[Kind | None, typer.Option(help="Only departures, or only layoffs.")]
CompanyOption = Annotated[str | None, typer.Option(help="Of this organisation, by any of its names.")]
PersonOption = Annotated[str | None, typer.Option(help="Of this person.")]
SinceOption = Annotated[
    str | None,
    typer.Option(metavar="WHEN", help="Changed since a day (2025-07-12), or for so long (30d, 2w, 12h)."),
]
StatusOption = Annotated[list[Life] | None, typer.Option(help="In this state; may be given several times.")]
HeadcountOption = Annotated[int | None, typer.Option(min=1, help="Cuts of at least so many jobs.")]
DoubtfulOption = Annotated[bool, typer.Option(help="Those too that are told too doubtfully.")]
LimitOption = Annotated[int, typer.Option(min=0, help="At most so many; 0 for all.")]


class Format(StrEnum):
    """The forms of an export."""

    JSONL = "jsonl"
    CSV = "csv"
    ATOM = "atom"
    ICS = "ics"


def _query(
    kind: Kind | None, company: str | None, person: str | None, since: str | None,
    status: list[Life] | None, min_headcount: int | None, doubtful: bool, limit: int,
) -> "EventQuery":  # fmt: skip
    from models.queries import EventQuery

    return EventQuery(
        kind=kind,
        company=company,
        person=person,
        since=_since(since),
        life=frozenset(status or ()),
        min_headcount=min_headcount,
        doubtful=doubtful,
        limit=limit or None,
    )


def _since(text: str | None) -> datetime | None:
    """A day, or how long ago."""
    from flows.settings_values import duration

    if text is None:
        return None
    with suppress(ValueError):
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    try:
        return now() - duration(text)
    except ValueError as error:
        words = f"« {text[:40]} » : écrire un jour (2025-07-12) ou une durée (30d, 2w, 12h)"
        raise typer.BadParameter(words, param_hint="--since") from error


@app.command("list")
def list_events(
    context: typer.Context,
    kind: KindOption = None,
    company: CompanyOption = None,
    person: PersonOption = None,
    since: SinceOption = None,
    status: StatusOption = None,
    min_headcount: HeadcountOption = None,
    doubtful: DoubtfulOption = False,
    limit: LimitOption = 100,
) -> None:
    """Events, the latest to change first."""
    options = options_of(context)
    query = _query(kind, company, person, since, status, min_headcount, doubtful, limit)
    with options.store() as store:
        found = store.events(query)
    if options.as_json:
        say_json([brief(event) for event in found])
        return
    from flows.artifacts_text import headline

    table(
        ("id", "événement", "date", "état", "médias"),
        [(e.id, headline(e), e.get("date"), e.life.value, ", ".join(e.outlets)) for e in found],
    )


def brief(event: "Event") -> dict[str, object]:
    """An event as one flat JSON object: its chosen values, state, outlets."""
    return {
        "id": event.id,
        "kind": event.kind,
        "life": event.life,
        "salience": event.salience,
        **{name: chosen.value for name, chosen in event.values.items()},
        "outlets": event.outlets,
        "urls": tuple(dict.fromkeys(m.provenance.url for m in event.sure_mentions)),
        "mentions": len(event.sure_mentions),
    }


@app.command()
def show(context: typer.Context, event_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """One event: each value with the rule that chose it, who disagrees, the quotes, the history."""
    options = options_of(context)
    with options.store() as store:
        event, history = store.event(event_id), store.history(event_id)
    if options.as_json:
        say_json({"event": event, "history": history}, indent=1)
        return
    from flows.artifacts_text import headline

    typer.echo(f"{clean(headline(event))} [{event.life.value}] {event.id}")
    for name, chosen in event.values.items():
        others = "".join(f" ; {', '.join(o.outlets) or 'un autre'} : {o.value}" for o in chosen.others)
        if chosen.value is not None:
            typer.echo(f"  {name} : {clean(chosen.value)} ({clean(chosen.rule)}){clean(others)}")
    typer.echo("Dit par :")
    for told in event.mentions:
        where = told.provenance
        doubt = " · douteux" if told.mention.doubtful else ""
        typer.echo(f"  {clean(where.outlet)} · {clean(where.title)} · {clean(where.url)}{doubt}")
        for field, evidence in told.mention.evidence.items():
            typer.echo(f"    {clean(field)} : « {clean(evidence.quote)} » ({clean(evidence.rule)})")
    typer.echo("Histoire :")
    for change in history:
        typer.echo(f"  {f'{change.at:%Y-%m-%d %H:%M}' if change.at else '?'} · {clean(change.summary)}")


@app.command()
def export(
    context: typer.Context,
    format_: Annotated[Format, typer.Option("--format", help="The form.")] = Format.JSONL,
    kind: KindOption = None,
    company: CompanyOption = None,
    person: PersonOption = None,
    since: SinceOption = None,
    status: StatusOption = None,
    min_headcount: HeadcountOption = None,
    doubtful: DoubtfulOption = False,
    limit: LimitOption = 0,
) -> None:
    """Events as JSONL, CSV, an Atom feed or a calendar, on standard output."""
    from flows.exports import export as exported

    query = _query(kind, company, person, since, status, min_headcount, doubtful, limit)
    with options_of(context).store() as store:
        written = exported(store.stored(query), format_.value)
    typer.echo(written, nl=False)

"""Commands that run the pipeline: `watch`, `serve`, `demo`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.context import Options, options_of, say_json
from flows.cli.importing import heavy_imports

if TYPE_CHECKING:
    from flows.pipeline_summary import CycleSummary


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(watch)
    app.command()(serve)
    app.command()(demo)


def watch(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Poll every feed, also those that are not due.")] = False,
    prefect: Annotated[
        bool | None,
        typer.Option(
            "--prefect/--no-prefect",
            help="As a Prefect flow run, or without; by default as one where PREFECT_API_URL is set and answers.",
        ),
    ] = None,
) -> None:
    """One cycle now over the feeds that are due."""
    options = options_of(context)
    settings = options.settings()  # a wrong configuration is told before anything starts
    with heavy_imports():
        from flows.cli import api, cycles
        from flows.cli.progress import bars

    options.hand_on()
    with_prefect = api.wanted(prefect)
    with options.answering(), bars(shown=not options.as_json and not with_prefect) as progress:
        summary = cycles.with_prefect(every) if with_prefect else cycles.plain(settings, every, progress)
    _tell(options, summary)
    if not summary.clean:
        raise typer.Exit(1)


def _tell(options: Options, summary: "CycleSummary") -> None:
    if options.as_json:
        say_json(summary)
        return
    for failure in (*summary.failed, *summary.undelivered):
        typer.echo(f"  échec · {failure.what} : {failure.words}", err=True)
    typer.echo(summary.line())
    if not summary.feeds:
        typer.echo(
            "Aucun flux n’était dû : « vigie watch --all » les relève tous, « vigie feeds list » les montre."
        )


def serve(context: typer.Context) -> None:
    """The schedules, until stopped; a local Prefect server is started where none is configured."""
    options = options_of(context)
    options.settings()
    options.hand_on()
    from flows.logging_setup import prepare_prefect

    prepare_prefect()
    from flows import serving

    serving.serve_schedules(typer.echo)


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Option(help="Where its database and configuration go.")] = Path(".demo"),
    prefect: Annotated[bool, typer.Option(help="As a Prefect flow run, or without Prefect.")] = True,
) -> None:
    """The whole pipeline, offline, on a bundled newsroom served on loopback."""
    options = options_of(context)
    from flows.logging_setup import prepare_prefect

    prepare_prefect()
    from flows import demo as bundled

    raise typer.Exit(bundled.run(folder, with_prefect=prefect, as_json=options.as_json))

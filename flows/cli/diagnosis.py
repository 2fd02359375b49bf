"""Commands that explain: `doctor` on the installation, `explain` on one article."""

from typing import Annotated

import typer

from flows.cli.context import clean, options_of, say_json


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(doctor)
    app.command()(explain)


def doctor(context: typer.Context) -> None:
    """The state of everything: configuration, database, feeds, channels, French model, Prefect API."""
    from flows.cli.checks import examine

    options = options_of(context)
    findings = examine(options)
    if options.as_json:
        say_json(findings)
    else:
        for finding in findings:
            typer.echo(f"{finding.mark} {finding.subject} : {clean(finding.words)}")
            if finding.advice:
                typer.echo(f"      → {clean(finding.advice)}")
    if any(finding.level == "bad" for finding in findings):
        raise typer.Exit(1)


def explain(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="URL-or-ID", help="An article's address, or an event's id.")],
) -> None:
    """Every stage's verdict on one article: why there is, or is not, an event and an alert."""
    from flows.cli.explaining import explained

    options = options_of(context)
    with options.store() as store:
        report = explained(store, options.settings(), what)
    if options.as_json:
        say_json(report, indent=1)
    else:
        for line in report.lines():
            typer.echo(clean(line))

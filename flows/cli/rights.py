"""The command `forget`: a person's right to be forgotten."""

from typing import Annotated

import typer

from flows.cli.context import now, options_of, say_json, who


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(forget)


def forget(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="First and last name, as the press writes them.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a person from mentions, events, alerts and history, and keep the name out of what is read later."""
    from flows.alerts.french import counted

    options = options_of(context)
    options.settings()
    if not yes:
        typer.confirm("Effacer cette personne ? Cela ne peut être défait.", abort=True, err=True)
    with options.store() as store:
        erased = store.forget(name, who(), now())
        store.compact()
    if options.as_json:
        say_json(erased)
        return
    gone = (
        counted(erased.events, "événement"),
        counted(erased.mentions, "mention"),
        counted(erased.alerts, "alerte"),
    )
    lines = counted(erased.texts, "autre ligne", "autres lignes")
    typer.echo(
        f"Effacés : {', '.join(gone)} ; le nom couvert dans {lines}. Ce qui a été envoyé ne peut être repris."
    )

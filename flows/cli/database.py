"""Commands on the database itself: `vigie db …`."""

from typing import Annotated

import typer

from flows.cli.context import now, options_of, say_json

app = typer.Typer(help="The database: upgrade, check, copy, purge.", no_args_is_help=True)


@app.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to this version's schema."""
    from models.store import schema

    options = options_of(context)
    schema.upgrade(options.settings().database)
    typer.echo("La base est à jour.")


@app.command()
def check(context: typer.Context) -> None:
    """Say whether the database can be reached and is at this version's schema."""
    from models.store import schema

    options = options_of(context)
    differences = schema.check(options.settings().database)
    if options.as_json:
        say_json({"ok": not differences, "differences": differences})
    else:
        for words in differences:
            typer.echo(f"vigie : {words}", err=True)
        typer.echo(
            "Lancez « vigie db upgrade »." if differences else "La base répond, à la forme de cette version."
        )
    if differences:
        raise typer.Exit(1)


@app.command()
def copy(
    context: typer.Context,
    target: Annotated[str, typer.Argument(metavar="URL", help="The address of an empty database.")],
) -> None:
    """Copy everything into another, empty database: from SQLite to PostgreSQL, or back."""
    from flows.alerts.french import counted
    from models.store.copying import copy as copy_store

    options = options_of(context)
    copied = copy_store(options.settings().database, target)
    if options.as_json:
        say_json(copied)
    else:
        lines = counted(copied.total, "ligne copiée", "lignes copiées")
        typer.echo(f"{lines} ; donnez cette adresse dans database_url pour vous en servir.")


@app.command()
def purge(context: typer.Context) -> None:
    """Let go the texts that are older than text_retention; quotes, titles and links stay."""
    from flows.alerts.french import counted

    options = options_of(context)
    settings = options.settings()
    with options.store() as store:
        purged = store.purge_texts(now() - settings.text_retention, now())
        if purged:
            store.compact()  # else the texts stay in the file's free pages
    if options.as_json:
        say_json({"purged": purged})
    else:
        old = f"de plus de {counted(settings.text_retention.days, 'jour')}"
        typer.echo(f"Effacés : {counted(purged, 'texte')} {old}.")

"""Commands on the database itself: `vigie db …`."""

import typer

from flows.cli.context import options_of, say_json

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

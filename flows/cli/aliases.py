"""Commands on other names of organisations and persons: `vigie alias …`."""

from functools import partial
from typing import Annotated, Literal

import typer

from flows.cli.context import clean, now, options_of, say_json, table, who

app = typer.Typer(help="Other names that you give to organisations and persons.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name that events are to stand under.")]
AliasArgument = Annotated[str, typer.Argument(metavar="ALIAS", help="Another name of the same.")]
PersonOption = Annotated[bool, typer.Option("--person", help="Of a person; else of an organisation.")]


@app.command()
def add(context: typer.Context, name: NameArgument, alias: AliasArgument, person: PersonOption = False) -> None:
    """Say that two names are one; the stored events of both are resolved again, and nobody is alerted."""
    from extractors import stories
    from flows.alerts.french import counted
    from models.queries import Alias

    options = options_of(context)
    with options.store() as store:
        touched = store.add_alias(Alias(_kind(person), name, alias, who()), now())
        names = stories.with_aliases(store.aliases())
        told = store.retell(touched, partial(stories.decide, names=names, anew=True), now())
    if options.as_json:
        say_json({"touched": touched, "events": told.events, "changed": told.changed})
    else:
        typer.echo(
            f"« {clean(alias)} » est maintenant « {clean(name)} » ; "
            f"{counted(len(touched), 'événement résolu', 'événements résolus')} de nouveau."
        )


@app.command("list")
def list_aliases(context: typer.Context) -> None:
    """The names that were given, and that the press taught."""
    options = options_of(context)
    with options.store() as store:
        aliases = store.aliases()
    if options.as_json:
        say_json(aliases)
    elif aliases:
        table(("de", "nom", "autre nom", "par"), [(a.kind, a.name, a.alias, a.by) for a in aliases])
    else:
        typer.echo("Aucun autre nom : « vigie alias add NOM AUTRE » en donne un.")


@app.command()
def remove(context: typer.Context, name: NameArgument, alias: AliasArgument, person: PersonOption = False) -> None:
    """Take a name away again; events that are stored stay as they are, later ones stand under it alone."""
    from models.queries import Alias

    options = options_of(context)
    given = Alias(_kind(person), name, alias, who())
    with options.store() as store:
        store.remove_alias(given, given.by, now())
    if options.as_json:
        say_json({"removed": given})
    else:
        typer.echo(f"« {clean(alias)} » n’est plus « {clean(name)} » pour ce qui sera lu désormais.")


def _kind(person: bool) -> Literal["organisation", "person"]:
    return "person" if person else "organisation"

"""The command `init`: a commented configuration, and the bundled feeds."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.context import Options, options_of
from models.errors import ConfigurationError

TEMPLATE = """# La configuration de Vigie ; chaque clé est facultative, docs/configuration.md les dit toutes.
# L’adresse de la base : SQLite dans ce dossier, ou "postgresql://utilisateur@hôte/base".
database_url = "sqlite:///vigie.db"

# Une adresse où les sites peuvent vous joindre ; elle va dans l’en-tête User-Agent.
# contact = "veille@example.org"

# Les histoires plus vieilles sont rangées, jamais alertées.
alert_max_age = "3d"

# Hôtes privés que Vigie peut lire (« hôte:port ») ; tous les autres sont refusés.
allow_private_hosts = []

# Un canal : une adresse Apprise, ou mieux, d’où la lire (env:NOM, file:CHEMIN, prefect-secret:BLOC).
[channels.ecran]
url = "terminal:"

# [channels.equipe]
# url = "env:VIGIE_SLACK_URL"

# Ce qui mérite une alerte, et où elle va.
[[rules]]
name = "tout"
channels = ["ecran"]
kinds = ["departure", "layoff"]
mode = "now"                          # now | daily | weekly
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(init)


def init(
    context: typer.Context,
    feeds: Annotated[
        bool, typer.Option(help="Add the bundled French tech feeds, or leave the list empty.")
    ] = True,
    force: Annotated[bool, typer.Option(help="Write over an existing configuration.")] = False,
) -> None:
    """Write a commented vigie.toml and add the bundled French tech feeds."""
    from flows.settings import FILE

    given = options_of(context)
    path = given.config or Path(FILE)
    if path.exists() and not force:
        raise ConfigurationError(
            f"{path} existe déjà ; « vigie init --force » l’écrase, ou choisissez --config AUTRE"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEMPLATE, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path} ne peut être écrit ({error.strerror})") from error
    typer.echo(f"Configuration écrite : {path}")
    if feeds:
        _add_bundled(Options(config=path, db=given.db))
    typer.echo("Ensuite : « vigie watch » pour un premier cycle, « vigie doctor » pour l’état de tout.")


def _add_bundled(options: Options) -> None:
    from extractors.sources import bundled_feeds

    with options.store() as store:
        added = store.add_feeds(bundled_feeds())
    typer.echo(f"{len(added)} flux de la presse tech ajoutés (tirés de listes publiques) ; « vigie feeds list »")

"""The application: global options, the groups of commands, and errors as one French line."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import (
    alerts,
    aliases,
    database,
    diagnosis,
    documents,
    events,
    feeds,
    history,
    rights,
    running,
    starting,
)
from flows.cli.context import Options
from models.errors import ConfigurationError, StoreError, VigieError

app = typer.Typer(
    name="vigie",
    help="The lookout over the French tech press: who leaves which organisation, who cuts how many jobs.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(feeds.app, name="feeds")
app.add_typer(events.app, name="events")
app.add_typer(alerts.app, name="alerts")
app.add_typer(aliases.app, name="alias")
app.add_typer(database.app, name="db")
for group in (starting, running, history, documents, diagnosis, rights):
    group.register(app)

USAGE = 2
FAILED = 1
INTERRUPTED = 130
_ANYWHERE = {"--json": False, "--debug": False, "--config": True, "--db": True}  # name: takes a value


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"vigie {version('vigie')}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help="The configuration file; ./vigie.toml, if there is one, unless given.")
    ] = None,
    db: Annotated[
        str | None, typer.Option(metavar="URL", help="The database; overrides environment and configuration.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with JSON on standard output.")] = False,
    debug: Annotated[bool, typer.Option(help="Show tracebacks and detailed logs.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Global options; they may also stand after the command."""
    from flows.logging_setup import set_up

    set_up(debug=debug)
    context.obj = Options(config=config, db=db, as_json=as_json, debug=debug)


def hoisted(arguments: Sequence[str]) -> list[str]:
    """Arguments with the global options moved to the front, so that `vigie watch --json` works too."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name = argument.split("=", 1)[0]
        if argument == "--":
            rest += [argument, *waiting]
        elif name in _ANYWHERE:
            front.append(argument)
            if _ANYWHERE[name] and "=" not in argument:
                front += [value for value in [next(waiting, None)] if value is not None]
        else:
            rest.append(argument)
    return front + rest


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its code."""
    given = hoisted(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    try:
        code = typer.main.get_command(app).main(args=given, prog_name="vigie", standalone_mode=False)
    except VigieError as error:
        if debug:
            raise
        _tell(str(error))
        code = USAGE if isinstance(error, ConfigurationError | StoreError) else FAILED
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # its class is in a private module of typer's
            typer.echo(error.format_message(), err=True)
        else:
            _tell(_usage(error))
        code = USAGE
    except (KeyboardInterrupt, typer.Abort):
        _tell("interrompu")
        code = INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of the pipe has gone: Python would complain while it flushes
        code = FAILED
    except Exception as error:  # a bug: one line and where to look, the traceback on demand
        if debug:
            raise
        _tell(f"erreur interne ({type(error).__name__}) ; relancez avec --debug et signalez-la")
        code = FAILED
    sys.exit(code if isinstance(code, int) else 0)


def _tell(message: str) -> None:
    typer.echo(f"vigie : {' '.join(message.split())}", err=True)


def _usage(error: typer.TyperException) -> str:
    """A wrong usage in French, with the command whose help explains the right one."""
    place = getattr(getattr(error, "ctx", None), "command_path", None) or "vigie"
    message = error.format_message()
    for english, french in (
        ("No such option:", "option inconnue :"),
        ("No such command", "commande inconnue :"),
        ("Missing argument", "il manque l’argument"),
        ("Missing option", "il manque l’option"),
        ("Missing command", "il manque la commande"),
        ("Invalid value for", "valeur refusée pour"),
        ("Got unexpected extra argument", "argument en trop :"),
    ):
        message = message.replace(english, french)
    return f"{message.rstrip('.')} ; voir « {place} --help »"

"""What every command shares: the global options, and how they open the configuration, the store and the output."""

import dataclasses
import getpass
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from flows.settings import Settings
    from models.store import Store


@dataclass(frozen=True, slots=True)
class Options:
    """The global options, as given."""

    config: Path | None = None
    db: str | None = None
    as_json: bool = False
    debug: bool = False

    def settings(self) -> "Settings":
        """The configuration. Raises ConfigurationError."""
        from flows.settings import load_settings

        named = self.config or (Path(os.environ["VIGIE_CONFIG"]) if os.environ.get("VIGIE_CONFIG") else None)
        return load_settings(named, {**os.environ, **self._given_database()})

    def _given_database(self) -> dict[str, str]:
        """`--db` as the environment has it: a relative file is meant from here, wherever the configuration is."""
        from flows.settings_values import beside

        return {"VIGIE_DATABASE_URL": beside(self.db, Path.cwd())} if self.db else {}

    def store(self) -> "Store":
        """The opened database. Raises ConfigurationError, StoreError."""
        from models.store import Store

        return Store.open(self.settings().database)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While a cycle works: with `--json`, what a `terminal:` channel writes goes to stderr."""
        with redirect_stdout(sys.stderr) if self.as_json else nullcontext():
            yield

    def hand_on(self) -> None:
        """Give the options to flows of this process and of its children, by the environment.

        They are no Prefect parameters, because the address of a database may hold a password.
        """
        if self.config is not None:
            os.environ["VIGIE_CONFIG"] = str(self.config.resolve())
        os.environ.update(self._given_database())


def options_of(context: typer.Context) -> Options:
    """The global options of a command's context."""
    found = context.find_object(Options)
    return found or Options()


def now() -> datetime:
    """The time, aware, in UTC: the only clock of the command line."""
    return datetime.now(UTC)


def who() -> str:
    """Who asks, for the journal of decisions."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "vigie"


def plain(value: Any) -> Any:
    """A record as JSON data; ids of the database's rows are not part of it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if type(value).__name__ == "PartialDate":
            return str(value)
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(v) for v in value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return len(value)
    return value


def say_json(value: Any, *, indent: int | None = None) -> None:
    """One JSON value on standard output."""
    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=indent))


def clean(text: object) -> str:
    """Text from outside for a terminal: no control character can move the cursor or change colours."""
    return "".join(c if c.isprintable() else " " for c in str(text if text is not None else ""))


def table(headers: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """Rows at the terminal; wide as it is, or whole where output is not a terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if os.isatty(1) else 200)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in headers:
        shown.add_column(header, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(clean(cell)) for cell in row))
    console.print(shown)

"""The demo: the whole pipeline over HTTP on a bundled newsroom, with nothing but loopback contacted.

The newsroom opens twice: as it stood the day before, then as it stands now, so that rumours are confirmed or
denied, figures corrected and successors named before one's eyes. A later run in the same folder finds nothing new.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from flows.demo.folder import Folder, Opening
from flows.demo.server import Newsroom, serving
from flows.demo.stories import load
from models.errors import ConfigurationError
from models.records import Feed
from models.store import Store

if TYPE_CHECKING:
    from flows.pipeline_summary import CycleSummary

YESTERDAY = timedelta(hours=24)


def run(
    folder: Path, console: Console | None = None, *, with_prefect: bool = True, as_json: bool = False
) -> int:
    """Play the demo in a folder; 0 where all went well. Raises ConfigurationError, StoreError.

    `with_prefect`: as Prefect flow runs, on a server of the folder's own; `as_json`: one object on standard output
    at the end, the rest on standard error.
    """
    console = console or Console(stderr=as_json, width=None if sys.stdout.isatty() else 160)
    home = Folder(folder)
    home.prepare()
    before = home.opening()
    opened = before.at if before else datetime.now().astimezone()
    room = Newsroom(load(), opened)
    with _serving(room, before, home) as port, home.environment():
        home.keep(Opening(opened, port))
        with redirect_stdout(sys.stderr) if as_json else nullcontext():
            summaries = asyncio.run(_play(room, console, again=before is not None, with_prefect=with_prefect))
            return _report(room, home, console, summaries, again=before is not None, as_json=as_json)


def _serving(room: Newsroom, before: Opening | None, home: Folder) -> Any:
    try:
        return _opened(room, before.port if before else 0)
    except OSError as error:
        words = f"le port {before.port if before else 0} de la démo est pris ; réessayez, ou effacez {home.path}"
        raise ConfigurationError(words) from error

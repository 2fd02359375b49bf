"""The demo: the whole pipeline over HTTP on a bundled newsroom, with nothing but loopback contacted.

The newsroom opens twice: as it stood the day before, then as it stands now, so that rumours are confirmed or
denied, figures corrected and successors named before one's eyes. A later run in the same folder finds nothing new.
"""

import asyncio
import sys
from contextlib import nullcontext, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.demo.folder import Folder, Opening
from flows.demo.server import Newsroom, serving
from flows.demo.stories import load
from models.records import Document, Feed
from models.store import Store

if TYPE_CHECKING:
    from rich.console import Console

    from flows.pipeline_summary import CycleSummary

DAY = timedelta(hours=24)
WIDTH = 160
"""Columns of the report where it goes to no terminal."""


def run(
    folder: Path, console: "Console | None" = None, *, with_prefect: bool = True, as_json: bool = False
) -> int:
    """Play the demo in a folder; 0 where all went well, else 1. Raises ConfigurationError, StoreError.

    `with_prefect`: as Prefect flow runs, on a server of the folder's own; `as_json`: one object on standard output
    at the end, and nothing else there.
    """
    home, room = Folder(folder), Newsroom(load(), datetime.now().astimezone())
    home.prepare()
    before = home.opening()
    if before:
        room = Newsroom(load(), before.at)
    with serving(room, before.port if before else 0) as port, home.environment():
        home.keep(Opening(room.opened, port))
        screen = console or _screen(as_json)
        with redirect_stdout(sys.stderr) if as_json else nullcontext():
            summaries = asyncio.run(_play(room, home, screen, again=before is not None, with_prefect=with_prefect))
        return _report(room, home, screen, summaries, again=before is not None, as_json=as_json)


def _screen(as_json: bool) -> "Console":
    from rich.console import Console

    stream = sys.stderr if as_json else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else WIDTH)


async def _play(
    room: Newsroom, home: Folder, screen: "Console", *, again: bool, with_prefect: bool
) -> list["CycleSummary"]:
    """The cycles: yesterday's press and today's; where both are known, today's alone."""
    with Store.open(home.database) as store:
        store.add_feeds(Feed(url=url, title=name, publisher=name) for name, url in room.feed_urls())
    screen.print(f"[bold]Vigie, la démonstration[/] : {len(room.sites)} médias inventés, servis sur {room.base}")
    if with_prefect:
        screen.print("Prefect démarre un serveur pour la durée de la démo (10 à 20 secondes)…")
        await _get_ready(with_model=not again)
    times = [("La presse d'aujourd'hui", room.opened)]
    if not again:
        times.insert(0, ("La presse, jusqu'à hier", room.opened - DAY))
    summaries = []
    for words, clock in times:
        room.clock = clock
        screen.rule(words)
        summaries.append(await _cycle(with_prefect))
        screen.print(summaries[-1].line(), markup=False)
    return summaries


async def _get_ready(*, with_model: bool) -> None:
    """Start Prefect's server, a process of its own, and meanwhile load the French model: both are slow."""
    from flows.logging_setup import prepare_prefect

    prepare_prefect()
    from prefect import get_client

    async def server() -> None:
        async with get_client() as client:
            await client.hello()

    await asyncio.gather(server(), *([asyncio.to_thread(_warm_up)] if with_model else []))


def _warm_up() -> None:
    """Load what understanding needs, by a sentence that holds a cue."""
    from extractors import articles, events

    articles.read_article(
        b"<html><body><p>Bonjour.</p></body></html>", url="http://127.0.0.1/", now=datetime.now(UTC)
    )
    tuple(events.understand([Document(id="", text="Le directeur technique quitte la jeune pousse.")]))


async def _cycle(with_prefect: bool) -> "CycleSummary":
    """One cycle over every feed, by the configuration that the environment names."""
    if not with_prefect:
        from flows.pipeline import run_cycle
        from flows.pipeline_desk import configured, open_desk

        async with open_desk(configured()) as desk:
            return await run_cycle(desk, every=True)
    from prefect.client.schemas.objects import State

    from flows.watch import watch_feeds

    state: State[Any] = await watch_feeds(every=True, return_state=True)
    summary: CycleSummary = await state.aresult()
    return summary


def _report(
    room: Newsroom, home: Folder, screen: "Console", summaries: list["CycleSummary"], *, again: bool, as_json: bool
) -> int:
    """Show what was found, or that nothing was; the exit code."""
    from flows.demo import show

    with Store.open(home.database) as store:
        result = show.outcome(store, len(room.received))
    last = summaries[-1]
    if again and not (last.entries or last.alerts or last.events_new):
        show.nothing_new(screen, last, result, home)
    else:
        show.report(screen, result, home)
    if as_json:
        show.say_json(summaries, result)
    return 0 if result.found and all(summary.clean for summary in summaries) else 1

"""The command `backfill`: the past of the feeds, as history."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.cli.context import clean, options_of, say_json
from models.errors import NotStoredError


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(backfill)


def backfill(
    context: typer.Context,
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="How far back, as 2026-01-31.")],
    feed: Annotated[str | None, typer.Option(help="Only the feed of this address.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="About how many pages of articles at most.")] = None,
    pause: Annotated[float, typer.Option(min=0, help="Seconds between two requests for archives.")] = 2.0,
) -> None:
    """Read what feeds published before, from archives and sitemaps; alerts nobody. Again, it goes on."""
    options = options_of(context)
    settings = options.settings()
    from flows.history import Past, read_past
    from flows.pipeline_desk import open_desk

    async def past() -> Past:
        async with open_desk(settings) as desk:
            chosen = [f for f in desk.store.feeds() if feed in {None, f.url} and not f.paused]
            if feed and not chosen:
                raise NotStoredError(f"aucun flux {feed} : « vigie feeds list » les montre")
            return await read_past(desk, chosen, since.replace(tzinfo=UTC), limit=limit, pause=pause)

    done = asyncio.run(past())
    if options.as_json:
        say_json(done)
        return
    for words in done.failures:
        typer.echo(f"  échec · {clean(words)}", err=True)
    typer.echo(done.line())

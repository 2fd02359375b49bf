"""Commands on feeds: `vigie feeds …`."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.context import clean, options_of, say_json, table
from models.errors import InputError
from models.identity import canonical_url
from models.records import Feed, FeedResult
from models.vocabulary import Health

if TYPE_CHECKING:
    from flows.settings import Settings

app = typer.Typer(help="The feeds that are followed.", no_args_is_help=True)
_WELL = {Health.FRESH, Health.QUIET, Health.UNKNOWN, Health.MOVED}


@app.command("list")
def list_feeds(context: typer.Context) -> None:
    """The feeds and their health, those that ail first."""
    options = options_of(context)
    with options.store() as store:
        feeds = sorted(store.feeds(), key=lambda f: (f.health in _WELL, f.name.casefold()))
    if options.as_json:
        say_json(feeds)
    elif feeds:
        table(
            ("flux", "santé", "note", "adresse"), [(f.name, f.health.value, f.health_note, f.url) for f in feeds]
        )
    else:
        typer.echo("Aucun flux : « vigie init », « vigie feeds add URL » ou « vigie feeds import FICHIER.opml ».")


@app.command()
def add(
    context: typer.Context,
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of feeds.")],
    publisher: Annotated[str, typer.Option(help="Whose feed it is.")] = "",
    topic: Annotated[str, typer.Option(help="What it is about.")] = "",
) -> None:
    """Follow feeds; several addresses may be given."""
    wrong = [url for url in urls if canonical_url(url) is None]
    if wrong:
        raise InputError(f"« {wrong[0][:120]} » n’est pas une adresse http(s) ; rien n’a été ajouté")
    with options_of(context).store() as store:
        added = store.add_feeds([Feed(url=url.strip(), publisher=publisher, topic=topic) for url in urls])
    _say_added(context, len(added), len(urls))


def _say_added(context: typer.Context, added: int, given: int) -> None:
    if options_of(context).as_json:
        say_json({"added": added, "known": given - added})
    else:
        known = f", {given - added} déjà suivis" if given > added else ""
        typer.echo(f"{added} flux ajoutés{known}.")


@app.command()
def remove(context: typer.Context, url: Annotated[str, typer.Argument(help="The feed's address.")]) -> None:
    """Follow a feed no longer; what was read of it stays."""
    with options_of(context).store() as store:
        store.remove_feed(url)
    typer.echo("Flux retiré ; ce qui en a été lu reste.")


@app.command("import")
def import_opml(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="An OPML file.")]
) -> None:
    """Follow all feeds of an OPML file."""
    from extractors.opml import read_opml

    try:
        body = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} : {error.strerror or error}") from error
    feeds = read_opml(body)
    with options_of(context).store() as store:
        added = store.add_feeds(feeds)
    _say_added(context, len(added), len(feeds))


@app.command()
def export(context: typer.Context) -> None:
    """All feeds as OPML on standard output."""
    from extractors.opml import write_opml

    with options_of(context).store() as store:
        typer.echo(write_opml(store.feeds()))


@app.command()
def check(
    context: typer.Context,
    url: Annotated[str | None, typer.Argument(help="One feed, followed or not; without it, all.")] = None,
) -> None:
    """Fetch feeds now and say what they are worth; stores nothing."""
    options = options_of(context)
    with options.store() as store:
        known = store.feeds()
    chosen = [f for f in known if f.url == url] or [Feed(url=url)] if url else list(known)
    results = asyncio.run(_fetch_all(options.settings(), chosen))
    rows = [_verdict(result) for result in results]
    if options.as_json:
        say_json(
            [dict(zip(("feed", "ok", "status", "entries", "words", "url"), row, strict=True)) for row in rows]
        )
    else:
        for name, well, _, entries, words, _ in rows:
            typer.echo(f"{'bon  ' if well else 'échec'} · {clean(name)} · {entries} entrées · {clean(words)}")
    if any(not row[1] for row in rows):
        raise typer.Exit(1)


async def _fetch_all(settings: "Settings", chosen: list[Feed]) -> list[FeedResult]:
    from flows.pipeline import poll_one
    from flows.pipeline_desk import open_desk

    async with open_desk(settings) as desk:
        bare = [replace(feed, etag=None, last_modified=None) for feed in chosen]
        return list(await asyncio.gather(*(poll_one(desk, feed) for feed in bare)))


def _verdict(result: FeedResult) -> tuple[str, bool, int | None, int, str, str]:
    """Name, whether it is of use, HTTP status, entries, words, address."""
    entries = len(result.parsed.entries) if result.parsed else 0
    words = result.fetched.error or (result.parsed.problem if result.parsed else "") or "lisible"
    return result.feed.name, entries > 0, result.fetched.status, entries, words, result.feed.url

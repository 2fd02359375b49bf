"""Commands on feeds: `vigie feeds …`."""

import asyncio
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.context import Options, clean, now, options_of, say_json, table
from models.errors import InputError, NotStoredError
from models.identity import canonical_url
from models.records import Feed, FeedResult
from models.vocabulary import FEED_ONLY, Health

if TYPE_CHECKING:
    from flows.settings import Settings
    from models.store import Store


class Reading(StrEnum):
    """What is read of a feed's site."""

    FEED = "feed"
    PAGES = "pages"


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
            ("flux", "santé", "depuis", "note", "adresse"),
            [(f.name, f.health.value, _day(f.health_since), _note(f), f.url) for f in feeds],
        )
    else:
        typer.echo("Aucun flux : « vigie init », « vigie feeds add URL » ou « vigie feeds import FICHIER.opml ».")


def _day(moment: datetime | None) -> str:
    return f"{moment:%d/%m/%Y}" if moment else ""


def _note(feed: Feed) -> str:
    marks = ("en pause" if feed.paused else "", "seul le flux est lu" if feed.policy == FEED_ONLY else "")
    return " · ".join(words for words in (*marks, feed.health_note) if words)


@app.command()
def add(
    context: typer.Context,
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of feeds, or of their sites.")],
    publisher: Annotated[str, typer.Option(help="Whose feed it is.")] = "",
    topic: Annotated[str, typer.Option(help="What it is about.")] = "",
    as_given: Annotated[bool, typer.Option("--as-given", help="Ask nothing of the net: they are feeds.")] = False,
) -> None:
    """Follow feeds; of a site's address, the feed that it announces."""
    from flows.finding import find_feeds

    wanted = [url.strip() if "://" in url else f"https://{url.strip()}" for url in urls]
    wrong = [url for url in wanted if canonical_url(url) is None]
    if wrong:
        raise InputError(f"« {wrong[0][:120]} » n’est pas une adresse http(s) ; rien n’a été ajouté")
    options = options_of(context)
    with options.store() as store:
        known = {canonical_url(feed.url): feed for feed in store.feeds()}
    fresh = [url for url in wanted if canonical_url(url) not in known]
    for url in wanted:
        if feed := known.get(canonical_url(url)):
            typer.echo(f"  déjà suivi · {clean(feed.name)} · {clean(feed.url)}", err=True)
    found, words = ([Feed(url=url) for url in fresh], ()) if as_given else find_feeds(options.settings(), fresh)
    for line in words:
        typer.echo(f"  {clean(line)}", err=True)
    new = {canonical_url(feed.url): replace(feed, publisher=publisher, topic=topic) for feed in found}
    with options.store() as store:
        added = store.add_feeds([feed for key, feed in new.items() if key not in known])
    _say_added(context, len(added), len(wanted) - len(fresh) + len(found) - len(added))
    if len(found) < len(fresh):
        raise typer.Exit(1)


def _say_added(context: typer.Context, added: int, known: int) -> None:
    from flows.alerts.french import counted

    if options_of(context).as_json:
        say_json({"added": added, "known": known})
    else:
        more = f", {counted(known, 'déjà suivi', 'déjà suivis')}" if known else ""
        typer.echo(f"{counted(added, 'flux ajouté', 'flux ajoutés')}{more}.")


@app.command()
def remove(context: typer.Context, url: Annotated[str, typer.Argument(help="The feed's address.")]) -> None:
    """Follow a feed no longer; what was read of it stays."""
    with options_of(context).store() as store:
        store.remove_feed(url)
    typer.echo("Flux retiré ; ce qui en a été lu reste.")


@app.command()
def resume(context: typer.Context, url: Annotated[str, typer.Argument(help="The feed's address.")]) -> None:
    """Fetch a paused feed again, from the next cycle on."""
    with options_of(context).store() as store:
        feed = _followed(store, url)
        fresh = replace(feed, paused=False, failures=0, failing_since=None, retry_at=None, due=None)
        store.update_feed(fresh, now())
    typer.echo(f"{clean(feed.name)} sera relevé au prochain cycle.")


@app.command()
def policy(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The feed's address.")],
    what: Annotated[
        Reading,
        typer.Argument(help="`feed`: nothing but the feed; `pages`: its pages too, where the site lets us."),
    ],
) -> None:
    """Say what may be read of a feed's site; docs/rights.md tells when it matters."""
    with options_of(context).store() as store:
        feed = _followed(store, url)
        store.update_feed(replace(feed, policy=FEED_ONLY if what is Reading.FEED else ""), now())
    told = "seul son flux est lu" if what is Reading.FEED else "les pages que le site laisse lire le sont aussi"
    typer.echo(f"{clean(feed.name)} : {told}, dès le prochain cycle.")


def _followed(store: "Store", url: str) -> Feed:
    """The feed of an address. Raises NotStoredError."""
    found = next((feed for feed in store.feeds() if canonical_url(feed.url) == canonical_url(url)), None)
    if found is None:
        raise NotStoredError(f"aucun flux {url} : « vigie feeds list » les montre")
    return found


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
    _say_added(context, len(added), len(feeds) - len(added))


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
        from flows.alerts.french import counted

        for name, well, _, entries, words, _ in rows:
            parts = ("bon  " if well else "échec", clean(name), counted(int(entries), "entrée"), clean(words))
            typer.echo(" · ".join(parts))
        if url and chosen[0].id is not None:
            _say_history(options, chosen[0])
    if any(not row[1] for row in rows):
        raise typer.Exit(1)


def _say_history(options: Options, feed: Feed) -> None:
    """What is known of one followed feed: its health since when, when it is due, its last exchanges."""
    since = f" depuis le {_day(feed.health_since)}" if feed.health_since else ""
    typer.echo(f"        santé : {feed.health.value}{since} {clean(feed.health_note)}".rstrip())
    if feed.policy == FEED_ONLY:
        typer.echo("        règle : seul le flux est lu ; « vigie feeds policy URL pages » rend les pages")
    if feed.paused:
        typer.echo("        en pause : « vigie feeds resume » le reprend, « vigie feeds remove » le retire")
    elif feed.due:
        typer.echo(f"        prochain relevé : {feed.due:%d/%m/%Y %H:%M} UTC, {feed.failures} échecs de suite")
    with options.store() as store:
        for one in store.fetches(feed.url, 5):
            code = one.status or one.outcome.value
            typer.echo(f"        {one.started:%d/%m %H:%M} · {code} · {one.fresh} nouvelles · {clean(one.error)}")


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

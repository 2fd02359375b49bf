"""First starts on years of old entries, and feeds that give all their items new dates, ids or addresses.

Everything is real from the feed's bytes to the outbox, but for the network: pages cannot be had, and articles are
read from the feed's own text.
"""

import asyncio
import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, cast

import pytest

from extractors.parsing import Workshop
from flows.alerts.send import Sender
from flows.alerts.targets import targets_of
from flows.pipeline import poll, read_pages
from flows.pipeline_desk import Desk
from flows.pipeline_summary import Telling
from flows.pipeline_tell import understand_and_tell
from flows.settings import Settings
from models.queries import EventQuery
from models.records import Feed, Fetched
from models.store import Store
from models.vocabulary import Outcome

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FEED = 1_000  # entries in one feed
FIRST = ("Alix", "Basile", "Claire", "Damien", "Élodie", "Fabien", "Hugo", "Inès", "Jules", "Karine")
SYLLABLES = ("bar", "cro", "dan", "fel", "gui", "lou", "mar", "nor", "pel", "ver")


@dataclass(frozen=True)
class Item:
    """One item of a feed; `date` None: it has none."""

    number: int
    date: datetime | None
    guid: str
    path: str
    calm: bool = False

    @property
    def name(self) -> str:
        """A name for the number, unlike any other's."""
        return "".join(SYLLABLES[int(digit)] for digit in f"{self.number:05}").capitalize()

    def xml(self, site: str) -> str:
        """The item as RSS, with its whole text."""
        person, company = f"{FIRST[self.number % 10]} {self.name}", f"{self.name} Systèmes"
        title = f"{person} quitte {company}"
        text = (
            f"{person}, directeur général de {company}, a démissionné de ses fonctions. "
            f"« Je quitte {company} après {2 + self.number % 9} ans », a déclaré le dirigeant aux salariés."
        )
        if self.number % 2:
            title = f"{company} supprime {20 + self.number % 900} postes"
            text = (
                f"L’éditeur {company} a annoncé la suppression de {20 + self.number % 900} postes. "
                "La direction invoque une baisse de la demande et la perte de deux grands clients."
            )
        if self.calm:
            title = f"Test du clavier {self.name}"
            text = f"Le clavier {self.name} promet le calme au bureau sans rien perdre de la frappe mécanique."
        date = f"<pubDate>{format_datetime(self.date)}</pubDate>" if self.date else ""
        return (
            f"<item><title>{html.escape(title)}</title><link>{site}/{self.path}</link>{date}"
            f'<guid isPermaLink="false">{self.guid}</guid>'
            f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item>"
        )


def old_items(count: int) -> list[Item]:
    """Items of the last sixteen years, none of the last month; every tenth without a date."""
    return [
        Item(n, None if n % 10 == 9 else NOW - timedelta(days=30 + 37 * n % 5_800), f"id-{n}", f"article/{n}")
        for n in range(count)
    ]


class Web:
    """What the fetcher is to the pipeline: it answers with the feeds that a test sets, and with no pages."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    def publish(self, items: Sequence[Item]) -> None:
        """Share the items out to feeds; those of one number always to the same."""
        for start in sorted({i.number // FEED for i in items}):
            site = f"https://journal{start}.example"
            shown = "".join(i.xml(site) for i in items if i.number // FEED == start)
            self.bodies[f"{site}/feed"] = (
                '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
                'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
                f"<title>Journal {start}</title><link>{site}/</link><description>Tech</description>{shown}"
                "</channel></rss>"
            ).encode()

    async def fetch(self, url: str, **asked: Any) -> Fetched:
        """A feed, or words."""
        if url in self.bodies:
            headers = {"content-type": "application/rss+xml"}
            return Fetched(url, Outcome.OK, NOW, final_url=url, status=200, body=self.bodies[url], headers=headers)
        return Fetched(url, Outcome.FAILED, NOW, error="pas de page dans cet essai")


@dataclass
class Watch:
    """A store, one rule that wants everything, and a clock."""

    desk: Desk
    web: Web
    now: datetime = NOW

    def cycle(self, items: Sequence[Item]) -> Telling:
        """One cycle over what the feeds show now, up to the outbox."""
        self.web.publish(items)
        self.desk.store.add_feeds([Feed(url=url, publisher=url.split("/")[2]) for url in self.web.bodies])

        async def run() -> Telling:
            async with Workshop(workers=1) as workshop:
                desk = replace(self.desk, workshop=workshop)
                polled = await poll(desk, every=True)
                assert polled.failures == ()
                await read_pages(desk)
                return await understand_and_tell(desk)

        return asyncio.run(run())


@pytest.fixture
def watch(sqlite_store_url: str) -> Iterator[Watch]:
    settings = Settings.model_validate(
        {
            "database_url": sqlite_store_url,
            "channels": {"terminal": {"url": "terminal:"}},
            "rules": [{"name": "tout", "changes": ["new", "confirmed", "figure", "successor", "date", "scope"]}],
        }
    )
    with Store.open(sqlite_store_url) as store:
        web = Web()
        desk = Desk(
            store=store,
            fetcher=cast("Any", web),
            courtesy=cast("Any", web),
            workshop=Workshop(),  # each cycle opens its own
            sender=Sender({"terminal": targets_of("terminal:")}),
            settings=settings,
            clock=lambda: watching.now,
        )
        watching = Watch(desk, web)
        yield watching


LONG = [pytest.mark.long, pytest.mark.timeout(3_600)]


@pytest.mark.parametrize(
    ("count", "every"),
    [(300, 10), pytest.param(2_000, 25, marks=LONG), pytest.param(50_000, 25, marks=LONG)],
)
def test_a_first_start_tells_only_what_is_young(watch: Watch, count: int, every: int) -> None:
    """`every`: one entry in so many tells an event, the others tell of keyboards."""
    old = [replace(i, calm=i.number % every > 0) for i in old_items(count)]
    yesterday = replace(old[0], number=count, date=NOW - timedelta(days=1), guid="jeune", path="jeune")
    told = watch.cycle([*old, yesterday])
    assert told.articles == count + 1
    events = watch.desk.store.events(EventQuery(limit=None))
    assert len(events) > 0.9 * count / every  # they are all events that a rule would want, were they young
    (alert,) = watch.desk.store.alerts(limit=count)
    assert [m.provenance.url for m in alert.event.mentions] == [f"https://journal{count // FEED}.example/jeune"]
    assert watch.cycle([*old, yesterday]).alerts == 0


def redated(items: Sequence[Item], now: datetime) -> list[Item]:
    return [replace(i, date=now - timedelta(minutes=i.number % 600)) for i in items]


def with_new_ids(items: Sequence[Item], now: datetime) -> list[Item]:
    return [replace(i, guid=f"neuf-{i.number}") for i in items]


def with_new_ids_and_dates(items: Sequence[Item], now: datetime) -> list[Item]:
    return redated(with_new_ids(items, now), now)


def moved(items: Sequence[Item], now: datetime) -> list[Item]:
    """A new publishing system: other ids, other addresses, the same texts and dates."""
    return [replace(i, guid=f"neuf-{i.number}", path=f"nouveau/{i.number}.html") for i in items]


def moved_and_dated_anew(items: Sequence[Item], now: datetime) -> list[Item]:
    return redated(moved(items, now), now)


@pytest.mark.parametrize(
    "change",
    [redated, with_new_ids, with_new_ids_and_dates, moved, moved_and_dated_anew],
)
def test_a_feed_that_makes_all_its_items_anew_tells_nothing(watch: Watch, change: Any) -> None:
    old = old_items(40)
    assert watch.cycle(old).alerts == 0
    assert len(watch.desk.store.events(EventQuery(limit=None))) > 36
    watch.now = NOW + timedelta(hours=1)
    told = watch.cycle(change(old, watch.now))
    assert told.alerts == 0
    assert watch.desk.store.alerts() == ()


def test_a_young_item_among_those_made_anew_is_told(watch: Watch) -> None:
    old = old_items(20)
    watch.cycle(old)
    watch.now = NOW + timedelta(hours=1)
    young = Item(20, NOW, "jeune", "jeune")
    assert watch.cycle([*moved_and_dated_anew(old, watch.now), young]).alerts == 1
    (alert,) = watch.desk.store.alerts()
    assert alert.event.mentions[0].provenance.url.endswith("/jeune")

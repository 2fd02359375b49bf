"""What each step of a cycle answers, and the summary of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.events import Resolution
from models.records import FeedResult
from models.vocabulary import Health, Outcome


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing of a cycle that failed, in words; `what` never holds a secret."""

    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Polled:
    """What became of the feeds that were due. `results` hold no bodies any more."""

    results: tuple[FeedResult, ...] = ()
    entries: int = 0  # new or changed

    def count(self, outcome: Outcome) -> int:
        """How many exchanges ended so."""
        return sum(result.fetched.outcome is outcome for result in self.results)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The feeds that could not be fetched or read, by name; one that is only empty is none of them."""
        return tuple(Failure(r.feed.name, words) for r in self.results if (words := _trouble(r)))


def _trouble(result: FeedResult) -> str | None:
    parsed = result.parsed
    if result.fetched.error or parsed is None:
        return result.fetched.error
    return parsed.problem if not parsed.entries and parsed.health is not Health.EMPTY else None


@dataclass(frozen=True, slots=True)
class Read:
    """What became of the pages of new entries."""

    articles: int = 0  # readable, whatever they were read from
    summaries: int = 0  # of these, from the feed's own text
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """What the new articles told. `resolutions` are those that made or changed an event, for reports.

    `quotes`: the sentence that tells each, by the mention's id.
    """

    articles: int = 0
    mentions: int = 0
    new: int = 0
    changed: int = 0
    alerts: int = 0
    resolutions: tuple[Resolution, ...] = ()
    quotes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the deliveries that were due."""

    sent: int = 0
    failures: tuple[Failure, ...] = ()
    given_up: tuple[Failure, ...] = ()  # of the failures, those that will not be tried again

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(self.sent + other.sent, self.failures + other.failures, self.given_up + other.given_up)


@dataclass(frozen=True, slots=True)
class CycleSummary:
    """One cycle in figures; failures are told in words, and the cycle went on.

    `entries`: new or changed; `events_changed`: told again with something new, or by one outlet more.
    """

    started: datetime
    seconds: float
    feeds: int = 0
    ok: int = 0
    not_modified: int = 0
    failed: tuple[Failure, ...] = ()
    entries: int = 0
    articles: int = 0
    summaries: int = 0
    unreadable: tuple[Failure, ...] = ()
    mentions: int = 0
    events_new: int = 0
    events_changed: int = 0
    alerts: int = 0
    deliveries: int = 0
    undelivered: tuple[Failure, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing failed that somebody should look at; a page that cannot be read is daily bread."""
        return not (self.failed or self.undelivered)

    def line(self) -> str:
        """One French line for logs and terminals."""
        parts = [
            _many(self.feeds, "flux"),
            f"{self.not_modified} sans changement",
            f"{len(self.failed)} en échec",
            _many(self.entries, "entrée"),
            _many(self.articles, "article"),
            f"{_many(self.events_new, 'événement')} ({_many(self.events_changed, 'complété')})",
            _many(self.alerts, "alerte"),
            f"{_many(self.deliveries, 'envoi')} ({len(self.undelivered)} en échec)",
        ]
        return f"{' · '.join(parts)} · {self.seconds:.1f} s"


@dataclass(frozen=True, slots=True)
class Cycle:
    """All that the steps of one cycle answered."""

    polled: Polled = field(default_factory=Polled)
    read: Read = field(default_factory=Read)
    telling: Telling = field(default_factory=Telling)
    delivered: Delivered = field(default_factory=Delivered)

    def summary(self, started: datetime, ended: datetime) -> CycleSummary:
        """The figures of this cycle."""
        return CycleSummary(
            started=started,
            seconds=round((ended - started).total_seconds(), 3),
            feeds=len(self.polled.results),
            ok=self.polled.count(Outcome.OK),
            not_modified=self.polled.count(Outcome.NOT_MODIFIED),
            failed=self.polled.failures,
            entries=self.polled.entries,
            articles=self.read.articles,
            summaries=self.read.summaries,
            unreadable=self.read.failures,
            mentions=self.telling.mentions,
            events_new=self.telling.new,
            events_changed=self.telling.changed,
            alerts=self.telling.alerts,
            deliveries=self.delivered.sent,
            undelivered=self.delivered.failures,
        )


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 and not word.endswith('x') else ''}"

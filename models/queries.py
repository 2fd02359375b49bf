"""The frozen records at the store's doors: what is asked of it, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from models.dates import PartialDate
from models.events import Alert, Delivery, Event, Resolution
from models.vocabulary import DeliveryState, Health, Kind, Life, Outcome, Salience


@dataclass(frozen=True, slots=True)
class FetchRecord:
    """One line of a feed's history. `entries`: how many it held; `fresh`: how many were new or changed."""

    feed_url: str
    started: datetime
    seconds: float
    outcome: Outcome
    status: int | None = None
    size: int = 0  # bytes, decompressed
    entries: int = 0
    fresh: int = 0
    health: Health = Health.UNKNOWN
    error: str | None = None


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which events are asked for; what is None does not narrow. The latest to change come first.

    `company` and `person` are compared folded, through the aliases that the store holds; `since` and `until`
    bound the last change (`until` excluded), `dated_since` the event's own date.

    """

    kind: Kind | None = None
    company: str | None = None
    person: str | None = None
    life: frozenset[Life] = frozenset()  # empty: any
    salience: Salience | None = None
    min_headcount: int | None = None
    min_percent: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    dated_since: PartialDate | None = None
    dismissed: bool | None = False  # None: those that were dismissed too
    doubtful: bool = False  # those too that every article tells doubtfully
    limit: int | None = 100


@dataclass(frozen=True, slots=True)
class Stored:
    """An event with what only the store knows of it."""

    event: Event
    first_told: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a decision asks the store to write for one article, in one transaction.

    `keys`: for each event in `resolutions` or `events`, the keys under which it is to be found again.
    `events`: further events whose values the article changed without a resolution of their own (a mention that
    it withdrew). `absorbed`: stored events that turned out to be another one, old id → id that remains.
    `deliveries`: one for each alert, channel and target; where an alert has none, one is made for the first
    target of each of its channels, due at once.

    """

    resolutions: tuple[Resolution, ...] = ()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    absorbed: Mapping[str, str] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the store wrote of one article. `events`: created; `changed`: those that it added to or changed."""

    article: str
    mentions: int = 0
    withdrawn: int = 0  # told by an earlier reading of the article, no longer by this one
    events: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()  # new in the outbox


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery, leased to one worker until `until`, with the alert to send."""

    delivery: Delivery
    alert: Alert
    until: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of one delivery: how it ended, in words that never hold the target's address."""

    delivery: int
    at: datetime
    worker: str
    state: DeliveryState  # in which it left the delivery
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision made by hand, kept for ever: who, when, what."""

    action: Literal["merge", "split", "dismiss", "restore", "alias", "unalias", "forget"]
    subject: str  # an event's id, or an organisation's or person's name
    other: str | None = None
    mentions: tuple[str, ...] = ()
    actor: str = ""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of an organisation or a person."""

    kind: Literal["organisation", "person"]
    name: str
    alias: str
    by: str = "vigie"


@dataclass(frozen=True, slots=True)
class Tally:
    """What the store holds; `articles` and `events` count those of the time asked for."""

    feeds: int
    well: int  # fresh, quiet or moved
    articles: int
    events: int
    waiting: int  # deliveries
    given_up: int
    pending: int  # entries whose article was not read yet


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased of a person. Holds no name."""

    events: int
    mentions: int
    alerts: int
    texts: int  # rows in which the name was made unreadable

"""The frozen records of the stages that tell.

Mention ─resolve→ Event ─decide→ Alert ─render→ Message ─send→ Delivery.

No behaviour here but what a record can say of itself; times are aware datetimes in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.dates import PartialDate
from models.records import Mention
from models.vocabulary import DeliveryState, Kind, Life, News, Salience

FieldValue = str | int | float | tuple[str, ...] | None
"""What a field of an event may hold; dates are ISO strings, codes are tuples of strings."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a mention was told. `text_hash` is that of the whole text: equal in a syndicated copy."""

    article: str
    outlet: str = ""
    url: str = ""
    title: str = ""
    published: PartialDate | None = None
    seen: datetime | None = None
    text_hash: str = ""


@dataclass(frozen=True, slots=True)
class SourcedMention:
    """A mention with its provenance; `id` is stable for one event of one article."""

    id: str
    mention: Mention
    provenance: Provenance


def sure_among(mentions: tuple[SourcedMention, ...]) -> tuple[SourcedMention, ...]:
    """Those of some mentions that are told surely; all of them where none is."""
    return tuple(m for m in mentions if not m.mention.doubtful) or mentions


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value that disagrees with the chosen one, with the outlets that tell it."""

    value: FieldValue
    mentions: tuple[str, ...]
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The value of one field of an event, the rule that chose it, who supports it, and who disagrees."""

    value: FieldValue
    rule: str
    mentions: tuple[str, ...] = ()
    others: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """The thing that happened, told by one or more mentions; `values` holds the schema's fields.

    The last three are a person's decisions, which every later run respects.
    """

    id: str
    kind: Kind
    life: Life
    values: Mapping[str, Chosen]
    mentions: tuple[SourcedMention, ...]
    salience: Salience = Salience.MAIN  # main if any mention is
    dismissed: bool = False  # no event: its mentions still gather here, nothing is told of it
    pinned: frozenset[str] = frozenset()  # mentions put here by hand: they stay
    apart: frozenset[str] = frozenset()  # events that are not this one, whatever the names say

    def get(self, name: str) -> FieldValue:
        """The chosen value of a field, None where there is none."""
        chosen = self.values.get(name)
        return chosen.value if chosen else None

    @property
    def doubtful(self) -> bool:
        """Whether every article that tells it does so too doubtfully for it to be shown."""
        return all(m.mention.doubtful for m in self.mentions)

    @property
    def sure_mentions(self) -> tuple[SourcedMention, ...]:
        """The mentions that tell it surely; all of them where none does."""
        return sure_among(self.mentions)

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets that surely tell it, in the order of their telling, each once."""
        return tuple(dict.fromkeys(m.provenance.outlet or m.provenance.url for m in self.sure_mentions))


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an event's history: what a mention, or a person's decision, changed in it."""

    event: str
    news: News | None
    summary: str  # French
    field: str = ""
    before: FieldValue = None
    after: FieldValue = None
    mention: str | None = None
    actor: str = "vigie"
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of one mention: which event it tells, why, and what it adds."""

    mention: SourcedMention
    event: Event
    created: bool
    reason: str
    news: News | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """What a rule asks to be told of one event. The outbox holds one row an alert and target."""

    id: str
    rule: str
    channels: tuple[str, ...]
    news: News
    event: Event
    change: Change | None = None
    created: datetime | None = None
    first: str | None = None  # the alert that told the event first, for threads


@dataclass(frozen=True, slots=True)
class Message:
    """One alert or digest as a channel will show it. `id` makes sending it twice visible.

    `data`: the JSON for a target that takes structure (Slack's blocks, the webhook's body); `image`: a PNG that
    `html` shows as `cid:graphique`.
    """

    id: str
    subject: str
    text: str
    html: str | None = None
    in_reply_to: str | None = None
    data: str | None = None
    image: bytes | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One sending of one alert to one target of a channel."""

    alert: str
    channel: str
    target: int = 0
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    due: datetime | None = None
    error: str | None = None
    sent: datetime | None = None
    id: int | None = None

"""The frozen records of the stages that read, in the order in which data goes through them.

Feed ─fetch→ Fetched ─parse→ Entry ─fetch, extract→ Article ─understand→ Mention; those of the stages that
tell are in models.events. Times are aware datetimes in UTC; dates that an article tells are PartialDates.
No behaviour here but what a record can say of itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from models.dates import PartialDate
from models.vocabulary import (
    ArticleFlag,
    Health,
    Kind,
    Manner,
    Outcome,
    Qualifier,
    RoleCode,
    Salience,
    Status,
)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is followed, and what is known of it. `url` is its identity."""

    url: str
    title: str = ""
    publisher: str = ""
    site: str = ""
    topic: str = ""
    folder: str = ""
    etag: str | None = None
    last_modified: str | None = None
    due: datetime | None = None  # None: never fetched, due now
    fetched: datetime | None = None
    failures: int = 0  # in a row
    health: Health = Health.UNKNOWN
    health_note: str = ""  # in French, for the user
    health_since: datetime | None = None
    failing_since: datetime | None = None
    retry_at: datetime | None = None  # the server asked not to be called before
    ttl_minutes: int | None = None
    rhythm: float | None = None  # seconds between two entries, learned
    newest: datetime | None = None  # the date of its latest entry
    moved_to: str | None = None  # where 301 and 308 lead, until they have held for long enough
    moved_since: datetime | None = None
    policy: str = ""  # what of its site may be read; empty: what robots.txt and reservations allow
    paused: bool = False  # not fetched until a person says so: gone, or failing for a year
    id: int | None = None

    @property
    def name(self) -> str:
        """What to call it: its publisher, else its title, else its address."""
        return self.publisher or self.title or self.url


@dataclass(frozen=True, slots=True)
class Fetched:
    """One exchange over HTTP, redirects included. A failure is a result, its words in `error` (French)."""

    url: str
    outcome: Outcome
    started: datetime
    seconds: float = 0.0
    final_url: str = ""
    status: int | None = None
    body: bytes = b""  # decompressed
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    moved_to: str | None = None  # where 301 and 308 lead, if every hop was one
    error: str | None = None
    health: Health = Health.UNKNOWN  # set where the exchange alone settles it


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed, cleaned. `key` is its identity: guid, else canonical URL, else content."""

    key: str
    feed_url: str
    url: str | None
    title: str
    guid: str | None = None
    summary: str = ""  # plain text
    content: str = ""  # HTML of the whole item, where the feed carries it
    published: datetime | None = None
    updated: datetime | None = None
    publisher: str = ""
    tries: int = 0  # of its page that failed for a while
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed's bytes hold. `problem` is in words (French), None where all is well."""

    title: str = ""
    site: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = ()
    health: Health = Health.FRESH
    problem: str | None = None
    ttl_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()  # of the day in UTC, in which the feed asks for rest
    older: str | None = None  # where the feed continues into its past (RFC 5005)


@dataclass(frozen=True, slots=True)
class FeedResult:
    """One feed's part of a cycle: the exchange, and what was parsed of it."""

    feed: Feed
    fetched: Fetched
    parsed: ParsedFeed | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """The readable text of one page, with what is known of it. `url` is canonical."""

    url: str
    title: str
    text: str
    fetched: datetime
    published: datetime | None = None
    publisher: str = ""
    language: str = "fr"
    content_hash: str = ""
    flags: frozenset[ArticleFlag] = frozenset()
    error: str | None = None
    entry_key: str | None = None
    id: int | None = None

    @property
    def readable(self) -> bool:
        """Whether there is article text to understand."""
        refused = {ArticleFlag.CONSENT, ArticleFlag.EMPTY, ArticleFlag.FAILED}
        return bool(self.text) and not (self.flags & refused)


@dataclass(frozen=True, slots=True)
class Document:
    """What is understood: a story's title, text and date, from wherever it comes."""

    id: str
    text: str
    title: str | None = None
    published: PartialDate | None = None
    source: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that a value stands on: `document.<where>[start:end] == quote`; `rule` found them."""

    where: Literal["title", "text"]
    start: int
    end: int
    quote: str
    rule: str


DOUBTFUL = "doubtful"
"""The rule of the salience of a mention that may as well be wrong."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What one article says of one departure or one cut. Fields follow docs/schema.md.

    `evidence` maps a field's name to its proof; `trigger` there is the words that tell the event.
    `denied`: the article says that it is not so; such a mention never makes an event.
    """

    kind: Kind
    salience: Salience
    company: str | None = None
    date: PartialDate | None = None
    status: Status = Status.CONFIRMED
    reason: str | None = None
    person: str | None = None
    role: str | None = None
    role_codes: tuple[RoleCode, ...] = ()
    manner: tuple[Manner, ...] = ()
    destination: str | None = None
    successor: str | None = None
    headcount: int | None = None
    headcount_qualifier: Qualifier | None = None
    percent: float | None = None
    unit: str | None = None
    place: str | None = None
    denied: bool = False
    evidence: Mapping[str, Evidence] = field(default_factory=dict)

    @property
    def doubtful(self) -> bool:
        """Whether it is told too doubtfully to be shown before a surer article tells it too."""
        why = self.evidence.get("salience")
        return why is not None and why.rule == DOUBTFUL

    @property
    def date_assumed(self) -> bool:
        """Whether its date is the article's day, for want of words that give one. Without proofs, it was told."""
        return self.date is not None and bool(self.evidence) and "date" not in self.evidence


@dataclass(frozen=True, slots=True)
class Step:
    """One decision of the understanding, for `vigie explain`: where, which rule, and what it said."""

    stage: str
    rule: str
    verdict: str
    quote: str = ""
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was understood of one document. `labels`: what it is news of."""

    document: str
    labels: frozenset[Kind] = frozenset()
    mentions: tuple[Mention, ...] = ()
    steps: tuple[Step, ...] = ()

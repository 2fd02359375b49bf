"""The closed vocabularies of the schema: what a value may be (the guide is docs/schema.md)."""

from enum import StrEnum


class Kind(StrEnum):
    """What happened: somebody left an organisation, or an organisation cut jobs."""

    DEPARTURE = "departure"
    LAYOFF = "layoff"


class Salience(StrEnum):
    """Whether the article reports the event as its news, or recalls it."""

    MAIN = "main"
    BACKGROUND = "background"


class Status(StrEnum):
    """How sure the article is; members stand in order of certainty, see `certainty`."""

    SPECULATED = "speculated"
    REPORTED = "reported"
    CONFIRMED = "confirmed"

    @property
    def certainty(self) -> int:
        """0 for speculated, 1 for reported, 2 for confirmed."""
        return list(Status).index(self)


class Life(StrEnum):
    """The state of an event over all its mentions: a Status, or denied."""

    SPECULATED = "speculated"
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    DENIED = "denied"


class Manner(StrEnum):
    """How a person left."""

    VOLUNTARY = "voluntary"
    FORCED = "forced"
    RETIREMENT = "retirement"
    MUTUAL = "mutual"
    TERM_END = "term_end"
    DEATH = "death"
    UNSPECIFIED = "unspecified"


class RoleCode(StrEnum):
    """The function held, normalised."""

    CEO = "CEO"
    CFO = "CFO"
    CTO = "CTO"
    COO = "COO"
    CPO = "CPO"
    CMO = "CMO"
    CRO = "CRO"
    CIO = "CIO"
    CISO = "CISO"
    CHRO = "CHRO"
    CLO = "CLO"
    CCO = "CCO"
    CSO = "CSO"
    CAIO = "CAIO"
    FOUNDER = "FOUNDER"
    CHAIR = "CHAIR"
    BOARD = "BOARD"
    COUNTRY = "COUNTRY"
    VP = "VP"
    HEAD = "HEAD"
    RESEARCH = "RESEARCH"
    ENGINEER = "ENGINEER"
    EDITOR = "EDITOR"
    PUBLIC = "PUBLIC"
    OTHER = "OTHER"


class Qualifier(StrEnum):
    """How a headcount is meant."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    ABOUT = "about"
    UP_TO = "up_to"


class News(StrEnum):
    """What a mention adds for a reader of the earlier ones; None of these where it adds nothing."""

    NEW = "new"
    CONFIRMED = "confirmed"
    FIGURE = "figure"
    SUCCESSOR = "successor"
    DENIED = "denied"
    DATE = "date"
    SCOPE = "scope"


class Outcome(StrEnum):
    """How one exchange over HTTP ended."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"


class Health(StrEnum):
    """The state of a feed, as told to the user; the words are in `Feed.health_note`."""

    UNKNOWN = "unknown"
    FRESH = "fresh"
    QUIET = "quiet"
    EMPTY = "empty"
    NOT_A_FEED = "not_a_feed"
    BROKEN = "broken"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    MOVED = "moved"
    GONE = "gone"
    TEMPLATE = "template"  # the feed is well, but its pages give no text, or text without a name


FEED_ONLY = "feed"
"""The policy of a source of which only the feed is read; without one, what its site allows."""


class ArticleFlag(StrEnum):
    """What keeps a page from being a whole article; see `Article.readable`."""

    PARTIAL = "partial"  # a teaser: the rest is for subscribers
    CONSENT = "consent"  # a cookie wall or a bot check instead of the article
    SUMMARY = "summary"  # the text is the feed's own summary or content, the page was not read
    EMPTY = "empty"  # no article text was found in the page
    FAILED = "failed"  # the page could not be fetched
    UNDATED = "undated"  # no date in the feed nor in the page


class DeliveryState(StrEnum):
    """Where one sending stands in the outbox."""

    WAITING = "waiting"
    LEASED = "leased"
    SENT = "sent"
    GIVEN_UP = "given_up"

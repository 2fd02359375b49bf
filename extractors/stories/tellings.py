"""A mention seen by resolution: its names read, its dates as spans, its place in the order of publication."""

from dataclasses import dataclass
from datetime import date, timedelta

from extractors.stories.names import Names, Organisation
from models.dates import PartialDate
from models.events import SourcedMention
from models.identity import PersonName
from models.records import Mention
from models.vocabulary import Kind, RoleCode, Salience

# An announced cut may take effect long after; what places it in time is then the article's day.
FUTURE_DAYS = 31
# What an article brings as news did not happen years before: such a date is of something else that it tells.
NEWS_DAYS = 400

Order = tuple[str, str, bool, str]
"""Publication, article, recalls last, mention: the order in which mentions are read."""

_BOARD = frozenset({RoleCode.BOARD, RoleCode.CHAIR})
_NEUTRAL = frozenset({RoleCode.FOUNDER})


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a date may mean. `vague`: it is known to the year only."""

    first: date
    last: date
    vague: bool = False

    @classmethod
    def of(cls, when: PartialDate) -> "Span":
        """The span of a partial date."""
        return cls(when.first(), when.last(), when.precision == "year")

    def gap(self, other: "Span") -> int:
        """The days between two spans, 0 where they overlap."""
        return max(0, (other.first - self.last).days, (self.first - other.last).days)


@dataclass(frozen=True, slots=True)
class Telling:
    """A mention with what resolution compares. `spans`: when it says that it happened; empty where it does not."""

    sourced: SourcedMention
    organisation: Organisation
    person: PersonName
    spans: tuple[Span, ...]
    order: Order

    @property
    def face(self) -> object:
        """All that a comparison looks at: two tellings with one face compare alike with any third."""
        m, where = self.mention, self.sourced.provenance
        figures = (m.headcount, m.percent, m.unit, m.place, where.published if not self.spans else None)
        return (self.organisation, self.person, self.spans, self.certainty, self.main, self.seat, figures)

    @property
    def mention(self) -> Mention:
        """What the article says."""
        return self.sourced.mention

    @property
    def article(self) -> str:
        """The article that says it."""
        return self.sourced.provenance.article

    @property
    def main(self) -> bool:
        """Whether it is the article's news."""
        return self.mention.salience is Salience.MAIN

    @property
    def doubtful(self) -> bool:
        """Whether it may as well be wrong: it may join what surer articles tell, and moves none of them."""
        return self.mention.doubtful

    @property
    def certainty(self) -> int:
        """As of its status; a denial is no more than a rumour."""
        return 0 if self.mention.denied else self.mention.status.certainty

    @property
    def vague(self) -> bool:
        """Whether its date is known to the year only."""
        return bool(self.spans) and all(s.vague for s in self.spans)

    @property
    def seat(self) -> str:
        """`board` for a seat on the board alone, `work` for a function, empty where it is not said."""
        codes = frozenset(self.mention.role_codes) - _NEUTRAL
        return "" if not codes else "board" if codes <= _BOARD else "work"

    def gap(self, other: "Telling") -> int | None:
        """The days between two tellings of what may be one thing; None where one has no date."""
        return min((a.gap(b) for a in self.spans for b in other.spans), default=None)

    @property
    def latest(self) -> date:
        """Where it stands among waves: the last day that it may mean."""
        return max((s.last for s in self.spans), default=date.min)


def telling(sourced: SourcedMention, names: Names) -> Telling:
    """A mention ready to be compared."""
    mention = sourced.mention
    layoff = mention.kind is Kind.LAYOFF
    return Telling(
        sourced,
        names.organisation(mention.company),
        names.person(mention.person),
        _layoff_spans(sourced) if layoff else _departure_spans(sourced),
        order_of(sourced),
    )


def order_of(sourced: SourcedMention) -> Order:
    """The order in which mentions are read, whatever their order of arrival: publication, then main first."""
    published = sourced.provenance.published
    main = sourced.mention.salience is Salience.MAIN
    return (published.iso if published else "9999", sourced.provenance.article, not main, sourced.id)


def _layoff_spans(sourced: SourcedMention) -> tuple[Span, ...]:
    """One span: the date told; for the news of the day without a better one, the day of publication."""
    when, published = sourced.mention.date, sourced.provenance.published
    main = sourced.mention.salience is Salience.MAIN
    if when is None:
        return (Span.of(published),) if main and published else ()
    span = Span.of(when)
    if main and published:
        day = Span.of(published)
        late = span.first > day.last + timedelta(days=FUTURE_DAYS)
        if late or _bygone(span, day) or (when.precision != "day" and span.gap(day) == 0):
            return (day,)
    return (span,)


def _departure_spans(sourced: SourcedMention) -> tuple[Span, ...]:
    """The date told, and the day of publication for the news of the day: alone where they are far apart."""
    when, published = sourced.mention.date, sourced.provenance.published
    told = (Span.of(when),) if when else ()
    if sourced.mention.salience is not Salience.MAIN or published is None:
        return told
    day = Span.of(published)
    return (*(s for s in told if not _bygone(s, day)), day)


def _bygone(span: Span, day: Span) -> bool:
    """Whether a date lies years before the day of an article that is said to bring its news."""
    return (day.first - span.last).days > NEWS_DAYS

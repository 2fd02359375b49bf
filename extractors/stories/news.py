"""What a mention adds for a reader of the earlier ones: a pure decision, one word or nothing."""

import re
from collections.abc import Sequence
from datetime import timedelta

from extractors.stories.layoffs import SAME_RATIO, SAME_SHARE
from extractors.stories.names import Kinship, Names
from extractors.stories.tellings import Span, Telling
from extractors.stories.values import life_of
from models.dates import PartialDate
from models.vocabulary import Kind, Life, News

# A date moved by less is the same day told from two time zones, or "mardi" against "mercredi".
DATE_SHIFT = 2
# "Ce lundi", "cette semaine": a date that near to publication is the article's day.
OWN_DAYS = 3
# A share of a plan that an article names with the plan itself is its scope within this many days.
SCOPE_DAYS = 31
_AND = re.compile(r"\s+(?:et|puis|&)\s+|\s*[,;/]\s*")


def news_of(told: Telling, before: Sequence[Telling], article: Sequence[Telling], names: Names) -> News | None:
    """What a telling adds to those before it. `article`: what the same article tells of other events.

    What is told doubtfully adds nothing, and does not make known what a surer article tells after it.
    """
    if told.mention.doubtful:
        return None
    before = [t for t in before if not t.mention.doubtful]
    affirmed = [t for t in before if not t.mention.denied]
    if told.mention.denied:
        known = any(t.main for t in affirmed) and life_of(t.sourced for t in before) is not Life.DENIED
        return News.DENIED if known else None
    if not any(t.main for t in affirmed):
        return News.NEW if told.main else None
    if any(t.main and t.order[0] > told.order[0] for t in affirmed):
        return None  # it comes late: what was told since stands
    if life_of(t.sourced for t in before) is not Life.CONFIRMED and told.certainty == 2:
        return News.CONFIRMED
    if told.mention.kind is Kind.DEPARTURE:
        return _of_departure(told, affirmed, names)
    return _of_layoff(told, affirmed, article, names)


def _of_departure(told: Telling, before: Sequence[Telling], names: Names) -> News | None:
    if _new_successor(told, before, names):
        return News.SUCCESSOR
    return News.DATE if told.main and _new_date(told, before) else None


def _new_successor(told: Telling, before: Sequence[Telling], names: Names) -> bool:
    """Whether it names a successor whom no earlier telling named."""
    known = [names.person(n) for t in before for n in _people(t.mention.successor)]
    fresh = [names.person(n) for n in _people(told.mention.successor)]
    return bool(fresh) and not any(names.same_person(a, b) for a in fresh for b in [*known, told.person])


def _people(successor: str | None) -> list[str]:
    return [name for name in _AND.split(successor or "") if name]


def _new_date(told: Telling, before: Sequence[Telling]) -> bool:
    """Whether it gives the departure another day than every earlier telling.

    A day that no word of the article gives is none. An article's own day is no news beside a day before it,
    whichever was told first: it is that of the announcement, of what was done by then.
    """
    when = told.mention.date
    dated = [(t, t.mention.date) for t in before if t.mention.date]
    if when is None or told.mention.date_assumed or when.precision == "year" or not dated:
        return False
    if not all(_apart(when, day) for _, day in dated):
        return False
    announced = _own_day(told) and any(day.last() < when.first() for _, day in dated)
    return not announced and not any(when.last() < day.first() and _own_day(t) for t, day in dated)


def _own_day(told: Telling) -> bool:
    """Whether the day that it gives is about that of its article."""
    when, published = told.mention.date, told.sourced.provenance.published
    return when is not None and published is not None and Span.of(when).gap(Span.of(published)) <= OWN_DAYS


def _apart(one: PartialDate, other: PartialDate) -> bool:
    """Whether two dates cannot mean the same day."""
    days = one.precision == other.precision == "day"
    shift = timedelta(days=DATE_SHIFT if days else 0)
    return one.first() > other.last() + shift or one.last() < other.first() - shift


def _of_layoff(told: Telling, before: Sequence[Telling], article: Sequence[Telling], names: Names) -> News | None:
    if _new_figure(told, before):
        return News.FIGURE
    return News.SCOPE if _reaches_subsidiary(told, article, names) else None


def _new_figure(told: Telling, before: Sequence[Telling]) -> bool:
    """Whether it counts the jobs otherwise than every earlier telling; a recall only where none was counted."""
    jobs, share = told.mention.headcount, told.mention.percent
    known = [t.mention.headcount for t in before if t.mention.headcount]
    shares = [t.mention.percent for t in before if t.mention.percent]
    if jobs:
        if known:
            return told.main and all(max(jobs, k) / min(jobs, k) > SAME_RATIO for k in known)
        return True
    if share and shares:
        return told.main and all(abs(share - s) >= SAME_SHARE for s in shares)
    return bool(share) and not known


def _reaches_subsidiary(told: Telling, article: Sequence[Telling], names: Names) -> bool:
    """Whether the article's own news is a subsidiary's part of this plan (Twitch in Amazon's of March 2023)."""
    return any(
        other.main
        and other.mention.kind is Kind.LAYOFF
        and names.kinship(told.organisation, other.organisation) is Kinship.GROUP
        and told.organisation.key in other.organisation.line
        and (gap := told.gap(other)) is not None
        and gap <= SCOPE_DAYS
        for other in article
    )

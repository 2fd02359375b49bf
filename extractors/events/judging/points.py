"""Phrases that may tell a leaver's post or day, and how each stands to each name: the encoder points at one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.events.dates import DateUse, date_expressions
from extractors.events.judging.candidates import Candidate, nearness, sentences_of
from extractors.events.language import Parsed, Where
from extractors.events.people import People
from extractors.events.posts import duties
from extractors.events.roles import Role
from models.dates import PartialDate

SIGNS = 12
MOST = 40  # phrases of a kind that are judged, in reading order
_MEANT = (DateUse.START, DateUse.EFFECT, DateUse.DEADLINE)
_PLURAL = re.compile(r"\w+s\b")


@dataclass(frozen=True)
class Day:
    """A date expression at its place, in one of its readings."""

    where: Where
    start: int
    end: int
    value: PartialDate
    use: DateUse
    ahead: bool  # the reading as a date to come, where there are two
    rule: str


@dataclass(frozen=True)
class Points:
    """The posts and the days that a document tells, in reading order."""

    posts: tuple[Role, ...]
    days: tuple[Day, ...]


def points(people: People) -> Points:
    """Every post and every reading of a date; at most `MOST` of each."""
    posts = sorted((*people.roles, *duties(people)), key=lambda role: (role.where == "text", role.start))
    return Points(tuple(posts[:MOST]), _days(people.parsed)[:MOST])


def _days(parsed: Parsed) -> tuple[Day, ...]:
    found: list[Day] = []
    for sentence in parsed.sentences:
        for told in date_expressions(sentence.text, parsed.document.published):
            start, end = sentence.start + told.start, sentence.start + told.end
            for value in dict.fromkeys((told.value, told.ahead)):
                if value is not None:
                    ahead = value != told.value
                    found.append(Day(sentence.where, start, end, value, told.use, ahead, told.rule or "date"))
    return tuple(found)


def post_signs(people: People, found: Sequence[Candidate], posts: Sequence[Role]) -> list[list[list[float]]]:
    """`[leaver][post][sign]`: how near they stand, whose the rules take it for, whether it is past or to come."""
    sentences = [sentences_of(people.parsed, c) for c in found]
    here = [_sentence(people.parsed, role) for role in posts]
    return [
        [
            [
                *nearness(sentences[i], [here[k]]),
                float(role.person == leaver.key),
                float(role.person not in (None, leaver.key)),
                float(role.organisation is not None),
                float(role.coming),
                float(role.former),
                float(role.where == "title"),
                float(_PLURAL.match(role.text) is not None),
                float(any(p.where == role.where and 0 <= role.start - p.end < 4 for p in leaver.places)),
                float(any(p.where == role.where and 0 <= p.start - role.end < 4 for p in leaver.places)),
            ]
            for k, role in enumerate(posts)
        ]
        for i, leaver in enumerate(found)
    ]


def day_signs(people: People, found: Sequence[Candidate], days: Sequence[Day]) -> list[list[list[float]]]:
    """`[leaver][day][sign]`: how near they stand, how the day is meant, how old it is beside the story."""
    sentences = [sentences_of(people.parsed, c) for c in found]
    here = [_sentence(people.parsed, day) for day in days]
    own = [_meant(day, people.parsed.document.published) for day in days]
    return [[[*nearness(sentences[i], [here[k]]), *own[k]] for k in range(len(days))] for i in range(len(found))]


def _meant(day: Day, published: PartialDate | None) -> tuple[float, ...]:
    uses = (float(day.use is use) for use in _MEANT)
    return (*uses, float(day.ahead), float(day.where == "title"), *_age(day.value, published))


def _age(value: PartialDate, published: PartialDate | None) -> tuple[float, ...]:
    """Whether a day is to come, of these weeks, of this year, or older."""
    if published is None:
        return (0.0, 0.0, 0.0, 0.0)
    days = (published.last() - value.last()).days
    return (float(days < 0), float(0 <= days <= 40), float(40 < days <= 400), float(days > 400))


def _sentence(parsed: Parsed, point: Role | Day) -> int:
    sentence = parsed.sentence_at(point.where, point.start)
    return sentence.index if sentence else 0

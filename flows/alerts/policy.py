"""The frozen records of a rule: which events, which changes of them, on which channels, and when."""

from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from models.vocabulary import Kind, Manner, News, RoleCode, Status


class Mode(StrEnum):
    """When a rule's alerts leave: at once, or gathered in a digest."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"


# A new date or a wider scope alone is seldom worth an interruption: a rule may ask for them.
WANTED = frozenset({News.NEW, News.CONFIRMED, News.FIGURE, News.SUCCESSOR, News.DENIED})


@dataclass(frozen=True, slots=True)
class Conditions:
    """What an event must be; what is empty or None does not narrow. Within one condition, any value will do.

    Names and words are compared folded (no accents, no case), as whole words.
    """

    kinds: frozenset[Kind] = frozenset()
    companies: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    roles: frozenset[RoleCode] = frozenset()
    status: Status | None = None  # at least
    min_headcount: int | None = None
    min_percent: float | None = None
    manners: frozenset[Manner] = frozenset()
    places: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for."""
        return self == Conditions()


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day at which nothing is sent; `start` after `end` spans midnight."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        """Whether a time of day is within."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@dataclass(frozen=True, slots=True)
class Rule:
    """One `[[rules]]` of the configuration. `at` and `weekday` (Monday is 0) are for digests."""

    name: str
    channels: tuple[str, ...]
    include: Conditions = field(default_factory=Conditions)
    exclude: Conditions = field(default_factory=Conditions)
    changes: frozenset[News] = WANTED
    mode: Mode = Mode.NOW
    at: time = time(8, 30)
    weekday: int = 0
    quiet: Quiet | None = None
    max_per_hour: int | None = None

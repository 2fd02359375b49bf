"""What a comparison of two tellings answers, and what it may know of the story that one of them belongs to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """How well a telling fits an event, and why, in French. A score of 0 refuses: the same names, another event.

    Of several events that fit, the greater score wins; the numbers order the rules, they measure nothing else.
    """

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """What all the tellings of an event together say: whether it is confirmed, and its figures."""

    closed: bool = False
    headcounts: tuple[int, ...] = ()


def refused(reason: str) -> Match:
    """The same names, yet another event, and why."""
    return Match(0, reason)


def days(gap: int) -> str:
    """A distance in time, in words."""
    return "dates concordantes" if gap == 0 else f"à {gap} jour{'s' if gap > 1 else ''}"

"""When a delivery that failed is tried again, and when it is given up. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """The waits between tries. The fields are those of `[delivery]` in the configuration."""

    timeout: timedelta = timedelta(seconds=20)
    first_wait: timedelta = timedelta(minutes=1)
    longest_wait: timedelta = timedelta(hours=6)
    give_up_after: timedelta = timedelta(days=2)


SOON = timedelta(seconds=1)
"""After a first failure, the next cycle tries again: most failures are a provider's hiccup."""


def wait_after(attempts: int, limits: Limits) -> timedelta:
    """The wait after the `attempts`th failure: none to speak of, then `first_wait`, doubled each time."""
    if attempts <= 1:
        return SOON
    doublings = min(attempts - 2, 30)
    return min(limits.first_wait * (1 << doublings), limits.longest_wait)


def next_try(attempts: int, now: datetime, retry_after: float | None, limits: Limits) -> datetime | None:
    """When to try again after the `attempts`th failure (1 for the first), or when the target asks; None: never.

    What counts is the time spent waiting: an alert that a digest or quiet hours held back is not given up for
    that.
    """
    waited = timedelta()
    for earlier in range(1, min(attempts, 10_000)):
        waited += wait_after(earlier, limits)
    wait = wait_after(attempts, limits)
    if waited + wait > limits.give_up_after:
        return None
    asked = timedelta(seconds=min(retry_after or 0.0, limits.give_up_after.total_seconds()))
    return now + max(wait, asked)

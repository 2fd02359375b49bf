"""Which claimed deliveries of one target leave together, alone, or later. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flows.alerts.policy import Mode, Rule
from flows.alerts.rules import after_quiet
from models.queries import Claim

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Batch:
    """Deliveries that one message carries."""

    claims: tuple[Claim, ...]
    kind: Literal["single", "digest", "overflow"] = "single"


@dataclass(frozen=True, slots=True)
class Hold:
    """Deliveries that wait: quiet hours, or the hour's cap is reached."""

    claims: tuple[Claim, ...]
    until: datetime


def batches(
    claims: Sequence[Claim], rules: Mapping[str, Rule], sent: Sequence[datetime], now: datetime, zone: ZoneInfo
) -> Iterator[Batch | Hold]:
    """One target's claims in the order in which they leave. `sent`: when it was sent to in the last hour.

    A rule that is no longer configured has no wishes: its alerts leave at once, one by one.
    """
    by_rule: dict[str, list[Claim]] = {}
    for claim in claims:
        by_rule.setdefault(claim.alert.rule, []).append(claim)
    used = len(set(sent))  # a message marks all its deliveries at the same instant
    oldest = min(sent, default=now)
    for name, held in by_rule.items():
        rule = rules.get(name)
        if rule is None:
            yield from (Batch((c,)) for c in held)
            continue
        free = after_quiet(rule, now, zone) if rule.mode is Mode.NOW else now
        if free > now:
            yield Hold(tuple(held), free)
        elif rule.mode is not Mode.NOW:
            yield Batch(tuple(held), "digest")
        elif rule.max_per_hour is None:
            yield from (Batch((c,)) for c in held)
        else:
            yield from _capped(held, rule.max_per_hour - used, oldest + HOUR)


def _capped(claims: Sequence[Claim], room: int, free: datetime) -> Iterator[Batch | Hold]:
    """As many single messages as there is room for; where that is too little, the last of them lists the rest."""
    if room <= 0:
        yield Hold(tuple(claims), free)
    elif len(claims) <= room:
        yield from (Batch((c,)) for c in claims)
    else:
        yield from (Batch((c,)) for c in claims[: room - 1])
        yield Batch(tuple(claims[room - 1 :]), "overflow")

"""The outbox emptied. Targets take turns, one message at a time; one that hangs or fails holds back no other.

Each success is marked in its own transaction, right after the target accepted the message; a crash between the two
sends it once more, under the same id. That is the only way to a duplicate, but for a target that accepts a message
and lets us wait for its answer beyond the time limit.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from flows.alerts.batches import Batch, Hold, batches
from flows.alerts.compose import Archive, compose
from flows.alerts.policy import Rule
from flows.alerts.schedule import SOON, Limits, next_try
from flows.alerts.send import Sender
from flows.alerts.story import PARIS
from models.errors import DeliveryError
from models.events import Delivery
from models.queries import Claim
from models.vocabulary import DeliveryState

log = logging.getLogger(__name__)

BATCH = 500
"""Deliveries leased at once: a digest of more is sent in parts."""
LEASE = timedelta(minutes=10)
EXCHANGES = 6
"""Waits that one message may cost, each up to the time limit: e-mail connects, greets, secures, logs in, sends."""
SLOW = 1.0
"""Seconds after which other targets no longer wait for a target to answer."""
PATIENCE = 2
"""Failures in a row before a target's other messages wait: one may be the message's own fault (too long)."""
HOUR = timedelta(hours=1)


class Outbox(Archive, Protocol):
    """The store's doors that delivering needs."""

    def claim_deliveries(self, worker: str, now: datetime, limit: int, lease: timedelta) -> tuple[Claim, ...]:
        """Lease what is due."""

    def mark_all_sent(self, delivery_ids: Sequence[int], now: datetime) -> None:
        """Note the success of one message, for all the deliveries that it carries or for none."""

    def mark_failed(
        self, delivery_id: int, error: str, due: datetime | None, now: datetime, worker: str | None = None
    ) -> None:
        """Note a failure; `due` None gives up."""

    def postpone(self, delivery_id: int, due: datetime, now: datetime) -> None:
        """Give a claim back unsent."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One delivery that was not accepted, in words without an address. `given_up`: it will not be tried again."""

    alert: str
    channel: str
    target: int
    error: str
    given_up: bool


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of what was due. `sent` counts deliveries; `messages` what went out: a digest holds several."""

    sent: int = 0
    messages: int = 0
    postponed: int = 0
    failures: tuple[Failure, ...] = ()

    @property
    def given_up(self) -> tuple[Failure, ...]:
        """The failures that are final."""
        return tuple(f for f in self.failures if f.given_up)

    def __add__(self, other: "DeliveryReport") -> "DeliveryReport":
        return DeliveryReport(
            self.sent + other.sent,
            self.messages + other.messages,
            self.postponed + other.postponed,
            self.failures + other.failures,
        )


@dataclass(frozen=True)
class Desk:
    """What delivering works with."""

    store: Outbox
    sender: Sender
    rules: Mapping[str, Rule]
    clock: Callable[[], datetime]
    worker: str
    limits: Limits = field(default_factory=Limits)
    zone: ZoneInfo = PARIS
    margin: timedelta = timedelta()  # what must be left of a lease, or somebody else might send the same


def deliver(
    store: Outbox,
    sender: Sender,
    rules: Sequence[Rule],
    *,
    clock: Callable[[], datetime],
    worker: str,
    limits: Limits | None = None,
    zone: ZoneInfo = PARIS,
    lease: timedelta = LEASE,
    batch: int = BATCH,
) -> DeliveryReport:
    """Send what is due now. What fails waits for a later run; what comes due meanwhile too.

    `lease`: how long what this worker claimed is nobody else's; after a crash it waits as long. `batch`: how many
    deliveries are claimed at once.
    """
    asked = limits or Limits()
    margin = min(EXCHANGES * asked.timeout, lease / 2)
    desk = Desk(store, sender, {r.name: r for r in rules}, clock, worker, asked, zone, margin)
    started = clock()
    report = DeliveryReport()
    while claims := store.claim_deliveries(worker, started, batch, lease):
        lanes: dict[tuple[str, int], list[Claim]] = {}
        for claim in claims:
            lanes.setdefault((claim.delivery.channel, claim.delivery.target), []).append(claim)
        report += in_turns([_lane(desk, lane) for lane in lanes.values()])
    return report


def in_turns(lanes: Sequence[Iterator[DeliveryReport]]) -> DeliveryReport:
    """One message of each lane in turn, and one at a time: a crash finds at most one between acceptance and mark.

    A lane that is slow is not waited for: the others go on beside it.
    """
    report = DeliveryReport()
    waiting = deque(lanes)
    running: dict[Future[DeliveryReport | None], Iterator[DeliveryReport]] = {}
    with ThreadPoolExecutor(max(1, len(lanes))) as pool:
        while waiting or running:
            if waiting:
                lane = waiting.popleft()
                turn = pool.submit(next, lane, None)
                running[turn] = lane
                wait([turn], timeout=SLOW)
            else:
                wait(running, return_when=FIRST_COMPLETED)
            for done in [f for f in running if f.done()]:
                lane, result = running.pop(done), done.result()
                if result is not None:
                    report += result
                    waiting.append(lane)
    return report


def _lane(desk: Desk, claims: Sequence[Claim]) -> Iterator[DeliveryReport]:
    """One target's deliveries in their order. After two failures in a row the target is ill: the rest waits."""
    running = 0  # failures in a row
    free: datetime | None = None
    for batch in batches(claims, desk.rules, _sent_lately(desk, claims[0].delivery), desk.clock(), desk.zone):
        if isinstance(batch, Hold):
            yield _held(desk, batch.claims, batch.until)
        elif free or desk.clock() + desk.margin >= batch.claims[0].until:
            yield _held(desk, batch.claims, free or desk.clock() + SOON)
        else:
            done, asked = _send(desk, batch)
            running = running + 1 if done.failures else 0
            if asked is not None or running >= PATIENCE:
                free = desk.clock() + max(SOON, timedelta(seconds=asked or 0.0))
            yield done


def _sent_lately(desk: Desk, delivery: Delivery) -> list[datetime]:
    """When the target was sent messages within the last hour, for caps."""
    since = desk.clock() - HOUR
    found = desk.store.deliveries(state=DeliveryState.SENT, channel=delivery.channel, since=since, limit=1000)
    return [d.sent for d in found if d.sent and d.target == delivery.target]


def _held(desk: Desk, claims: Sequence[Claim], until: datetime) -> DeliveryReport:
    for claim in claims:
        desk.store.postpone(_id(claim), until, desk.clock())
    return DeliveryReport(postponed=len(claims))


def _send(desk: Desk, batch: Batch) -> tuple[DeliveryReport, float | None]:
    """One message to one target, marked on each delivery that it carries; the wait (s) that was asked for."""
    first = batch.claims[0]
    channel, target = first.delivery.channel, first.delivery.target
    look = desk.sender.look(channel, target)
    try:
        desk.sender.send(compose(desk.store, batch, look, desk.clock(), desk.zone), channel, target)
    except DeliveryError as error:
        return _failed(desk, batch, error), error.retry_after
    desk.store.mark_all_sent([_id(claim) for claim in batch.claims], desk.clock())
    for claim in batch.claims:
        log.info("envoi : alerte %s, canal %s, essai %d", claim.alert.id, channel, claim.delivery.attempts)
    return DeliveryReport(sent=len(batch.claims), messages=1), None


def _failed(desk: Desk, batch: Batch, error: DeliveryError) -> DeliveryReport:
    failures = []
    for claim in batch.claims:
        delivery, now = claim.delivery, desk.clock()
        due = next_try(delivery.attempts, now, error.retry_after, desk.limits)
        desk.store.mark_failed(_id(claim), str(error), due, now, desk.worker)
        then = f"nouvel essai après {due:%H:%M:%S} UTC" if due else "abandon"
        log.warning(
            "envoi : alerte %s, canal %s, essai %d : %s ; %s",
            claim.alert.id,
            delivery.channel,
            delivery.attempts,
            error,
            then,
        )
        failures.append(Failure(claim.alert.id, delivery.channel, delivery.target, str(error), due is None))
    return DeliveryReport(failures=tuple(failures))


def _id(claim: Claim) -> int:
    if claim.delivery.id is None:
        raise ValueError("a claimed delivery has an id")
    return claim.delivery.id

"""The outbox: alerts, and their deliveries, leased to one worker at a time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from models.errors import NotStoredError
from models.events import Alert, Delivery, Event
from models.queries import Attempt, Claim
from models.store import events
from models.store.base import Doors, batches, unique
from models.store.rows import change_of, delivery_of
from models.tables import AlertRow, AttemptRow, ChangeRow, DeliveryRow, EventRow
from models.vocabulary import DeliveryState


class OutboxDoors(Doors):
    """Alerts and deliveries."""

    def claim_deliveries(self, worker: str, now: datetime, limit: int, lease: timedelta) -> tuple[Claim, ...]:
        """Lease deliveries that are due, or whose lease ran out, to one worker; each counts as an attempt.

        None of an event that was dismissed: they wait, should it be restored.
        """
        waiting = (DeliveryRow.state == DeliveryState.WAITING) & (
            DeliveryRow.due.is_(None) | (DeliveryRow.due <= now)
        )
        lost = (DeliveryRow.state == DeliveryState.LEASED) & (DeliveryRow.lease_until <= now)
        query = select(DeliveryRow).where(waiting | lost, DeliveryRow.alert_id.not_in(_set_aside()))
        query = query.order_by(DeliveryRow.due.asc().nulls_first(), DeliveryRow.id)
        with self.database.writing() as session:
            rows = list(session.scalars(query.limit(limit).with_for_update(skip_locked=True)))
            for row in rows:
                row.state, row.lease_owner, row.lease_until = DeliveryState.LEASED, worker, now + lease
                row.attempts += 1
            session.flush()
            alerts = {alert.id: alert for alert in load(session, [row.alert_id for row in rows])}
            return tuple(Claim(delivery_of(row), alerts[row.alert_id], now + lease) for row in rows)

    def mark_sent(self, delivery_id: int, now: datetime) -> None:
        """Note that a target accepted a delivery, whoever holds its lease. Raises NotStoredError."""
        self.mark_all_sent([delivery_id], now)

    def mark_all_sent(self, delivery_ids: Sequence[int], now: datetime) -> None:
        """As `mark_sent`, for the deliveries of one message: all of them or none."""
        with self.database.writing() as session:
            for delivery_id in sorted(delivery_ids):
                row = _locked(session, delivery_id)
                if row.state is not DeliveryState.SENT:
                    row.state, row.sent, row.error = DeliveryState.SENT, now, None
                    _log_attempt(session, row, now)
                row.lease_owner = row.lease_until = row.due = None

    def mark_failed(
        self, delivery_id: int, error: str, due: datetime | None, now: datetime, worker: str | None = None
    ) -> None:
        """Note why a delivery failed, and when it is due again; None gives it up. Raises NotStoredError.

        Nothing changes where it was sent meanwhile, or where `worker` is told and no longer holds the lease.
        """
        with self.database.writing() as session:
            row = _locked(session, delivery_id)
            if row.state is DeliveryState.SENT or (worker is not None and row.lease_owner != worker):
                return
            row.state = DeliveryState.WAITING if due else DeliveryState.GIVEN_UP
            row.error, row.due = error, due
            _log_attempt(session, row, now)
            row.lease_owner = row.lease_until = None

    def postpone(self, delivery_id: int, due: datetime, now: datetime) -> None:
        """Give a claim back unsent, to be due later: no attempt, no error. Nothing changes on an unleased one."""
        with self.database.writing() as session:
            row = _locked(session, delivery_id)
            if row.state is DeliveryState.LEASED:
                row.state, row.due, row.attempts = DeliveryState.WAITING, due, max(row.attempts - 1, 0)
                row.lease_owner = row.lease_until = None

    def retry(self, delivery_ids: Iterable[int], now: datetime) -> int:
        """Make deliveries that were given up or wait due now, with all their attempts before them; how many."""
        with self.database.writing() as session:
            rows = [_locked(session, delivery_id) for delivery_id in sorted(set(delivery_ids))]
            again = [row for row in rows if row.state in (DeliveryState.GIVEN_UP, DeliveryState.WAITING)]
            for row in again:
                row.state, row.due, row.attempts = DeliveryState.WAITING, now, 0
            return len(again)

    def attempts(self, delivery_id: int) -> tuple[Attempt, ...]:
        """How each try of one delivery ended, oldest first."""
        query = select(AttemptRow).where(AttemptRow.delivery_id == delivery_id).order_by(AttemptRow.id)
        with self.database.reading() as session:
            rows = session.scalars(query)
            return tuple(Attempt(r.delivery_id, r.at, r.worker, r.state, r.error) for r in rows)

    def alert(self, alert_id: str) -> Alert:
        """One alert. Raises NotStoredError."""
        with self.database.reading() as session:
            for alert in load(session, [alert_id]):
                return alert
        raise NotStoredError(f"aucune alerte {alert_id} : « vigie alerts list » les montre")

    def alerts(self, event: str | None = None, limit: int = 100) -> tuple[Alert, ...]:
        """Alerts, of one event or of all, latest first. Raises NotStoredError."""
        query = select(AlertRow.id).order_by(AlertRow.created.desc(), AlertRow.id).limit(limit)
        with self.database.reading() as session:
            if event is not None:
                query = query.where(AlertRow.event_id.in_(events.merged(session, events.standing(session, event))))
            return load(session, list(session.scalars(query)))

    def deliveries(
        self,
        alert: str | None = None,
        state: DeliveryState | None = None,
        channel: str | None = None,
        since: datetime | None = None,
        limit: int = 100,
    ) -> tuple[Delivery, ...]:
        """Deliveries, of one alert or of all, in one state or in any, on one channel, sent since; latest first."""
        query: Select[tuple[DeliveryRow]] = select(DeliveryRow).order_by(DeliveryRow.id.desc()).limit(limit)
        if alert is not None:
            query = query.where(DeliveryRow.alert_id == alert)
        if state is not None:
            query = query.where(DeliveryRow.state == state)
        if channel is not None:
            query = query.where(DeliveryRow.channel == channel)
        if since is not None:
            query = query.where(DeliveryRow.sent >= since)
        with self.database.reading() as session:
            return tuple(delivery_of(row) for row in session.scalars(query))


def _locked(session: Session, delivery_id: int) -> DeliveryRow:
    row = session.get(DeliveryRow, delivery_id, with_for_update=True)
    if row is None:
        raise NotStoredError(f"aucun envoi {delivery_id} : « vigie alerts list » les montre")
    return row


def _set_aside() -> Select[tuple[str]]:
    """The alerts of dismissed events, merged ones followed."""
    standing = aliased(EventRow)
    alerts = select(AlertRow.id).join(EventRow, EventRow.id == AlertRow.event_id)
    alerts = alerts.join(standing, standing.id == func.coalesce(EventRow.merged_into, EventRow.id))
    return alerts.where(standing.dismissed)


def _log_attempt(session: Session, row: DeliveryRow, now: datetime) -> None:
    attempt = AttemptRow(
        delivery_id=row.id, at=now, worker=row.lease_owner or "", state=row.state, error=row.error
    )
    session.add(attempt)


def put(
    session: Session, alert: Alert, change_id: int | None, deliveries: Iterable[Delivery], now: datetime
) -> bool:
    """Put an alert and its deliveries into the outbox; whether it was not there."""
    if session.get(AlertRow, alert.id) is not None:
        return False
    session.add(
        AlertRow(
            id=alert.id,
            rule=alert.rule,
            channels=list(alert.channels),
            news=alert.news,
            event_id=alert.event.id,
            change_id=change_id,
            created=alert.created or now,
            first_id=alert.first or _first(session, alert),
        )
    )
    session.flush()
    planned = list(deliveries) or [Delivery(alert.id, channel) for channel in unique(alert.channels)]
    for delivery in planned:
        session.add(
            DeliveryRow(
                alert_id=alert.id,
                channel=delivery.channel,
                target=delivery.target,
                state=delivery.state,
                attempts=delivery.attempts,
                due=delivery.due,
                error=delivery.error,
                sent=delivery.sent,
            )
        )
    session.flush()
    return True


def _first(session: Session, alert: Alert) -> str | None:
    """The alert by which this rule told the event first, if it did."""
    query = select(AlertRow.id).where(AlertRow.rule == alert.rule)
    query = query.where(AlertRow.event_id.in_(events.merged(session, alert.event.id)))
    return session.scalar(query.order_by(AlertRow.created, AlertRow.id).limit(1))


def load(session: Session, ids: Sequence[str]) -> tuple[Alert, ...]:
    """The alerts of these ids, in their order, each with its event as it stands today."""
    rows: dict[str, AlertRow] = {}
    standing: dict[str, str] = {}
    changes: dict[int, ChangeRow] = {}
    for some in batches(unique(ids)):
        now = func.coalesce(EventRow.merged_into, EventRow.id)
        query = select(AlertRow, now, ChangeRow).join(EventRow, EventRow.id == AlertRow.event_id)
        query = query.outerjoin(ChangeRow, ChangeRow.id == AlertRow.change_id)
        for row, event, change in session.execute(query.where(AlertRow.id.in_(some))).tuples():
            rows[row.id], standing[row.id] = row, event
            if change is not None:
                changes[change.id] = change
    known = {event.id: event for event in events.load(session, unique(standing.values()))}
    return tuple(
        _alert_of(rows[i], known[standing[i]], changes.get(rows[i].change_id or 0)) for i in ids if i in rows
    )


def _alert_of(row: AlertRow, event: Event, change: ChangeRow | None) -> Alert:
    return Alert(
        id=row.id,
        rule=row.rule,
        channels=tuple(row.channels),
        news=row.news,
        event=event,
        change=change_of(change) if change else None,
        created=row.created,
        first=row.first_id,
    )

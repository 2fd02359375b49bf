"""A batch of claimed deliveries as the message to send, with what the store knows beside the alerts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from flows.alerts.batches import Batch
from flows.alerts.chart import WEEKS, Week, weeks_of
from flows.alerts.quotes import telling_sentence
from flows.alerts.render import Look, message
from flows.alerts.render_digest import digest_message, overflow_message
from flows.alerts.story import Reference, telling
from models.events import Alert, Change, Delivery, Event, Message
from models.queries import Claim, EventQuery
from models.records import Article
from models.vocabulary import DeliveryState, Salience


class Archive(Protocol):
    """The store's doors that composing needs."""

    def deliveries(
        self,
        alert: str | None = None,
        state: DeliveryState | None = None,
        channel: str | None = None,
        since: datetime | None = None,
        limit: int = 100,
    ) -> tuple[Delivery, ...]:
        """Deliveries, latest first."""

    def events(self, query: EventQuery) -> tuple[Event, ...]:
        """Stored events."""

    def history(self, event_id: str) -> tuple[Change, ...]:
        """All that changed of an event."""

    def article(self, url: str) -> Article | None:
        """A stored article."""


def compose(store: Archive, batch: Batch, look: Look, now: datetime, zone: ZoneInfo) -> Message:
    """The message of a batch, in the form that its target wants."""
    first = batch.claims[0]
    if batch.kind == "single":
        return message(
            first.alert,
            look,
            quote=quote_of(store, first.alert),
            reference=_reference(store, first),
            also=changed_too(store, first.alert),
        )
    alerts = [claim.alert for claim in batch.claims]
    also = {alert.id: changed_too(store, alert) for alert in alerts}
    if batch.kind == "overflow":
        return overflow_message(alerts, look, also)
    return digest_message(
        alerts, look, first.alert.rule, now=now, zone=zone, weeks=_weeks(store, now, zone), also=also
    )


def quote_of(store: Archive, alert: Alert) -> str | None:
    """The sentence that tells the alert's news, while the article's text is kept."""
    mention = telling(alert)
    article = store.article(mention.provenance.article) if mention else None
    return telling_sentence(mention, article.title, article.text) if mention and article else None


def changed_too(store: Archive, alert: Alert) -> Sequence[Change]:
    """What else the article that makes the news changed of the event."""
    change = alert.change
    if change is None or change.mention is None:
        return ()
    return [c for c in store.history(alert.event.id) if c.mention == change.mention and c.field != change.field]


def _weeks(store: Archive, now: datetime, zone: ZoneInfo) -> tuple[Week, ...]:
    """The last weeks, for the digest's chart; none where there is nothing to draw."""
    query = EventQuery(since=now - timedelta(weeks=WEEKS), salience=Salience.MAIN, limit=None)
    weeks = weeks_of(store.events(query), now.astimezone(zone).date())
    return weeks if any(w.departures or w.jobs for w in weeks) else ()


def _reference(store: Archive, claim: Claim) -> Reference | None:
    """The first alert of the event, where it reached this target."""
    if not claim.alert.first or claim.alert.first == claim.alert.id:
        return None
    for delivery in store.deliveries(alert=claim.alert.first, state=DeliveryState.SENT):
        same = (delivery.channel, delivery.target) == (claim.delivery.channel, claim.delivery.target)
        if same and delivery.sent:
            return Reference(claim.alert.first, delivery.sent)
    return None

"""What a rule would have sent: its alerts over stored events, written nowhere."""

from datetime import datetime
from typing import Protocol

from extractors.stories import Names, bundled
from flows.alerts.matching import matches, refused
from flows.alerts.policy import Rule
from flows.alerts.rules import alert_id
from models.events import Alert, Change, Event
from models.queries import EventQuery
from models.vocabulary import News, Salience


class History(Protocol):
    """The store's doors that a preview needs."""

    def events(self, query: EventQuery) -> tuple[Event, ...]:
        """Stored events."""

    def history(self, event_id: str) -> tuple[Change, ...]:
        """All that changed of an event."""


def previews(store: History, rule: Rule, since: datetime, names: Names | None = None) -> tuple[Alert, ...]:
    """The alerts of a rule for what changed since, oldest first. Events are judged as they stand today.

    Nothing is held back for its age, quiet hours or caps: a preview shows what the conditions let through.
    """
    known = names or bundled()
    found: list[Alert] = []
    for event in store.events(EventQuery(since=since, salience=Salience.MAIN, limit=None)):
        if not matches(event, rule.include, known) or refused(event, rule.exclude, known):
            continue
        news = [(c, c.news) for c in store.history(event.id) if c.at is not None and c.at >= since]
        found += [_alert(event, change, kind, rule) for change, kind in news if kind in rule.changes and kind]
    return tuple(sorted(found, key=lambda a: (str(a.created), a.id)))


def _alert(event: Event, change: Change, news: News, rule: Rule) -> Alert:
    told = None if news is News.NEW else change
    return Alert(alert_id(event.id, news, told, rule.name), rule.name, rule.channels, news, event, told, change.at)

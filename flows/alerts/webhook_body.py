"""The body of the signed JSON webhook, version 1; its schema is docs/alerts.md. Pure."""

from datetime import UTC
from typing import Any

from flows.alerts.story import Story
from models.codec import fields_of
from models.events import Alert, Event

VERSION = 1


def alert_body(alert: Alert, story: Story) -> dict[str, Any]:
    """One alert, for machines: codes and raw values, beside the French words that people read."""
    change = alert.change
    return {
        "version": VERSION,
        "type": "alert",
        "id": alert.id,
        "rule": alert.rule,
        "news": alert.news.value,
        "created": alert.created.astimezone(UTC).isoformat() if alert.created else None,
        "headline": story.headline,
        "quote": story.quote,
        "change": {"field": change.field, "before": change.before, "after": change.after, "summary": story.change}
        if change
        else None,
        "event": event_body(alert.event),
    }


def event_body(event: Event) -> dict[str, Any]:
    """An event: its values, the values that disagree, and who tells it. Texts are as the articles have them."""
    values = {name: event.get(name) for name in fields_of(event.kind)}
    return {
        "id": event.id,
        "kind": event.kind.value,
        "life": event.life.value,
        "salience": event.salience.value,
        "values": values,
        "conflicts": {
            name: [{"value": o.value, "outlets": list(o.outlets)} for o in chosen.others]
            for name, chosen in sorted(event.values.items())
            if chosen.others
        },
        "sources": [
            {
                "outlet": m.provenance.outlet,
                "url": m.provenance.url,
                "title": m.provenance.title,
                "published": m.provenance.published.iso if m.provenance.published else None,
            }
            for m in event.sure_mentions
        ],
    }

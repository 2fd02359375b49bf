"""Several alerts in one message: the digest of a period, and the overflow of a full hour. Pure."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.alerts import french
from flows.alerts.headlines import text
from flows.alerts.render import Look, clipped
from flows.alerts.story import PARIS, Story, story_of, summary
from models.events import Alert, Message
from models.identity import digest


def digest_message(
    alerts: Sequence[Alert], look: Look, rule: str, *, now: datetime, zone: ZoneInfo = PARIS
) -> Message:
    """The digest of a rule: organisations in order, what is new or changed of each."""
    subject = f"Vigie, le {french.day(now.astimezone(zone).date())}{french.COLON}{summary(alerts)}"
    return _gathered(alerts, look, subject)


def overflow_message(alerts: Sequence[Alert], look: Look, *, zone: ZoneInfo = PARIS) -> Message:
    """What did not fit into the hour's cap, in one message."""
    subject = (
        f"Vigie{french.COLON}{french.counted(len(alerts), 'autre alerte', 'autres alertes')} ({summary(alerts)})"
    )
    return _gathered(alerts, look, subject)


def grouped(alerts: Sequence[Alert]) -> dict[str, list[Story]]:
    """Stories by organisation, in the alphabet's order; those without one come last."""
    groups: dict[str, list[Story]] = {}
    for alert in alerts:
        groups.setdefault(text(alert.event, "company"), []).append(story_of(alert))
    return {
        name or "Sans organisation": groups[name] for name in sorted(groups, key=lambda n: (not n, n.casefold()))
    }


def _gathered(alerts: Sequence[Alert], look: Look, subject: str) -> Message:
    lines: list[str] = []
    for company, stories in grouped(alerts).items():
        lines.append(company)
        for story in stories:
            lines += [f"– {story.headline} [{story.event}]", *(f"  {s.url}" for s in story.sources[:1] if s.url)]
            lines += [f"  {story.change}"] if story.change else []
        lines.append("")
    ids = sorted(a.id for a in alerts)
    return Message(id=digest("digest", *ids), subject=clipped(subject), text="\n".join(lines).rstrip())

"""Alerts as messages, each in the form that a channel shows best. Pure."""

import json
from collections.abc import Sequence
from enum import StrEnum

from flows.alerts import french
from flows.alerts.render_mail import alert_html
from flows.alerts.render_slack import alert_blocks
from flows.alerts.story import Reference, Story, story_of
from flows.alerts.webhook_body import alert_body
from models.events import Alert, Change, Message


class Look(StrEnum):
    """The forms of a message."""

    SLACK = "slack"
    MAIL = "mail"
    TEXT = "text"
    WEBHOOK = "webhook"


SUBJECT = 180
"""Characters: what inboxes show of a subject is less, and what some services take as a title is little more."""


def message(
    alert: Alert,
    look: Look = Look.TEXT,
    *,
    quote: str | None = None,
    reference: Reference | None = None,
    also: Sequence[Change] = (),
) -> Message:
    """One alert as a message. See flows.alerts.story.story_of for what else may be known of it."""
    story = story_of(alert, quote, reference, also)
    data: str | None = None
    if look is Look.SLACK:
        data = json.dumps(alert_blocks(story), ensure_ascii=False)
    elif look is Look.WEBHOOK:
        data = json.dumps(alert_body(alert, story), ensure_ascii=False)
    return Message(
        id=alert.id,
        subject=clipped(story.headline),
        text=text_of(story),
        html=alert_html(story) if look is Look.MAIL else None,
        in_reply_to=reference.alert if reference else None,
        data=data,
    )


def text_of(story: Story) -> str:
    """The body in plain text; the headline is the message's subject."""
    lines = [story.line]
    figure = next((value for label, value in story.facts if label == "Postes"), "")
    reason = next((value for label, value in story.facts if label == "Motif"), "")
    lines += [french.capital(figure)] if figure else []
    lines += [f"Motif{french.COLON}{reason}"] if reason else []
    lines += [f"Ce qui change – {story.change}"] if story.change else []
    lines += story.conflicts
    if story.quote:
        lines += ["", french.quoted(story.quote) + (f" – {story.quoted_by}" if story.quoted_by else "")]
    lines += ["", *sources_of(story)]
    lines += [story.earlier] if story.earlier else []
    lines += [f"Événement {story.event}"]
    return "\n".join(lines)


def sources_of(story: Story) -> list[str]:
    """One line an outlet, its address on it."""
    lines = [f"– {s.outlet}{french.COLON}{s.url}" if s.url else f"– {s.outlet}" for s in story.sources]
    if story.more_sources:
        lines.append(f"– et {french.counted(story.more_sources, 'autre source', 'autres sources')}")
    return lines


def clipped(text: str) -> str:
    """A subject that is not too long."""
    return text if len(text) <= SUBJECT else text[: SUBJECT - 1].rstrip() + "…"

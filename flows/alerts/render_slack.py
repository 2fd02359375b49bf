"""Slack's form: rich-text blocks, in which no text is read as markup: only our links are live. Pure."""

from typing import Any

from flows.alerts import french
from flows.alerts.story import Story

HEADER = 150  # Slack's own limits, in characters
TEXT = 2900


def alert_blocks(story: Story) -> dict[str, Any]:
    """The body of an incoming webhook for one alert. `text` is what notifications show."""
    fallback = f"{story.headline}\n{story.line}"
    return {
        "text": escaped(fallback)[:TEXT],
        "blocks": [header(story.headline), {"type": "rich_text", "elements": elements(story)}],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def elements(story: Story) -> list[dict[str, Any]]:
    """The facts, what changed, the quote, the outlets, the event's id."""
    figure = next((value for label, value in story.facts if label == "Postes"), "")
    reason = next((value for label, value in story.facts if label == "Motif"), "")
    facts = [words(story.line)]
    facts += [words("\n" + french.capital(figure), bold=True)] if figure else []
    facts += [words(f"\nMotif{french.COLON}{reason}")] if reason else []
    facts += [words(f"\nCe qui change – {story.change}", bold=True)] if story.change else []
    facts += [words("\n" + line) for line in story.conflicts]
    out = [section(facts)]
    if story.quote:
        out.append({"type": "rich_text_quote", "elements": [words(french.quoted(story.quote))]})
    out.append(section(_sources(story)))
    return out


def _sources(story: Story) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for source in story.sources:
        parts += [words(" · ")] if parts else []
        parts.append(
            {"type": "link", "url": source.url, "text": source.outlet} if source.url else words(source.outlet)
        )
    if story.more_sources:
        parts.append(words(f" · et {french.counted(story.more_sources, 'autre source', 'autres sources')}"))
    parts += [words(f"\n{story.earlier}")] if story.earlier else []
    parts.append(words(f"\nÉvénement {story.event}"))
    return parts


def header(text: str) -> dict[str, Any]:
    """A headline; nothing in it is read as markup or as an emoji's name."""
    clipped = text if len(text) <= HEADER else text[: HEADER - 1] + "…"
    return {"type": "header", "text": {"type": "plain_text", "text": clipped, "emoji": False}}


def section(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": parts}


def words(text: str, *, bold: bool = False) -> dict[str, Any]:
    """Plain words in rich text."""
    return {"type": "text", "text": text[:TEXT], **({"style": {"bold": True}} if bold else {})}


def escaped(text: str) -> str:
    """Slack's three characters, for the one field that is read as its markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

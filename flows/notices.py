"""Which feeds that ail are to be told to whom, and in which words. Pure: what was told is passed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from extractors.health import recovered, worth_telling
from flows.alerts.french import counted
from models.events import Message
from models.identity import digest
from models.records import Feed
from models.vocabulary import Health

_MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class FeedRule:
    """One `[[rules]]` with `feeds`: on which channels to tell of a feed that comes into one of these states."""

    name: str
    channels: tuple[str, ...]
    states: frozenset[Health]


@dataclass(frozen=True, slots=True)
class Notice:
    """What one target is to be told now. `marks`: what is then known to have been told, by the feed's id."""

    ailing: tuple[Feed, ...] = ()
    mended: tuple[Feed, ...] = ()

    @property
    def marks(self) -> dict[int, str]:
        """A trouble is known by its name and its beginning; one that is over by nothing."""
        return {f.id or 0: _mark(f) for f in self.ailing} | {f.id or 0: "" for f in self.mended}


def notice(feeds: Sequence[Feed], rule: FeedRule, told: Mapping[int, str], now: datetime) -> Notice:
    """What a target that was told so much of each feed is to be told now. Pure."""
    ailing = (f for f in feeds if worth_telling(f, rule.states, now) and told.get(f.id or 0) != _mark(f))
    mended = (f for f in feeds if told.get(f.id or 0) and f.health not in rule.states and recovered(f))
    return Notice(tuple(ailing), tuple(mended))


def message(what: Notice, now: datetime) -> Message:
    """The French words of a notice."""
    parts = []
    if what.ailing:
        parts.append(f"{len(what.ailing)} flux à regarder")
    if what.mended:
        parts.append(f"{len(what.mended)} flux de nouveau en ordre")
    lines = [
        f"- {feed.name} ({feed.health.value}, depuis le {feed.health_since or now:%d/%m/%Y}) : "
        f"{feed.health_note or 'sans explication'} · {feed.url}"
        for feed in what.ailing
    ]
    lines += [f"- {feed.name} : de nouveau en ordre · {feed.url}" for feed in what.mended]
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"… et {counted(len(lines) - _MOST_LINES, 'autre')} : « vigie feeds list »"]
    marks = "\n".join(f"{id_} {mark}" for id_, mark in sorted(what.marks.items()))
    return Message(id=digest("feeds", marks), subject=f"Vigie : {', '.join(parts)}", text="\n".join(lines))


def _mark(feed: Feed) -> str:
    return f"{feed.health.value} {feed.health_since.isoformat() if feed.health_since else ''}"

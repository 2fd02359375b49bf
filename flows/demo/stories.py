"""The bundled newsroom's outlets and stories, from deployments/newsroom/*.toml, and their dates when it opens."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from babel.dates import format_date

from models.errors import ConfigurationError

FOLDER = Path(__file__).resolve().parents[2] / "deployments" / "newsroom"
_PLACE = re.compile(r"\{(jour|date|mois|an)([+-]\d+)?\}")


@dataclass(frozen=True, slots=True)
class Story:
    """One story. `hours`: its age when the newsroom opens; `published` is None until `dated`.

    `tells` is what a careful reader finds in it as news, for the tests.
    """

    slug: str
    title: str  # may hold HTML, as some feeds' titles do
    text: str
    hours: float
    author: str = "La rédaction"
    teaser: bool = False
    tells: tuple[str, ...] = ()
    published: datetime | None = None

    @property
    def when(self) -> datetime:
        """The time of publication; a story that was not `dated` has none, which is a bug of the caller."""
        if self.published is None:
            raise ValueError(f"undated story {self.slug}")
        return self.published

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text's paragraphs; of a subscribers' story the first one only."""
        every = tuple(p.strip() for p in re.split(r"\n\s*\n", self.text.strip()))
        return every[:1] if self.teaser else every


@dataclass(frozen=True, slots=True)
class Site:
    """An invented outlet; `form` names the format of its feed (flows.demo.feeds)."""

    slug: str
    name: str
    form: str
    tagline: str
    stories: tuple[Story, ...]


def load(folder: Path = FOLDER) -> tuple[Site, ...]:
    """The outlets, in the order of their files. Raises ConfigurationError where the folder holds none."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise ConfigurationError(
            f"{folder} : la rédaction de démonstration est absente ; lancez la démo depuis un clone"
        )
    return tuple(_site(tomllib.loads(f.read_text(encoding="utf-8"))) for f in files)


def _site(data: Mapping[str, Any]) -> Site:
    site = data["site"]
    stories = tuple(Story(**{**row, "tells": tuple(row.get("tells", ()))}) for row in data["stories"])
    return Site(site["slug"], site["name"], site["format"], site["tagline"], stories)


def dated(site: Site, opened: datetime) -> Site:
    """The outlet with its stories dated against `opened` (local time), newest first, their placeholders filled."""
    stories = (_dated(story, opened - timedelta(hours=story.hours)) for story in site.stories)
    return replace(site, stories=tuple(sorted(stories, key=lambda s: s.when, reverse=True)))


def _dated(story: Story, published: datetime) -> Story:
    published = published.replace(second=0, microsecond=0)
    title, text = (fill(words, published.date()) for words in (story.title, story.text))
    return replace(story, title=title, text=text, published=published)


def fill(words: str, day: date) -> str:
    """Words with their placeholders replaced, as deployments/newsroom/README.md tells them, against `day`."""
    return _PLACE.sub(lambda m: _WRITE[m[1]](day, int(m[2] or 0)), words)


def _date(day: date, shift: int) -> str:
    there = day + timedelta(days=shift)
    return f"{'1er' if there.day == 1 else there.day} {format_date(there, 'MMMM', locale='fr')}"


_WRITE: Mapping[str, Callable[[date, int], str]] = {
    "jour": lambda day, shift: format_date(day + timedelta(days=shift), "EEEE", locale="fr"),
    "date": _date,
    "mois": lambda day, shift: format_date(date(2001, (day.month - 1 + shift) % 12 + 1, 1), "MMMM", locale="fr"),
    "an": lambda day, shift: str(day.year + shift),
}

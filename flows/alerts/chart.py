"""Departures and jobs cut by week: counted from events, and drawn small. Pure: equal events give equal bytes."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PIL import Image, ImageDraw, ImageFont

from flows.alerts import french
from models.dates import PartialDate
from models.events import Event
from models.vocabulary import Kind, Life, Salience

WEEKS = 12
SCALE = 2  # drawn for screens of double density, shown at half
WIDTH, PANEL, LEFT, TOP = 420, 92, 8, 16  # narrow: a phone shows it at 300, and its digits must be read there
TEXT = 12
INK, SOFT, PAPER = "#1c2430", "#5a6675", "#ffffff"
DEPARTURES, JOBS = "#2f6db5", "#c8641b"


@dataclass(frozen=True, slots=True)
class Week:
    """One week from its Monday: how many departures, how many jobs were said to be cut."""

    start: date
    departures: int = 0
    jobs: int = 0


def weeks_of(events: Iterable[Event], until: date, count: int = WEEKS) -> tuple[Week, ...]:
    """The weeks up to that of `until`. An event counts in the week of its date, else of its first story.

    Only what is confirmed counts: no rumour, nothing denied, dismissed or only recalled; nor does a date of which
    only the year is known.
    """
    last = until - timedelta(days=until.weekday())
    starts = [last - timedelta(weeks=n) for n in range(count - 1, -1, -1)]
    departures, jobs = dict.fromkeys(starts, 0), dict.fromkeys(starts, 0)
    for event in events:
        day = day_of(event)
        monday = day - timedelta(days=day.weekday()) if day else None
        if monday not in departures or not _counts(event):
            continue
        if event.kind is Kind.DEPARTURE:
            departures[monday] += 1
        elif isinstance(headcount := event.get("headcount"), int):
            jobs[monday] += headcount
    return tuple(Week(start, departures[start], jobs[start]) for start in starts)


def _counts(event: Event) -> bool:
    return event.life is Life.CONFIRMED and not event.dismissed and event.salience is Salience.MAIN


def day_of(event: Event) -> date | None:
    """The day to count an event at, None where neither its date nor its stories tell one."""
    told = event.get("date")
    if isinstance(told, str):
        try:
            own = PartialDate(told)
        except ValueError:
            own = None
        if own and own.precision == "day":
            return own.first()
    published = sorted(m.provenance.published for m in event.sure_mentions if m.provenance.published)
    return published[0].first() if published and published[0].precision == "day" else None


def in_words(weeks: Sequence[Week]) -> str:
    """What the chart shows, for who does not see it."""
    departures, jobs = sum(w.departures for w in weeks), sum(w.jobs for w in weeks)
    return (
        f"{french.counted(len(weeks), 'dernière semaine', 'dernières semaines')}, faits confirmés{french.COLON}"
        f"{french.counted(departures, 'départ')}, {french.counted(jobs, 'poste supprimé', 'postes supprimés')}"
    )


def png(weeks: Sequence[Week]) -> bytes:
    """Two small bar charts as a PNG: departures above, jobs below; each bar has its number, the axis its weeks.

    Digits only: the one font that comes with Pillow has no accents, so the words stand beside the image.
    """
    image = Image.new("RGB", (WIDTH * SCALE, 2 * PANEL * SCALE), PAPER)
    draw = ImageDraw.Draw(image)
    starts = [w.start for w in weeks]
    _panel(draw, 0, [w.departures for w in weeks], starts, DEPARTURES)
    _panel(draw, PANEL * SCALE, [w.jobs for w in weeks], starts, JOBS)
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def _panel(
    draw: ImageDraw.ImageDraw, top: int, values: Sequence[int], starts: Sequence[date], colour: str
) -> None:
    small = ImageFont.load_default(TEXT * SCALE)
    floor, height = top + (PANEL - 20) * SCALE, (PANEL - 20 - TOP) * SCALE
    step = (WIDTH - 2 * LEFT) * SCALE / max(1, len(values))
    most = max([*values, 1])
    draw.line((LEFT * SCALE, floor, (WIDTH - LEFT) * SCALE, floor), SOFT, SCALE // 2)
    for rank, (value, start) in enumerate(zip(values, starts, strict=True)):
        middle = LEFT * SCALE + step * (rank + 0.5)
        if value:
            bar = floor - max(SCALE, round(height * value / most))
            draw.rectangle((middle - step * 0.3, bar, middle + step * 0.3, floor - 1), colour)
            draw.text((middle, bar - 2 * SCALE), _short(value), INK, font=small, anchor="ms")
        if (len(values) - rank) % 2:  # the last week, and every other before
            draw.text((middle, floor + 15 * SCALE), f"{start:%d/%m}", SOFT, font=small, anchor="ms")


def _short(value: int) -> str:
    """`950`, `2,3 k`, `12 k`: a bar is narrow."""
    if value < 1000:
        return str(value)
    return f"{french.number(round(value / 1000, 1 if value < 10_000 else None))} k".replace(french.FINE, " ")

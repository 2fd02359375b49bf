"""Dates as articles tell them: with their precision."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date at the precision that is known: `2025`, `2025-07` or `2025-07-12`.

    Raises ValueError where `iso` is none of the three, or no day of the calendar.
    """

    iso: str

    def __post_init__(self) -> None:
        if not _ISO.fullmatch(self.iso):
            raise ValueError(f"not a date of the form 2025, 2025-07 or 2025-07-12: {self.iso!r}")
        self.first()

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """The whole day of a date or datetime."""
        return cls(f"{day:%Y-%m-%d}" if day.year >= 1000 else f"{day.year:04}-{day:%m-%d}")

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        """The finest unit that is known."""
        names: tuple[Literal["year"], Literal["month"], Literal["day"]] = ("year", "month", "day")
        return names[self.iso.count("-")]

    def first(self) -> date:
        """The first day that it may mean."""
        year, month, day = ([int(n) for n in self.iso.split("-")] + [1, 1])[:3]
        return date(year, month, day)

    def last(self) -> date:
        """The last day that it may mean."""
        year, month, day = ([int(n) for n in self.iso.split("-")] + [0, 0])[:3]
        month = month or 12
        return date(year, month, day or calendar.monthrange(year, month)[1])

    def covers(self, other: "PartialDate") -> bool:
        """Whether the other says the same, as precisely or more so."""
        return other.iso.startswith(self.iso)

    def __str__(self) -> str:
        return self.iso

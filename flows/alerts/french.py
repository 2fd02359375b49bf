"""French as it is printed: spaces, plurals, elision, numbers, dates, and the words of the schema's codes. Pure."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from models.dates import PartialDate
from models.vocabulary import Kind, Life, Manner, News, Qualifier

FINE = "\u202f"  # before ; ! ? and %, and between thousands
FULL = "\u00a0"  # before : and within « »
COLON = f"{FULL}: "

STATUS = {
    Life.CONFIRMED: "confirmé",
    Life.REPORTED: "rapporté, non confirmé",
    Life.SPECULATED: "rumeur",
    Life.DENIED: "démenti",
}
MANNER = {
    Manner.VOLUNTARY: "départ volontaire",
    Manner.FORCED: "départ forcé",
    Manner.RETIREMENT: "retraite",
    Manner.MUTUAL: "départ d’un commun accord",
    Manner.TERM_END: "fin de mandat",
    Manner.DEATH: "décès",
    Manner.UNSPECIFIED: "",
}
NEWS = {
    News.NEW: "nouveau",
    News.CONFIRMED: "confirmé",
    News.FIGURE: "chiffre revu",
    News.SUCCESSOR: "succession",
    News.DENIED: "démenti",
    News.DATE: "date précisée",
    News.SCOPE: "périmètre précisé",
}
QUALIFIER = {
    Qualifier.EXACT: "",
    Qualifier.AT_LEAST: f"au moins{FULL}",
    Qualifier.ABOUT: f"environ{FULL}",
    Qualifier.UP_TO: f"jusqu’à{FULL}",
}
_INNER = re.compile(rf"«[ {FULL}{FINE}]?|[ {FULL}{FINE}]?»")
_VOWEL = re.compile(r"[aeiouàâäéèêëîïôöùûüœæ]|y(?![aeiouàâäéèêëîïôöùûüœæ])", re.IGNORECASE)
KIND = {Kind.DEPARTURE: "départ", Kind.LAYOFF: "suppression de postes"}


def number(value: float) -> str:
    """`12 500`, `6,5`."""
    return format_decimal(value, locale="fr_FR")


def percent(value: float) -> str:
    """`13 %`, `6,5 %`."""
    return f"{number(value)}{FINE}%"


def counted(count: int, one: str, many: str | None = None) -> str:
    """`1 poste`, `500 postes`: in French, a plural begins at 2."""
    return f"{number(count)}{FULL}{one if abs(count) < 2 else many or one + 's'}"


def quoted(text: str) -> str:
    """`« … »`; what was quoted in it already stands in `“…”`."""
    return f"«{FULL}{_INNER.sub(_within, text)}{FULL}»"


def _within(mark: re.Match[str]) -> str:
    return "“" if "«" in mark[0] else "”"


def of(name: str) -> str:
    """`d’OpenAI`, `d’Yves Guillemot`; `de Google`, `de Yann LeCun`: before a vowel, y is none."""
    return f"d’{name}" if _VOWEL.match(name) else f"de {name}"


def day(value: date) -> str:
    """`1er juillet 2025`, `12 juillet 2025`."""
    return (
        format_date(value, "d MMMM y", locale="fr_FR").replace("1 ", "1er ", 1) if value.day == 1 else _day(value)
    )


def _day(value: date) -> str:
    return format_date(value, "d MMMM y", locale="fr_FR")


def partial(value: PartialDate) -> str:
    """A date at its precision: `2025`, `juillet 2025`, `12 juillet 2025`."""
    if value.precision == "year":
        return value.iso
    return day(value.first()) if value.precision == "day" else format_date(value.first(), "MMMM y", locale="fr_FR")


def moment(value: datetime, zone: ZoneInfo) -> str:
    """`12 juillet 2025 à 8 h 30`, in the reader's time."""
    local = value.astimezone(zone)
    return f"{day(local.date())} à {local.hour}{FULL}h{FULL}{local:%M}"


def listed(items: list[str] | tuple[str, ...]) -> str:
    """`a`, `a et b`, `a, b et c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} et {items[-1]}" if items else ""


def capital(text: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]

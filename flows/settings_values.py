"""How single values of the configuration are read: durations, times of day, addresses of channels.

Each function raises ValueError with French words that end the sentence "key : …", and never repeats a secret.
"""

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from flows.alerts import schemes
from flows.alerts.policy import Quiet

_UNITS = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours", "d": "days", "j": "days", "w": "weeks"}
_DURATION = re.compile(r"(\d{1,6})\s*(s|min|m|h|d|j|w)")
_LONGEST = timedelta(days=100_000)  # longer ones leave the calendar when taken from today
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:h]([0-5]\d)")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_REFERENCE = re.compile(r"(env|file|prefect-secret):(?!//)(.+)")
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TERMINAL = "terminal:"


def duration(value: Any) -> timedelta:
    """A number and a unit: `45s`, `30m`, `12h`, `3d` (or `3j`), `2w`."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if not match:
        raise ValueError('durée illisible ; écrire un nombre et une unité, p. ex. "3d", "12h", "30m", "2w"')
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if length > _LONGEST:
        raise ValueError(f'durée trop longue ; {_LONGEST.days} jours ("{_LONGEST.days}d") au plus')
    return length


def clock(value: Any) -> time:
    """A time of day: `08:30` or `8h30`. TOML's own local times are taken too."""
    if isinstance(value, time):
        return value
    match = _CLOCK.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if not match:
        raise ValueError('heure illisible ; écrire p. ex. "08:30"')
    return time(int(match[1]), int(match[2]))


def quiet_hours(value: Any) -> Quiet | None:
    """Two times of day: `22:00-07:00`."""
    if value is None or isinstance(value, Quiet):
        return value
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise ValueError('heures calmes illisibles ; écrire p. ex. "22:00-07:00"')
    quiet = Quiet(clock(start), clock(end))
    if quiet.start == quiet.end:
        raise ValueError("heures calmes vides : le début et la fin sont égaux")
    return quiet


def weekday(value: Any) -> int:
    """A day's name, French or English; Monday is 0."""
    name = value.strip().lower() if isinstance(value, str) else value
    for names in (_DAYS, _ENGLISH_DAYS):
        if name in names:
            return names.index(name)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 6:
        return value
    raise ValueError(f"jour inconnu ; écrire l'un de : {', '.join(_DAYS)}")


def channel_url(value: Any) -> Any:
    """A channel's address in one of its four forms, or `terminal:`; the value itself is never said."""
    if not isinstance(value, str):
        raise ValueError("un texte (une adresse Apprise) ou une liste de textes est attendu")  # noqa: TRY004 - pydantic takes ValueError
    text = value.strip()
    if text == TERMINAL or _REFERENCE.fullmatch(text):
        return text
    if _URL.fullmatch(text):
        if wrong := schemes.problem(text):
            raise ValueError(wrong)
        return text
    raise ValueError(
        "adresse de canal illisible ; écrire une adresse Apprise (« slack://… », « mailtos://… »), "
        "« vigie+https://… », « env:NOM », « file:CHEMIN », « prefect-secret:BLOC » ou « terminal: »"
    )


def hosts(value: Any) -> Any:
    """`host:port` addresses, as a list or separated by commas; the port may be left out."""
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)) or not all(isinstance(i, str) for i in items):
        raise ValueError('une liste de « hôte:port » est attendue, p. ex. ["127.0.0.1:8808"]')
    cleaned = tuple(i.strip().lower() for i in items if i.strip())
    for item in cleaned:
        if not re.fullmatch(r"(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?", item):
            raise ValueError(f"« {item[:60]} » n'est pas de la forme « hôte:port »")
    return cleaned


def database_url(value: Any) -> Any:
    """A SQLAlchemy address of SQLite or PostgreSQL; a password in it is never said."""
    if isinstance(value, SecretStr):  # the default, which is checked too
        return value
    if isinstance(value, str) and re.match(r"(sqlite|postgresql)(\+\w+)?://", value):
        return value
    raise ValueError('adresse de base illisible ; écrire p. ex. "sqlite:///vigie.db" ou "postgresql://hôte/base"')


def beside(url: str, folder: Path) -> str:
    """A relative SQLite file's address made absolute from a folder: one file, wherever a run starts."""
    match = re.match(r"(sqlite(?:\+\w+)?:///)([^/:?][^?]*)(.*)", url)
    if not match or match[2].startswith("file:"):
        return url
    return f"{match[1]}{(folder / match[2]).resolve()}{match[3]}"

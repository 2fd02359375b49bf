"""The dates of feeds: as aware datetimes in UTC, or None where what is written cannot be one."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Zone names that e-mail's grammar does not know and that feeds use; feedparser takes them for UTC, two hours off.
_ZONES = {
    "CEST": "+0200", "CET": "+0100", "MEST": "+0200", "MESZ": "+0200", "MET": "+0100", "MEZ": "+0100",
    "WEST": "+0100", "WET": "+0000", "BST": "+0100", "EEST": "+0300", "EET": "+0200", "MSK": "+0300",
    "AEST": "+1000", "JST": "+0900",
}  # fmt: skip
_FRENCH = {
    "janv": "Jan", "févr": "Feb", "fevr": "Feb", "fév": "Feb", "mars": "Mar", "avr": "Apr", "mai": "May",
    "juin": "Jun", "juil": "Jul", "août": "Aug", "aout": "Aug", "sept": "Sep", "oct": "Oct", "nov": "Nov",
    "déc": "Dec", "dec": "Dec",
}  # fmt: skip
_MONTH = re.compile(r"(?<=\d )(" + "|".join(_FRENCH) + r")[a-zéû]*\.?(?= \d)", re.IGNORECASE)
_ZONE = re.compile(r"\b([A-Z]{3,4})$")
_DAY = re.compile(r"^[^\W\d]{2,9}\.?,?\s+(?=\d)")
_SPARE_FRACTION = re.compile(r"(\.\d{6})\d+")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web, a feed's date is a mistake
_CLOCKS_DIFFER = timedelta(days=1)  # a date so little ahead is a wrong zone or clock, not a wrong date


def parse_date(written: str | None, now: datetime) -> datetime | None:
    """What a feed or page writes as a date, in UTC; never after `now`, None where it is absurd.

    A date without a zone is taken as UTC; one that is at most a day ahead becomes `now`.
    """
    found = _read(" ".join((written or "").split())[:80])
    return plausible(found, now) if found else None


def plausible(found: datetime, now: datetime) -> datetime | None:
    """A date within 1990 and now; see parse_date."""
    try:
        moment = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:  # year 1 or 9999 with a zone
        return None
    if moment > now:
        return now if moment - now <= _CLOCKS_DIFFER else None
    return moment if moment >= _EARLIEST else None


def _read(written: str) -> datetime | None:
    if not written:
        return None
    try:
        return datetime.fromisoformat(_SPARE_FRACTION.sub(r"\1", written))
    except ValueError:
        pass
    mail = _MONTH.sub(lambda m: _FRENCH.get(m[1].lower(), m[0]), _DAY.sub("", written))
    mail = _ZONE.sub(lambda m: _ZONES.get(m[1], m[1]), mail)
    try:
        found = parsedate_to_datetime(mail)
    except (ValueError, TypeError, IndexError, OverflowError):  # what the e-mail parser raises for nonsense
        return None
    return found

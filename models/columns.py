"""Column types that mean the same on SQLite and PostgreSQL, and never fail on hostile text."""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, Text
from sqlalchemy.types import TypeDecorator

from models.dates import PartialDate

# PostgreSQL refuses NUL in a text, and no UTF-8 can hold half a surrogate pair. One character for one, so that the
# offsets of evidence stay right.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def storable(text: str) -> str:
    """The text with each NUL and each lone surrogate replaced by U+FFFD; its length does not change."""
    return _UNSTORABLE.sub(_REPLACEMENT, text)


def storable_value(value: Any) -> Any:
    """A JSON value in which every text is storable."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list | tuple):
        return [storable_value(v) for v in value]
    if isinstance(value, dict):
        return {storable(k): storable_value(v) for k, v in value.items()}
    return value


class Words(TypeDecorator[str]):
    """Text of any length, made storable on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is sent to the database."""
        return None if value is None else storable(value)


class Utc(TypeDecorator[datetime]):
    """An aware datetime in UTC, on SQLite too. Raises ValueError on a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is sent to the database; SQLite keeps no zone, so it gets UTC without saying so."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value.isoformat()}: every time in the store is aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What a record holds."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Partial(TypeDecorator[PartialDate]):
    """A PartialDate as its ISO text; texts sort as their first days do."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: PartialDate | None, dialect: Dialect) -> str | None:
        """What is sent to the database."""
        return None if value is None else value.iso

    def process_result_value(self, value: str | None, dialect: Dialect) -> PartialDate | None:
        """What a record holds."""
        return None if value is None else PartialDate(value)


class Value(TypeDecorator[Any]):
    """A JSON value that is read whole, and hardly ever searched; its texts are made storable."""

    impl = JSON
    cache_ok = True
    should_evaluate_none = True  # None is a value here (JSON null), not an absence

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """What is sent to the database."""
        return storable_value(value)


def word_of(vocabulary: type[StrEnum]) -> Enum:
    """A column for one word of a vocabulary, kept as that word: a new word needs no migration."""
    words = [w.value for w in vocabulary]
    return Enum(vocabulary, native_enum=False, create_constraint=False, length=16, values_callable=lambda _: words)

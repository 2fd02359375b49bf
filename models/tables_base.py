"""The base of the tables: names for constraints, and which column type stands for which Python type."""

from datetime import datetime
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from models.columns import Partial, Utc, Value, Words, word_of
from models.dates import PartialDate
from models.vocabulary import DeliveryState, Health, Kind, Life, News, Outcome, Qualifier, Salience, Status

CASCADE = "CASCADE"


class Base(DeclarativeBase):
    """Names for every constraint, so that a migration can name what it changes."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Words(),
        datetime: Utc(),
        PartialDate: Partial(),
        Any: Value(),
        Health: word_of(Health),
        Kind: word_of(Kind),
        Life: word_of(Life),
        News: word_of(News),
        Outcome: word_of(Outcome),
        Qualifier: word_of(Qualifier),
        Salience: word_of(Salience),
        Status: word_of(Status),
        DeliveryState: word_of(DeliveryState),
    }

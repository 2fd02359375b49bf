"""Alembic's environment: the store hands over its connection; the `alembic` command takes VIGIE_DATABASE_URL."""

import os
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Enum
from sqlalchemy.types import TypeDecorator

from models.store.engine import open_engine
from models.tables import Base


def plain_type(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """A column's type as SQLAlchemy's own: a revision must not change when this program's types do."""
    if kind != "type":
        return False
    if isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return f"sa.{item.impl_instance!r}" if isinstance(item, TypeDecorator) else False


def run(connection: Connection) -> None:
    """Run what was asked for, on one connection, in one transaction."""
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=plain_type
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = open_engine(os.environ.get("VIGIE_DATABASE_URL", "sqlite://"))
    with engine.connect() as own:
        run(own)

"""A whole store copied into another database, exactly: from SQLite to PostgreSQL when one machine is outgrown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from models.errors import StoreError
from models.store import schema
from models.store.engine import Database
from models.tables import Base

# Rows in memory at once; an article is some kilobytes.
ROWS = 1000


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows of each table were copied."""

    rows: dict[str, int]

    @property
    def total(self) -> int:
        """Of all tables."""
        return sum(self.rows.values())


def copy(source_url: str, target_url: str) -> Copied:
    """Copy every table of one store into another, empty database, in one transaction; then compare the counts.

    What was sent stays sent, ids stay ids. Raises StoreError where the source is not at this program's version, or
    the target holds anything.
    """
    source, target = Database(source_url), Database(target_url)
    try:
        if source.where == target.where:
            raise StoreError(f"la base {source.where} ne peut être copiée sur elle-même")
        schema.upgrade_database(target)
        with source.snapshot() as old, target.connection() as new:
            at = schema.current(old)
            if at != schema.head():
                raise StoreError(
                    f"la base {source.where} est à la version {at or 'aucune'}, {schema.head()} est attendue : "
                    "lancez « vigie db upgrade »"
                )
            _refuse_unless_empty(new, target.where)
            rows = {table.name: _copy_table(old, new, table) for table in Base.metadata.sorted_tables}
            if not target.is_sqlite:
                _reset_sequences(new)
        return Copied(rows)
    finally:
        source.close()
        target.close()


def _refuse_unless_empty(connection: Connection, where: str) -> None:
    for table in Base.metadata.sorted_tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            raise StoreError(f"la base {where} n'est pas vide (table {table.name}) : donnez-en une qui le soit")


def _copy_table(old: Connection, new: Connection, table: Table) -> int:
    """Copy one table; references to the table itself follow once all its rows are there."""
    inner = [
        column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)
    ]
    later: list[dict[str, Any]] = []
    (own_key, *_) = table.primary_key.columns
    for rows in _batches(old, table):
        for row in rows:
            if any(row[name] is not None for name in inner):
                later.append({"own": row[own_key.name], **{f"to_{name}": row[name] for name in inner}})
                row.update(dict.fromkeys(inner))
        new.execute(insert(table), rows)
    if later:
        refer = update(table).where(own_key == bindparam("own"))
        new.execute(refer.values({name: bindparam(f"to_{name}") for name in inner}), later)
    read = old.execute(select(func.count()).select_from(table)).scalar_one()
    written = new.execute(select(func.count()).select_from(table)).scalar_one()
    if read != written:
        raise RuntimeError(f"{table.name}: {read} rows read, {written} written")
    return int(written)


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = connection.execution_options(yield_per=ROWS).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    for part in found.partitions(ROWS):
        yield [dict(row._mapping) for row in part]


def _reset_sequences(connection: Connection) -> None:
    """Let PostgreSQL count on from the ids that were copied."""
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        following = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
        # With false, the next id is the one given: an empty table begins with 1.
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, following, False)))

"""The schema's version: brought up to date, or compared with what this program expects."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from models.errors import StoreError
from models.store.engine import Database
from models.tables import Base

_MIGRATIONS = Path(__file__).parent.parent / "migrations"

# PostgreSQL's advisory lock of whoever changes the schema.
_SCHEMA_LOCK = 7301


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The revision that this program expects."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise RuntimeError("the package holds no migration")
    return found


def current(connection: Connection) -> str | None:
    """The revision that a database is at; None where it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(url: str, revision: str = "head") -> str:
    """Bring a database, empty or old, to a revision (this program's unless told); the revision reached.

    Raises StoreError where it cannot be reached, is newer than this program, or holds somebody else's tables.
    """
    database = Database(url)
    try:
        return upgrade_database(database, revision)
    finally:
        database.close()


def upgrade_database(database: Database, revision: str = "head") -> str:
    """As `upgrade`, on a database already opened; one transaction, serialised between processes."""
    with database.connection(foreign_keys=False) as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})"))
        known = {r.revision for r in ScriptDirectory.from_config(_config()).walk_revisions()}
        at = current(connection)
        if at is not None and at not in known:
            raise StoreError(f"la base {database.where} vient d'un Vigie plus récent ({at}) : mettez Vigie à jour")
        if at is None and set(inspect(connection).get_table_names()) & set(Base.metadata.tables):
            raise StoreError(f"la base {database.where} a déjà des tables de ces noms : donnez une base vide")
        command.upgrade(_config(connection), revision)
        return current(connection) or ""


def check(url: str) -> tuple[str, ...]:
    """What keeps a database from being usable, one French line each. Raises StoreError."""
    database = Database(url)
    try:
        with database.connection() as connection:
            return _differences(connection, database.where)
    finally:
        database.close()


def _differences(connection: Connection, where: str) -> tuple[str, ...]:
    at = current(connection)
    if at is None:
        return (f"la base {where} est vide : lancez « vigie db upgrade »",)
    if at != head():
        return (f"la base {where} est à la version {at}, {head()} est attendue : lancez « vigie db upgrade »",)
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return tuple(f"schéma différent : {difference}" for difference in compare_metadata(context, Base.metadata))

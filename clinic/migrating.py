"""Brings a database's tables up to date, through the Alembic migrations beside this file."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.engine import Engine

from clinic.errors import StorageError

MIGRATIONS = Path(__file__).parent / "migrations"

# Alembic keeps what it is doing in global variables.
_one_at_a_time = threading.Lock()


def upgrade(database: Engine, revision: str = "head") -> None:
    """Creates the tables, or changes them to what this version needs, or an earlier ``revision``.

    Processes of the version before go on working meanwhile and afterwards, so that replicas can
    be replaced one by one: a migration only adds, and what it adds to a table has a default.

    All in one transaction, so that it happens as a whole or not at all. Processes that start
    at the same time wait for each other: on SQLite because the transaction is a writer's from
    its beginning, on PostgreSQL by an advisory lock. Raises StorageError where the database was
    made by a newer version.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with _one_at_a_time, database.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('clinic tables'))")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            raise StorageError(
                f"The database is newer than this program ({error}). Install the newer version, "
                "or name another database in DATABASE_URL."
            ) from error

"""Where the clinic keeps its appointments: SQLite, or PostgreSQL through DATABASE_URL.

An appointment owns one row of (practitioner, cell) for each cell of the booking grid that it
covers. Those rows are unique, so the database itself forbids a double booking.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.engine import Engine, make_url

DEFAULT_URL = "sqlite:///var/clinic.db"
MIGRATIONS = Path(__file__).parent / "migrations"


class Instant(TypeDecorator):
    """An aware datetime, kept in UTC in every database."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: give an aware datetime")
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


tables = MetaData()

appointments = Table(
    "appointments",
    tables,
    Column("id", Integer, primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("idempotency_key", String(160), nullable=False, unique=True),
    Column("service", String(40), nullable=False),
    Column("practitioner", String(40), nullable=False),
    Column("starts_at", Instant, nullable=False, index=True),
    Column("ends_at", Instant, nullable=False),
    Column("patient", String(8), nullable=False),
    Column("name", String(100), nullable=False),
    Column("contact_kind", String(8), nullable=False),
    Column("contact", String(254), nullable=False),
    Column("sender", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
)

booked_cells = Table(
    "booked_cells",
    tables,
    Column("practitioner", String(40), primary_key=True),
    Column("starts_at", Instant, primary_key=True),
    Column(
        "appointment_id",
        ForeignKey("appointments.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)


def open_storage(url: str | None = None) -> Engine:
    """The database at ``url``, else at DATABASE_URL, else var/clinic.db, its tables up to date."""
    address = make_url(url or os.environ.get("DATABASE_URL") or DEFAULT_URL)
    if address.get_backend_name() != "sqlite":
        engine = create_engine(address, future=True, pool_pre_ping=True)
        _upgrade(engine)
        return engine
    # Waits for another process's write rather than failing at once.
    engine = create_engine(address, future=True, connect_args={"timeout": 15})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    file = Path(address.database or "")
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{file}.lock"):
        _upgrade(engine)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # pysqlite must not begin transactions by itself: we begin them, as writers, so that two of
    # them wait for each other instead of failing half-way.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")


def _upgrade(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

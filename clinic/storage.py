"""Where the clinic keeps its appointments: SQLite, or PostgreSQL through DATABASE_URL.

An appointment owns one row of ``booked_cells`` for each five minutes with its practitioner.
Those rows are unique, so the database itself forbids a double booking. A cell is five minutes
whatever the grid of clinic.yml is: changing the grid cannot let appointments overlap.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

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
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from clinic.errors import DiaryUnreachable, StorageError
from clinic.migrating import upgrade

DEFAULT_URL = "sqlite:///var/clinic.db"
# How long a write waits for another one, in seconds, before the diary counts as unreachable.
PATIENCE = 15

Storage: TypeAlias = Engine


class Instant(TypeDecorator):
    """An aware datetime, kept in UTC in every database."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: give an aware datetime")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


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
    Column("status", String(16), nullable=False, server_default="booked"),
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


def open_storage(url: str | None = None) -> Storage:
    """The database at ``url``, else at DATABASE_URL, else var/clinic.db, its tables up to date.

    Threads may share it. Raises StorageError, naming the database and what to do.
    """
    address = _address(url or os.environ.get("DATABASE_URL") or DEFAULT_URL)
    try:
        storage = _engine(address)
        upgrade(storage)
    except (DatabaseError, InterfaceError, OSError) as error:
        reason = getattr(error, "orig", error)
        raise StorageError(
            f"DATABASE_URL {address.render_as_string(hide_password=True)}: it cannot be opened "
            f"({str(reason).strip()}). Is it there, may this user write to it, and is there room "
            "on the disk?"
        ) from error
    return storage


@contextmanager
def reading(storage: Storage) -> Iterator[Connection]:
    """A connection to read from. Raises DiaryUnreachable where the database does not answer."""
    with _answering(), storage.connect() as connection:
        yield connection


@contextmanager
def writing(storage: Storage) -> Iterator[Connection]:
    """A transaction: saved as a whole at the end, or not at all. Raises DiaryUnreachable."""
    with _answering(), storage.execution_options(writes=True).begin() as connection:
        yield connection


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise DiaryUnreachable from error


def _address(text: str) -> URL:
    # Some hosts still hand out the scheme that SQLAlchemy no longer knows.
    text = text.replace("postgres://", "postgresql://", 1)
    try:
        address = make_url(text)
        address.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StorageError(
            "DATABASE_URL is not the address of a database: write sqlite:///var/clinic.db or "
            "postgresql://user:password@host/name"
        ) from error
    if address.get_backend_name() == "sqlite" and address.database in {None, "", ":memory:"}:
        raise StorageError(
            f"DATABASE_URL {text} would be forgotten: name a file, such as sqlite:///var/clinic.db"
        )
    return address


def _engine(address: URL) -> Engine:
    if address.get_backend_name() != "sqlite":
        return create_engine(address, future=True, pool_pre_ping=True)
    Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, future=True, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # sqlite3 must not begin transactions by itself: we do
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    # A writer says so at once, and waits for its turn. One that becomes a writer half-way fails
    # when another has written in between.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

"""Where the clinic keeps what it keeps: SQLite, or PostgreSQL through DATABASE_URL."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import create_engine, event
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

from clinic.errors import Collision, DiaryUnreachable, StorageError
from clinic.migrating import upgrade

DEFAULT_URL = "sqlite:///var/clinic.db"
# How long a write waits for another one, in seconds, before the diary counts as unreachable: not
# as long as a turn may take, lest a booking be made of which the visitor is told that it failed.
PATIENCE = 4

# PostgreSQL's codes for a deadlock, and for transactions that cannot be put in a row.
COLLISIONS = {"40P01", "40001"}

MESSAGES_URL = "sqlite:///var/messages.db"

# What SQLAlchemy raises of a database that does not answer.
NO_ANSWER = (OperationalError, InterfaceError, PoolTimeout)

Storage: TypeAlias = Engine

_lines: WeakKeyDictionary[Storage, threading.Lock] = WeakKeyDictionary()


def messages_beside(database_url: str) -> str:
    """Where the message log is unless a setting says: with the appointments in PostgreSQL; in
    SQLite in a file of its own, lest a chat wait for a booking."""
    return database_url if database_url.startswith("postgres") else MESSAGES_URL


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
    writer = storage.execution_options(writes=True)
    with _answering(), _turn(storage), writer.begin() as connection:
        yield connection


@contextmanager
def _turn(storage: Storage) -> Iterator[None]:
    """This process's writers of an SQLite file wait in a line.

    SQLite itself lets them try again and again, and who has waited longest may wait on.
    """
    if storage.dialect.name != "sqlite":
        yield
        return
    line = _lines.setdefault(storage, threading.Lock())
    if not line.acquire(timeout=PATIENCE):
        raise DiaryUnreachable
    try:
        yield
    finally:
        line.release()


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except NO_ANSWER as error:
        code = getattr(getattr(error, "orig", None), "pgcode", None)
        raise Collision if code in COLLISIONS else DiaryUnreachable from error


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
        return create_engine(address, future=True, pool_pre_ping=True, hide_parameters=True)
    Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address, future=True, hide_parameters=True, connect_args={"timeout": PATIENCE}
    )
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

"""Where appointments are kept."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import delete, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from clinic import storage as room
from clinic.appointments import book, upcoming
from clinic.audit import trail
from clinic.errors import DiaryUnreachable, StorageError
from clinic.migrating import MIGRATIONS, upgrade
from clinic.outbox import claim
from clinic.storage import open_storage, reading, writing
from clinic.tables import appointments, booked_cells, tables

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)


@pytest.mark.parametrize("database", ["sqlite", POSTGRESQL], indirect=True)
def test_the_migrations_make_exactly_the_tables_that_the_code_uses(storage):
    with storage.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables) == []


@pytest.mark.parametrize("database", ["sqlite", POSTGRESQL], indirect=True)
def test_a_database_of_the_first_version_keeps_its_appointments(storage, clinic, request_, now):
    booked = book(storage, clinic, request_, now)
    with writing(storage) as transaction:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = transaction
        transaction.execute(text("DELETE FROM audit_trail"))
        command.downgrade(config, "0001")
    upgrade(storage)
    assert upcoming(storage, now) == [booked]
    with reading(storage) as connection:
        assert len(connection.execute(select(booked_cells)).all()) == 6


@pytest.mark.parametrize("database", ["sqlite", POSTGRESQL], indirect=True)
def test_the_version_before_goes_on_writing_in_the_new_tables(storage, now):
    """It names the columns that it knows."""
    at = f"{now:%Y-%m-%d %H:%M:%S.%f}"
    with writing(storage) as transaction:
        for row in (
            "INSERT INTO audit_trail (at, who, did, subject) VALUES ('{}', 'visitor', 'booked', 'R')",
            "INSERT INTO outbox (message_key, kind, content, due_at, created_at)"
            " VALUES ('k', 'email', '{{}}', '{}', '2026-01-01 00:00:00.000000')",
        ):
            transaction.exec_driver_sql(row.format(at))
    assert [entry.did for entry in trail(storage)] == ["booked"]
    assert claim(storage, now).message_key == "k"


def test_the_folder_of_the_database_is_made(tmp_path):
    open_storage(f"sqlite:///{tmp_path}/new/folder/clinic.db")
    assert (tmp_path / "new/folder/clinic.db").is_file()


def test_without_an_address_it_is_var_clinic_db_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    open_storage()
    assert (tmp_path / "var/clinic.db").is_file()


def test_database_url_says_where_it_is(url, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    open_storage()
    assert (tmp_path / "clinic.db").is_file()


def test_a_storage_that_is_opened_again_keeps_what_it_had(url, clinic, request_, now):
    booked = book(open_storage(url), clinic, request_, now)
    assert book(open_storage(url), clinic, request_, now) == booked


def test_readers_do_not_wait_for_a_writer(url, storage, monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0)
    with writing(storage) as transaction:
        transaction.execute(delete(appointments))
        with reading(open_sqlite_without_migrating(url)) as connection:
            assert connection.execute(select(appointments)).all() == []


def open_sqlite_without_migrating(url):
    return room._engine(room._address(url))


def test_a_database_that_stays_locked_is_said_to_be_unreachable(url, storage, monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0)
    other = open_sqlite_without_migrating(url)
    with writing(storage), pytest.raises(DiaryUnreachable) as refused, writing(other):
        pass
    assert "may not have been saved" in refused.value.words


def test_what_fails_half_way_leaves_nothing(storage, clinic, request_, now):
    book(storage, clinic, request_, now)
    with pytest.raises(ZeroDivisionError), writing(storage) as transaction:
        transaction.execute(delete(appointments))
        raise ZeroDivisionError
    with reading(storage) as connection:
        assert len(connection.execute(select(appointments)).all()) == 1


def test_instants_come_back_as_they_went_in_whatever_their_zone(storage):
    in_kathmandu = datetime(2026, 11, 24, 15, 45, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    row = dict.fromkeys((column.name for column in appointments.columns), "x") | {
        "id": 1,
        "starts_at": in_kathmandu,
        "ends_at": in_kathmandu + timedelta(minutes=30),
        "created_at": in_kathmandu,
        "consented_at": None,
        "sequence": 0,
    }
    with writing(storage) as transaction:
        transaction.execute(insert(appointments).values(row))
    with reading(storage) as connection:
        found = connection.execute(select(appointments.c.starts_at)).scalar_one()
        kept = connection.execute(text("SELECT starts_at FROM appointments")).scalar_one()
    assert (found, found.tzinfo) == (in_kathmandu, UTC)
    assert kept.startswith("2026-11-24 10:00:00")


def test_an_instant_without_a_zone_is_refused(storage):
    query = select(appointments).where(appointments.c.starts_at > datetime(2026, 11, 24))
    with reading(storage) as connection, pytest.raises(Exception, match="no time zone"):
        connection.execute(query)


def test_the_database_itself_forbids_a_double_booking(storage, clinic, request_, now):
    book(storage, clinic, request_, now)
    with reading(storage) as connection:
        cell = connection.execute(select(booked_cells)).mappings().first()
    with pytest.raises(IntegrityError), writing(storage) as transaction:
        transaction.execute(insert(booked_cells).values(**cell))


def test_an_appointment_takes_its_cells_with_it(storage, clinic, request_, now):
    book(storage, clinic, request_, now)
    with writing(storage) as transaction:
        transaction.execute(delete(appointments))
    with reading(storage) as connection:
        assert connection.execute(select(booked_cells)).all() == []


def test_cells_without_an_appointment_are_refused(storage):
    cell = {
        "practitioner": "x",
        "starts_at": datetime(2026, 11, 24, tzinfo=UTC),
        "appointment_id": 7,
    }
    with pytest.raises(IntegrityError), writing(storage) as transaction:
        transaction.execute(insert(booked_cells).values(**cell))


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_that_would_be_forgotten_is_refused(address):
    with pytest.raises(StorageError, match="would be forgotten: name a file"):
        open_storage(address)


@pytest.mark.parametrize("address", ["clinic.db", "mysqlite:///clinic.db", "http://x"])
def test_an_address_of_no_database_is_refused(address):
    with pytest.raises(StorageError, match="DATABASE_URL is not the address of a database"):
        open_storage(address)


def test_a_database_that_cannot_be_opened_is_named_without_its_password():
    with pytest.raises(StorageError, match="it cannot be opened") as error:
        open_storage("postgres://clinic:secret@127.0.0.1:1/clinic")
    assert "postgresql://clinic:***@127.0.0.1:1/clinic" in str(error.value)
    assert "secret" not in str(error.value)


def test_a_file_that_is_no_database_is_said_to_be_unopenable(tmp_path):
    (tmp_path / "clinic.db").write_text("not a database, but long enough to look like one" * 100)
    with pytest.raises(StorageError, match="it cannot be opened"):
        open_storage(f"sqlite:///{tmp_path}/clinic.db")


def test_a_database_of_a_newer_version_is_refused(url, tmp_path):
    open_storage(url)
    with sqlite3.connect(tmp_path / "clinic.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="newer than this program"):
        open_storage(url)


def _open(url):
    return sorted(inspect(open_storage(url)).get_table_names())


def test_processes_that_start_at_once_on_a_new_database_all_find_its_tables(url):
    with multiprocessing.get_context("spawn").Pool(4) as processes:
        found = processes.map(_open, [url] * 8)
    assert found == [sorted([*tables.tables, "alembic_version"])] * 8


def test_migrations_can_be_written_by_alembic_itself():
    """The template and env.py are what ``alembic revision`` needs."""
    assert {"env.py", "script.py.mako", "versions"} <= {file.name for file in MIGRATIONS.iterdir()}


def test_nothing_of_rasa_is_imported_by_the_clinic():
    imported = subprocess.run(
        [sys.executable, "-c", "import clinic.__main__, sys; print(*sys.modules)"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not [name for name in imported if name.split(".")[0] in {"rasa", "rasa_sdk", "sanic"}]

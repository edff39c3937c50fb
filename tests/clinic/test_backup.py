"""Backups: whole though others write, put back as they were, and gone in time."""

from __future__ import annotations

import stat
import threading
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from clinic.appointments import book, upcoming
from clinic.backup import back_up, restore
from clinic.errors import StorageError
from clinic.storage import open_storage

BOTH_DATABASES = True


@pytest.fixture
def booked(storage, clinic, request_, now):
    return book(storage, clinic, request_, now)


def elsewhere(settings, database, request, tmp_path):
    """The same databases on a new machine."""
    if database == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    else:
        url = f"sqlite:///{tmp_path / 'new' / 'clinic.db'}"
    return {**settings, "DATABASE_URL": url}


def test_what_is_restored_elsewhere_is_what_was_backed_up(
    booked, settings, storage, now, database, request, tmp_path
):
    backup = back_up(tmp_path / "backups", now, 14, settings)
    there = elsewhere(settings, database, request, tmp_path)
    assert restore(backup, False, there) == ["clinic"]
    restored = open_storage(there["DATABASE_URL"])
    assert upcoming(restored, now) == upcoming(storage, now) != []
    restored.dispose()


def test_a_backup_taken_while_others_write_holds_whole_transactions(
    storage, url, settings, now, database, request, tmp_path
):
    with storage.begin() as connection:
        connection.execute(text("CREATE TABLE pairs (number INTEGER, half INTEGER)"))
    stop, begun = threading.Event(), threading.Event()

    def write():
        writer = create_engine(url)
        number = 0
        while not stop.is_set():
            with writer.begin() as connection:
                for half in (1, 2):
                    connection.execute(text(f"INSERT INTO pairs VALUES ({number}, {half})"))
            number += 1
            if number == 20:
                begun.set()
        writer.dispose()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert begun.wait(60)
        backup = back_up(tmp_path / "backups", now, 14, settings)
    finally:
        stop.set()
        thread.join()
    there = elsewhere(settings, database, request, tmp_path)
    restore(backup, False, there)
    restored = create_engine(there["DATABASE_URL"])
    with restored.connect() as connection:
        count = "SELECT count(*), count(DISTINCT number) FROM pairs"
        halves, pairs = connection.execute(text(count)).one()
    restored.dispose()
    assert halves == 2 * pairs >= 40


def test_what_is_there_is_not_overwritten_unless_somebody_says_so(
    booked, settings, storage, now, tmp_path
):
    backup = back_up(tmp_path / "backups", now, 14, settings)
    with storage.begin() as connection:
        connection.execute(text("CREATE TABLE written_since (number INTEGER)"))
        connection.execute(text("UPDATE appointments SET name = 'Somebody else'"))
    storage.dispose()
    with pytest.raises(StorageError, match="--overwrite"):
        restore(backup, False, settings)
    assert [one.name for one in upcoming(storage, now)] == ["Somebody else"]
    storage.dispose()
    restore(backup, True, settings)
    assert [one.name for one in upcoming(storage, now)] == ["Asha Patel"]


def test_old_backups_are_deleted_and_other_files_are_left(booked, settings, now, tmp_path):
    folder = tmp_path / "backups"
    old = back_up(folder, now - timedelta(days=15), 14, settings)
    recent = back_up(folder, now - timedelta(days=13), 14, settings)
    (folder / "notes").mkdir()
    new = back_up(folder, now, 14, settings)
    assert not old.exists()
    assert {recent, new, folder / "notes"} == set(folder.iterdir())


def test_only_its_owner_can_read_a_backup(booked, settings, now, tmp_path):
    backup = back_up(tmp_path / "backups", now, 14, settings)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in backup.iterdir()} == {0o600}


def test_a_damaged_backup_is_refused_before_anything_is_replaced(
    booked, settings, storage, now, tmp_path
):
    backup = back_up(tmp_path / "backups", now, 14, settings)
    for file in backup.iterdir():
        file.write_bytes(b"not a database" * 1000)
    storage.dispose()
    with pytest.raises(StorageError):
        restore(backup, True, settings)
    assert [one.name for one in upcoming(storage, now)] == ["Asha Patel"]

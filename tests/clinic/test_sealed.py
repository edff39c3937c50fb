"""Encrypted backups: nobody but the key's holder reads them, and the holder gets all back."""

from __future__ import annotations

import subprocess

import pytest

from clinic.appointments import book, upcoming
from clinic.backup import back_up, restore
from clinic.errors import StorageError
from clinic.storage import open_storage

pytestmark = pytest.mark.age


def key(file):
    """Makes a key; returns its public half."""
    subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    made = subprocess.run(["age-keygen", "-y", file], check=True, capture_output=True, text=True)
    return made.stdout.strip()


@pytest.fixture
def settings(settings, tmp_path):
    return {**settings, "BACKUP_RECIPIENT": key(tmp_path / "milia-backups.key")}


@pytest.fixture
def backup(storage, clinic, request_, settings, now, tmp_path):
    book(storage, clinic, request_, now)
    return back_up(tmp_path / "backups", now, 14, settings)


def elsewhere(settings, tmp_path):
    return {**settings, "DATABASE_URL": f"sqlite:///{tmp_path / 'new' / 'clinic.db'}"}


def test_nothing_in_the_backup_can_be_read(backup):
    files = list(backup.iterdir())
    assert [file.name for file in files] == ["clinic.db.age"]
    content = files[0].read_bytes()
    assert b"SQLite" not in content
    assert b"Patel" not in content


def test_the_holder_of_the_key_gets_all_of_it_back(backup, settings, storage, now, tmp_path):
    there = elsewhere(settings, tmp_path)
    assert restore(backup, False, there, tmp_path / "milia-backups.key") == ["clinic"]
    restored = open_storage(there["DATABASE_URL"])
    assert upcoming(restored, now) == upcoming(storage, now) != []
    restored.dispose()


def test_without_the_key_it_is_said_what_is_missing(backup, settings, tmp_path):
    with pytest.raises(StorageError, match="--identity"):
        restore(backup, False, elsewhere(settings, tmp_path))


def test_another_key_opens_nothing(backup, settings, tmp_path):
    key(tmp_path / "another.key")
    there = elsewhere(settings, tmp_path)
    with pytest.raises(StorageError, match="--identity"):
        restore(backup, False, there, tmp_path / "another.key")
    assert not (tmp_path / "new" / "clinic.db").exists()


def test_a_recipient_that_is_none_leaves_no_backup(storage, settings, now, tmp_path):
    with pytest.raises(StorageError, match="BACKUP_RECIPIENT"):
        back_up(tmp_path / "backups", now, 14, {**settings, "BACKUP_RECIPIENT": "age1nobody"})
    assert list((tmp_path / "backups").iterdir()) == []

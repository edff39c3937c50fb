"""Backups of what the clinic keeps, taken while it is at work, and their way back.

A backup is a folder named by its time in UTC. It holds a file a database: a copy of an SQLite
file, or what PostgreSQL's own pg_dump writes. It holds personal data: only its owner can read it,
or nobody without the key where BACKUP_RECIPIENT names one (clinic/sealed.py), and backups older
than they may become are deleted when the next one is taken.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url
from sqlalchemy.engine.url import URL

from clinic.conversations import DEFAULT_URL as CONVERSATIONS
from clinic.errors import StorageError
from clinic.sealed import seal, unsealed
from clinic.storage import DEFAULT_URL as DIARY
from clinic.storage import messages_beside

STAMP = "%Y%m%dT%H%M%SZ"


def databases(settings: Mapping[str, str]) -> dict[str, URL]:
    """The databases that the settings name, each once: "clinic", "conversations", "messages"."""
    diary = settings.get("DATABASE_URL") or DIARY
    named = {
        "clinic": diary,
        "conversations": settings.get("TRACKER_URL") or CONVERSATIONS,
        "messages": settings.get("MESSAGES_URL") or messages_beside(diary),
    }
    found: dict[str, URL] = {}
    for name, text in named.items():
        address = make_url(text.replace("postgres://", "postgresql://", 1))
        if address not in found.values():
            found[name] = address
    return found


def back_up(folder: Path, now: datetime, keep_days: int, settings: Mapping[str, str]) -> Path:
    """Takes a backup into ``folder``, then deletes those there older than ``keep_days``.

    A backup is there whole or not at all. Raises StorageError, saying what to do.
    """
    if keep_days < 1:
        raise StorageError(f"--keep-days {keep_days}: a backup is kept for 1 day or longer.")
    target = folder / now.astimezone(UTC).strftime(STAMP)
    unfinished = folder / f".{target.name}"
    if target.exists():
        raise StorageError(f"{target} is there already: nothing was written.")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        if recipient := settings.get("BACKUP_RECIPIENT"):
            # What can be read is on the backups' disk at no time.
            with TemporaryDirectory() as readable:
                _dump_all(Path(readable), settings)
                for file in Path(readable).iterdir():
                    seal(file, unfinished, recipient)
        else:
            _dump_all(unfinished, settings)
        for file in unfinished.iterdir():
            file.chmod(0o600)
        unfinished.rename(target)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{target}: the backup could not be written ({error}).") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    for old in _older(folder, now - timedelta(days=keep_days)):
        shutil.rmtree(old)
    return target


def restore(
    backup: Path, overwrite: bool, settings: Mapping[str, str], identity: Path | None = None
) -> list[str]:
    """Puts a backup's databases back where the settings say; returns their names.

    Nothing may be running. Where something is kept already it is replaced only if ``overwrite``;
    every file is checked before the first is put back. ``identity`` is the file of the key to an
    encrypted one. Raises StorageError.
    """
    with unsealed(backup, identity) as readable:
        return _restore(readable, overwrite, settings)


def _restore(backup: Path, overwrite: bool, settings: Mapping[str, str]) -> list[str]:
    put_back = []
    for name, address in databases(settings).items():
        sqlite = address.get_backend_name() == "sqlite"
        file = backup / f"{name}{'.db' if sqlite else '.pgdump'}"
        if file.is_file():
            put_back.append((name, address, file))
            _check(address, file, overwrite)
    if not put_back:
        raise StorageError(
            f"{backup} holds no backup of these databases: name the folder of one backup, and set "
            "DATABASE_URL, TRACKER_URL and MESSAGES_URL as they were when it was taken."
        )
    for _, address, file in put_back:
        if address.get_backend_name() == "sqlite":
            _replace(file, Path(address.database))
        else:
            clean = ["--clean", "--if-exists"] if overwrite else []
            plain = ["--no-owner", "--single-transaction", "--exit-on-error", *clean]
            _pg("pg_restore", address, *plain, str(file))
    return [name for name, _, _ in put_back]


def _dump_all(folder: Path, settings: Mapping[str, str]) -> None:
    for name, address in databases(settings).items():
        if address.get_backend_name() != "sqlite":
            _pg("pg_dump", address, "--format=custom", f"--file={folder / name}.pgdump")
        elif Path(address.database).is_file():  # no conversation yet, no file yet
            _copy(Path(address.database), folder / f"{name}.db")


def _copy(source: Path, target: Path) -> None:
    # SQLite's own backup: whole, though others are writing.
    with closing(sqlite3.connect(source)) as kept, closing(sqlite3.connect(target)) as copy:
        kept.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    _intact(target)


def _replace(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    arrived = target.with_name(f".{target.name}.restored")
    shutil.copyfile(file, arrived)
    arrived.chmod(0o600)
    for beside in ("-wal", "-shm"):  # of the old file; they would be played into the new one
        target.with_name(target.name + beside).unlink(missing_ok=True)
    arrived.replace(target)


def _check(address: URL, file: Path, overwrite: bool) -> None:
    if address.get_backend_name() == "sqlite":
        _intact(file)
        kept = Path(address.database).exists()
    else:
        _pg("pg_restore", None, "--list", str(file))
        kept = bool(_pg("psql", address, "-Atc", "SELECT 1 FROM pg_tables WHERE schemaname = "
                        "'public' LIMIT 1"))  # fmt: skip
    if kept and not overwrite:
        raise StorageError(
            f"{address.render_as_string(hide_password=True)} holds data already, and nothing was "
            "restored. To replace all of it, say --overwrite."
        )


def _intact(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            answer = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        raise StorageError(f"{file} is damaged ({answer}): take another backup.")


def _pg(program: str, address: URL | None, *arguments: str) -> str:
    """Runs one of PostgreSQL's programs; the password goes by the environment, not the command."""
    where = []
    environment = dict(os.environ)
    if address is not None:
        plain = address.set(drivername="postgresql", password=None)
        where = [f"--dbname={plain.render_as_string()}"]
        if address.password:
            environment["PGPASSWORD"] = str(address.password)
    try:
        done = subprocess.run(
            [program, *where, *arguments],
            check=False,
            env=environment,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        raise StorageError(
            f"{program} is not installed: apt-get install postgresql-client"
        ) from error
    if done.returncode:
        raise StorageError(f"{program} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def _older(folder: Path, limit: datetime) -> Iterator[Path]:
    for one in folder.iterdir():
        try:
            taken = datetime.strptime(one.name, STAMP).replace(tzinfo=UTC)
        except ValueError:  # not ours
            continue
        if taken < limit:
            yield one

"""Ways in which a database fails, as context managers: inside, it fails; afterwards it is back."""

from __future__ import annotations

import resource
import sqlite3
from contextlib import closing, contextmanager

FILES = ("", "-wal", "-shm")


@contextmanager
def locked(servers, database, process):
    """Another program holds the SQLite file's lock."""
    with closing(sqlite3.connect(servers.folder / database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def gone(servers, database, process):
    """The file is not there, as when its disk is not."""
    files = [servers.folder / f"{database}{end}" for end in FILES]
    away = servers.folder / "away"
    away.mkdir(exist_ok=True)
    there = [file for file in files if file.exists()]
    for file in there:
        file.rename(away / file.name)
    try:
        yield
    finally:
        for file in files:
            file.unlink(missing_ok=True)
        for file in there:
            (away / file.name).rename(file)


@contextmanager
def full(servers, database, process):
    """The process can write nothing more into any file."""
    running = servers.processes[process]
    before = resource.prlimit(running, resource.RLIMIT_FSIZE)
    resource.prlimit(running, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(running, resource.RLIMIT_FSIZE, before)

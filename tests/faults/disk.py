"""A small disk on which all that the servers keep stands, so that it can be filled."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing, contextmanager

SIZE = "64m"


class Disk:
    """A tmpfs at ``folder``, as a context manager, if the machine lets us; ``mounted`` says."""

    def __init__(self, folder):
        self.folder = folder
        command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, check=False)
            self.mounted = done.returncode == 0
        except FileNotFoundError:
            self.mounted = False

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    @contextmanager
    def full(self):
        """Not a byte more fits on it, nor into what SQLite's logs have room for from before."""
        for database in self.folder.glob("**/*.db"):
            with closing(sqlite3.connect(database)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        filler = self.folder / "filler"
        try:
            with filler.open("wb", buffering=0) as file:
                for size in (1 << 20, 1 << 12, 1):
                    try:
                        while file.write(bytes(size)):
                            pass
                    except OSError:  # this much does not fit any more
                        continue
            yield
        finally:
            filler.unlink()

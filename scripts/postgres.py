"""A PostgreSQL server of one's own, for tests and benchmarks: started here, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

INSTALLED = Path("/usr/lib/postgresql")
HOW_TO_GET_IT = "PostgreSQL is not installed: apt-get install postgresql"


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs; None where it is not installed."""
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    versions = sorted(INSTALLED.glob("*/bin/pg_ctl"), key=lambda file: int(file.parts[-3]))
    return versions[-1].parent if versions else None


class Postgres:
    """The server, as a context manager. It listens on a socket in its folder, on no port.

    ``stop`` and ``start`` let a test see what happens while it is away.
    """

    def __init__(self) -> None:
        found = programs()
        if found is None:
            raise RuntimeError(HOW_TO_GET_IT)
        self._programs = found
        self._folder = Path(tempfile.mkdtemp(prefix="milia-postgres-"))
        self._names = count(1)

    def __enter__(self) -> Postgres:
        # It refuses to run as root, so there it runs as the user that its package makes.
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        try:
            self._run("initdb", "--auth=trust", "--username=clinic", "--encoding=UTF8")
            self.start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        options = f"-k {self._folder} -c listen_addresses='' -c max_connections=300"
        self._run("pg_ctl", "start", "--wait", "-l", f"{self._folder}/log", "-o", options)

    def stop(self) -> None:
        """Ends it as a crash would."""
        self._run("pg_ctl", "stop", "--mode=immediate")

    @property
    def process(self) -> int:
        """The id of its main process."""
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"clinic_{next(self._names)}"
        server = create_engine(self._address("postgres"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        server.dispose()
        return self._address(name)

    def _address(self, database: str) -> str:
        return f"postgresql://clinic@/{database}?host={self._folder}"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, "-D", self._folder / "data", *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            user="postgres" if os.geteuid() == 0 else None,
            cwd=self._folder,
        )

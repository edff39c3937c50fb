"""A Redis server of one's own, for tests: started here, gone afterwards."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

HOW_TO_GET_IT = "Redis is not installed: apt-get install redis-server"
START_SECONDS = 20


def program() -> str | None:
    """Redis's server program; None where it is not installed."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


class OwnRedis:
    """The server, as a context manager: on a free port of this machine, keeping nothing.

    ``stop`` and ``start`` let a test see what happens while it is away.
    """

    def __init__(self) -> None:
        found = program()
        if found is None:
            raise RuntimeError(HOW_TO_GET_IT)
        self._program = found
        self._folder = Path(tempfile.mkdtemp(prefix="milia-redis-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> OwnRedis:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def process(self) -> int:
        """Its process's id, while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        options = f"--port {self._port} --bind 127.0.0.1 --appendonly no --dir {self._folder}"
        self._process = subprocess.Popen(
            [self._program, *options.split(), "--save", ""], stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"Redis did not start within {START_SECONDS} s")

    def stop(self) -> None:
        """Ends it, if it runs."""
        if self._process:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

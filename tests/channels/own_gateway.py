"""A real gateway, on a port and with databases of its own. Without Rasa, it answers in an apology."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from typing import Any

import httpx


class OwnGateway:
    """Use as a context manager. ``settings`` are added to its environment."""

    def __init__(self, folder, **settings: str) -> None:
        self.database = f"sqlite:///{folder / 'clinic.db'}"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / f"gateway-{self.port}.log"
        self._settings = {
            "PORT": f"{self.port}",
            "ASSISTANT_SECRET": "a secret for these tests",
            "RASA_URL": "http://127.0.0.1:1",
            "DATABASE_URL": self.database,
            "MESSAGES_URL": f"sqlite:///{folder / 'messages.db'}",
            "LOG_LEVEL": "DEBUG",
            **settings,
        }

    @property
    def log(self) -> str:
        """What it has logged."""
        return self._log.read_text()

    def __enter__(self):
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "channels"],
                env={**os.environ, **self._settings},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/healthz", trust_env=False).is_success:
                    return self
            except httpx.HTTPError:
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(self.log)

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.wait(20)

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, trust_env=False, timeout=30, **options)

"""The assistant's processes on ports of their own, for tests, benchmarks and the terminal."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import httpx
import yaml

from scripts.environment import environment
from scripts.models import MODELS

PROJECT = Path(__file__).parent.parent
START_SECONDS = 300  # for a machine that does much else


class Servers:
    """Gateway, Rasa and action server, started from the newest model.

    Logs and databases go to ``folder``, but for the clinic's where another is named, and for what
    other ``endpoints`` (as endpoints.yml) and settings name elsewhere; ``settings`` are added to
    the environment of the processes that are started from then on. Use as a context manager, or
    ``start`` and ``stop`` processes by name ("gateway", "rasa", "actions", "worker"), as a failure
    test does.
    """

    def __init__(
        self,
        folder: Path,
        database: str | None = None,
        clinic_file: Path | None = None,
        models: Path = MODELS,
        endpoints: Path | None = None,
        **settings: str,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.resolve()
        self.ports = dict(zip(("gateway", "rasa", "actions"), free_ports(3), strict=True))
        self.settings = settings
        loudly = ["--debug"] if settings.get("LOG_LEVEL") == "DEBUG" else []
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.database = database or f"sqlite:///{self.folder / 'clinic.db'}"
        self._clinic = without_limits(self.folder, clinic_file)
        endpoints = endpoints or self._own_endpoints()
        actions = "rasa_sdk --actions actions --port"
        rasa = f"scripts.serve_rasa --model {models} --interface 127.0.0.1"
        rasa += " --credentials credentials.yml --port"
        self._commands = {
            "gateway": ["channels"],
            "rasa": [*rasa.split(), f"{self.ports['rasa']}", "--endpoints", f"{endpoints}"],
            "actions": [*actions.split(), f"{self.ports['actions']}", *loudly],
            "worker": ["clinic.worker"],
        }

    @property
    def url(self) -> str:
        """The gateway's address."""
        return self.address("gateway")

    def __enter__(self) -> Servers:
        try:
            for name in self._commands:
                self.start(name)
            self.wait_until_ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def start(self, name: str) -> None:
        """Starts one process; its output is appended to ``<folder>/<name>.log``."""
        with self._log(name).open("ab") as log:
            self._running[name] = self._spawn(self._commands[name], log)

    def stop(self, name: str, with_signal: int = signal.SIGTERM) -> None:
        """Ends one process and waits until it is gone."""
        process = self._running.pop(name)
        process.send_signal(with_signal)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        for name in list(self._running):
            self.stop(name)

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Returns when a visitor would be answered; raises RuntimeError with the log if not."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for name, process in self._running.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{name} ended:\n{self._last_words(name)}")
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).is_success:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        words = "\n".join(f"{name}: {self._last_words(name)}" for name in self._running)
        raise RuntimeError(f"not ready after {seconds:.0f} s\n{words}")

    @property
    def processes(self) -> dict[str, int]:
        """The ids of the running processes by their names."""
        return {name: process.pid for name, process in self._running.items()}

    def running(self, name: str) -> bool:
        """Whether the process has been started and not stopped."""
        return name in self._running

    def address(self, name: str) -> str:
        """Where a process listens."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def _spawn(self, command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        settings = {
            **environment(),
            "PORT": str(self.ports["gateway"]),
            "PUBLIC_URL": self.url,
            "RASA_URL": self.address("rasa"),
            "ACTIONS_URL": self.address("actions"),
            "DATABASE_URL": self.database,
            "MESSAGES_URL": f"sqlite:///{self.folder / 'messages.db'}",
            "TURN_TIMEOUT": "20",
            "CLINIC_FILE": os.fspath(self._clinic),
            "MAIL_FILES": str(self.folder / "mail"),
            "TRACKER_URL": f"sqlite:///{self.folder / 'conversations.db'}",
            "SANIC_HOST": "127.0.0.1",
            **self.settings,
        }
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=PROJECT,
            env={**settings, "PYTHONPATH": os.fspath(PROJECT)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def _own_endpoints(self) -> Path:
        """The project's endpoints, with these processes' own addresses."""
        settled = yaml.safe_load((PROJECT / "endpoints.yml").read_text(encoding="utf-8"))
        settled["action_endpoint"]["url"] = f"{self.address('actions')}/webhook"
        settled["tracker_store"]["db"] = str(self.folder / "conversations.db")
        endpoints = self.folder / "endpoints.yml"
        endpoints.write_text(yaml.safe_dump(settled), encoding="utf-8")
        return endpoints

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _last_words(self, name: str) -> str:
        return "\n".join(self._log(name).read_text(errors="replace").splitlines()[-25:])


def without_limits(folder: Path, clinic_file: Path | None = None) -> Path:
    """A copy of the clinic's file whose visitors may write as fast as tests and benchmarks do."""
    given = clinic_file or PROJECT / os.environ.get("CLINIC_FILE", "clinic.yml")
    # Every value as it is written: YAML would make a truth value out of `assistant: on`.
    clinic = yaml.load(given.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
    limits = ("messages_a_minute", "messages_a_minute_from_one_address")
    clinic["chat"] = {
        **(clinic.get("chat") or {}),
        **dict.fromkeys((*limits, "connections_a_minute_from_one_address"), "100000"),
    }
    copy = folder / "clinic.yml"
    copy.write_text(yaml.safe_dump(clinic, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return copy


def free_ports(count: int) -> list[int]:
    """Ports that no program listens on, found by asking the system for some."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()

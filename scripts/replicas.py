"""Several of each of the assistant's processes behind nginx, over one PostgreSQL and one Redis."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from scripts.models import MODELS
from scripts.own_nginx import OwnNginx, settled
from scripts.servers import PROJECT, Servers, free_ports

READY = {"rasa": "/webhooks/private_rest/", "actions": "/health", "gateway": "/healthz"}
START_SECONDS = 120


class Replicas:
    """Use as a context manager. ``sets`` are the replicas, each a gateway, a Rasa server, an
    action server and a worker, to be stopped and started by name; ``url`` is nginx's.

    ``databases`` are the PostgreSQL addresses of the clinic's, the tracker's and the messages'
    database; ``settings`` are added to the environment of all.
    """

    def __init__(
        self,
        folder: Path,
        number: int,
        databases: tuple[str, str, str],
        redis_url: str,
        clinic_file: Path | None = None,
        **settings: str,
    ) -> None:
        self.database, self.conversations, self.messages = databases
        site, rasa, actions = free_ports(3)
        self.url = f"http://127.0.0.1:{site}"
        self._ports = {"site": site, "rasa": rasa, "actions": actions}
        shared = {
            "TRACKER_URL": self.conversations,
            "MESSAGES_URL": self.messages,
            "REDIS_URL": redis_url,
            "RASA_URL": f"http://127.0.0.1:{rasa}",
            "ACTIONS_URL": f"http://127.0.0.1:{actions}",
            "PUBLIC_URL": self.url,
            **settings,
        }
        self.sets = [
            Servers(
                folder / f"replica-{one + 1}",
                database=self.database,
                clinic_file=clinic_file,
                models=MODELS,
                endpoints=PROJECT / "deploy" / "endpoints.yml",
                **shared,
            )
            for one in range(number)
        ]

    def __enter__(self) -> Replicas:
        with ExitStack() as stack:
            self.nginx = stack.enter_context(OwnNginx(self._site(self.sets)))
            for one in self.sets:
                stack.callback(one.close)
                for name in (*READY, "worker"):
                    one.start(name)
            self.wait_until_ready()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def use(self, number: int) -> None:
        """From now on nginx passes visitors, turns and actions to the first so many only."""
        self.nginx.read(self._site(self.sets[:number]))
        time.sleep(1)

    def _site(self, sets: list[Servers]) -> str:
        servers = {name: [one.ports[name] for one in sets] for name in READY}
        return settled(servers, self._ports)

    def wait_until_ready(self) -> None:
        """Returns when each server that was started takes requests. Raises RuntimeError."""
        waited_for = {
            f"{one.address(name)}{path}"
            for one in self.sets
            for name, path in READY.items()
            if one.running(name)
        }
        until = time.monotonic() + START_SECONDS
        while waited_for and time.monotonic() < until:
            waited_for = {url for url in waited_for if not _answers(url)}
            time.sleep(0.2)
        if waited_for:
            raise RuntimeError(
                f"not ready after {START_SECONDS} s: {', '.join(sorted(waited_for))}"
            )
        time.sleep(1.5)  # nginx passes over a server for a second after it found it away


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False

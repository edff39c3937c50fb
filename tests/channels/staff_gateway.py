"""A real gateway with a staff's page, on a port and a database of its own; Rasa it needs not."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx

from clinic.appointments import BookingRequest, book
from clinic.enquiries import EnquiryRequest, ask
from clinic.free_times import free_times
from clinic.outbox import claim, failed, put
from clinic.password import hashed
from clinic.person import Contact
from clinic.profile import load_clinic
from clinic.storage import open_storage, writing

PASSWORD = "a password for tests"
EMAIL = "asha.patel@example.org"


class StaffGateway:
    """Use as a context manager."""

    def __init__(self, folder, password_hash=None) -> None:
        self.folder = folder
        self.database = f"sqlite:///{folder / 'clinic.db'}"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._hash = hashed(PASSWORD) if password_hash is None else password_hash

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.log = (self.folder / "gateway.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "channels"],
            env={
                **os.environ,
                "PORT": f"{self.port}",
                "ASSISTANT_SECRET": "a secret for these tests",
                "STAFF_PASSWORD_HASH": self._hash,
                "DATABASE_URL": self.database,
                "MESSAGES_URL": f"sqlite:///{self.folder / 'messages.db'}",
                "LOG_LEVEL": "DEBUG",
            },
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/healthz", trust_env=False).is_success:
                    return self
            except httpx.HTTPError:
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError((self.folder / "gateway.log").read_text())

    def __exit__(self, *exception) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.log.close()

    def client(self, **options) -> httpx.Client:
        return httpx.Client(base_url=self.url, trust_env=False, timeout=30, **options)

    @contextmanager
    def sign_in(self, name="Mira") -> Iterator[httpx.Client]:
        """A client that has signed in."""
        with self.client(follow_redirects=True) as client:
            client.post("/staff/login", data={"name": name, "password": PASSWORD})
            yield client


def token(page: httpx.Response) -> str:
    """What the forms of a page must carry."""
    return re.search(r'name="csrf" value="([^"]+)"', page.text)[1]


def send(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """Sends a form of the page that the client is on."""
    csrf = token(client.get("/staff/enquiries"))
    return client.post(path, data={"csrf": csrf, **fields})


def fill(gateway: StaffGateway) -> dict[str, str]:
    """A booking, three enquiries and a dead letter; returns their references."""
    storage, clinic = open_storage(gateway.database), load_clinic()
    now = datetime.now(UTC)
    contact = Contact("email", EMAIL)
    free = free_times(storage, clinic, "consultation", now, limit=1)[0]
    request = BookingRequest(
        service="consultation",
        starts_at=free.starts_at,
        patient="adult",
        name="Asha Patel",
        contact=contact,
        idempotency_key="one",
        sender="web:1",
    )
    kept = {"booking": book(storage, clinic, request, now).reference}
    for name, urgent in (("Calm Carl", False), ("Patient Pat", False), ("Urgent Una", True)):
        question = f"=1+1 & <b>bold</b> {'a long story ' * 12}" if urgent else "-just a question"
        enquiry = EnquiryRequest(
            "callback", name, contact, "after noon", question, "visitor: hi", urgent, "web:2", name
        )
        kept[name] = ask(storage, clinic, enquiry, now).reference
    with writing(storage) as transaction:
        long_ago = now - timedelta(days=1)
        put(transaction, "dead", "email", {"to": EMAIL, "subject": "A letter"}, long_ago)
    message = claim(storage, now)
    failed(storage, message, now, "the letter was refused (554)", for_good=True)
    kept["letter"] = f"{message.id}"
    storage.dispose()
    return kept

"""A real gateway with a staff's page, and something to see on it."""

from __future__ import annotations

import re
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
from tests.channels.own_gateway import OwnGateway

PASSWORD = "a password for tests"
EMAIL = "asha.patel@example.org"


class StaffGateway(OwnGateway):
    """Use as a context manager."""

    def __init__(self, folder, password_hash=None) -> None:
        kept = hashed(PASSWORD) if password_hash is None else password_hash
        super().__init__(folder, STAFF_PASSWORD_HASH=kept)

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

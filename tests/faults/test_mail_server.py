"""The mail server is down for more than a day: nothing is lost, doubled, or sent too late."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from clinic.appointments import book
from clinic.mail import Mailer
from clinic.outbox import CLAIM, PATIENCE, claim, messages, put
from clinic.person import Contact
from clinic.storage import writing
from clinic.worker import Worker
from scripts.servers import free_ports

A_DAY_AND_MORE = timedelta(hours=26)


class MailServer:
    """Down until it is started; keeps what it is given."""

    def __init__(self):
        (self.port,) = free_ports(1)
        self.received = []
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.start, self.stop = self._controller.start, self._controller.stop

    async def handle_DATA(self, server, session, envelope):
        self.received.append(message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture
def mail_server():
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def worker(storage, clinic, clock, mail_server, tmp_path, monkeypatch):
    monkeypatch.setenv("TRACKER_URL", f"sqlite:///{tmp_path}/conversations.db")
    return Worker(storage, clinic, Mailer(f"smtp://127.0.0.1:{mail_server.port}"), clock)


def work(worker, clock, hours):
    """The worker's hours, in which it looks every ten minutes."""
    until = clock.now + timedelta(hours=hours)
    while clock.now < until:
        clock.now += timedelta(minutes=10)
        worker.once()


def subjects_to(mail_server, address):
    return [letter["Subject"] for letter in mail_server.received if letter["To"] == address]


def test_all_that_is_still_of_use_is_sent_once_within_an_hour(
    storage, clinic, request_, now, clock, worker, mail_server
):
    on_tuesday = book(storage, clinic, request_, now)
    assert on_tuesday.starts_at < now + A_DAY_AND_MORE, "it is past when mail is back"
    later = replace(
        request_,
        starts_at=on_tuesday.starts_at + timedelta(days=1),
        contact=Contact("email", "later@example.org"),
        idempotency_key="web:2 first",
    )
    book(storage, clinic, later, now)
    work(worker, clock, hours=26)
    assert mail_server.received == []

    mail_server.start()
    work(worker, clock, hours=1)
    # Tuesday's reminder would come after Tuesday's appointment.
    assert len(subjects_to(mail_server, "asha@example.org")) == 1
    assert "Reminder" not in subjects_to(mail_server, "asha@example.org")[0]
    assert sum("Reminder" in one for one in subjects_to(mail_server, "later@example.org")) == 1
    assert len(subjects_to(mail_server, "later@example.org")) == 2
    assert set(Counter(one["Message-ID"] for one in mail_server.received).values()) == {1}
    assert messages(storage, "dead") == []

    sent = len(mail_server.received)
    work(worker, clock, hours=3)
    assert len(mail_server.received) == sent


def test_it_is_tried_for_three_days():
    assert sum(PATIENCE, timedelta(0)) > timedelta(days=3)
    assert max(PATIENCE) <= timedelta(hours=1)


def test_what_a_worker_had_in_hand_before_the_clock_was_put_back_is_sent(storage, now):
    with writing(storage) as transaction:
        put(transaction, "key", "email", {}, now - timedelta(days=2))
    assert claim(storage, now)
    assert claim(storage, now) is None
    assert claim(storage, now - timedelta(days=1)), "its claim would last for a day"
    assert claim(storage, now - timedelta(days=1) + CLAIM / 2) is None

"""The worker: sends the outbox to a real mail server, again if it must, and stops cleanly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update

from clinic.appointments import book
from clinic.mail import Mailer
from clinic.outbox import PATIENCE, WAITING, claim, messages, put, sent, try_again
from clinic.storage import reading, writing
from clinic.tables import appointments, outbox
from clinic.worker import Worker


class Letters:
    """What the mail server was given; ``answers`` are what it says to the next ones."""

    def __init__(self):
        self.received, self.answers = [], []

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("2"):
            self.received.append(message_from_bytes(envelope.content))
        return answer


@pytest.fixture
def letters():
    return Letters()


@pytest.fixture
def smtp_url(letters):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    yield f"smtp://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def no_conversations(tmp_path, monkeypatch):
    monkeypatch.setenv("TRACKER_URL", f"sqlite:///{tmp_path}/conversations.db")


@pytest.fixture
def worker(storage, clinic, smtp_url, clock):
    return Worker(storage, clinic, Mailer(smtp_url), clock)


def test_a_confirmation_arrives_with_a_calendar_file(
    storage, clinic, request_, now, worker, letters
):
    booked = book(storage, clinic, request_, now)
    assert worker.once() == 1
    (letter,) = letters.received
    assert letter["To"] == "asha@example.org"
    assert letter["From"] == "Larkfield Skin Clinic <hello@larkfield-skin.example>"
    text, calendar = letter.get_payload()
    assert booked.reference in text.get_payload(decode=True).decode()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "REQUEST"
    assert b"BEGIN:VEVENT" in calendar.get_payload(decode=True)


def test_a_letter_that_is_sent_has_its_link(
    storage, clinic, request_, now, smtp_url, letters, clock, monkeypatch
):
    monkeypatch.setenv("PUBLIC_URL", "https://chat.clinic.example")
    monkeypatch.setenv("ASSISTANT_SECRET", "a secret of the tests")
    book(storage, clinic, request_, now)
    Worker(storage, clinic, Mailer(smtp_url), clock).once()
    text, _ = letters.received[0].get_payload()
    assert "https://chat.clinic.example/appointment/" in text.get_payload(decode=True).decode()


def test_a_reminder_is_sent_when_it_is_due(storage, clinic, request_, now, worker, letters, clock):
    booked = book(storage, clinic, request_, now)
    worker.once()
    clock.now = booked.starts_at - timedelta(hours=24, seconds=1)
    assert worker.once() == 0
    clock.now += timedelta(seconds=1)
    assert worker.once() == 1
    assert letters.received[-1]["Subject"] == "Reminder: Tuesday 24 November at 10:00"


def test_what_has_been_sent_is_no_longer_kept(storage, clinic, request_, now, worker):
    book(storage, clinic, request_, now)
    worker.once()
    (message,) = messages(storage, "sent")
    assert message.content == {}


def test_a_letter_that_is_refused_for_now_is_sent_later(
    storage, clinic, request_, now, worker, letters, clock
):
    book(storage, clinic, request_, now)
    letters.answers = ["451 later please"]
    assert worker.once() == 0
    assert worker.once() == 0, "before the time is over"
    clock.now = now + PATIENCE[0]
    assert worker.once() == 1


def test_a_letter_that_is_refused_for_good_is_dead_and_can_be_given_another_life(
    storage, clinic, request_, now, worker, letters, clock
):
    book(storage, clinic, request_, now)
    letters.answers = ["554 no such visitor asha@example.org"]
    worker.once()
    (dead,) = messages(storage, "dead")
    assert dead.problem == "the letter was refused (554)"
    clock.now += timedelta(minutes=1)
    assert try_again(storage, clock.now) == 1
    assert worker.once() == 1


def test_a_server_that_is_away_for_days_makes_the_letter_dead_in_the_end(
    storage, clinic, request_, now, clock
):
    book(storage, clinic, request_, now - timedelta(days=1))
    away = Worker(storage, clinic, Mailer("smtp://127.0.0.1:1"), clock)
    for patience in (timedelta(0), *PATIENCE):
        clock.now += patience
        away.once()
    dead = [message for message in messages(storage, "dead") if "booked" in message.message_key]
    assert [message.problem for message in dead] == ["ConnectionRefusedError"]


def test_a_letter_that_is_sent_twice_has_the_same_message_id(
    storage, clinic, request_, now, worker, letters, clock
):
    """The worker was killed after the server took the letter, and before it noted so."""
    book(storage, clinic, request_, now)
    worker.once()
    with writing(storage) as transaction:
        key = outbox.c.message_key.contains("booked")
        content = messages(storage, "waiting")[0].content
        transaction.execute(update(outbox).where(key).values(state="waiting", content=content))
    worker.once()
    assert len(letters.received) == 2
    assert len({letter["Message-ID"] for letter in letters.received}) == 1


def test_two_workers_send_a_letter_once(storage, clinic, request_, now, worker, letters):
    book(storage, clinic, request_, now)
    mine = claim(storage, now)
    assert worker.once() == 0
    sent(storage, mine, now)
    assert letters.received == []


def test_a_claim_of_a_worker_that_died_runs_out(storage, clinic, request_, now, worker, clock):
    book(storage, clinic, request_, now)
    claim(storage, now)
    clock.now = now + timedelta(minutes=5)
    assert worker.once() == 1


def test_a_key_is_put_once(storage, now):
    with writing(storage) as transaction:
        assert put(transaction, "key", "email", {}, now)
        assert not put(transaction, "key", "email", {}, now)


def test_without_a_mail_server_letters_become_files(
    storage, clinic, request_, now, clock, tmp_path
):
    book(storage, clinic, request_, now)
    mailer = Mailer("", tmp_path / "mail")
    assert Worker(storage, clinic, mailer, clock).once() == 1
    (file,) = (tmp_path / "mail").iterdir()
    assert "asha@example.org" in file.read_text()


def test_an_address_that_is_no_mail_server_is_said_without_its_password():
    with pytest.raises(Exception, match="SMTP_URL") as error:
        Mailer("mail://me:secret@host")
    assert "secret" not in str(error.value)


def test_the_process_sends_and_stops_cleanly(url, storage, clinic, request_, smtp_url, letters):
    now = datetime.now(UTC)
    with writing(storage) as transaction:
        content = {"to": "a@example.org", "subject": "s", "text": "t"}
        put(transaction, "one", "email", content, now)
    process = subprocess.Popen(
        [sys.executable, "-m", "clinic.worker"],
        env={**os.environ, "DATABASE_URL": url, "SMTP_URL": smtp_url},
        stdout=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 30
    while not messages(storage, "sent") and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "worker: letters go to 127.0.0.1" in output
    assert "a@example.org" not in output
    assert Counter(letter["To"] for letter in letters.received) == {"a@example.org": 1}


def test_retention_is_carried_out_again_and_again(storage, clinic, request_, now, worker, clock):
    booked = book(storage, clinic, request_, now)
    worker.once()
    clock.now = booked.ends_at + timedelta(days=clinic.retention.appointments_days, minutes=1)
    worker.once()
    with reading(storage) as connection:
        assert connection.execute(select(appointments)).all() == []


def test_without_rasas_conversations_letters_go_and_they_are_forgotten_later(
    storage, clinic, request_, now, worker, letters, tmp_path, monkeypatch
):
    monkeypatch.setenv("TRACKER_URL", f"sqlite:///{tmp_path}")  # a folder is no database
    book(storage, clinic, request_, now)
    with writing(storage) as transaction:
        put(transaction, "one", "forget", {"sender": "somebody"}, now)
    worker.once()
    assert len(letters.received) == 1
    [forgetting] = [message for message in messages(storage, WAITING) if message.kind == "forget"]
    assert forgetting.problem == "ConversationsUnreachable"

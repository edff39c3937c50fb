"""The clock jumps a day, forward or back: nobody is silenced or forgotten.

What Rasa reads of a conversation then is tested with its store, what a worker had claimed with
the mail server's faults.
"""

from __future__ import annotations

import time
from datetime import timedelta
from email import message_from_bytes

import pytest
from itsdangerous import TimestampSigner

from channels import message_log
from channels.limits import Limits
from channels.message_log import MessageLog
from channels.sessions import Sessions
from clinic.appointments import book
from clinic.free_times import Wanted
from clinic.holds import hold
from clinic.mail import Mailer
from clinic.profile import Chat
from clinic.worker import Worker

DAY = 24 * 3600
CHAT = Chat(
    messages_a_minute=5,
    messages_a_minute_from_one_address=8,
    connections_a_minute_from_one_address=5,
)
JUMPS = pytest.mark.parametrize("seconds", [-DAY, DAY], ids=["back", "forward"])


@pytest.fixture
def jump(monkeypatch):
    """Sets the time of day so many seconds on, as whoever asks for it hears."""
    real = time.time

    def by(seconds):
        monkeypatch.setattr(time, "time", lambda: real() + seconds)
        monkeypatch.setattr(message_log, "now", lambda: real() + seconds)
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: int(real() + seconds))

    return by


@JUMPS
async def test_who_wrote_much_before_may_write_after(jump, seconds):
    limits = Limits(CHAT)
    assert [await limits.message("web:1", "a") for _ in range(6)] == [True] * 5 + [False]
    jump(seconds)
    assert [await limits.message("web:1", "a") for _ in range(6)] == [True] * 5 + [False]


def test_a_session_of_before_the_clock_was_put_back_goes_on(jump):
    sessions = Sessions("a secret for these tests")
    jump(DAY / 2)
    sender, token = sessions.open()
    jump(0)
    assert sessions.open(token)[0] == sender


@JUMPS
def test_a_turn_in_the_hands_of_a_gateway_that_died_is_taken_up(jump, seconds, tmp_path):
    log = MessageLog(f"sqlite:///{tmp_path / 'messages.db'}")
    log.hear("web:1", "a", "hello", "hello")
    assert log.claim("web:1", 9)
    assert log.claim("web:1", 9) is None and log.unanswered("web:") == []
    jump(seconds)
    assert log.unanswered("web:") == ["web:1"]
    assert log.claim("web:1", 9).text == "hello"
    log.close()


def test_a_reminder_is_sent_once_though_the_clock_goes_days_forward_and_back(
    storage, clinic, request_, now, clock, tmp_path, monkeypatch
):
    monkeypatch.setenv("TRACKER_URL", f"sqlite:///{tmp_path}/conversations.db")
    letters = tmp_path / "mail"
    worker = Worker(storage, clinic, Mailer("", letters), clock)
    appointment = book(storage, clinic, request_, now)

    def reminders_at(moment):
        clock.now = moment
        worker.once()
        subjects = [message_from_bytes(file.read_bytes())["Subject"] for file in letters.iterdir()]
        return sum("Reminder" in subject for subject in subjects)

    an_hour_before = appointment.starts_at - timedelta(hours=1)
    assert reminders_at(now) == 0
    told = reminders_at(an_hour_before)
    assert told >= 1
    assert reminders_at(now) == told, "the clock went back"
    assert reminders_at(an_hour_before) == told, "and the hour came in truth"


def test_who_held_a_time_when_the_clock_went_forward_can_still_book_it(
    storage, clinic, request_, now
):
    wanted = Wanted(request_.service, request_.patient, holder=request_.sender)
    hold(storage, clinic, wanted, request_.starts_at, now)
    later = now + timedelta(hours=1)
    assert book(storage, clinic, request_, later).starts_at == request_.starts_at

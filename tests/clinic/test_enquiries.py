"""Enquiries, and the morning's letter about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clinic.appointments import book
from clinic.changes import cancel
from clinic.digest import put_digest
from clinic.enquiries import EnquiryRequest, ask, close, open_enquiries, promise
from clinic.outbox import messages
from clinic.person import Contact

NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 9, 1, tzinfo=UTC)


def request(number, **changes):
    values = {
        "kind": "callback",
        "name": "Sam Okafor",
        "contact": Contact("phone", "+447700900123"),
        "best_time": "before noon",
        "question": "Do you see children?",
        "said_before": "visitor: hello",
        "urgent": False,
        "sender": "web:1",
        "idempotency_key": f"{number}",
    }
    return EnquiryRequest(**values | changes)


def letters(storage):
    return [message.content for message in messages(storage, "waiting")]


def test_an_enquiry_by_day_is_told_to_the_staff_at_once(storage, clinic, now):
    enquiry = ask(storage, clinic, request(1), now)
    (letter,) = letters(storage)
    assert letter["to"] == clinic.staff_email
    for said in (enquiry.reference, "+447700900123", "before noon", "Do you see", "visitor: hello"):
        assert said in letter["text"]


def test_an_enquiry_that_is_sent_twice_is_one(storage, clinic, now):
    assert ask(storage, clinic, request(1), now) == ask(storage, clinic, request(1), now)
    assert len(open_enquiries(storage)) == 1


def test_an_enquiry_by_night_waits_for_the_morning(storage, clinic):
    ask(storage, clinic, request(1), NIGHT)
    assert letters(storage) == []
    assert put_digest(storage, clinic, MORNING)
    assert "Sam Okafor" in letters(storage)[0]["text"]


def test_the_digest_is_one_and_has_the_urgent_at_its_top(storage, clinic, request_):
    ask(storage, clinic, request(1), NIGHT)
    ask(storage, clinic, request(2, name="Mo Farah", urgent=True), NIGHT)
    booked = book(storage, clinic, request_, datetime(2026, 11, 23, 20, tzinfo=UTC))
    cancel(storage, clinic, booked, NIGHT, who="staff")
    assert put_digest(storage, clinic, MORNING)
    assert not put_digest(storage, clinic, MORNING)
    (digest,) = (letter for letter in letters(storage) if "Since" in letter["subject"])
    assert digest["subject"] == "URGENT. Since yesterday: 2 enquiries, 2 bookings"
    assert digest["text"].index("Mo Farah") < digest["text"].index("Sam Okafor")
    assert (
        f"booked: Tuesday 24 November at 10:00, Dr Amara Osei, Asha Patel, {booked.reference}"
        in digest["text"]
    )
    assert "cancelled: Tuesday" in digest["text"]


def test_the_digest_names_those_who_can_only_be_called(storage, clinic, request_, now):
    phone = replace(request_, contact=Contact("phone", "+447700900123"))
    booked = book(storage, clinic, phone, datetime(2026, 11, 22, 23, tzinfo=UTC))
    put_digest(storage, clinic, now)
    (digest,) = letters(storage)
    assert f"Asha Patel, {booked.reference}, +447700900123" in digest["text"]


def test_a_night_in_which_nothing_happened_has_no_digest(storage, clinic):
    assert not put_digest(storage, clinic, MORNING)
    ask(storage, clinic, request(1), MORNING)
    assert not put_digest(storage, clinic, MORNING.replace(minute=30))


def test_nothing_is_written_before_the_clinic_opens(storage, clinic):
    ask(storage, clinic, request(1), NIGHT)
    assert not put_digest(storage, clinic, MORNING.replace(hour=8))


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (
            datetime(2026, 11, 24, 10, tzinfo=UTC),
            "while we are open today, or else when we next open",
        ),
        (datetime(2026, 11, 24, 7, tzinfo=UTC), "today from 9:00"),
        (NIGHT, "tomorrow from 9:00"),
        (datetime(2026, 11, 28, 15, tzinfo=UTC), "Monday from 9:00"),
    ],
)
def test_the_promise_is_when_the_clinic_is_next_open(clinic, at, words):
    assert promise(clinic, at) == words


def test_a_closed_enquiry_waits_no_longer(storage, clinic, now):
    enquiry = ask(storage, clinic, request(1), now)
    assert close(storage, enquiry.reference.lower(), now)
    assert not close(storage, enquiry.reference, now)
    assert open_enquiries(storage) == []

"""What is written to a visitor, and the calendar file that goes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from clinic.appointments import book
from clinic.changes import cancel, reschedule
from clinic.outbox import messages
from clinic.person import Contact

FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
NEXT = FRIDAY + timedelta(days=7)


@pytest.fixture
def booked(storage, clinic, request_, now):
    return book(storage, clinic, replace(request_, starts_at=FRIDAY), now)


def waiting(storage):
    return {message.message_key: message for message in messages(storage, "waiting")}


def event(message):
    calendar = Calendar.from_ical(message.content["calendar"])
    return calendar["method"], calendar.walk("VEVENT")[0]


def test_a_booking_is_confirmed_with_its_calendar_entry(storage, clinic, booked):
    letter = waiting(storage)[f"{booked.reference} booked 0"]
    assert letter.content["to"] == "asha@example.org"
    assert letter.content["subject"] == "Your appointment on Friday 27 November at 10:00"
    assert booked.reference in letter.content["text"]
    method, entry = event(letter)
    assert (method, entry["sequence"], entry["status"]) == ("REQUEST", 0, "CONFIRMED")
    assert entry.decoded("dtstart") == FRIDAY
    assert entry["uid"] == f"{booked.reference}@larkfield-skin.example"


def test_a_change_updates_the_entry_and_a_cancellation_takes_it_out(storage, clinic, booked, now):
    moved = reschedule(storage, clinic, booked, NEXT, now)
    cancel(storage, clinic, moved, now)
    letters = waiting(storage)
    first, second, third = (
        event(letters[f"{booked.reference} {what}"])
        for what in ("booked 0", "moved 1", "cancelled 2")
    )
    assert first[1]["uid"] == second[1]["uid"] == third[1]["uid"]
    assert (second[1]["sequence"], third[1]["sequence"]) == (1, 2)
    assert second[1].decoded("dtstart") == NEXT
    assert (third[0], third[1]["status"]) == ("CANCEL", "CANCELLED")


def test_reminders_wait_for_48_and_24_hours_before(storage, booked):
    due = {key: m.due_at for key, m in waiting(storage).items() if "reminder" in key}
    assert due == {
        f"{booked.reference} reminder 48 0": FRIDAY - timedelta(hours=48),
        f"{booked.reference} reminder 24 0": FRIDAY - timedelta(hours=24),
    }


def test_a_reminder_that_would_be_over_is_not_written(storage, clinic, request_, now):
    tomorrow = book(storage, clinic, request_, now)
    assert [key for key in waiting(storage) if "reminder" in key] == [
        f"{tomorrow.reference} reminder 24 0"
    ]


def test_a_change_moves_the_reminders_and_a_cancellation_takes_them_back(
    storage, clinic, booked, now
):
    moved = reschedule(storage, clinic, booked, NEXT, now)
    due = sorted(m.due_at for key, m in waiting(storage).items() if "reminder" in key)
    assert due == [NEXT - timedelta(hours=48), NEXT - timedelta(hours=24)]
    cancel(storage, clinic, moved, now)
    assert not [key for key in waiting(storage) if "reminder" in key]


def test_reminders_and_entries_name_no_treatment(storage, booked):
    for key, message in waiting(storage).items():
        _, entry = event(message) if "calendar" in message.content else (None, {"summary": ""})
        said = entry["summary"] + (message.content["text"] if "reminder" in key else "")
        assert not [
            word for word in ("milia", "consult", "skin doctor", "cyst") if word in said.lower()
        ]


def test_a_visitor_with_a_telephone_only_gets_no_letter(storage, clinic, request_, now):
    phone = replace(request_, contact=Contact("phone", "+447700900123"))
    book(storage, clinic, phone, now)
    assert waiting(storage) == {}

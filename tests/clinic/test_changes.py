"""Moving and cancelling an appointment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from clinic.appointments import book, upcoming
from clinic.audit import trail
from clinic.changes import can_be_changed, cancel, reschedule
from clinic.errors import NotToBeChanged, TimeNotOffered, TimeTaken
from clinic.free_times import Wanted, free_times
from clinic.holds import hold

BOTH_DATABASES = True
THURSDAY = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


@pytest.fixture
def booked(storage, clinic, request_, now):
    return book(storage, clinic, replace(request_, starts_at=THURSDAY), now)


def test_a_cancelled_time_is_free_again(storage, clinic, booked, now):
    assert cancel(storage, clinic, booked, now).status == "cancelled"
    assert upcoming(storage, now) == []
    free = free_times(storage, clinic, "consultation", now, from_time=THURSDAY, limit=1)
    assert free[0].starts_at == THURSDAY


def test_cancelling_twice_cancels_once(storage, clinic, booked, now):
    cancelled = cancel(storage, clinic, booked, now)
    assert cancel(storage, clinic, cancelled, now) == cancelled
    with pytest.raises(NotToBeChanged):
        cancel(storage, clinic, booked, now)
    assert [entry.did for entry in trail(storage, booked.reference)] == ["booked", "cancelled"]


def test_a_moved_appointment_keeps_its_reference_and_frees_its_old_time(
    storage, clinic, booked, now
):
    moved = reschedule(storage, clinic, booked, FRIDAY, now)
    assert (moved.reference, moved.starts_at) == (booked.reference, FRIDAY)
    assert (moved.practitioner, moved.sequence) == ("tomasz-nowak", 1)
    assert upcoming(storage, now) == [moved]
    free = free_times(storage, clinic, "consultation", now, from_time=THURSDAY, limit=1)
    assert free[0].starts_at == THURSDAY


def test_it_can_be_moved_by_less_than_its_length(storage, clinic, booked, now):
    later = THURSDAY + timedelta(minutes=15)
    assert reschedule(storage, clinic, booked, later, now).starts_at == later


def test_it_stays_where_it_was_when_the_new_time_is_taken(storage, clinic, booked, request_, now):
    book(storage, clinic, replace(request_, starts_at=FRIDAY, idempotency_key="2"), now)
    with pytest.raises(TimeTaken):
        reschedule(storage, clinic, booked, FRIDAY, now)
    with pytest.raises(TimeNotOffered):
        reschedule(storage, clinic, booked, FRIDAY.replace(hour=3), now)
    assert booked in upcoming(storage, now)


def test_a_held_time_is_the_holders_to_move_to(storage, clinic, booked, now):
    hold(storage, clinic, Wanted("consultation", holder="web:7"), FRIDAY, now)
    with pytest.raises(TimeTaken):
        reschedule(storage, clinic, booked, FRIDAY, now)
    assert reschedule(storage, clinic, booked, FRIDAY, now, holder="web:7").starts_at == FRIDAY


def test_what_was_changed_elsewhere_meanwhile_is_not_changed(storage, clinic, booked, now):
    reschedule(storage, clinic, booked, FRIDAY, now)
    with pytest.raises(NotToBeChanged, match="changed elsewhere"):
        cancel(storage, clinic, booked, now)


def test_after_the_cut_off_only_the_staff_change_it(storage, clinic, booked, now):
    late = THURSDAY - timedelta(hours=clinic.booking.change_until_hours) + timedelta(minutes=1)
    assert can_be_changed(clinic, booked, late - timedelta(minutes=1))
    assert not can_be_changed(clinic, booked, late)
    with pytest.raises(NotToBeChanged, match="less than 24 hours .* call the clinic: 020"):
        cancel(storage, clinic, booked, late)
    assert cancel(storage, clinic, booked, late, who="staff").status == "cancelled"


def test_the_same_time_can_be_booked_again_after_cancelling(storage, clinic, booked, request_, now):
    cancel(storage, clinic, booked, now)
    again = book(storage, clinic, replace(request_, starts_at=THURSDAY), now)
    assert again.reference != booked.reference

"""Appointments: booked once, and never two at a time with the same practitioner."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from clinic import appointments as room
from clinic import diary
from clinic.appointments import book, upcoming
from clinic.errors import DiaryUnreachable, TimeNotOffered, TimeTaken
from clinic.free_times import free_times
from clinic.storage import open_storage, reading, writing
from clinic.tables import appointments, booked_cells

BOTH_DATABASES = True
TUESDAY_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def count(storage, table):
    with reading(storage) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_booked_time_is_kept_and_listed(storage, clinic, request_, now):
    booked = book(storage, clinic, request_, now)
    assert upcoming(storage, now) == [booked]
    assert (booked.starts_at, booked.ends_at) == (TUESDAY_TEN, TUESDAY_TEN + timedelta(minutes=30))
    assert booked.practitioner == "amara-osei"
    assert (booked.name, booked.contact, booked.patient) == (
        "Asha Patel",
        request_.contact,
        "adult",
    )
    assert (booked.sender, booked.created_at, booked.status) == ("web:1", now, "booked")


def test_a_booked_time_is_no_longer_free(storage, clinic, request_, now):
    book(storage, clinic, request_, now)
    free = free_times(storage, clinic, "consultation", now, from_time=TUESDAY_TEN, limit=1)
    assert free[0].starts_at == TUESDAY_TEN + timedelta(minutes=30)


def test_the_same_key_means_the_same_appointment(storage, clinic, request_, now):
    first = book(storage, clinic, request_, now)
    assert book(storage, clinic, request_, now) == first
    assert count(storage, appointments) == 1


def test_the_same_key_means_the_same_appointment_even_when_the_time_is_past(
    storage, clinic, request_, now
):
    first = book(storage, clinic, request_, now)
    assert book(storage, clinic, request_, now + timedelta(days=3)) == first


@pytest.mark.parametrize("minutes", [-15, 0, 15])
def test_a_time_that_overlaps_a_booked_one_is_taken(storage, clinic, request_, now, minutes):
    book(storage, clinic, request_, now)
    overlapping = replace(
        request_,
        starts_at=TUESDAY_TEN + timedelta(minutes=minutes),
        idempotency_key="web:2",
    )
    with pytest.raises(TimeTaken):
        book(storage, clinic, overlapping, now)
    assert count(storage, appointments) == 1


def test_a_coarser_grid_in_clinic_yml_lets_nothing_overlap(storage, clinic, request_, now):
    on = {grid: clinic.booking.model_copy(update={"grid_minutes": grid}) for grid in (15, 20)}
    book(storage, clinic.model_copy(update={"booking": on[15]}), request_, now)
    overlapping = replace(
        request_, starts_at=TUESDAY_TEN + timedelta(minutes=20), idempotency_key="web:2"
    )
    with pytest.raises(TimeTaken):
        book(storage, clinic.model_copy(update={"booking": on[20]}), overlapping, now)


@pytest.mark.parametrize(
    "starts_at",
    [
        TUESDAY_TEN + timedelta(minutes=7),
        datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
        datetime(2026, 11, 24, 16, 45, tzinfo=UTC),
        datetime(2026, 11, 29, 10, 0, tzinfo=UTC),
        datetime(2026, 11, 17, 10, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 12, 45, tzinfo=UTC),
        datetime(2027, 11, 23, 10, 0, tzinfo=UTC),
        datetime(2026, 12, 24, 12, 0, tzinfo=UTC),
    ],
    ids=[
        "off the grid", "at night", "past the end", "sunday", "past", "too soon", "far off", "closed",
    ],
)  # fmt: skip
def test_a_time_that_the_clinic_does_not_offer_is_refused(
    storage, clinic, request_, now, starts_at
):
    with pytest.raises(TimeNotOffered) as refused:
        book(storage, clinic, replace(request_, starts_at=starts_at), now)
    assert count(storage, appointments) == 0
    assert len(refused.value.nearest) == 3


def test_a_time_that_is_gone_comes_with_the_nearest_before_and_after(
    storage, clinic, request_, now
):
    book(storage, clinic, request_, now)
    with pytest.raises(TimeTaken) as gone:
        book(storage, clinic, replace(request_, idempotency_key="web:2"), now)
    starts = [f"{time.starts_at:%H:%M}" for time in gone.value.nearest]
    assert starts == ["09:15", "09:30", "10:30"]


def test_a_practitioner_who_is_free_takes_the_time_that_another_has_booked(
    storage, two_doctors, request_, now
):
    first = book(storage, two_doctors, request_, now)
    second = book(storage, two_doctors, replace(request_, idempotency_key="web:2"), now)
    assert {first.practitioner, second.practitioner} == set(two_doctors.practitioners)
    with pytest.raises(TimeTaken):
        book(storage, two_doctors, replace(request_, idempotency_key="web:3"), now)


def test_a_practitioner_who_is_asked_for_is_the_one(storage, two_doctors, request_, now):
    with_tomasz = replace(request_, practitioner="tomasz-nowak")
    assert book(storage, two_doctors, with_tomasz, now).practitioner == "tomasz-nowak"
    with pytest.raises(TimeTaken):
        book(storage, two_doctors, replace(with_tomasz, idempotency_key="web:2"), now)


def test_a_patient_is_booked_with_somebody_who_sees_such_patients(
    storage, two_doctors, request_, now
):
    people = dict(two_doctors.practitioners)
    people["amara-osei"] = people["amara-osei"].model_copy(update={"patients": ["adult"]})
    clinic = two_doctors.model_copy(update={"practitioners": people})
    baby = replace(request_, patient="baby")
    assert book(storage, clinic, baby, now).practitioner == "tomasz-nowak"


@pytest.mark.parametrize("doctors", [1, 2])
def test_fifty_at_once_for_one_time_make_one_appointment_a_practitioner(
    url, clinic, two_doctors, request_, now, doctors, insisting
):
    together = threading.Barrier(50)
    storages = [open_storage(url) for _ in range(50)]

    def confirm(number):
        together.wait()
        try:
            request = replace(request_, idempotency_key=f"{number}", sender=f"web:{number}")
            theirs = clinic if doctors == 1 else two_doctors
            return insisting(book, storages[number], theirs, request, now).practitioner
        except TimeTaken as gone:
            assert len(gone.nearest) == 3
            assert gone.words.startswith("That time has just gone. The nearest free times are ")
            return "taken"

    with ThreadPoolExecutor(50) as visitors:
        outcomes = Counter(visitors.map(confirm, range(50)))
    taken = outcomes.pop("taken")
    assert (taken, set(outcomes.values()), len(outcomes)) == (50 - doctors, {1}, doctors)
    assert count(storages[0], booked_cells) == 6 * doctors
    assert count(storages[0], appointments) == doctors
    for storage in storages:
        storage.dispose()


def test_twenty_at_once_with_one_key_get_one_appointment(
    url, two_doctors, request_, now, insisting
):
    together = threading.Barrier(20)
    storages = [open_storage(url) for _ in range(20)]

    def confirm(number):
        together.wait()
        return insisting(book, storages[number], two_doctors, request_, now)

    with ThreadPoolExecutor(20) as visitors:
        assert len(set(visitors.map(confirm, range(20)))) == 1
    assert count(storages[0], appointments) == 1
    for storage in storages:
        storage.dispose()


def test_threads_may_share_a_storage(storage, two_doctors, request_, now, insisting):
    def confirm(number):
        try:
            request = replace(request_, idempotency_key=f"{number}")
            return insisting(book, storage, two_doctors, request, now)
        except TimeTaken:
            return None

    with ThreadPoolExecutor(20) as visitors:
        booked = [one for one in visitors.map(confirm, range(20)) if one]
    assert len(booked) == 2


def test_a_booking_that_fails_half_way_leaves_nothing(storage, clinic, request_, now, monkeypatch):
    monkeypatch.setattr(diary, "cells", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        book(storage, clinic, request_, now)
    assert count(storage, appointments) == 0


def test_the_same_request_that_was_faster_elsewhere_is_the_appointment(
    storage, clinic, request_, now, monkeypatch
):
    """Between the look for the key and the insert, another process books with the same key."""
    first = book(storage, clinic, request_, now)
    looks = [lambda *_: None, room.booked_with]
    monkeypatch.setattr(room, "booked_with", lambda *given: looks.pop(0)(*given))
    assert book(storage, clinic, request_, now) == first


def test_a_reference_that_is_used_already_is_drawn_again(
    storage, clinic, request_, now, monkeypatch
):
    drawn = iter(["MS-AAAAA", "MS-AAAAA", "MS-BBBBB"])
    monkeypatch.setattr(room, "new_reference", lambda: next(drawn))
    later = replace(request_, starts_at=TUESDAY_TEN + timedelta(hours=1), idempotency_key="web:2")
    assert book(storage, clinic, request_, now).reference == "MS-AAAAA"
    assert book(storage, clinic, later, now).reference == "MS-BBBBB"


def test_references_that_are_all_used_end_in_words_and_not_in_a_loop(
    storage, clinic, request_, now, monkeypatch
):
    monkeypatch.setattr(room, "new_reference", lambda: "MS-AAAAA")
    book(storage, clinic, request_, now)
    later = replace(request_, starts_at=TUESDAY_TEN + timedelta(hours=1), idempotency_key="web:2")
    with pytest.raises(DiaryUnreachable):
        book(storage, clinic, later, now)


def test_a_reference_is_easy_to_read_out(storage, clinic, request_, now):
    reference = book(storage, clinic, request_, now).reference
    assert reference.startswith("MS-") and len(reference) == 8
    assert not set("0O1IL5S8B2ZAEU") & set(reference[3:])


def test_what_is_over_or_no_longer_booked_is_not_upcoming(storage, clinic, request_, now):
    booked = book(storage, clinic, request_, now)
    assert upcoming(storage, booked.ends_at) == []
    with writing(storage) as transaction:
        transaction.execute(appointments.update().values(status="cancelled"))
    assert upcoming(storage, now) == []


def test_the_earliest_is_listed_first(storage, clinic, request_, now):
    later = replace(request_, starts_at=TUESDAY_TEN + timedelta(hours=1), idempotency_key="2")
    booked = [book(storage, clinic, one, now) for one in (later, request_)]
    assert upcoming(storage, now) == booked[::-1]


def test_a_request_that_makes_no_sense_is_refused(request_):
    with pytest.raises(ValueError, match="patient 'dog' is none of adult, child, baby"):
        replace(request_, patient="dog")
    with pytest.raises(ValueError, match="has no time zone"):
        replace(request_, starts_at=datetime(2026, 11, 24, 10))

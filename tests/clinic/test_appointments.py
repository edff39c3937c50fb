"""Appointments: booked once, and never two at a time with the same practitioner."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from clinic.appointments import BookingRequest, book, upcoming
from clinic.errors import TimeNotOffered, TimeTaken
from clinic.free_times import free_times
from clinic.person import Contact
from clinic.storage import appointments, booked_cells, open_storage

TUESDAY_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def request_():
    return BookingRequest(
        service="consultation",
        starts_at=TUESDAY_TEN,
        patient="adult",
        name="Asha Patel",
        contact=Contact("email", "asha@example.org"),
        idempotency_key="web:1 first",
        sender="web:1",
    )


def count(storage, table):
    with storage.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_booked_time_is_kept_and_listed(storage, clinic, request_, now):
    booked = book(storage, clinic, request_, now)
    assert upcoming(storage, now) == [booked]
    assert (booked.starts_at, booked.ends_at) == (TUESDAY_TEN, TUESDAY_TEN + timedelta(minutes=30))
    assert booked.practitioner == "amara-osei"
    assert booked.name == "Asha Patel"


def test_a_booked_time_is_no_longer_free(storage, clinic, request_, now):
    book(storage, clinic, request_, now)
    free = free_times(storage, clinic, "consultation", now, from_time=TUESDAY_TEN, limit=1)
    assert free[0].starts_at == TUESDAY_TEN + timedelta(minutes=30)


def test_the_same_key_means_the_same_appointment(storage, clinic, request_, now):
    first = book(storage, clinic, request_, now)
    assert book(storage, clinic, request_, now) == first
    assert count(storage, appointments) == 1


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


@pytest.mark.parametrize(
    "starts_at",
    [
        TUESDAY_TEN + timedelta(minutes=7),
        datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
        datetime(2026, 11, 24, 16, 45, tzinfo=UTC),
        datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
        datetime(2026, 11, 17, 10, 0, tzinfo=UTC),
        datetime(2027, 11, 23, 10, 0, tzinfo=UTC),
        datetime(2026, 12, 24, 12, 0, tzinfo=UTC),
    ],
    ids=["off the grid", "at night", "past the end", "sunday", "past", "far off", "closed"],
)
def test_a_time_that_the_clinic_does_not_offer_is_refused(
    storage, clinic, request_, now, starts_at
):
    with pytest.raises(TimeNotOffered):
        book(storage, clinic, replace(request_, starts_at=starts_at), now)
    assert count(storage, appointments) == 0


def test_a_practitioner_who_is_free_takes_the_time_that_another_has_booked(
    storage, clinic, request_, now
):
    both = {
        name: person.model_copy(update={"hours": clinic.practitioners["amara-osei"].hours})
        for name, person in clinic.practitioners.items()
    }
    shared = clinic.model_copy(update={"practitioners": both})
    first = book(storage, shared, request_, now)
    second = book(storage, shared, replace(request_, idempotency_key="web:2"), now)
    assert {first.practitioner, second.practitioner} == set(both)
    with pytest.raises(TimeTaken):
        book(storage, shared, replace(request_, idempotency_key="web:3"), now)


def test_twenty_at_once_for_one_time_make_one_appointment(tmp_path, clinic, request_, now):
    url = f"sqlite:///{tmp_path / 'clinic.db'}"

    def confirm(number):
        try:
            book(open_storage(url), clinic, replace(request_, idempotency_key=f"{number}"), now)
        except TimeTaken:
            return "taken"
        return "booked"

    with ThreadPoolExecutor(20) as visitors:
        outcomes = Counter(visitors.map(confirm, range(20)))
    assert outcomes == {"booked": 1, "taken": 19}
    assert count(open_storage(url), booked_cells) == 2


def test_twenty_at_once_with_one_key_get_one_appointment(tmp_path, clinic, request_, now):
    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    with ThreadPoolExecutor(20) as visitors:
        booked = set(
            visitors.map(lambda _: book(open_storage(url), clinic, request_, now), range(20))
        )
    assert len(booked) == 1


def test_the_database_itself_forbids_a_double_booking(storage, clinic, request_, now):
    book(storage, clinic, request_, now)
    with storage.connect() as connection:
        cell = connection.execute(select(booked_cells)).mappings().first()
    with pytest.raises(IntegrityError), storage.begin() as connection:
        connection.execute(insert(booked_cells).values(**cell))


def test_a_booking_that_fails_half_way_leaves_nothing(storage, clinic, request_, now, monkeypatch):
    monkeypatch.setattr("clinic.appointments.cells", lambda clinic, offer: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        book(storage, clinic, request_, now)
    assert count(storage, appointments) == 0


def test_a_reference_is_easy_to_read_out(storage, clinic, request_, now):
    reference = book(storage, clinic, request_, now).reference
    assert reference.startswith("MS-")
    assert not set("0O1IL5S8B2Z") & set(reference[3:])


def test_what_is_over_is_not_upcoming(storage, clinic, request_, now):
    booked = book(storage, clinic, request_, now)
    assert upcoming(storage, booked.ends_at) == []


def test_a_storage_that_is_opened_again_keeps_what_was_booked(tmp_path, clinic, request_, now):
    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    booked = book(open_storage(url), clinic, request_, now)
    assert upcoming(open_storage(url), now) == [booked]

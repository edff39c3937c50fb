"""The times that can be booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.appointments import BookingRequest, book
from clinic.free_times import free_times, offers_on
from clinic.hours import is_open
from clinic.person import Contact
from clinic.spans import read_spans
from clinic.storage import open_storage

LONDON = ZoneInfo("Europe/London")


def local(times, zone=LONDON):
    return [f"{time.starts_at.astimezone(zone):%a %d %H:%M}" for time in times]


def test_the_nearest_come_first_after_the_notice(storage, clinic, now):
    # Monday 9:00, four hours' notice, until 17:00
    assert local(free_times(storage, clinic, "consultation", now)) == [
        "Mon 23 13:00",
        "Mon 23 13:15",
        "Mon 23 13:30",
    ]


def test_times_can_be_asked_for_from_an_instant_on(storage, clinic, now):
    friday = datetime(2026, 11, 27, 15, 50, tzinfo=UTC)
    found = free_times(storage, clinic, "consultation", now, from_time=friday)
    assert local(found) == ["Fri 27 16:00", "Fri 27 16:15", "Fri 27 16:30"]


def test_a_time_is_offered_once_whoever_is_free(storage, clinic, now):
    both = {
        name: person.model_copy(update={"hours": clinic.practitioners["amara-osei"].hours})
        for name, person in clinic.practitioners.items()
    }
    shared = clinic.model_copy(update={"practitioners": both})
    found = free_times(storage, shared, "consultation", now, limit=50)
    assert len({time.starts_at for time in found}) == len(found)


def test_nothing_is_offered_on_holidays_and_closures(clinic):
    assert not list(offers_on(clinic, "consultation", date(2026, 12, 24)))
    assert not list(offers_on(clinic, "consultation", date(2026, 12, 25)))


def test_nothing_is_offered_beyond_the_horizon(storage, clinic, now):
    beyond = now + timedelta(days=clinic.booking.horizon_days, minutes=1)
    assert free_times(storage, clinic, "consultation", now, from_time=beyond) == []


def test_a_service_is_offered_by_those_who_do_it(clinic):
    wednesday = date(2026, 11, 25)
    assert list(offers_on(clinic, "consultation", wednesday))
    assert not list(offers_on(clinic, "curettage", wednesday))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    zone=st.sampled_from(
        ["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
    ),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),
    booked=st.lists(st.integers(0, 11), unique=True, max_size=4),
)
def test_free_times_lie_in_the_hours_and_touch_nothing_booked(
    tmp_path_factory, clinic, zone, start, booked
):
    storage = open_storage(f"sqlite:///{tmp_path_factory.mktemp('free') / 'clinic.db'}")
    clinic = clinic.model_copy(update={"time_zone": zone})
    offered = free_times(storage, clinic, "consultation", start, limit=12)
    request = BookingRequest(
        "consultation", start, "adult", "A", Contact("phone", "+447700900123"), "", "web:1"
    )
    taken = []
    for index in booked:
        if all(abs(offered[index].starts_at - one) >= timedelta(minutes=30) for one in taken):
            starts_at = offered[index].starts_at
            book(
                storage,
                clinic,
                replace(request, starts_at=starts_at, idempotency_key=f"{index}"),
                start,
            )
            taken.append(starts_at)
    for time in free_times(storage, clinic, "consultation", start, limit=40):
        assert is_open(clinic, time.starts_at)
        assert is_open(clinic, time.ends_at - timedelta(minutes=1))
        assert time.starts_at >= start + timedelta(hours=clinic.booking.notice_hours)
        assert all(abs(time.starts_at - one) >= timedelta(minutes=30) for one in taken)


@pytest.mark.parametrize(
    ("zone", "day", "hours", "count"),
    [
        # Clocks go forward at 1:00 to 2:00: of 0:00 to 4:00, three hours are left.
        ("Europe/London", date(2026, 3, 29), "00:00-04:00", 11),
        # They go back at 2:00 to 1:00: five hours.
        ("Europe/London", date(2026, 10, 25), "00:00-04:00", 19),
        ("Europe/London", date(2026, 6, 7), "00:00-04:00", 15),
    ],
)
def test_a_day_on_which_the_clocks_change_skips_and_doubles_nothing(
    clinic, zone, day, hours, count
):
    night = {"sunday": read_spans(hours)}
    person = clinic.practitioners["amara-osei"].model_copy(update={"hours": night})
    nightly = clinic.model_copy(
        update={"time_zone": zone, "hours": night, "practitioners": {"amara-osei": person}}
    )
    offers = list(offers_on(nightly, "consultation", day))
    assert len(offers) == count
    assert len({offer.starts_at for offer in offers}) == count

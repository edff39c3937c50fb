"""The times that can be booked."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from clinic.appointments import BookingRequest, book
from clinic.errors import TimeTaken
from clinic.free_times import FreeTime, cells, free_times, nearest_times, offers_on
from clinic.hours import is_open
from clinic.person import Contact
from clinic.storage import open_storage, writing
from clinic.tables import appointments

LONDON = ZoneInfo("Europe/London")
# With clocks that change at midnight, by half an hour, on other days, or never.
ZONES = (
    "Europe/London", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe", "Asia/Kathmandu",
    "Pacific/Chatham", "Africa/Casablanca",
)  # fmt: skip
# Days around a change of the clocks in one of them, and any other day.
STARTS = st.one_of(
    st.sampled_from(
        [datetime(2026, *day, tzinfo=UTC) for day in [(3, 7), (3, 28), (4, 3), (10, 3), (10, 24)]]
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),
)
HALF_HOUR = timedelta(minutes=30)


def local(times, zone=LONDON):
    return [f"{time.starts_at.astimezone(zone):%a %d %H:%M}" for time in times]


def clocks(offers, zone):
    return [f"{offer.starts_at.astimezone(ZoneInfo(zone)):%H:%M}" for offer in offers]


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


def test_the_instant_asked_for_is_offered_itself(storage, clinic, now):
    found = free_times(storage, clinic, "consultation", now, limit=9)[-1]
    again = free_times(storage, clinic, "consultation", now, from_time=found.starts_at, limit=1)
    assert again == [found]


def test_the_last_time_ends_when_the_day_does(clinic):
    monday = list(offers_on(clinic, "consultation", date(2026, 11, 23)))
    assert monday[-1].ends_at == datetime(2026, 11, 23, 17, tzinfo=UTC)


def test_a_time_is_offered_once_whoever_is_free(storage, two_doctors, now):
    found = free_times(storage, two_doctors, "consultation", now, limit=50)
    assert len({time.starts_at for time in found}) == len(found) == 50
    assert found == sorted(found)


def test_a_time_that_one_has_booked_is_offered_with_the_other(storage, two_doctors, request_, now):
    first = book(storage, two_doctors, request_, now)
    found = free_times(
        storage, two_doctors, "consultation", now, from_time=first.starts_at, limit=1
    )
    assert found[0].starts_at == first.starts_at
    assert found[0].practitioner != first.practitioner


def test_nobody_is_offered_in_their_break(clinic):
    wednesday = clocks(offers_on(clinic, "consultation", date(2026, 11, 25)), "Europe/London")
    assert "12:00" in wednesday and "13:30" in wednesday
    assert not {"12:15", "12:30", "12:45", "13:00", "13:15"} & set(wednesday)


def test_nobody_is_offered_while_the_clinic_is_closed(clinic):
    late = clinic.model_copy(update={"hours": {"monday": clinic.hours["saturday"]}})
    monday = clocks(offers_on(late, "consultation", date(2026, 11, 23)), "Europe/London")
    assert (monday[0], monday[-1]) == ("10:00", "13:30")


def test_nothing_is_offered_on_holidays_and_closures(clinic):
    assert not list(offers_on(clinic, "consultation", date(2026, 12, 24)))
    assert not list(offers_on(clinic, "consultation", date(2026, 12, 25)))


def test_nothing_is_offered_beyond_the_horizon(storage, clinic, now):
    beyond = now + timedelta(days=clinic.booking.horizon_days, minutes=1)
    assert free_times(storage, clinic, "consultation", now, from_time=beyond) == []
    everything = free_times(storage, clinic, "consultation", now, limit=10_000)
    assert everything[-1].starts_at <= now + timedelta(days=clinic.booking.horizon_days)


def test_times_stand_on_the_grid_of_the_clock_whenever_the_day_begins(clinic_with):
    odd = clinic_with("Europe/London", {"monday": "09:10-11:00"})
    offered = offers_on(odd, "consultation", date(2026, 11, 23))
    assert clocks(offered, "Europe/London") == [
        "09:15",
        "09:30",
        "09:45",
        "10:00",
        "10:15",
        "10:30",
    ]


def test_a_service_is_offered_by_those_who_do_it(clinic):
    wednesday = date(2026, 11, 25)
    assert list(offers_on(clinic, "consultation", wednesday))
    assert not list(offers_on(clinic, "curettage", wednesday))


def test_a_patient_is_offered_those_who_see_such_patients(storage, clinic, now):
    amara = clinic.practitioners["amara-osei"].model_copy(update={"patients": ["adult"]})
    people = clinic.practitioners | {"amara-osei": amara}
    picky = clinic.model_copy(update={"practitioners": people})
    with_whom = {
        patient: {
            time.practitioner
            for time in free_times(storage, picky, "consultation", now, patient=patient, limit=200)
        }
        for patient in ("baby", "adult", None)
    }
    assert with_whom == {"baby": {"tomasz-nowak"}, "adult": set(people), None: set(people)}


def test_an_unknown_service_is_a_key_error(storage, clinic, now):
    with pytest.raises(KeyError):
        free_times(storage, clinic, "botox", now)


@pytest.mark.parametrize("naive", ["now", "from_time"])
def test_an_instant_without_a_zone_is_refused(storage, clinic, now, naive):
    given = {"now": now, "from_time": now} | {naive: datetime(2026, 11, 23, 9)}
    with pytest.raises(ValueError, match="no time zone"):
        free_times(storage, clinic, "consultation", **given)


def test_the_nearest_to_a_time_are_before_and_after_it(storage, clinic, now):
    wanted = datetime(2026, 11, 24, 10, 5, tzinfo=UTC)
    found = nearest_times(storage, clinic, "consultation", now, wanted)
    assert local(found) == ["Tue 24 09:45", "Tue 24 10:00", "Tue 24 10:15"]


def test_the_database_is_asked_once(storage, clinic, now):
    asked = []
    event.listen(storage, "before_cursor_execute", lambda *a: asked.append(a[2]))
    free_times(storage, clinic, "consultation", now, limit=1000)
    assert len([query for query in asked if query.startswith("SELECT")]) == 1


def test_an_appointment_owns_every_five_minutes_that_it_touches():
    start = datetime(2026, 11, 24, 10, 2, tzinfo=UTC)
    owned = cells(FreeTime(start, start + timedelta(minutes=10), "amara-osei"))
    assert [(who, f"{cell:%H:%M}") for who, cell in owned] == [
        ("amara-osei", "10:00"),
        ("amara-osei", "10:05"),
        ("amara-osei", "10:10"),
    ]


@pytest.mark.parametrize(
    ("zone", "day", "skipped", "once"),
    [
        ("Europe/London", date(2026, 3, 29), ["01:00", "01:30"], []),
        ("Europe/London", date(2026, 10, 25), [], ["01:00", "01:30"]),
        ("America/New_York", date(2026, 3, 8), ["02:00", "02:30"], []),
        ("Australia/Lord_Howe", date(2026, 4, 5), [], ["01:30"]),
        ("Asia/Beirut", date(2026, 3, 29), ["00:00", "00:30"], []),
    ],
)
def test_times_that_the_clocks_skip_are_not_offered_and_repeated_ones_once(
    clinic_with, zone, day, skipped, once
):
    booking = {"grid_minutes": 30, "notice_hours": 0, "horizon_days": 60}
    night = clinic_with(zone, {"sunday": "00:00-05:00"})
    night = night.model_copy(update={"booking": night.booking.model_copy(update=booking)})
    shown = clocks(offers_on(night, "consultation", day), zone)
    usual = [
        "00:00",
        "00:30",
        "01:00",
        "01:30",
        "02:00",
        "02:30",
        "03:00",
        "03:30",
        "04:00",
        "04:30",
    ]
    assert shown == [clock for clock in usual if clock not in skipped]
    assert all(shown.count(clock) == 1 for clock in once)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One storage for all the examples of a property; each begins by emptying it."""
    return open_storage(f"sqlite:///{tmp_path_factory.mktemp('free') / 'clinic.db'}")


@settings(max_examples=40, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    start=STARTS,
    grid=st.sampled_from([5, 15, 20, 30]),
    wanted=st.lists(st.integers(0, 30), max_size=5),
)
def test_free_times_lie_in_the_hours_and_touch_nothing_booked(
    shared, two_doctors, request_factory, zone, start, grid, wanted
):
    with writing(shared) as transaction:
        transaction.execute(delete(appointments))
    booking = two_doctors.booking.model_copy(update={"grid_minutes": grid})
    clinic = two_doctors.model_copy(update={"time_zone": zone, "booking": booking})
    offered = free_times(shared, clinic, "consultation", start, limit=31)
    booked = []
    for number, index in enumerate(wanted):
        request = request_factory(offered[index].starts_at, f"{number}")
        with suppress(TimeTaken):
            booked.append(book(shared, clinic, request, start))
    for one in booked:
        for other in booked:
            apart = abs(one.starts_at - other.starts_at) >= HALF_HOUR
            assert one is other or one.practitioner != other.practitioner or apart
    for time in free_times(shared, clinic, "consultation", start, limit=60):
        shown = time.starts_at.astimezone(ZoneInfo(zone))
        assert time.ends_at - time.starts_at == HALF_HOUR
        assert is_open(clinic, time.starts_at)
        assert is_open(clinic, time.ends_at - timedelta(microseconds=1))
        assert shown.minute % grid == 0 and shown.fold == 0
        assert shown.astimezone(UTC) == time.starts_at
        assert time.starts_at >= start + timedelta(hours=clinic.booking.notice_hours)
        assert time.starts_at <= start + timedelta(days=clinic.booking.horizon_days)
        assert all(
            abs(time.starts_at - one.starts_at) >= HALF_HOUR
            for one in booked
            if one.practitioner == time.practitioner
        )


@settings(max_examples=25, deadline=None)
@given(zone=st.sampled_from(ZONES), start=STARTS)
def test_around_the_clock_every_time_shown_is_one_time_only(shared, clinic_with, zone, start):
    with writing(shared) as transaction:
        transaction.execute(delete(appointments))
    weekdays = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    clinic = clinic_with(zone, dict.fromkeys(weekdays, "00:00-23:59"))
    found = free_times(shared, clinic, "consultation", start, limit=400)
    shown = {f"{time.starts_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for time in found}
    assert len(shown) == len(found) == 400


@pytest.fixture(scope="module")
def request_factory():
    request = BookingRequest(
        "consultation", datetime.now(UTC), "adult", "A", Contact("phone", "+447700900123"), "", "w"
    )
    return lambda starts_at, key: replace(request, starts_at=starts_at, idempotency_key=key)

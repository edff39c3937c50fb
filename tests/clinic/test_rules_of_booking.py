"""What clinic.yml may say of services and people, and what it does to the times on offer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from clinic.appointments import book
from clinic.errors import TimeNotOffered, TimeTaken
from clinic.free_times import Wanted, free_times, offers_on
from clinic.holds import hold
from clinic.profile import OtherHours
from clinic.spans import read_spans
from clinic.storage import open_storage, writing
from clinic.tables import busy_times

BOTH_DATABASES = True
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def clinic_of(clinic):
    """The clinic with some of its consultation's settings changed."""

    def make(**settings):
        services = dict(clinic.services)
        services["consultation"] = services["consultation"].model_copy(update=settings)
        return clinic.model_copy(update={"services": services})

    return make


def starts(storage, clinic, now, **asked):
    found = free_times(storage, clinic, "consultation", now, **asked)
    return [f"{time.starts_at:%a %H:%M}" for time in found]


def test_time_to_prepare_and_put_away_is_kept_free(storage, clinic_of, request_, now):
    clinic = clinic_of(buffer_before=5, buffer_after=15)
    book(storage, clinic, request_, now)
    around = starts(storage, clinic, now, from_time=TEN - timedelta(hours=1), limit=3)
    # The practitioner has no time from 9:55 to 10:45, and each other needs the same around it.
    assert around == ["Tue 09:00", "Tue 11:00", "Tue 11:15"]


def test_a_booking_in_the_time_to_put_away_is_refused(storage, clinic_of, request_, now):
    clinic = clinic_of(buffer_after=15)
    book(storage, clinic, request_, now)
    after = replace(request_, starts_at=TEN + timedelta(minutes=30), idempotency_key="2")
    with pytest.raises(TimeTaken):
        book(storage, clinic, after, now)


def test_a_service_has_its_own_notice_and_horizon(storage, clinic_of, request_, now):
    clinic = clinic_of(notice_hours=48, horizon_days=3)
    found = free_times(storage, clinic, "consultation", now, limit=1000)
    assert found[0].starts_at >= now + timedelta(hours=48)
    assert found[-1].starts_at <= now + timedelta(days=3)
    with pytest.raises(TimeNotOffered):
        book(storage, clinic, request_, now)


def test_a_service_is_for_its_kinds_of_patients(storage, clinic_of, now):
    clinic = clinic_of(patients=["adult"])
    assert free_times(storage, clinic, "consultation", now, patient="adult")
    assert free_times(storage, clinic, "consultation", now, patient="baby") == []


def test_a_day_takes_as_many_as_its_cap(storage, clinic_of, request_, now):
    clinic = clinic_of(daily_cap=2)
    for number in range(2):
        at = TEN + timedelta(hours=number)
        book(storage, clinic, replace(request_, starts_at=at, idempotency_key=f"{number}"), now)
    assert starts(storage, clinic, now, from_time=TEN, limit=1) == ["Wed 09:00"]
    third = replace(request_, starts_at=TEN + timedelta(hours=3), idempotency_key="3")
    with pytest.raises(TimeTaken):
        book(storage, clinic, third, now)


def test_a_hold_takes_one_of_the_days_places_and_gives_it_back(storage, clinic_of, request_, now):
    clinic = clinic_of(daily_cap=1)
    hold(storage, clinic, Wanted("consultation", holder="web:9"), TEN, now)
    at_noon = replace(request_, starts_at=TEN + timedelta(hours=2))
    with pytest.raises(TimeTaken):
        book(storage, clinic, at_noon, now)
    later = now + timedelta(minutes=clinic.booking.hold_minutes)
    assert book(storage, clinic, at_noon, later)


def test_many_at_once_do_not_exceed_the_cap(url, clinic_of, request_, now, insisting):
    clinic = clinic_of(daily_cap=3)
    together = threading.Barrier(12)
    storages = [open_storage(url) for _ in range(12)]

    def confirm(number):
        request = replace(
            request_,
            starts_at=TEN + timedelta(minutes=30 * number),
            idempotency_key=f"{number}",
            sender=f"web:{number}",
        )
        together.wait()
        try:
            return insisting(book, storages[number], clinic, request, now)
        except TimeTaken:
            return None

    with ThreadPoolExecutor(12) as visitors:
        assert len([one for one in visitors.map(confirm, range(12)) if one]) == 3
    for storage in storages:
        storage.dispose()


def test_a_practitioner_may_work_at_other_hours_on_some_days(clinic):
    def other(hours):
        days = (date(2026, 11, 24), date(2026, 11, 24))
        exception = OtherHours.model_construct(days=days, hours=read_spans(hours))
        amara = clinic.practitioners["amara-osei"].model_copy(update={"exceptions": [exception]})
        return clinic.model_copy(update={"practitioners": {"amara-osei": amara}})

    tuesday = date(2026, 11, 24)
    assert offers_on(other("closed"), "consultation", tuesday) == ()
    offered = offers_on(other("14:00-15:00"), "consultation", tuesday)
    assert [f"{offer.starts_at:%H:%M}" for offer in offered] == ["14:00", "14:15", "14:30"]
    assert offers_on(other("closed"), "consultation", date(2026, 12, 1))


def test_a_practitioner_who_is_busy_elsewhere_is_not_offered(storage, clinic, request_, now):
    with writing(storage) as transaction:
        for begins, ends in ((0, 40), (20, 60)):  # two that overlap
            transaction.execute(
                insert(busy_times).values(
                    practitioner="amara-osei",
                    starts_at=TEN + timedelta(minutes=begins),
                    ends_at=TEN + timedelta(minutes=ends),
                )
            )
    assert starts(storage, clinic, now, from_time=TEN, limit=1) == ["Tue 11:00"]
    with pytest.raises(TimeTaken):
        book(storage, clinic, request_, now)


def test_times_can_be_wished_for(storage, clinic, now):
    evenings = starts(storage, clinic, now, wish=lambda local: local.hour >= 17, limit=2)
    assert evenings == ["Thu 17:00", "Thu 17:15"]

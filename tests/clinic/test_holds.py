"""A chosen time is its holder's for some minutes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from clinic.appointments import book
from clinic.errors import TimeNotOffered, TimeTaken
from clinic.free_times import Wanted, free_times
from clinic.holds import forget_expired, hold, let_go
from clinic.storage import open_storage, reading
from clinic.tables import booked_cells, holds

BOTH_DATABASES = True
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ELEVEN = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
MINE = Wanted("consultation", "adult", holder="web:1")
ANOTHERS = replace(MINE, holder="web:2")


def count(storage, table):
    with reading(storage) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def is_free(storage, clinic, starts_at, now, wanted=MINE):
    found = free_times(storage, clinic, wanted, now, from_time=starts_at, limit=1)
    return found[0].starts_at == starts_at


def test_a_held_time_is_free_to_its_holder_and_to_nobody_else(storage, clinic, now):
    assert hold(storage, clinic, MINE, TEN, now).practitioner == "amara-osei"
    assert is_free(storage, clinic, TEN, now)
    assert not is_free(storage, clinic, TEN, now, ANOTHERS)
    assert not is_free(storage, clinic, TEN, now, Wanted("consultation"))


def test_another_who_wants_a_held_time_hears_the_nearest(storage, clinic, now):
    hold(storage, clinic, MINE, TEN, now)
    with pytest.raises(TimeTaken) as gone:
        hold(storage, clinic, ANOTHERS, TEN, now)
    assert [f"{time.starts_at:%H:%M}" for time in gone.value.nearest] == ["09:15", "09:30", "10:30"]


def test_a_hold_ends_by_itself(storage, clinic, request_, now):
    hold(storage, clinic, MINE, TEN, now)
    later = now + timedelta(minutes=clinic.booking.hold_minutes)
    assert is_free(storage, clinic, TEN, later, ANOTHERS)
    theirs = replace(request_, sender="web:2", idempotency_key="web:2")
    assert book(storage, clinic, theirs, later).starts_at == TEN


def test_a_hold_that_is_over_can_still_be_booked_by_its_holder(storage, clinic, request_, now):
    hold(storage, clinic, MINE, TEN, now)
    assert book(storage, clinic, request_, now + timedelta(hours=1)).starts_at == TEN


def test_the_holder_books_what_they_hold(storage, clinic, request_, now):
    hold(storage, clinic, MINE, TEN, now)
    assert book(storage, clinic, request_, now).starts_at == TEN
    assert count(storage, holds) == 0
    assert count(storage, booked_cells) == 6


def test_nobody_else_books_it(storage, clinic, request_, now):
    hold(storage, clinic, MINE, TEN, now)
    with pytest.raises(TimeTaken):
        book(storage, clinic, replace(request_, sender="web:2"), now)


def test_whoever_chooses_again_holds_one_time_only(storage, clinic, now):
    hold(storage, clinic, MINE, TEN, now)
    hold(storage, clinic, MINE, ELEVEN, now)
    assert is_free(storage, clinic, TEN, now, ANOTHERS)
    assert count(storage, holds) == 1


def test_what_was_held_stays_held_when_the_next_choice_is_taken(storage, clinic, now):
    hold(storage, clinic, MINE, TEN, now)
    hold(storage, clinic, ANOTHERS, ELEVEN, now)
    with pytest.raises(TimeTaken):
        hold(storage, clinic, MINE, ELEVEN, now)
    assert not is_free(storage, clinic, TEN, now, ANOTHERS)


def test_a_time_can_be_let_go(storage, clinic, now):
    hold(storage, clinic, MINE, TEN, now)
    let_go(storage, "web:1")
    assert is_free(storage, clinic, TEN, now, ANOTHERS)


def test_what_the_clinic_does_not_offer_cannot_be_held(storage, clinic, now):
    with pytest.raises(TimeNotOffered):
        hold(storage, clinic, MINE, TEN.replace(hour=3), now)


def test_a_hold_without_a_holder_makes_no_sense(storage, clinic, now):
    with pytest.raises(ValueError, match="needs a holder"):
        hold(storage, clinic, Wanted("consultation"), TEN, now)


def test_holds_that_are_over_are_forgotten(storage, clinic, now):
    hold(storage, clinic, MINE, TEN, now)
    hold(storage, clinic, ANOTHERS, ELEVEN, now, minutes=60)
    forget_expired(storage, now + timedelta(minutes=30))
    assert count(storage, holds) == 1
    assert count(storage, booked_cells) == 6


def test_fifty_who_choose_one_time_at_once_give_it_to_one(url, clinic, now, insisting):
    together = threading.Barrier(50)
    storages = [open_storage(url) for _ in range(50)]

    def choose(number):
        together.wait()
        try:
            mine = replace(MINE, holder=f"web:{number}")
            return insisting(hold, storages[number], clinic, mine, TEN, now)
        except TimeTaken:
            return None

    with ThreadPoolExecutor(50) as visitors:
        held = [one for one in visitors.map(choose, range(50)) if one]
    assert len(held) == 1
    assert count(storages[0], booked_cells) == 6
    for storage in storages:
        storage.dispose()

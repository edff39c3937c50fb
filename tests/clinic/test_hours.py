"""When the clinic is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.hours import is_open, next_closing, next_opening, now_in_words, week_in_words
from clinic.spans import read_spans

LONDON = ZoneInfo("Europe/London")
ZONES = (
    "Europe/London",
    "America/New_York",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


def london(*parts):
    return datetime(*parts, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (london(2026, 11, 23, 9, 0), True),
        (london(2026, 11, 23, 8, 59), False),
        (london(2026, 11, 23, 17, 29), True),
        (london(2026, 11, 23, 17, 30), False),
        (london(2026, 11, 22, 12, 0), False),
        (london(2026, 12, 25, 12, 0), False),
        (london(2026, 12, 24, 12, 0), False),
        (datetime(2026, 7, 6, 8, 30, tzinfo=UTC), True),
    ],
)
def test_the_clinic_is_open_within_its_hours_in_its_zone(clinic, at, expected):
    assert is_open(clinic, at) is expected


@pytest.mark.parametrize("ask", [is_open, next_opening, next_closing, now_in_words])
def test_an_instant_without_a_zone_is_refused(clinic, ask):
    with pytest.raises(ValueError, match="no time zone"):
        ask(clinic, datetime(2026, 11, 23, 9))


def test_the_next_opening_leaps_over_holidays_and_closures(clinic):
    assert next_opening(clinic, london(2026, 12, 23, 18)) == london(2026, 12, 29, 9)


def test_the_next_opening_of_an_open_clinic_is_the_one_after(clinic):
    assert next_opening(clinic, london(2026, 11, 23, 9)) == london(2026, 11, 24, 9)


def test_the_next_closing_is_todays_while_open_and_the_next_days_after(clinic):
    assert next_closing(clinic, london(2026, 11, 26, 12)) == london(2026, 11, 26, 19)
    assert next_closing(clinic, london(2026, 11, 26, 19)) == london(2026, 11, 27, 17, 30)


def test_a_clinic_closed_for_good_has_no_next_opening(clinic):
    closed = clinic.model_copy(update={"hours": {}})
    assert next_opening(closed, london(2026, 11, 23, 12)) is None
    assert next_closing(closed, london(2026, 11, 23, 12)) is None
    assert now_in_words(closed, london(2026, 11, 23, 12)) == "We are closed now."


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (london(2026, 11, 23, 12), "We are open now, until 17:30."),
        (london(2026, 11, 23, 8), "We are closed now. We open today at 9:00."),
        (london(2026, 11, 23, 22), "We are closed now. We open tomorrow at 9:00."),
        (london(2026, 11, 28, 15), "We are closed now. We open on Monday at 9:00."),
        (
            london(2026, 12, 25, 12),
            "We are closed today (Christmas Day). We open on Tuesday at 9:00.",
        ),
    ],
)
def test_now_is_said_in_words(clinic, at, words):
    assert now_in_words(clinic, at) == words


def test_an_opening_a_week_away_is_said_with_its_date(clinic_with):
    mondays = clinic_with("Europe/London", {"monday": "09:00-17:30"})
    assert now_in_words(mondays, london(2026, 11, 23, 18)) == (
        "We are closed now. We open on Monday 30 November at 9:00."
    )


def test_a_break_in_the_day_is_closed(clinic_with):
    clinic = clinic_with("Europe/London", {"monday": "09:00-12:30, 13:30-17:30"})
    assert now_in_words(clinic, london(2026, 11, 23, 9)) == "We are open now, until 12:30."
    assert now_in_words(clinic, london(2026, 11, 23, 13)) == (
        "We are closed now. We open today at 13:30."
    )


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (
            dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday"], "09:00-17:30")
            | {"saturday": "10:00-14:00"},
            "Monday to Friday 9:00 to 17:30, Saturday 10:00 to 14:00, closed on Sunday",
        ),
        (
            {"tuesday": "09:00-12:30, 13:30-17:00", "thursday": "12:00-20:00"},
            "Tuesday 9:00 to 12:30 and 13:30 to 17:00, Thursday 12:00 to 20:00, "
            "closed on Monday, Wednesday and Friday to Sunday",
        ),
        (
            dict.fromkeys(["monday", "tuesday", "wednesday", "friday"], "09:00-17:00")
            | dict.fromkeys(["thursday", "saturday", "sunday"], "10:00-12:00"),
            "Monday to Wednesday and Friday 9:00 to 17:00, Thursday, Saturday and Sunday "
            "10:00 to 12:00",
        ),
    ],
)
def test_the_week_is_said_in_words_with_like_days_together(clinic_with, hours, words):
    assert week_in_words(clinic_with("Europe/London", hours)) == words


def test_the_clock_change_moves_no_opening(clinic):
    before, after = london(2026, 10, 24, 15), london(2026, 10, 26, 9)
    assert next_opening(clinic, before) == after
    assert after.utcoffset() != before.utcoffset()


@pytest.mark.parametrize(
    ("day", "elapsed"),
    [((2026, 3, 29), 3), ((2026, 10, 25), 5), ((2026, 6, 7), 4)],
    ids=["forward", "back", "as ever"],
)
def test_a_night_on_which_the_clocks_change_is_open_as_long_as_it_lasts(clinic_with, day, elapsed):
    nights = clinic_with("Europe/London", {"sunday": "00:00-04:00"})
    opens = london(*day)
    assert next_opening(nights, opens - timedelta(hours=1)) == opens
    assert next_closing(nights, opens) - opens.astimezone(UTC) == timedelta(hours=elapsed)


@given(at=INSTANTS, zone=st.sampled_from(ZONES))
def test_open_closing_and_opening_agree_in_every_zone_at_every_time(clinic_with, at, zone):
    daily = dict.fromkeys(["monday", "tuesday", "saturday", "sunday"], "00:00-02:30, 09:00-17:30")
    clinic = clinic_with(zone, daily)
    opens, closes = next_opening(clinic, at), next_closing(clinic, at)
    assert is_open(clinic, at) == (closes < opens)
    assert is_open(clinic, opens)
    assert not is_open(clinic, closes)
    assert is_open(clinic, closes - timedelta(microseconds=1))


@given(at=INSTANTS, zone=st.sampled_from(ZONES))
def test_open_means_that_the_clock_on_the_wall_shows_opening_hours(clinic_with, at, zone):
    clinic = clinic_with(zone, {"wednesday": "09:00-17:30"})
    local = at.astimezone(ZoneInfo(zone))
    [span] = read_spans("09:00-17:30")
    shown = local.weekday() == 2 and span.begins <= local.time() < span.ends
    assert is_open(clinic, at) == (shown and not clinic.closure(local.date()))

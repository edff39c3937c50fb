"""Times in words, in the clinic's zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clinic.words import listed, time_elsewhere, time_in_words, time_on_button


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "Tuesday 24 November at 10:00"),
        (datetime(2026, 12, 1, 9, 5, tzinfo=UTC), "Tuesday 1 December at 9:05"),
        # Summer: an hour later on the clinic's clock, even on the next day.
        (datetime(2027, 3, 30, 23, 30, tzinfo=UTC), "Wednesday 31 March at 0:30"),
        (datetime(2027, 6, 1, 9, 0, tzinfo=UTC), "Tuesday 1 June 2027 at 10:00"),
        (datetime(2025, 11, 24, 10, 0, tzinfo=UTC), "Monday 24 November 2025 at 10:00"),
    ],
)
def test_a_time_is_said_with_weekday_date_and_clock(clinic, now, instant, words):
    assert time_in_words(instant, clinic, now) == words


def test_the_present_decides_about_the_year_where_nothing_else_is_said(clinic):
    assert str(datetime.now(UTC).year) not in time_in_words(datetime.now(UTC), clinic)


def test_a_button_has_room_for_the_short_form(clinic):
    assert time_on_button(datetime(2026, 11, 24, 10, tzinfo=UTC), clinic) == "Tue 24 Nov, 10:00"


@pytest.mark.parametrize("say", [time_in_words, time_on_button])
def test_a_time_without_a_zone_is_refused(clinic, say):
    with pytest.raises(ValueError, match="no time zone"):
        say(datetime(2026, 11, 24, 10), clinic)


def test_lists_are_said_as_people_say_them():
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"], "or") == "a, b or c"


TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Paris", "Asia/Kolkata"])
def test_where_clocks_show_another_time_the_zone_is_said(clinic, zone):
    assert time_elsewhere(TEN, clinic, zone) == "Tuesday 24 November at 10:00, London time"


@pytest.mark.parametrize("zone", ["Europe/London", "Europe/Lisbon", "UTC", "", "Mars/Base", "../x"])
def test_where_clocks_show_the_same_or_the_zone_is_unknown_it_is_not(clinic, zone):
    assert time_elsewhere(TEN, clinic, zone) == "Tuesday 24 November at 10:00"


def test_it_is_the_clocks_of_that_day_that_count(clinic):
    summer = datetime(2027, 3, 29, 9, tzinfo=UTC)
    assert time_elsewhere(summer, clinic, "UTC").endswith("at 10:00, London time")


def test_a_zone_of_several_words_is_said_as_such(clinic):
    there = clinic.model_copy(update={"time_zone": "America/New_York"})
    assert time_elsewhere(TEN, there, "Europe/London").endswith("at 5:00, New York time")

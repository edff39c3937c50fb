"""When the clinic is open."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from clinic.hours import is_open, next_closing, next_opening, now_in_words, week_in_words

LONDON = ZoneInfo("Europe/London")


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


def test_an_instant_without_a_zone_is_refused(clinic):
    with pytest.raises(ValueError, match="no time zone"):
        is_open(clinic, datetime(2026, 11, 23, 9))  # noqa: DTZ001


def test_the_next_opening_leaps_over_holidays_and_closures(clinic):
    assert next_opening(clinic, london(2026, 12, 23, 18)) == london(2026, 12, 29, 9)


def test_the_next_closing_is_todays_while_open(clinic):
    assert next_closing(clinic, london(2026, 11, 26, 12)) == london(2026, 11, 26, 19)


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


def test_the_week_is_said_in_words(clinic):
    assert week_in_words(clinic) == (
        "Monday to Wednesday 9:00 to 17:30, Thursday 9:00 to 19:00, Friday 9:00 to 17:30, "
        "Saturday 10:00 to 14:00, closed on Sunday"
    )


def test_the_clock_change_moves_no_opening(clinic):
    before, after = london(2026, 10, 24, 15), london(2026, 10, 26, 9)
    assert next_opening(clinic, before) == after
    assert after.utcoffset() != before.utcoffset()

"""Times as visitors type them, against the times just offered."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic.asked_time import Chosen, Wished, asked_time

LONDON = ZoneInfo("Europe/London")
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=LONDON)
OFFERED = [
    datetime(2026, 11, 24, 9, 0, tzinfo=LONDON),
    datetime(2026, 11, 24, 14, 30, tzinfo=LONDON),
    datetime(2026, 11, 26, 10, 0, tzinfo=LONDON),
]


def read(text):
    return asked_time(text, OFFERED, LONDON, MONDAY_NOON)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("the first one", 0),
        ("2nd", 1),
        ("the last", 2),
        ("9:00", 0),
        ("at 9am please", 0),
        ("2.30", 1),
        ("2:30pm", 1),
        ("14:30", 1),
        ("thursday", 2),
        ("thurs at 10", 2),
        ("tomorrow afternoon", 1),
        ("tuesday morning works", 0),
    ],
)
def test_a_time_that_fits_one_offer_is_that_offer(text, index):
    assert read(text) == Chosen(OFFERED[index])


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("tomorrow", datetime(2026, 11, 24, tzinfo=LONDON)),
        ("friday after 3", datetime(2026, 11, 27, 15, tzinfo=LONDON)),
        ("after 9 on tuesday", datetime(2026, 11, 24, 9, tzinfo=LONDON)),
        ("next week", datetime(2026, 11, 30, tzinfo=LONDON)),
        ("wednesday evening", datetime(2026, 11, 25, 17, tzinfo=LONDON)),
        ("monday", datetime(2026, 11, 30, tzinfo=LONDON)),
        ("do you have anything later", OFFERED[-1]),
    ],
)
def test_a_time_that_fits_no_single_offer_is_a_wish_for_others(text, after):
    assert read(text) == Wished(after)


def test_a_clock_time_of_another_day_is_wished_for_exactly():
    assert read("friday at 3pm") == Wished(datetime(2026, 11, 27, 15, tzinfo=LONDON), exact=True)


@pytest.mark.parametrize("text", ["", "hello", "does it hurt", "my name is Asha", "🙂"])
def test_what_names_no_time_is_left_alone(text):
    assert read(text) is None


def test_words_are_read_in_the_clinics_zone():
    tokyo = ZoneInfo("Asia/Tokyo")
    late_in_utc = datetime(2026, 11, 23, 20, tzinfo=UTC)
    assert asked_time("today", [], tokyo, late_in_utc) == Wished(
        datetime(2026, 11, 24, tzinfo=tokyo)
    )


def test_an_offer_is_returned_as_the_instant_that_was_offered():
    offered = [instant.astimezone(UTC) for instant in OFFERED]
    chosen = asked_time("9:00", offered, LONDON, MONDAY_NOON)
    assert chosen == Chosen(offered[0])
    assert chosen.starts_at.utcoffset() == timedelta(0)

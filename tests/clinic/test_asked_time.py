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
        ("no, make it the last one", 2),
        ("actually i'll take the second one please", 1),
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
    assert read(text).after == after


# What people write, on Monday 23 November at noon, and the first time that it asks for.
@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("tomorrow after 3", (11, 24), "15:00"),
        ("next tues morning", (11, 24), "00:00"),
        ("sat", (11, 28), "00:00"),
        ("saturdays work best", (11, 28), "00:00"),
        ("the 3rd", (12, 3), "00:00"),
        ("in two weeks", (12, 7), "00:00"),
        ("in 3 days", (11, 26), "00:00"),
        ("in a week", (11, 30), "00:00"),
        ("in a fortnight", (12, 7), "00:00"),
        ("a week on friday", (12, 4), "00:00"),
        ("tuesday week", (12, 1), "00:00"),
        ("monday 7th", (12, 7), "00:00"),
        ("3 december", (12, 3), "00:00"),
        ("dec 3rd at 2", (12, 3), "14:00"),
        ("the 4th of december please", (12, 4), "00:00"),
        ("3/12", (12, 3), "00:00"),
        ("03/12/2026 at 11.15", (12, 3), "11:15"),
        ("2026-12-03", (12, 3), "00:00"),
        ("fri 27 nov", (11, 27), "00:00"),
        ("next week wednesday", (12, 2), "00:00"),
        ("end of next week", (12, 4), "00:00"),
        ("day after tomorrow", (11, 25), "00:00"),
        ("tmrw at half 2", (11, 24), "14:30"),
        ("tomoz arvo or tomoz evening", (11, 24), "17:00"),
        ("weds 11:30", (11, 25), "11:30"),
        ("friday noon", (11, 27), "12:00"),
        ("next month", (12, 1), "00:00"),
        ("not before the 10th", (12, 10), "00:00"),
        ("this afternoon", (11, 23), "12:00"),
        ("can you do friday?", (11, 27), "00:00"),
        ("8 o'clock on friday", (11, 27), "08:00"),
        ("wednesday quarter past 4", (11, 25), "16:15"),
    ],
)
def test_people_name_days_in_many_ways(text, day, clock):
    wished = asked_time(text, [], LONDON, MONDAY_NOON)
    assert isinstance(wished, Wished)
    assert (wished.after.month, wished.after.day) == day
    assert f"{wished.after:%H:%M}" == clock


def fitting(text, *clocks):
    """Which of these times of Friday or Saturday fit what is wished for."""
    wished = read(text)
    return [clock for clock in clocks if wished.fits(datetime.fromisoformat(f"2026-11-{clock}"))]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("any evening", ["27 18:00"]),
        ("after work", ["27 18:00"]),
        ("mornings are best", ["27 09:00", "28 10:00"]),
        ("after 3", ["27 16:00", "27 18:00"]),
        ("anything before 11", ["27 09:00", "28 10:00"]),
        ("at the weekend", ["28 10:00"]),
        ("friday after 5", ["27 18:00"]),
    ],
)
def test_hours_and_weekends_are_wished_for_on_every_day(text, fits):
    assert fitting(text, "27 09:00", "27 16:00", "27 18:00", "28 10:00") == fits


@pytest.mark.parametrize(
    "text", ["asap", "the earliest you have", "as soon as possible", "anytime"]
)
def test_the_soonest_is_from_now_on(text):
    assert read(text) == Wished(MONDAY_NOON)


@pytest.mark.parametrize(("country", "month"), [("GB", 12), ("AU", 12), ("US", 3)])
def test_day_and_month_stand_as_in_the_country(country, month):
    assert asked_time("3/12", [], LONDON, MONDAY_NOON, country).after.month == month


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

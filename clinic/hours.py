"""When the clinic is open, for whoever asks: the assistant, the page, an e-mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from clinic.profile import Clinic
from clinic.spans import WEEKDAYS, Interval, Span, as_intervals, on_weekday
from clinic.words import clock, day_in_words, in_zone, listed, weekday

SEARCHED_DAYS = 400


def open_on(clinic: Clinic, day: date) -> list[Interval]:
    """When the clinic is open on a day of its calendar, holidays and closures counted."""
    spans = [] if clinic.closure(day) else on_weekday(clinic.hours, day)
    return list(as_intervals(spans, day, clinic.zone))


def is_open(clinic: Clinic, at: datetime) -> bool:
    """Whether the clinic is open at an aware instant."""
    today = open_on(clinic, in_zone(at, clinic).date())
    return any(begins <= at < ends for begins, ends in today)


def next_opening(clinic: Clinic, at: datetime) -> datetime | None:
    """The next time (UTC) the clinic opens after an instant; None if not within a year."""
    return next((begins for begins, _ in _open_from(clinic, at) if begins > at), None)


def next_closing(clinic: Clinic, at: datetime) -> datetime | None:
    """The next time (UTC) the clinic closes after an instant; None if not within a year."""
    return next((ends for _, ends in _open_from(clinic, at) if ends > at), None)


def last_opening(clinic: Clinic, at: datetime) -> datetime | None:
    """When the clinic last began a day of opening, at or before an instant; None if not within a
    week. A break in the middle of the day begins nothing."""
    return next((day[0][0] for day in _open_until(clinic, at) if day[0][0] <= at), None)


def last_closing(clinic: Clinic, at: datetime) -> datetime | None:
    """When a day of opening last ended before an instant; None if not within a week."""
    return next((day[-1][1] for day in _open_until(clinic, at) if day[-1][1] <= at), None)


def opening_in_words(clinic: Clinic, at: datetime, opens: datetime) -> str:
    """ "Monday from 9:00", "today from 9:00", for the next opening after an instant."""
    today, local = in_zone(at, clinic).date(), in_zone(opens, clinic)
    return f"{_day_from(today, local.date()).removeprefix('on ')} from {clock(local)}"


def now_in_words(clinic: Clinic, at: datetime) -> str:
    """ "We are open now, until 17:30." or "We are closed now. We open on Monday at 9:00." """
    today = in_zone(at, clinic).date()
    closes, opens = next_closing(clinic, at), next_opening(clinic, at)
    if closes and is_open(clinic, at):
        return f"We are open now, until {clock(in_zone(closes, clinic))}."
    reason = clinic.closure(today)
    closed = f"We are closed today ({reason})." if reason else "We are closed now."
    if opens is None:
        return closed
    local = in_zone(opens, clinic)
    return f"{closed} We open {_day_from(today, local.date())} at {clock(local)}."


def week_in_words(clinic: Clinic) -> str:
    """ "Monday to Friday 9:00 to 17:30, Saturday 10:00 to 14:00, closed on Sunday"."""
    groups: dict[tuple[Span, ...], list[int]] = {}
    for number, name in enumerate(WEEKDAYS):
        groups.setdefault(tuple(clinic.hours.get(name, [])), []).append(number)
    closed = groups.pop((), [])
    words = [f"{_days(days)} {_times(spans)}" for spans, days in groups.items()]
    return ", ".join([*words, f"closed on {_days(closed)}"] if closed else words)


def _open_from(clinic: Clinic, at: datetime) -> Iterator[Interval]:
    """The opening hours from the day of an instant on."""
    today = in_zone(at, clinic).date()
    for number in range(SEARCHED_DAYS):
        yield from open_on(clinic, today + timedelta(days=number))


def _open_until(clinic: Clinic, at: datetime) -> Iterator[list[Interval]]:
    """The opening hours of each open day, from that of an instant backwards."""
    today = in_zone(at, clinic).date()
    for number in range(8):
        if hours := open_on(clinic, today - timedelta(days=number)):
            yield hours


def _day_from(today: date, day: date) -> str:
    match (day - today).days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case days if days < 7:
            return f"on {weekday(day)}"
    return f"on {day_in_words(day)}"


def _days(numbers: Sequence[int]) -> str:
    """ "Monday to Friday", "Monday, Tuesday and Thursday", for days counted from Monday as 0."""
    words: list[str] = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        names = [WEEKDAYS[number].capitalize() for _, number in run]
        words += names if len(names) < 3 else [f"{names[0]} to {names[-1]}"]
    return listed(words)


def _times(spans: Sequence[Span]) -> str:
    return " and ".join(f"{clock(span.begins)} to {clock(span.ends)}" for span in spans)

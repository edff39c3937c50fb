"""When the clinic is open, for whoever asks: the assistant, the page, an e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby

from clinic.profile import Clinic
from clinic.spans import WEEKDAYS, Span
from clinic.words import clock

SEARCHED_DAYS = 60


def spans_on(clinic: Clinic, day: date) -> list[Span]:
    """The clinic's opening hours on a day, holidays and closures counted."""
    return [] if clinic.closure(day) else clinic.hours.get(WEEKDAYS[day.weekday()], [])


def is_open(clinic: Clinic, at: datetime) -> bool:
    """Whether the clinic is open at an aware instant."""
    local = _local(clinic, at)
    return any(local.time() in span for span in spans_on(clinic, local.date()))


def next_opening(clinic: Clinic, at: datetime) -> datetime | None:
    """The next time the clinic opens after an instant; None if not within two months."""
    return next((begins for begins, _ in _spans_from(clinic, at) if begins > at), None)


def next_closing(clinic: Clinic, at: datetime) -> datetime | None:
    """The next time the clinic closes after an instant; None if not within two months."""
    return next((ends for _, ends in _spans_from(clinic, at) if ends > at), None)


def now_in_words(clinic: Clinic, at: datetime) -> str:
    """ "We are open now, until 17:30." or "We are closed now. We open on Monday at 9:00." """
    local = _local(clinic, at)
    if is_open(clinic, at):
        closes = next_closing(clinic, at)
        return f"We are open now, until {clock(closes)}." if closes else "We are open now."
    opens = next_opening(clinic, at)
    if opens is None:
        return "We are closed now."
    days = (opens.date() - local.date()).days
    if days == 0:
        day = "today"
    elif days == 1:
        day = "tomorrow"
    else:
        day = f"on {opens:%A}" if days < 7 else f"on {opens:%A} {opens.day} {opens:%B}"
    reason = clinic.closure(local.date())
    today = f"We are closed today ({reason})." if reason else "We are closed now."
    return f"{today} We open {day} at {clock(opens)}."


def week_in_words(clinic: Clinic) -> str:
    """ "Monday to Friday 9:00 to 17:30, Saturday 10:00 to 14:00, closed on Sunday"."""
    week = [(name.capitalize(), clinic.hours.get(name, [])) for name in WEEKDAYS]
    words = []
    for spans, group in groupby(week, key=lambda day: day[1]):
        days = [name for name, _ in group]
        when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
        if spans:
            times = " and ".join(f"{clock(span.begins)} to {clock(span.ends)}" for span in spans)
            words.append(f"{when} {times}")
        else:
            words.append(f"closed on {when}" if len(days) == 1 else f"closed {when}")
    return ", ".join(words)


def _spans_from(clinic: Clinic, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The opening hours from the day of an instant on, as aware local times."""
    today = _local(clinic, at).date()
    for day in (today + timedelta(days=number) for number in range(SEARCHED_DAYS)):
        for span in spans_on(clinic, day):
            yield _at(clinic, day, span.begins), _at(clinic, day, span.ends)


def _at(clinic: Clinic, day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, clinic.zone)


def _local(clinic: Clinic, at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone: give an aware datetime")
    return at.astimezone(clinic.zone)

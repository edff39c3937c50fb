"""A time as a visitor types it, read against the times just offered.

Dates that are written out ("3 december", "3/12", "in two weeks") are read by the library
dateparser; docs/booking.md says why it, and what was measured. The words around them, in which
libraries differ or fail, are read here: weekdays, "next week", a day of the month alone, parts of
the day, "after 3", "half 2", "asap". What cannot be read is left alone, so that the assistant
asks again and shows the buttons.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import dateparser

ORDINALS = ("first", "second", "third", "fourth", "fifth")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
DAY_PARTS = {
    "morning": (time(0), time(12)),
    "lunchtime": (time(12), time(14)),
    "afternoon": (time(12), time(17)),
    "after work": (time(17), time(23, 59)),
    "evening": (time(17), time(23, 59)),
    "tonight": (time(17), time(23, 59)),
}
ALL_DAY = (time(0), time(23, 59, 59))
WEEKEND = frozenset({5, 6})
# "2" among offered times means 14:00: no clinic offers two in the night.
FIRST_LIKELY_HOUR = 7
# Countries that write the month before the day.
MONTH_FIRST = frozenset({"US", "AS", "FM", "GU", "MH", "MP", "PH", "PR", "PW", "UM", "VI"})

_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:(?:|s|nes|ur|rs)days?|s|nes|ur|r|rs)?\b")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(
    r"(?<![\d/.-])\b(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>am|pm|a\.m|p\.m)?"
    r"\b(?!\s*(?:st|nd|rd|th|/|-\d|days?\b|weeks?\b|months?\b))"
)
_PLACE = re.compile(
    r"^(?:(?:the|number|no|option|yes|ok|okay|actually|sorry|rather|please|then|make it|"
    r"change it to|i'?d (?:like|prefer)|i'?ll (?:take|have)|let'?s take)\W+)*"
    r"(?P<word>first|second|third|fourth|fifth|last|\d)"
    r"(?P<suffix>st|nd|rd|th)?(?P<noun>\s+(?:one|time|option))?(?:\s+(?:please|pls))?\W*$"
)
_OTHERS = re.compile(r"\b(more|other|others|another|different|later|none)\b")
_SOONEST = re.compile(
    r"\b(asap|as soon as|soonest|earliest|(?:right|straight) away|any ?time|whenever|"
    r"first available)\b"
)
_AFTER = re.compile(r"\b(after|from|past|later than|not before|onwards?)\b")
_BEFORE = re.compile(r"\b(before|until|till|by|earlier than)\b")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_WRITTEN = (
    re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}\b"),
    re.compile(r"\b\d{1,2}(?:[/-]\d{1,2}(?:[/-]\d{2,4})?|\.\d{1,2}\.\d{2,4})\b(?!\s*(?:am|pm))"),
    re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b(?:\s+\d{{4}}\b)?"),
    re.compile(rf"\b{_MONTH}\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}}\b)?"),
)
_AHEAD = re.compile(
    r"\b(?:in\s+)?(?P<n>\d+|an?|one|two|three|four|five|six)\s+(?P<unit>day|week|month)s?\b"
)
_NTH = re.compile(r"\b(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)\b")
_SAID_FOR = (
    (r"\b(tmrw|tmr|tomoz|tomo|2moro|tommorow|tomorow|tommorrow)\b", "tomorrow"),
    (r"\bfortnight\b", "two weeks"),
    (r"\b(noon|midday)\b", "12:00"),
    (r"\bhalf (?:past )?(\d{1,2})\b", r"\1:30"),
    (r"\bquarter past (\d{1,2})\b", r"\1:15"),
    (r"\b(\d{1,2})\s*o'?clock\b", r"\1:00"),
)


@dataclass(frozen=True)
class Chosen:
    """The visitor chose this one of the offered times (an aware instant)."""

    starts_at: datetime


@dataclass(frozen=True)
class Wished:
    """The visitor wants other times: from ``after`` on, at these hours, on these weekdays.

    With ``exact``, if it is free, this one.
    """

    after: datetime
    exact: bool = False
    hours: tuple[time, time] = ALL_DAY
    weekdays: frozenset[int] = frozenset(range(7))

    def fits(self, local: datetime) -> bool:
        """Whether a time, as the clinic's clocks show it, is at the hours and on the days."""
        begins, ends = self.hours
        return begins <= local.time() < ends and local.weekday() in self.weekdays


def asked_time(
    text: str,
    offered: Sequence[datetime],
    zone: ZoneInfo,
    now: datetime,
    country: str = "GB",
) -> Chosen | Wished | None:
    """What ``text`` asks for: one of the ``offered`` instants, others, or nothing readable.

    ``offered`` and ``now`` are aware; words are read in the clinic's ``zone``, and "3/12" as
    people of its ``country`` mean it.
    """
    said = text.lower()
    for pattern, words in _SAID_FOR:
        said = re.sub(pattern, words, said)
    place = _place(said, len(offered))
    if place is not None:
        return Chosen(offered[place])

    today = now.astimezone(zone).date()
    day, rest = _day(said, today, country)
    weekdays = WEEKEND if re.search(r"\bweekends?\b", rest) else frozenset(range(7))
    part = next((name for name in DAY_PARTS if name in rest), None)
    clock = _clock(rest, part)
    after, before = _AFTER.search(said), _BEFORE.search(said)
    if day is None and part is None and clock is None and len(weekdays) == 7:
        if _SOONEST.search(said):
            return Wished(now)
        if _OTHERS.search(said) and offered:
            return Wished(max(offered))
        return None

    fitting = [instant for instant in offered if _fits(instant.astimezone(zone), day, part, clock)]
    if len(fitting) == 1 and not after and not before and len(weekdays) == 7:
        return Chosen(fitting[0])
    named = day is not None
    if day is None and clock is not None and offered and part is None and not after and not before:
        # "at 9" names no day: keep to the first day on offer rather than guess another.
        day = min(offered).astimezone(zone).date()
    hours = DAY_PARTS[part] if part else ALL_DAY
    if clock is not None and after and (before is None or before.start() > after.start()):
        hours = (clock, ALL_DAY[1])
    elif clock is not None and before:
        hours = (time(0), clock)
    exact = clock is not None and not after and not before
    begins = clock if exact and clock else hours[0]
    # "after 3" alone is any day; of a named day it is that day first, and then the next ones.
    return Wished(
        datetime.combine(day or today, begins if named or exact else time(0), zone),
        exact,
        hours,
        weekdays,
    )


def _place(said: str, count: int) -> int | None:
    """The index in the list that a message such as "2nd one" names; a bare "2" is an hour."""
    match = _PLACE.match(said.strip())
    if not match or (match[0] == match["word"] and match["word"].isdigit()):
        return None
    word = match["word"]
    if match["suffix"] and not match["noun"] and (match[0].startswith("the") or int(word) > count):
        return None  # "the 3rd" is a day of the month
    if word == "last":
        return count - 1 if count else None
    index = int(word) - 1 if word.isdigit() else ORDINALS.index(word)
    return index if 0 <= index < count else None


def _day(said: str, today: date, country: str) -> tuple[date | None, str]:
    """The day that is named, and the message without the words that name it."""
    for written in _WRITTEN:
        if match := written.search(said):
            if day := _written(match[0], today, country):
                return day, said.replace(match[0], " ")
            break
    if nth := _NTH.search(said):
        return _nth(int(nth["day"]), today), said.replace(nth[0], " ")
    return _relative_day(said, today, country)


def _relative_day(said: str, today: date, country: str) -> tuple[date | None, str]:
    """A day that is named by its distance from today, or by its weekday."""
    weekday, ahead = _WEEKDAY.search(said), _AHEAD.search(said)
    if ahead and weekday:  # "a week on friday", "two weeks on monday"
        weeks = _number(ahead["n"]) * (1 if ahead["unit"] == "week" else 0)
        return _next(weekday[1], today) + timedelta(weeks=weeks), said.replace(ahead[0], " ")
    if ahead:
        phrase = f"in {_number(ahead['n'])} {ahead['unit']}s"
        return _written(phrase, today, country), said.replace(ahead[0], " ")
    if "day after tomorrow" in said:
        return today + timedelta(days=2), said.replace("day after tomorrow", " ")
    if "tomorrow" in said:
        return today + timedelta(days=1), said
    if re.search(r"\b(today|tonight)\b|\bthis (morning|afternoon|evening)\b", said):
        return today, said
    if "next month" in said:
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1), said
    if "next week" in said or "week after" in said:
        monday = today + timedelta(days=7 - today.weekday() + 7 * ("week after" in said))
        if weekday:
            return monday + timedelta(days=_WEEKDAYS.index(weekday[1])), said
        return monday + timedelta(days=4 * bool(re.search(r"\bend of\b", said))), said
    if weekday:
        week_later = timedelta(weeks=bool(re.search(rf"{weekday[0]} week\b", said)))
        return _next(weekday[1], today) + week_later, said.replace(weekday[0], " ")
    return None, said


def _written(phrase: str, today: date, country: str) -> date | None:
    """A date that is written out, by way of dateparser."""
    if phrase[:4].isdigit():  # 2026-12-03, whatever the country
        with contextlib.suppress(ValueError):
            return date.fromisoformat(phrase)
    settings = {
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": datetime.combine(today, time(0)),
        "DATE_ORDER": "MDY" if country in MONTH_FIRST else "DMY",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = dateparser.parse(phrase.replace(" of ", " "), languages=["en"], settings=settings)
    return found.date() if found else None


def _next(weekday: str, today: date) -> date:
    """The weekday that comes next; today's name means the next week's."""
    return today + timedelta(days=(_WEEKDAYS.index(weekday) - today.weekday()) % 7 or 7)


def _nth(number: int, today: date) -> date | None:
    """The next day of the month of that number; months that have none are left out."""
    first = today.replace(day=1)
    for _ in range(4):
        try:
            day = first.replace(day=number)
        except ValueError:
            day = date.min
        if day >= today:
            return day
        first = (first + timedelta(days=32)).replace(day=1)
    return None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]


def _clock(said: str, part: str | None) -> time | None:
    for match in _CLOCK.finditer(said):
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        half = (match["half"] or "").replace(".", "")
        if hour > 23 or minute > 59:
            continue
        evening = part in {"evening", "tonight"} and hour < 12
        if (half == "pm" and hour < 12) or (not half and (hour < FIRST_LIKELY_HOUR or evening)):
            hour = (hour + 12) % 24
        return time(hour, minute)
    return None


def _fits(local: datetime, day: date | None, part: str | None, clock: time | None) -> bool:
    begins, ends = DAY_PARTS[part] if part else ALL_DAY
    return (
        (day is None or local.date() == day)
        and begins <= local.time() < ends
        and (clock is None or local.time().replace(second=0, microsecond=0) == clock)
    )

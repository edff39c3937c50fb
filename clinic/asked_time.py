"""A time as a visitor types it, read against the times just offered.

Reads a place in the list ("the second"), a clock time ("half past" is not read, "9.30" is),
a weekday, today, tomorrow, next week, and a part of the day. What it cannot read it leaves
alone, so that the assistant asks again and shows the buttons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ORDINALS = ("first", "second", "third", "fourth", "fifth")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_PARTS = {
    "morning": (time(0), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(23, 59)),
}
# "2" among offered times means 14:00: no clinic offers two in the night.
FIRST_LIKELY_HOUR = 7

_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?\b")
_PLACE = re.compile(
    r"^(?:the\s+|number\s+|no\.?\s+|option\s+)*(?P<word>first|second|third|fourth|fifth|last|\d)"
    r"(?P<suffix>st|nd|rd|th)?(?P<noun>\s+(?:one|time|option))?\W*$"
)
_OTHERS = re.compile(r"\b(more|other|others|another|different|later|none)\b")
_AFTER = re.compile(r"\b(after|from|past|later|before|until|between)\b")


@dataclass(frozen=True)
class Chosen:
    """The visitor chose this one of the offered times (an aware instant)."""

    starts_at: datetime


@dataclass(frozen=True)
class Wished:
    """The visitor wants other times, from this instant on; ``exact``, if it is free, this one."""

    after: datetime
    exact: bool = False


def asked_time(
    text: str, offered: Sequence[datetime], zone: ZoneInfo, now: datetime
) -> Chosen | Wished | None:
    """What ``text`` asks for: one of the ``offered`` instants, others, or nothing readable.

    ``offered`` and ``now`` are aware; words are read in the clinic's ``zone``.
    """
    said = text.lower()
    place = _place(said, len(offered))
    if place is not None:
        return Chosen(offered[place])

    day = _day(said, now.astimezone(zone).date())
    part = next((name for name in DAY_PARTS if name in said), None)
    clock = _clock(said)
    if day is None and part is None and clock is None:
        if _OTHERS.search(said) and offered:
            return Wished(max(offered))
        return None

    fitting = [instant for instant in offered if _fits(instant.astimezone(zone), day, part, clock)]
    if len(fitting) == 1 and not _AFTER.search(said):
        return Chosen(fitting[0])
    if day is None and clock is not None:
        # "at 9" names no day: keep to the first day on offer rather than guess another.
        day = min(offered).astimezone(zone).date() if offered else now.astimezone(zone).date()
    if day is None:
        day = now.astimezone(zone).date()
    begins = clock or (DAY_PARTS[part][0] if part else time(0))
    exact = clock is not None and not _AFTER.search(said)
    return Wished(datetime.combine(day, begins, zone), exact)


def _place(said: str, count: int) -> int | None:
    """The index in the list that a message such as "2nd one" names; a bare "2" is an hour."""
    match = _PLACE.match(said.strip())
    if not match or (match[0] == match["word"] and match["word"].isdigit()):
        return None
    word = match["word"]
    if word == "last":
        return count - 1 if count else None
    index = int(word) - 1 if word.isdigit() else ORDINALS.index(word)
    return index if 0 <= index < count else None


def _day(said: str, today: date) -> date | None:
    if "tomorrow" in said:
        return today + timedelta(days=1)
    if "today" in said:
        return today
    if "next week" in said:
        return today + timedelta(days=7 - today.weekday())
    for index, name in enumerate(WEEKDAYS):
        if re.search(rf"\b{name[:3]}(?:{name[3:]}|s|rs|rsday|nes|ur)?\b", said):
            days = (index - today.weekday()) % 7 or 7
            return today + timedelta(days=days)
    return None


def _clock(said: str) -> time | None:
    for match in _CLOCK.finditer(said):
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if hour > 23 or minute > 59:
            continue
        if (half == "pm" and hour < 12) or (half is None and hour < FIRST_LIKELY_HOUR):
            hour = (hour + 12) % 24
        return time(hour, minute)
    return None


def _fits(local: datetime, day: date | None, part: str | None, clock: time | None) -> bool:
    begins, ends = DAY_PARTS[part] if part else (time.min, time.max)
    return (
        (day is None or local.date() == day)
        and begins <= local.time() < ends
        and (clock is None or local.time().replace(second=0, microsecond=0) == clock)
    )

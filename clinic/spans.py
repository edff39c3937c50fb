"""Spans of the day, as clinic.yml writes them: "09:00-12:30, 13:30-17:30"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Literal, get_args
from zoneinfo import ZoneInfo

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)

# From one instant to a later one, the end not included. Both in UTC: two times that carry the
# same zone are compared by their clocks, which is wrong on the day that the clocks go back.
Interval = tuple[datetime, datetime]

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_HOW = "write times as HH:MM-HH:MM, for example 09:00-13:00"


@dataclass(frozen=True, order=True)
class Span:
    """From one wall-clock time to a later one of the same day, the end not included."""

    begins: time
    ends: time


def read_spans(text: object) -> list[Span]:
    """The spans written in ``text``, in order, none for "closed".

    Raises ValueError saying how to write them.
    """
    if not isinstance(text, str):
        raise ValueError(_HOW)
    if text.strip().lower() == "closed":
        return []
    spans = sorted(_read_span(part.strip()) for part in text.split(","))
    for one, other in pairwise(spans):
        if one.ends > other.begins:
            raise ValueError("the times overlap: write them one after the other")
        if one.ends == other.begins:
            raise ValueError("the times touch: write them as one, from the first to the last")
    return spans


def on_weekday(week: Mapping[Weekday, list[Span]], day: date) -> list[Span]:
    """The spans of the weekday that a day is."""
    return week.get(WEEKDAYS[day.weekday()], [])


def as_intervals(spans: Iterable[Span], day: date, zone: ZoneInfo) -> Iterator[Interval]:
    """The spans of a day as instants.

    A time that the clocks repeat is the first of the two, and a span that the clocks skip
    altogether is left out.
    """
    for span in spans:
        begins, ends = instant(day, span.begins, zone), instant(day, span.ends, zone)
        if begins < ends:
            yield begins, ends


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When the clocks of a zone show a time on a day, in UTC (the first time, if twice)."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _read_span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if not match:
        raise ValueError(_HOW)
    try:
        begins, ends = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    except ValueError:
        raise ValueError("there is no such time: hours go to 23, minutes to 59") from None
    if begins >= ends:
        raise ValueError("the end must come after the beginning, for example 09:00-13:00")
    return Span(begins, ends)

"""Spans of the day, as clinic.yml writes them: "09:00-12:30, 13:30-17:30"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Literal, get_args

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, order=True)
class Span:
    """From one wall-clock time to a later one of the same day, the end not included."""

    begins: time
    ends: time

    def __contains__(self, moment: object) -> bool:
        return isinstance(moment, time) and self.begins <= moment < self.ends


def read_spans(text: object) -> list[Span]:
    """The spans written in ``text``, in order; raises ValueError saying how to write them."""
    spans = []
    for part in str(text).split(","):
        match = _SPAN.fullmatch(part.strip())
        if not match:
            raise ValueError("write times as HH:MM-HH:MM, for example 09:00-13:00")
        span = Span(time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4])))
        if span.begins >= span.ends:
            raise ValueError("the end must come after the beginning, for example 09:00-13:00")
        spans.append(span)
    spans.sort()
    if any(one.ends > other.begins for one, other in pairwise(spans)):
        raise ValueError("the times overlap; write them one after the other")
    return spans

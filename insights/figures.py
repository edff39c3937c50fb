"""What is kept, counted: what was asked, when, what came of it, and how it was liked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from clinic.hours import is_open
from clinic.profile import Clinic
from clinic.storage import Storage, reading
from clinic.tables import audit_trail, enquiries
from clinic.words import in_zone
from insights.asked import UNSURE, Question


@dataclass
class Hours:
    """How many of something there were in each hour of the clinic's day, while it was open, and
    after hours."""

    open: Counter[int] = field(default_factory=Counter)
    closed: Counter[int] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.open.total() + self.closed.total()

    @property
    def share_after_hours(self) -> int:
        """Of a hundred."""
        return round(100 * self.closed.total() / self.total) if self.total else 0


@dataclass(frozen=True)
class Figures:
    """All that the page shows."""

    topics: Counter[str]
    understood: Counter[str]
    messages: Hours
    bookings: Hours
    enquiries: Hours
    thumbs: dict[str, Counter[str]]
    since: datetime | None

    @property
    def empty(self) -> bool:
        """Whether there is nothing yet."""
        return not (
            self.messages.total or self.bookings.total or self.enquiries.total or self.thumbs
        )


def figures(
    questions: Sequence[Question],
    ratings: Iterable[dict[str, Any]],
    storage: Storage,
    clinic: Clinic,
) -> Figures:
    """Counts what is there."""
    with reading(storage) as connection:
        booked = select(audit_trail.c.at).where(audit_trail.c.did == "booked")
        bookings = list(connection.execute(booked).scalars())
        left = list(connection.execute(select(enquiries.c.created_at)).scalars())
    thumbs: dict[str, Counter[str]] = {}
    for one in ratings:
        thumbs.setdefault(one["topic"] or "other", Counter())[one["thumb"]] += 1
    asked_at = [one.at for one in questions]
    return Figures(
        topics=Counter("(not sure)" if one.topic == UNSURE else one.topic for one in questions),
        understood=Counter(one.understood for one in questions),
        messages=by_hour(asked_at, clinic),
        bookings=by_hour(bookings, clinic),
        enquiries=by_hour(left, clinic),
        thumbs=thumbs,
        since=min([*asked_at, *bookings, *left], default=None),
    )


def by_hour(instants: Iterable[datetime], clinic: Clinic) -> Hours:
    """Instants by the hour of the clinic's clock, apart by whether it was open then."""
    hours = Hours()
    for at in instants:
        counter = hours.open if is_open(clinic, at) else hours.closed
        counter[in_zone(at, clinic).hour] += 1
    return hours

"""The times that can be booked: when somebody works, and has nothing else to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.hours import spans_on
from clinic.profile import Clinic, Practitioner
from clinic.spans import WEEKDAYS
from clinic.storage import booked_cells


@dataclass(frozen=True, order=True)
class FreeTime:
    """A time that can be booked (aware, UTC), and with whom."""

    starts_at: datetime
    ends_at: datetime
    practitioner: str


def free_times(
    storage: Engine,
    clinic: Clinic,
    service: str,
    now: datetime,
    *,
    from_time: datetime | None = None,
    limit: int = 3,
) -> list[FreeTime]:
    """The ``limit`` nearest free times from ``from_time`` on, earliest first.

    One for each beginning, whoever is free then. ``now`` and ``from_time`` are aware; the
    clinic's notice and horizon are counted from ``now``.
    """
    booking = clinic.booking
    earliest = max(now + timedelta(hours=booking.notice_hours), from_time or now)
    latest = now + timedelta(days=booking.horizon_days)
    if earliest > latest:
        return []
    taken = _taken(storage, earliest, latest)
    found: list[FreeTime] = []
    day, last = earliest.astimezone(clinic.zone).date(), latest.astimezone(clinic.zone).date()
    while day <= last and len(found) < limit:
        nearest: dict[datetime, FreeTime] = {}
        for offer in sorted(offers_on(clinic, service, day)):
            fits = earliest <= offer.starts_at <= latest
            if fits and not taken.intersection(cells(clinic, offer)):
                nearest.setdefault(offer.starts_at, offer)
        found += nearest.values()
        day += timedelta(days=1)
    return found[:limit]


def offers_on(clinic: Clinic, service: str, day: date) -> Iterator[FreeTime]:
    """Every time on a day (in the clinic's zone) that somebody works, booked or not."""
    length = timedelta(minutes=clinic.services[service].minutes)
    for name, practitioner in clinic.practitioners.items():
        if service not in practitioner.services:
            continue
        for begins, ends in _working(clinic, practitioner, day):
            # Steps in UTC: an hour that the clocks skip or repeat is neither offered nor doubled.
            start = begins
            while start + length <= ends:
                yield FreeTime(start, start + length, name)
                start += timedelta(minutes=clinic.booking.grid_minutes)


def cells(clinic: Clinic, offer: FreeTime) -> list[tuple[str, datetime]]:
    """The (practitioner, cell) rows that a booking of this time owns."""
    step = timedelta(minutes=clinic.booking.grid_minutes)
    count = (offer.ends_at - offer.starts_at) // step
    return [(offer.practitioner, offer.starts_at + number * step) for number in range(count)]


def _working(
    clinic: Clinic, practitioner: Practitioner, day: date
) -> Iterator[tuple[datetime, datetime]]:
    """When a practitioner works on a day while the clinic is open, as instants in UTC."""
    own = practitioner.hours.get(WEEKDAYS[day.weekday()], [])
    for open_span in spans_on(clinic, day):
        for span in own:
            begins, ends = max(span.begins, open_span.begins), min(span.ends, open_span.ends)
            if begins < ends:
                yield (
                    datetime.combine(day, begins, clinic.zone).astimezone(UTC),
                    datetime.combine(day, ends, clinic.zone).astimezone(UTC),
                )


def _taken(storage: Engine, earliest: datetime, latest: datetime) -> set[tuple[str, datetime]]:
    wanted = booked_cells.c.starts_at.between(earliest, latest + timedelta(days=1))
    query = select(booked_cells.c.practitioner, booked_cells.c.starts_at).where(wanted)
    with storage.connect() as connection:
        return {(row.practitioner, row.starts_at) for row in connection.execute(query)}

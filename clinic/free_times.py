"""The times that can be booked: when somebody works, and has nothing else to do."""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from clinic.hours import open_on
from clinic.profile import Clinic, Patient
from clinic.spans import Interval, as_intervals, instant, on_weekday
from clinic.storage import Storage, booked_cells, reading
from clinic.words import aware, in_zone

# What an appointment owns of its practitioner's time. Never change it: the rows would not meet.
CELL = timedelta(minutes=5)

Cell = tuple[str, datetime]


@dataclass(frozen=True, order=True)
class FreeTime:
    """A time that can be booked (aware, UTC), and with whom."""

    starts_at: datetime
    ends_at: datetime
    practitioner: str


def free_times(
    storage: Storage,
    clinic: Clinic,
    service: str,
    now: datetime,
    *,
    patient: Patient | None = None,
    from_time: datetime | None = None,
    limit: int = 3,
) -> list[FreeTime]:
    """The ``limit`` nearest free times from ``from_time`` on, earliest first.

    One for each beginning, whoever is free then. ``now`` and ``from_time`` are aware (else
    ValueError); the clinic's notice and horizon are counted from ``now``. A ``patient`` narrows
    them to those who see such patients. Raises KeyError for a service that there is not.
    """
    earliest, latest = bookable(clinic, now)
    if from_time is not None:
        earliest = max(earliest, aware(from_time))
    return list(islice(_free(storage, clinic, service, patient, (earliest, latest)), limit))


def nearest_times(
    storage: Storage,
    clinic: Clinic,
    service: str,
    now: datetime,
    wanted: datetime,
    *,
    patient: Patient | None = None,
    limit: int = 3,
) -> list[FreeTime]:
    """The ``limit`` free times nearest to the one ``wanted``, before or after, earliest first."""
    free = _free(storage, clinic, service, patient, bookable(clinic, now))
    return sorted(sorted(free, key=lambda time: abs(time.starts_at - wanted))[:limit])


def bookable(clinic: Clinic, now: datetime) -> Interval:
    """From when to when (both included) an appointment may begin: notice and horizon."""
    notice, horizon = clinic.booking.notice_hours, clinic.booking.horizon_days
    return aware(now) + timedelta(hours=notice), now + timedelta(days=horizon)


def offers_on(
    clinic: Clinic, service: str, day: date, patient: Patient | None = None
) -> Iterator[FreeTime]:
    """Every time on a day of the clinic's calendar that somebody works, booked or not.

    They stand on the grid of the wall clock: a time that the clocks skip is not offered, and of
    one that they repeat only the first, so that its words have one meaning.
    """
    length = timedelta(minutes=clinic.services[service].minutes)
    starts = _grid(day, clinic.zone, clinic.booking.grid_minutes)
    for name, person in clinic.practitioners.items():
        if service not in person.services or not person.sees(patient):
            continue
        for begins, ends in _working(clinic, name, day):
            for start in starts:
                if begins <= start and start + length <= ends:
                    yield FreeTime(start, start + length, name)


def cells(offer: FreeTime) -> list[Cell]:
    """The (practitioner, cell) rows that a booking of this time owns, in their order."""
    # From the last full five minutes on: what touches a cell owns the whole of it.
    cell = datetime.min.replace(tzinfo=UTC)
    cell += (offer.starts_at - cell) // CELL * CELL
    owned = []
    while cell < offer.ends_at:
        owned.append((offer.practitioner, cell))
        cell += CELL
    return owned


def _free(
    storage: Storage,
    clinic: Clinic,
    service: str,
    patient: Patient | None,
    reach: Interval,
) -> Iterator[FreeTime]:
    """The free times that begin from the first to the last instant of ``reach``, in order."""
    earliest, latest = reach
    if earliest > latest:
        return
    taken = _taken(storage, earliest, latest)
    day, last = in_zone(earliest, clinic).date(), in_zone(latest, clinic).date()
    while day <= last:
        free: dict[datetime, FreeTime] = {}
        for offer in offers_on(clinic, service, day, patient):
            fits = earliest <= offer.starts_at <= latest and offer.starts_at not in free
            if fits and _is_free(taken.get(offer.practitioner, []), offer):
                free[offer.starts_at] = offer
        yield from sorted(free.values())
        day += timedelta(days=1)


def _taken(storage: Storage, earliest: datetime, latest: datetime) -> dict[str, list[Interval]]:
    """When each practitioner is booked, in order."""
    cell = booked_cells.c.starts_at
    query = (
        select(booked_cells.c.practitioner, func.min(cell), func.max(cell))
        .where(cell.between(earliest - CELL, latest + timedelta(days=1)))
        .group_by(booked_cells.c.practitioner, booked_cells.c.appointment_id)
        .order_by(func.min(cell))
    )
    taken: dict[str, list[Interval]] = {}
    with reading(storage) as connection:
        for practitioner, first, last in connection.execute(query):
            taken.setdefault(practitioner, []).append((first, last + CELL))
    return taken


def _is_free(taken: list[Interval], offer: FreeTime) -> bool:
    """Whether the last of somebody's appointments that begin before this one's end is over."""
    before = bisect_left(taken, offer.ends_at, key=lambda interval: interval[0])
    return not before or taken[before - 1][1] <= offer.starts_at


def _working(clinic: Clinic, practitioner: str, day: date) -> Iterator[Interval]:
    """When a practitioner works on a day while the clinic is open."""
    own = on_weekday(clinic.practitioners[practitioner].hours, day)
    works = list(as_intervals(own, day, clinic.zone))
    for opens, closes in open_on(clinic, day):
        for begins, ends in works:
            if max(begins, opens) < min(ends, closes):
                yield max(begins, opens), min(ends, closes)


@functools.lru_cache(maxsize=1000)
def _grid(day: date, zone: ZoneInfo, minutes: int) -> tuple[datetime, ...]:
    """The instants of a day at which the clock first shows a time on the grid."""
    clocks = (time(*divmod(minute, 60)) for minute in range(0, 24 * 60, minutes))
    instants = ((clock, instant(day, clock, zone)) for clock in clocks)
    return tuple(at for clock, at in instants if at.astimezone(zone).time() == clock)

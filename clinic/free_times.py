"""The times that can be booked: when somebody works, and has nothing else to do."""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, literal, or_, select, union_all
from sqlalchemy.engine import Connection

from clinic.hours import open_on
from clinic.profile import Clinic, Patient, Service
from clinic.spans import Interval, as_intervals, instant
from clinic.storage import Storage, reading
from clinic.tables import booked_cells, busy_times, day_places, holds
from clinic.words import aware, in_zone

# What an appointment owns of its practitioner's time. Never change it: the rows would not meet.
CELL = timedelta(minutes=5)

Cell = tuple[str, datetime]
# Whether a beginning, as the clinic's clocks show it, is one that is wished for.
Wish = Callable[[datetime], bool]


@dataclass(frozen=True, order=True)
class FreeTime:
    """A time that can be booked (aware, UTC), and with whom."""

    starts_at: datetime
    ends_at: datetime
    practitioner: str


@dataclass(frozen=True)
class Wanted:
    """What is looked for: a service, perhaps for a kind of patient, with one person, or by the
    one who holds a time already (their own hold does not stand in their way)."""

    service: str
    patient: Patient | None = None
    practitioner: str | None = None
    holder: str | None = None


def free_times(
    storage: Storage,
    clinic: Clinic,
    service: str | Wanted,
    now: datetime,
    *,
    patient: Patient | None = None,
    from_time: datetime | None = None,
    limit: int = 3,
    wish: Wish | None = None,
) -> list[FreeTime]:
    """The ``limit`` nearest free times from ``from_time`` on, earliest first.

    One for each beginning, whoever is free then. ``now`` and ``from_time`` are aware (else
    ValueError); the notice and horizon are counted from ``now``. A ``patient`` narrows them to
    those who see such patients, a ``wish`` to the beginnings for which it is true. Raises
    KeyError for a service that there is not.
    """
    wanted = _wanted(service, patient)
    earliest, latest = bookable(clinic, now, wanted.service)
    if from_time is not None:
        earliest = max(earliest, aware(from_time))
    found = _free(storage, clinic, wanted, (earliest, latest), now)
    if wish is not None:
        found = (time for time in found if wish(time.starts_at.astimezone(clinic.zone)))
    return list(islice(found, limit))


def nearest_times(
    storage: Storage,
    clinic: Clinic,
    service: str | Wanted,
    now: datetime,
    wanted: datetime,
    *,
    patient: Patient | None = None,
    limit: int = 3,
) -> list[FreeTime]:
    """The ``limit`` free times nearest to the one ``wanted``, before or after, earliest first."""
    earliest, latest = bookable(clinic, now, _wanted(service, patient).service)
    for days in (2, 14, (latest - earliest).days + 366):
        around = timedelta(days=days)
        reach = max(earliest, wanted - around), min(latest, wanted + around)
        free = list(_free(storage, clinic, _wanted(service, patient), reach, now))
        if len(free) >= limit and earliest <= wanted <= latest:
            break
    return sorted(sorted(free, key=lambda time: abs(time.starts_at - wanted))[:limit])


def bookable(clinic: Clinic, now: datetime, service: str) -> Interval:
    """From when to when (both included) a service may begin: notice and horizon."""
    own = clinic.services[service]
    notice = clinic.booking.notice_hours if own.notice_hours is None else own.notice_hours
    horizon = own.horizon_days or clinic.booking.horizon_days
    return aware(now) + timedelta(hours=notice), now + timedelta(days=horizon)


def offers_on(
    clinic: Clinic, service: str, day: date, patient: Patient | None = None
) -> tuple[FreeTime, ...]:
    """Every time on a day of the clinic's calendar that somebody works, booked or not, in order.

    They stand on the grid of the wall clock: a time that the clocks skip is not offered, and of
    one that they repeat only the first, so that its words have one meaning. The visitor's time
    lies within the hours; what is prepared before or put away after it need not.
    """
    return _plan(clinic, service, day, patient)


def cells(offer: FreeTime, service: Service | None = None) -> list[Cell]:
    """The (practitioner, cell) rows that a booking of this time owns, in their order.

    With a ``service`` that needs time before or after, that time too.
    """
    begins, ends = blocked(offer, service) if service else (offer.starts_at, offer.ends_at)
    # From the last full five minutes on: what touches a cell owns the whole of it.
    cell = datetime.min.replace(tzinfo=UTC)
    cell += (begins - cell) // CELL * CELL
    owned = []
    while cell < ends:
        owned.append((offer.practitioner, cell))
        cell += CELL
    return owned


def blocked(offer: FreeTime, service: Service) -> Interval:
    """How long the practitioner has no time for anything else."""
    before, after = (timedelta(minutes=m) for m in (service.buffer_before, service.buffer_after))
    return offer.starts_at - before, offer.ends_at + after


def _wanted(service: str | Wanted, patient: Patient | None) -> Wanted:
    return service if isinstance(service, Wanted) else Wanted(service, patient)


def _free(
    storage: Storage, clinic: Clinic, wanted: Wanted, reach: Interval, now: datetime
) -> Iterator[FreeTime]:
    """The free times that begin from the first to the last instant of ``reach``, in order."""
    earliest, latest = reach
    if earliest > latest:
        return
    service = clinic.services[wanted.service]
    with reading(storage) as connection:
        taken = _taken(connection, reach, wanted.holder, now)
        full = _full_days(connection, wanted, service.daily_cap, now)
    before = timedelta(minutes=service.buffer_before)
    after = timedelta(minutes=service.buffer_after)
    day, last = in_zone(earliest, clinic).date(), in_zone(latest, clinic).date()
    while day <= last:
        previous = None
        for offer in offers_on(clinic, wanted.service, day, wanted.patient):
            if (
                earliest <= offer.starts_at <= latest
                and offer.starts_at != previous
                and wanted.practitioner in {None, offer.practitioner}
                and day not in full
                and _is_free(
                    taken.get(offer.practitioner), offer.starts_at - before, offer.ends_at + after
                )
            ):
                previous = offer.starts_at
                yield offer
        day += timedelta(days=1)


def _taken(
    connection: Connection, reach: Interval, holder: str | None, now: datetime
) -> dict[str, tuple[list[datetime], list[datetime]]]:
    """When each practitioner has no time: beginnings and ends, apart from each other, in order."""
    earliest, latest = reach[0] - timedelta(hours=12), reach[1] + timedelta(days=1)
    cell = booked_cells.c.starts_at
    owned = (
        select(booked_cells.c.practitioner, func.min(cell), func.max(cell), literal(CELL.seconds))
        .select_from(booked_cells.outerjoin(holds))
        .where(cell.between(earliest, latest), _counts(booked_cells, holder, now))
        .group_by(
            booked_cells.c.practitioner, booked_cells.c.appointment_id, booked_cells.c.hold_id
        )
    )
    elsewhere = select(
        busy_times.c.practitioner, busy_times.c.starts_at, busy_times.c.ends_at, literal(0)
    ).where(busy_times.c.starts_at < latest, busy_times.c.ends_at > earliest)
    found: dict[str, list[Interval]] = {}
    for practitioner, first, last, more in connection.execute(union_all(owned, elsewhere)):
        found.setdefault(practitioner, []).append((first, last + timedelta(seconds=more)))
    return {practitioner: _apart(intervals) for practitioner, intervals in found.items()}


def _apart(intervals: Iterable[Interval]) -> tuple[list[datetime], list[datetime]]:
    """The intervals in order, those that overlap as one."""
    begins: list[datetime] = []
    ends: list[datetime] = []
    for begin, end in sorted(intervals):
        if ends and begin <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            begins.append(begin)
            ends.append(end)
    return begins, ends


def _counts(owned: object, holder: str | None, now: datetime) -> object:
    """Whether a row stands in the way: an appointment's, or a hold's that somebody else has."""
    return or_(
        owned.c.hold_id.is_(None),  # type: ignore[attr-defined]
        and_(holds.c.expires_at > now, holds.c.holder != (holder or "")),
    )


def _full_days(
    connection: Connection, wanted: Wanted, cap: int | None, now: datetime
) -> frozenset[date]:
    """The days on which as many are booked as are allowed."""
    if cap is None:
        return frozenset()
    query = (
        select(day_places.c.day)
        .select_from(day_places.outerjoin(holds))
        .where(day_places.c.service == wanted.service, _counts(day_places, wanted.holder, now))
    )
    booked = Counter(connection.execute(query).scalars())
    return frozenset(day for day, number in booked.items() if number >= cap)


def _is_free(
    taken: tuple[list[datetime], list[datetime]] | None, begins: datetime, ends: datetime
) -> bool:
    """Whether the last of somebody's occupations that begin before the end is over by then."""
    if taken is None:
        return True
    before = bisect_left(taken[0], ends)
    return not before or taken[1][before - 1] <= begins


# A plan depends on clinic.yml alone, so it is made once a day of the calendar.
@functools.lru_cache(maxsize=4000)
def _plan(clinic: Clinic, service: str, day: date, patient: Patient | None) -> tuple[FreeTime, ...]:
    length = clinic.services[service].length
    if patient is not None and patient not in clinic.services[service].patients:
        return ()
    starts = _grid(day, clinic.zone, clinic.booking.grid_minutes)
    offers = (
        FreeTime(start, start + length, name)
        for name, person in clinic.practitioners.items()
        if service in person.services and person.sees(patient)
        for begins, ends in _working(clinic, name, day)
        for start in starts
        if begins <= start and start + length <= ends
    )
    return tuple(sorted(offers, key=lambda offer: (offer.starts_at, offer.practitioner)))


def _working(clinic: Clinic, practitioner: str, day: date) -> Iterator[Interval]:
    """When a practitioner works on a day while the clinic is open."""
    own = clinic.practitioners[practitioner].works_on(day)
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

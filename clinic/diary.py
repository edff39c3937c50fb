"""Who owns which of a practitioner's time. Everything here happens in a caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, insert, or_, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from clinic.free_times import FreeTime, blocked, cells
from clinic.profile import Clinic
from clinic.tables import booked_cells, busy_times, day_places, holds
from clinic.words import in_zone

Owner = Literal["appointment_id", "hold_id"]


class NotFree(Exception):
    """The practitioner has something else to do then, or the day is full."""


def take(
    transaction: Connection,
    clinic: Clinic,
    service: str,
    offer: FreeTime,
    owner: tuple[Owner, int],
    now: datetime,
) -> None:
    """Makes the time the owner's. Raises NotFree; the transaction must then be given up."""
    own = clinic.services[service]
    if _busy_elsewhere(transaction, clinic, service, offer):
        raise NotFree
    _free_what_has_expired(transaction, cells(offer, own), now)
    if own.daily_cap is not None:
        _take_place(transaction, service, own.daily_cap, in_zone(offer.starts_at, clinic), owner)
    rows = [
        {"practitioner": practitioner, "starts_at": cell, owner[0]: owner[1]}
        for practitioner, cell in cells(offer, own)
    ]
    try:
        transaction.execute(insert(booked_cells), rows)
    except IntegrityError as error:
        raise NotFree from error


def hold_for(
    transaction: Connection,
    clinic: Clinic,
    service: str,
    offer: FreeTime,
    holder: tuple[str, datetime],
    now: datetime,
) -> None:
    """Holds the time for the holder until the instant beside them. Raises NotFree as `take`."""
    row = {"holder": holder[0], "expires_at": holder[1]}
    number = transaction.execute(insert(holds).values(row)).inserted_primary_key[0]
    take(transaction, clinic, service, offer, ("hold_id", number), now)


def release(transaction: Connection, owner: tuple[Owner, int]) -> None:
    """Gives back what an owner had."""
    for table in (booked_cells, day_places):
        transaction.execute(delete(table).where(table.c[owner[0]] == owner[1]))


def drop_hold(transaction: Connection, holder: str) -> None:
    """Ends what somebody holds, if anything; the cells go with it."""
    transaction.execute(delete(holds).where(holds.c.holder == holder))


def _busy_elsewhere(transaction: Connection, clinic: Clinic, service: str, offer: FreeTime) -> bool:
    begins, ends = blocked(offer, clinic.services[service])
    query = select(busy_times.c.id).where(
        busy_times.c.practitioner == offer.practitioner,
        busy_times.c.starts_at < ends,
        busy_times.c.ends_at > begins,
    )
    return transaction.execute(query.limit(1)).first() is not None


def _free_what_has_expired(
    transaction: Connection, wanted: list[tuple[str, datetime]], now: datetime
) -> None:
    practitioner, first = wanted[0]
    in_the_way = select(booked_cells.c.hold_id).where(
        booked_cells.c.practitioner == practitioner,
        booked_cells.c.starts_at.between(first, wanted[-1][1]),
        booked_cells.c.hold_id.is_not(None),
    )
    places = select(day_places.c.hold_id).where(day_places.c.hold_id.is_not(None))
    transaction.execute(
        delete(holds).where(
            holds.c.expires_at <= now, or_(holds.c.id.in_(in_the_way), holds.c.id.in_(places))
        )
    )


def _take_place(
    transaction: Connection, service: str, cap: int, local: datetime, owner: tuple[Owner, int]
) -> None:
    """One of the day's places. The constraint forbids more; the lock spares a second attempt."""
    day: Any = local.date()
    if transaction.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtext(:day))")
        transaction.execute(lock, {"day": f"{service} {day}"})
    query = select(day_places.c.place).where(
        day_places.c.service == service, day_places.c.day == day
    )
    used = set(transaction.execute(query).scalars())
    place = next((number for number in range(1, cap + 1) if number not in used), None)
    if place is None:
        raise NotFree
    transaction.execute(
        insert(day_places).values(service=service, day=day, place=place, **{owner[0]: owner[1]})
    )

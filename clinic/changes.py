"""Moving and cancelling an appointment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from clinic.appointments import (
    ATTEMPTS,
    BOOKED,
    CANCELLED,
    Appointment,
    as_appointment,
    offers_for,
    refusal,
)
from clinic.audit import Who, record
from clinic.diary import NotFree, drop_hold, release, take
from clinic.errors import Collision, DiaryUnreachable, NotToBeChanged, TimeNotOffered, TimeTaken
from clinic.free_times import FreeTime, Wanted
from clinic.notices import tell
from clinic.profile import Clinic
from clinic.storage import Storage, writing
from clinic.tables import appointments
from clinic.waiting_offers import pass_along


def can_be_changed(clinic: Clinic, appointment: Appointment, now: datetime) -> bool:
    """Whether there is still time to move or cancel it without the clinic's people."""
    cut_off = timedelta(hours=clinic.booking.change_until_hours)
    return appointment.status == BOOKED and appointment.starts_at - now >= cut_off


def cancel(
    storage: Storage,
    clinic: Clinic,
    appointment: Appointment,
    now: datetime,
    who: Who = "visitor",
) -> Appointment:
    """Cancels it and frees its time. Cancelled twice, it is cancelled once.

    Raises NotToBeChanged where it is too late (for staff it never is) or it has been changed
    meanwhile.
    """
    if appointment.status == CANCELLED:
        return appointment
    _check(clinic, appointment, now, who)
    with writing(storage) as transaction:
        number, cancelled = _change(transaction, appointment, status=CANCELLED)
        release(transaction, ("appointment_id", number))
        record(transaction, now, who, "cancelled", appointment.reference)
        tell(transaction, clinic, "cancelled", cancelled, number, now, appointment)
        _offer_what_is_freed(transaction, clinic, appointment, now)
    return cancelled


def reschedule(
    storage: Storage,
    clinic: Clinic,
    appointment: Appointment,
    starts_at: datetime,
    now: datetime,
    *,
    who: Who = "visitor",
    holder: str | None = None,
) -> Appointment:
    """Moves it to another time, with whoever is free then. Either all of it happens or nothing.

    Raises NotToBeChanged as `cancel` does, and TimeTaken or TimeNotOffered with the nearest free
    times; it then stays where it was. ``holder`` is who holds the new time, if anybody does.
    """
    if appointment.status == BOOKED and appointment.starts_at == starts_at:
        return appointment
    _check(clinic, appointment, now, who)
    wanted = Wanted(appointment.service, appointment.patient, holder=holder)
    offers = offers_for(clinic, wanted, starts_at, now)
    for offer in offers:
        try:
            return _move(storage, clinic, appointment, offer, now, who, holder)
        except NotFree:
            continue
    kind = TimeTaken if offers else TimeNotOffered
    raise refusal(kind, storage, clinic, wanted, starts_at, now)


def _move(
    storage: Storage,
    clinic: Clinic,
    appointment: Appointment,
    offer: FreeTime,
    now: datetime,
    who: Who,
    holder: str | None,
) -> Appointment:
    for _ in range(ATTEMPTS):
        try:
            with writing(storage) as transaction:
                if holder:
                    drop_hold(transaction, holder)
                number, moved = _change(
                    transaction,
                    appointment,
                    starts_at=offer.starts_at,
                    ends_at=offer.ends_at,
                    practitioner=offer.practitioner,
                )
                owner = ("appointment_id", number)
                release(transaction, owner)  # type: ignore[arg-type]
                take(transaction, clinic, appointment.service, offer, owner, now)  # type: ignore[arg-type]
                record(transaction, now, who, "moved", appointment.reference)
                tell(transaction, clinic, "moved", moved, number, now, appointment)
                _offer_what_is_freed(transaction, clinic, appointment, now)
                return moved
        except Collision:
            continue
    raise DiaryUnreachable


def _offer_what_is_freed(
    transaction: Connection, clinic: Clinic, was: Appointment, now: datetime
) -> None:
    given_up_by = was.contact.value
    pass_along(transaction, clinic, was.practitioner, was.starts_at, now, given_up_by)


def _check(clinic: Clinic, appointment: Appointment, now: datetime, who: Who) -> None:
    if appointment.status != BOOKED:
        raise NotToBeChanged("This appointment has been cancelled already.")
    if who == "visitor" and not can_be_changed(clinic, appointment, now):
        raise NotToBeChanged(
            f"It is less than {clinic.booking.change_until_hours} hours until the appointment, so "
            f"I cannot change it here. Please call the clinic: {clinic.phone}."
        )


def _change(
    transaction: Connection, appointment: Appointment, **values: Any
) -> tuple[int, Appointment]:
    """The row's id, and the appointment as it is now; for the appointment as it was shown only."""
    shown = (
        appointments.c.reference == appointment.reference,
        appointments.c.sequence == appointment.sequence,
        appointments.c.status == BOOKED,
    )
    # The key that booked it may be used again: for the same time, later.
    key = f"{appointment.reference} {appointment.sequence + 1}"
    changed = transaction.execute(
        update(appointments)
        .where(*shown)
        .values(sequence=appointment.sequence + 1, idempotency_key=key, **values)
    )
    if not changed.rowcount:
        raise NotToBeChanged("This appointment has just been changed elsewhere. Please look again.")
    row = transaction.execute(
        select(appointments).where(appointments.c.reference == appointment.reference)
    ).one()
    return row.id, as_appointment(row)

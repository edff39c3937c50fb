"""Who is told when an appointment is made, moved or cancelled: the visitor, by letters and
reminders, and the practitioners' calendars. Written in the transaction of the change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select
from sqlalchemy.engine import Connection

from clinic.letters import letter, on_telegram, reminder_on_telegram
from clinic.outbox import Kind, calendar_key, put, withdraw
from clinic.profile import Clinic
from clinic.tables import appointments

if TYPE_CHECKING:
    from clinic.appointments import Appointment


def tell(
    transaction: Connection,
    clinic: Clinic,
    change: Literal["booked", "moved", "cancelled"],
    appointment: Appointment,
    number: int,
    now: datetime,
    before: Appointment | None = None,
) -> None:
    """Puts everything that the change of an appointment makes necessary into the outbox.

    ``number`` is the appointment's id, ``before`` what it was. A visitor who left a telephone
    number gets no letter. Who booked on Telegram is reminded there.
    """
    reference, sequence = appointment.reference, appointment.sequence
    for practitioner in {appointment.practitioner, (before or appointment).practitioner}:
        if practitioner in clinic.calendars:
            push_to_calendar(transaction, practitioner, reference, sequence, now)
    withdraw(transaction, number, f"{reference} reminder")
    if appointment.contact.kind == "email":
        content = letter(change, clinic, appointment, now)
        key = f"{reference} {change} {sequence}"
        put(transaction, key, "email", content, now, appointment_id=number)
    if change != "cancelled" and (
        appointment.contact.kind == "email" or on_telegram(appointment.sender)
    ):
        _remind(transaction, clinic, appointment, number, now)


def push_to_calendar(
    transaction: Connection, practitioner: str, reference: str, change: int | str, now: datetime
) -> None:
    """Has the worker bring a practitioner's calendar up to date about an appointment.

    The message has no name in it, and does not go when the appointment is erased: it is then
    what takes the entry away.
    """
    key = f"{calendar_key(practitioner)}{reference} {change}"
    content = {"practitioner": practitioner, "reference": reference}
    put(transaction, key, "calendar", content, now)


def take_out_of_calendars(transaction: Connection, which: Any, now: datetime) -> None:
    """Has the entries taken away of the appointments that are about to be erased."""
    query = select(appointments.c.practitioner, appointments.c.reference).where(which)
    for practitioner, reference in transaction.execute(query).all():
        push_to_calendar(transaction, practitioner, reference, "erased", now)


def _remind(
    transaction: Connection, clinic: Clinic, appointment: Appointment, number: int, now: datetime
) -> None:
    too_late = appointment.starts_at
    for hours in sorted(clinic.messages.reminder_hours):
        due_at = appointment.starts_at - timedelta(hours=hours)
        if due_at <= now:  # they have just been told
            continue
        key = f"{appointment.reference} reminder {hours} {appointment.sequence}"
        kind: Kind = "email"
        if on_telegram(appointment.sender):
            kind, content = "telegram", reminder_on_telegram(clinic, appointment, now)
        else:
            content = letter("reminder", clinic, appointment, now)
        # One that comes with the next one, or when the appointment is past, would only confuse.
        content["too_late"] = too_late.isoformat()
        too_late = due_at
        put(transaction, key, kind, content, now, due_at=due_at, appointment_id=number)

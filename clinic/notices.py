"""Who is told when an appointment is made, moved or cancelled: the visitor, by letters and
reminders. Written in the transaction of the change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy.engine import Connection

from clinic.letters import letter, on_telegram, reminder_on_telegram
from clinic.outbox import put, withdraw
from clinic.profile import Clinic

if TYPE_CHECKING:
    from clinic.appointments import Appointment


def tell(
    transaction: Connection,
    clinic: Clinic,
    change: Literal["booked", "moved", "cancelled"],
    appointment: Appointment,
    number: int,
    now: datetime,
) -> None:
    """Puts everything that the change of an appointment makes necessary into the outbox.

    ``number`` is the appointment's id. A visitor who left a telephone number gets no letter. Who
    booked on Telegram is reminded there.
    """
    reference, sequence = appointment.reference, appointment.sequence
    withdraw(transaction, number, f"{reference} reminder")
    if appointment.contact.kind == "email":
        content = letter(change, clinic, appointment, now)
        key = f"{reference} {change} {sequence}"
        put(transaction, key, "email", content, now, appointment_id=number)
    if change != "cancelled" and (appointment.contact.kind == "email" or on_telegram(appointment)):
        _remind(transaction, clinic, appointment, number, now)


def _remind(
    transaction: Connection, clinic: Clinic, appointment: Appointment, number: int, now: datetime
) -> None:
    for hours in clinic.messages.reminder_hours:
        due_at = appointment.starts_at - timedelta(hours=hours)
        if due_at <= now:  # they have just been told
            continue
        key = f"{appointment.reference} reminder {hours} {appointment.sequence}"
        if on_telegram(appointment):
            content = reminder_on_telegram(clinic, appointment, now)
            put(transaction, key, "telegram", content, now, due_at=due_at, appointment_id=number)
        else:
            content = letter("reminder", clinic, appointment, now)
            put(transaction, key, "email", content, now, due_at=due_at, appointment_id=number)

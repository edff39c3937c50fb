"""The morning's letter to the staff: what came in while the clinic was closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from clinic.appointments import BOOKED, Appointment, as_appointment, upcoming
from clinic.enquiries import KIND_IN_WORDS, open_enquiries
from clinic.hours import last_closing, last_opening
from clinic.letters import filled, on_telegram
from clinic.outbox import put
from clinic.profile import Clinic
from clinic.storage import Storage, reading, writing
from clinic.tables import appointments, audit_trail
from clinic.words import person_in_words, time_in_words

NOTHING = "none"


def put_digest(storage: Storage, clinic: Clinic, now: datetime) -> bool:
    """Puts the letter of the last opening into the outbox, unless it is there or would be empty.

    Returns whether it was put there now. Several workers put one.
    """
    opened = last_opening(clinic, now)
    if opened is None or now - opened > timedelta(hours=12):
        return False
    closed = last_closing(clinic, opened) or opened - timedelta(days=1)
    waiting = [one for one in open_enquiries(storage) if one.created_at < opened]
    changed = _changed(storage, closed, opened)
    if not waiting and not changed:
        return False
    values = {
        "urgent": "URGENT. " if any(one.urgent for one in waiting) else "",
        "enquiries": len(waiting),
        "bookings": len(changed),
        "enquiry_lines": _lines(
            f"{'URGENT: ' if one.urgent else ''}{one.reference}, {KIND_IN_WORDS[one.kind]}: "
            f"{one.name}, {one.contact.value}; best time: {one.best_time}; {one.question}"
            for one in waiting
        ),
        "booking_lines": _lines(f"{did}: {_in_words(clinic, one, now)}" for did, one in changed),
        "call_lines": _lines(
            f"{_in_words(clinic, one, now)}, {one.contact.value}"
            for one in upcoming(storage, now)
            if one.contact.kind == "phone" and not on_telegram(one.sender)
            if one.starts_at - now < timedelta(days=2)
        ),
    }
    key = f"digest {opened.isoformat()}"
    try:
        with writing(storage) as transaction:
            content = filled("digest", values) | {"to": clinic.staff_email}
            return put(transaction, key, "email", content, now)
    except IntegrityError:  # another worker was faster
        return False


def _changed(storage: Storage, since: datetime, until: datetime) -> list[tuple[str, Appointment]]:
    query = (
        select(audit_trail.c.did, appointments)
        .join(appointments, appointments.c.reference == audit_trail.c.subject)
        .where(
            audit_trail.c.at >= since,
            audit_trail.c.at < until,
            audit_trail.c.did.in_([BOOKED, "moved", "cancelled"]),
        )
        .order_by(audit_trail.c.id)
    )
    with reading(storage) as connection:
        return [(row.did, as_appointment(row)) for row in connection.execute(query)]


def _in_words(clinic: Clinic, appointment: Appointment, now: datetime) -> str:
    with_whom = person_in_words(clinic, appointment.practitioner)
    when = time_in_words(appointment.starts_at, clinic, now)
    return f"{when}, {with_whom}, {appointment.name}, {appointment.reference}"


def _lines(lines: object) -> str:
    return "\n".join(f"- {line}" for line in lines) or NOTHING  # type: ignore[attr-defined]

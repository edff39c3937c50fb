"""An appointment as a calendar file (RFC 5545, by way of the icalendar library).

Its UID stays the same and its SEQUENCE grows with every change, so that a calendar updates the
entry that it has instead of adding another. It names no treatment: others see a calendar.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from icalendar import Calendar, Event, vCalAddress

from clinic.profile import Clinic

if TYPE_CHECKING:
    from clinic.appointments import Appointment

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]


def uid(clinic: Clinic, appointment: Appointment) -> str:
    """What an appointment is called in every calendar, for as long as it lives."""
    return f"{appointment.reference}@{clinic.email.partition('@')[2]}"


def is_ours(clinic: Clinic, uid: str) -> bool:
    """Whether an entry of this UID is one of the clinic's appointments."""
    reference, _, domain = uid.partition("@")
    return reference.startswith("MS-") and domain == clinic.email.partition("@")[2]


def calendar_file(
    clinic: Clinic, appointment: Appointment, now: datetime, method: Method, title: str = ""
) -> str:
    """The text of the file: for the visitor, or with a ``title`` of one's own for the staff."""
    event = Event()
    event.add("uid", uid(clinic, appointment))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.ends_at)
    event.add("summary", title or f"Appointment at {clinic.name}")
    event.add("location", clinic.address)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//milia assistant//clinic//EN")
    calendar.add("version", "2.0")
    if method != "PUBLISH":  # what a server keeps has no method
        calendar.add("method", method)
        attendee = vCalAddress(f"mailto:{appointment.contact.value}")
        event.add("attendee", attendee)
        event["organizer"] = vCalAddress(f"mailto:{clinic.email}")
    calendar.add_component(event)
    return calendar.to_ical().decode()

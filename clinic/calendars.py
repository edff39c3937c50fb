"""The practitioners' calendars: appointments are pushed there, and busy times kept from there.

A message says that an appointment has changed, and not how: when it is sent, the calendar is
given what the appointment is by then. So messages may come late, twice or in any order, and one
about an appointment that has been erased takes its entry away. No message has a name in it.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import delete, insert, select

from clinic.appointments import BOOKED, as_appointment
from clinic.busy import around, busy_in
from clinic.calendar_file import calendar_file, is_ours
from clinic.calendar_server import CalendarServer
from clinic.notices import push_to_calendar
from clinic.outbox import calendar_key
from clinic.profile import Clinic
from clinic.storage import Storage, reading, writing
from clinic.tables import appointments, busy_times, outbox


def push_what_is_missing(storage: Storage, practitioner: str, now: datetime) -> None:
    """Pushes the appointments to come that were made before there was a calendar."""
    query = select(appointments.c.reference, appointments.c.sequence).where(
        appointments.c.practitioner == practitioner,
        appointments.c.status == BOOKED,
        appointments.c.ends_at > now,
    )
    with writing(storage) as transaction:
        for reference, sequence in transaction.execute(query).all():
            push_to_calendar(transaction, practitioner, reference, sequence, now)


def bring_up_to_date(
    storage: Storage,
    clinic: Clinic,
    server: CalendarServer,
    practitioner: str,
    reference: str,
    now: datetime,
) -> None:
    """Gives the calendar the appointment's entry as it is now, or takes it away.

    Again, if it has changed meanwhile. Raises CalendarFailed.
    """
    entry = _entry(storage, clinic, practitioner, reference, now)
    while True:
        if entry is None:
            server.remove(reference)
        else:
            server.save(reference, entry)
        given, entry = entry, _entry(storage, clinic, practitioner, reference, now)
        if entry == given:
            return


def refresh_busy_times(
    storage: Storage, clinic: Clinic, server: CalendarServer, practitioner: str, now: datetime
) -> int:
    """Keeps what a practitioner's calendar says now; returns how many busy times there are.

    Raises CalendarFailed; what was kept before is then kept still.
    """
    days = max(
        clinic.booking.horizon_days,
        *(service.horizon_days or 0 for service in clinic.services.values()),
    )
    reach = around(now, days)
    busy = busy_in(server.entries(reach), reach, clinic.zone, partial(is_ours, clinic))
    rows = [
        {"practitioner": practitioner, "starts_at": begins, "ends_at": ends}
        for begins, ends in busy
    ]
    with writing(storage) as transaction:
        transaction.execute(delete(busy_times).where(busy_times.c.practitioner == practitioner))
        if rows:
            transaction.execute(insert(busy_times), rows)
    return len(rows)


def forget_calendars_gone(storage: Storage, clinic: Clinic) -> None:
    """Deletes what is kept for and of the calendars that clinic.yml no longer has."""
    here = list(clinic.calendars)
    messages = outbox.c.kind == "calendar"
    for name in here:
        messages &= ~outbox.c.message_key.startswith(calendar_key(name), autoescape=True)
    times = busy_times.c.practitioner.not_in(here)
    with reading(storage) as connection:
        gone = [
            table
            for table, which in ((outbox, messages), (busy_times, times))
            if connection.execute(select(table.c.id).where(which).limit(1)).first()
        ]
    if gone:
        with writing(storage) as transaction:
            transaction.execute(delete(outbox).where(messages))
            transaction.execute(delete(busy_times).where(times))


def _entry(
    storage: Storage, clinic: Clinic, practitioner: str, reference: str, now: datetime
) -> str | None:
    """The text of the entry; None where the appointment is none of theirs, or no more."""
    query = select(appointments).where(
        appointments.c.reference == reference,
        appointments.c.practitioner == practitioner,
        appointments.c.status == BOOKED,
    )
    with reading(storage) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    settings = clinic.calendars.get(practitioner)
    appointment = as_appointment(row)
    name = f" {appointment.name}" if settings and settings.shows == "name" else ""
    return calendar_file(clinic, appointment, now, "PUBLISH", f"{reference}{name}")

"""Appointments: booked once, and never two at a time with the same practitioner."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from clinic.errors import TimeNotOffered, TimeTaken
from clinic.free_times import FreeTime, cells, offers_on
from clinic.person import Contact
from clinic.profile import Clinic
from clinic.storage import appointments, booked_cells

Patient = Literal["adult", "child", "baby"]

# Nothing that is misread for another when read out on the telephone.
REFERENCE_LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"


@dataclass(frozen=True)
class BookingRequest:
    """What a visitor wants to book. The same idempotency key always means the same booking."""

    service: str
    starts_at: datetime
    patient: Patient
    name: str
    contact: Contact
    idempotency_key: str
    sender: str


@dataclass(frozen=True)
class Appointment:
    """An appointment that is kept in the storage; its times are aware, in UTC."""

    reference: str
    service: str
    practitioner: str
    starts_at: datetime
    ends_at: datetime
    patient: Patient
    name: str
    contact: Contact


def book(storage: Engine, clinic: Clinic, request: BookingRequest, now: datetime) -> Appointment:
    """Books the time with whoever is free then, or returns what the same key booked before.

    Raises TimeNotOffered where nobody works then or it is too soon or too far, and TimeTaken
    where all who do are booked. Either nothing is saved or the whole appointment is.
    """
    if earlier := _booked_with(storage, request.idempotency_key):
        return earlier
    offers = _offers(clinic, request, now)
    if not offers:
        raise TimeNotOffered("The clinic does not offer that time.")
    for offer in offers:
        try:
            with storage.begin() as connection:
                return _save(connection, clinic, request, offer, now)
        except IntegrityError:
            # This practitioner's cells are taken, or another request with our key was faster.
            if earlier := _booked_with(storage, request.idempotency_key):
                return earlier
    raise TimeTaken("That time has just gone.")


def upcoming(storage: Engine, since: datetime) -> list[Appointment]:
    """The appointments that end after an instant, earliest first."""
    query = (
        select(appointments)
        .where(appointments.c.ends_at > since)
        .order_by(appointments.c.starts_at, appointments.c.practitioner)
    )
    with storage.connect() as connection:
        return [_appointment(row) for row in connection.execute(query)]


def _offers(clinic: Clinic, request: BookingRequest, now: datetime) -> list[FreeTime]:
    """Who offers the time that is asked for, if it is neither past nor beyond the horizon."""
    days_ahead = (request.starts_at - now).total_seconds() / 86_400
    if not 0 <= days_ahead <= clinic.booking.horizon_days:
        return []
    day = request.starts_at.astimezone(clinic.zone).date()
    on_day = offers_on(clinic, request.service, day)
    return [offer for offer in on_day if offer.starts_at == request.starts_at]


def _save(
    connection: Connection,
    clinic: Clinic,
    request: BookingRequest,
    offer: FreeTime,
    now: datetime,
) -> Appointment:
    values = {
        "reference": _new_reference(connection),
        "idempotency_key": request.idempotency_key,
        "service": request.service,
        "practitioner": offer.practitioner,
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
        "patient": request.patient,
        "name": request.name,
        "contact_kind": request.contact.kind,
        "contact": request.contact.value,
        "sender": request.sender,
        "created_at": now,
    }
    number = connection.execute(insert(appointments).values(values)).inserted_primary_key[0]
    owned = [
        {"practitioner": practitioner, "starts_at": starts_at, "appointment_id": number}
        for practitioner, starts_at in cells(clinic, offer)
    ]
    connection.execute(insert(booked_cells), owned)
    row = connection.execute(select(appointments).where(appointments.c.id == number)).one()
    return _appointment(row)


def _booked_with(storage: Engine, key: str) -> Appointment | None:
    query = select(appointments).where(appointments.c.idempotency_key == key)
    with storage.connect() as connection:
        row = connection.execute(query).one_or_none()
    return _appointment(row) if row else None


def _new_reference(connection: Connection) -> str:
    """A reference that no appointment has yet, such as "MS-7K4QP"."""
    while True:
        reference = "MS-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(5))
        query = select(appointments.c.id).where(appointments.c.reference == reference)
        if connection.execute(query).first() is None:
            return reference


def _appointment(row: Any) -> Appointment:
    return Appointment(
        reference=row.reference,
        service=row.service,
        practitioner=row.practitioner,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        patient=row.patient,
        name=row.name,
        contact=Contact(row.contact_kind, row.contact),
    )

"""Appointments: booked once, and never two at a time with the same practitioner."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from clinic.errors import BookingError, DiaryUnreachable, TimeNotOffered, TimeTaken
from clinic.free_times import FreeTime, bookable, cells, nearest_times, offers_on
from clinic.person import Contact
from clinic.profile import PATIENTS, Clinic, Patient
from clinic.storage import Storage, appointments, booked_cells, reading, writing
from clinic.words import aware, in_zone, listed, time_in_words

BOOKED = "booked"

# Nothing that is misread for another; and no vowels, so that no word comes out.
REFERENCE_LETTERS = "CDFGHJKMNPQRTVWXY34679"
# There are five million references: a few collisions in a row will not be seen.
ATTEMPTS = 5


@dataclass(frozen=True)
class BookingRequest:
    """What a visitor wants to book. The same idempotency key always means the same booking.

    Without a ``practitioner`` it is with whoever is free. Raises ValueError for a patient of an
    unknown kind or a time without a zone.
    """

    service: str
    starts_at: datetime
    patient: Patient
    name: str
    contact: Contact
    idempotency_key: str
    sender: str
    practitioner: str | None = None

    def __post_init__(self) -> None:
        if self.patient not in PATIENTS:
            raise ValueError(f"patient {self.patient!r} is none of {', '.join(PATIENTS)}")
        aware(self.starts_at)


@dataclass(frozen=True)
class Appointment:
    """An appointment as it is stored; its times are aware, in UTC."""

    reference: str
    service: str
    practitioner: str
    starts_at: datetime
    ends_at: datetime
    patient: Patient
    name: str
    contact: Contact
    sender: str
    created_at: datetime
    status: str


class _KeyOrReferenceUsed(Exception):
    """Another appointment has the same idempotency key, or by chance the same reference."""


class _CellsTaken(Exception):
    """The practitioner has another appointment at the time."""


def book(storage: Storage, clinic: Clinic, request: BookingRequest, now: datetime) -> Appointment:
    """Books the time with whoever is free then, or returns what the same key booked before.

    Raises TimeNotOffered where nobody works then or it is too soon or too far, and TimeTaken
    where all who do are booked; both tell the nearest free times. Raises DiaryUnreachable where
    the database does not answer: the same request may then be made again. Either nothing is
    saved or the whole appointment is.
    """
    if earlier := _booked_with(storage, request.idempotency_key):
        return earlier
    offers = _offers(clinic, request, now)
    for offer in offers:
        try:
            return _book(storage, request, offer, now)
        except _CellsTaken:
            continue
    raise _refusal(TimeTaken if offers else TimeNotOffered, storage, clinic, request, now)


def upcoming(storage: Storage, since: datetime) -> list[Appointment]:
    """The appointments that end after an instant, earliest first."""
    query = (
        select(appointments)
        .where(appointments.c.ends_at > since, appointments.c.status == BOOKED)
        .order_by(appointments.c.starts_at, appointments.c.practitioner)
    )
    with reading(storage) as connection:
        return [_appointment(row) for row in connection.execute(query)]


def _offers(clinic: Clinic, request: BookingRequest, now: datetime) -> list[FreeTime]:
    """Who offers the time that is asked for, booked or not."""
    earliest, latest = bookable(clinic, now)
    if not earliest <= request.starts_at <= latest:
        return []
    day = in_zone(request.starts_at, clinic).date()
    return [
        offer
        for offer in offers_on(clinic, request.service, day, request.patient)
        if offer.starts_at == request.starts_at
        and request.practitioner in {None, offer.practitioner}
    ]


def _book(storage: Storage, request: BookingRequest, offer: FreeTime, now: datetime) -> Appointment:
    """The appointment, in a transaction of its own. Raises _CellsTaken."""
    for _ in range(ATTEMPTS):
        try:
            with writing(storage) as transaction:
                return _save(transaction, request, offer, now)
        except _KeyOrReferenceUsed:
            # If it was the key, the same request was faster on another connection.
            if earlier := _booked_with(storage, request.idempotency_key):
                return earlier
    raise DiaryUnreachable


def _save(
    transaction: Connection, request: BookingRequest, offer: FreeTime, now: datetime
) -> Appointment:
    appointment = Appointment(
        reference=new_reference(),
        service=request.service,
        practitioner=offer.practitioner,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        patient=request.patient,
        name=request.name,
        contact=request.contact,
        sender=request.sender,
        created_at=now,
        status=BOOKED,
    )
    values = vars(appointment) | {
        "idempotency_key": request.idempotency_key,
        "contact_kind": request.contact.kind,
        "contact": request.contact.value,
    }
    try:
        number = transaction.execute(insert(appointments).values(values)).inserted_primary_key[0]
    except IntegrityError as error:
        raise _KeyOrReferenceUsed from error
    owned = [
        {"practitioner": practitioner, "starts_at": cell, "appointment_id": number}
        for practitioner, cell in cells(offer)
    ]
    try:
        transaction.execute(insert(booked_cells), owned)
    except IntegrityError as error:
        raise _CellsTaken from error
    return appointment


def new_reference() -> str:
    """A reference such as "MS-7K4QP", as good as never the same twice."""
    return "MS-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(5))


def _refusal(
    kind: type[BookingError],
    storage: Storage,
    clinic: Clinic,
    request: BookingRequest,
    now: datetime,
) -> BookingError:
    wanted, patient = request.starts_at, request.patient
    nearest = nearest_times(storage, clinic, request.service, now, wanted, patient=patient)
    words = [time_in_words(time.starts_at, clinic, now) for time in nearest]
    return kind(nearest, listed(words, "or") if words else "")


def _booked_with(storage: Storage, key: str) -> Appointment | None:
    query = select(appointments).where(appointments.c.idempotency_key == key)
    with reading(storage) as connection:
        row = connection.execute(query).one_or_none()
    return _appointment(row) if row else None


def _appointment(row: Any) -> Appointment:
    values = {field.name: getattr(row, field.name) for field in fields(Appointment)}
    return Appointment(**values | {"contact": Contact(row.contact_kind, row.contact)})

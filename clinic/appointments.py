"""Appointments: booked once, and never two at a time with the same practitioner."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from clinic.audit import record
from clinic.diary import NotFree, drop_hold, take
from clinic.errors import BookingError, Collision, DiaryUnreachable, TimeNotOffered, TimeTaken
from clinic.free_times import FreeTime, Wanted, bookable, nearest_times, offers_on
from clinic.notices import tell
from clinic.person import Contact
from clinic.profile import PATIENTS, Clinic, Patient
from clinic.storage import Storage, reading, writing
from clinic.tables import appointments
from clinic.words import aware, in_zone, listed, time_in_words

BOOKED, CANCELLED = "booked", "cancelled"

# Nothing that is misread for another; and no vowels, so that no word comes out.
REFERENCE_LETTERS = "CDFGHJKMNPQRTVWXY34679"
# There are five million references: a few collisions in a row will not be seen.
ATTEMPTS = 5


@dataclass(frozen=True)
class BookingRequest:
    """What a visitor wants to book. The same idempotency key always means the same booking.

    Without a ``practitioner`` it is with whoever is free. ``consented_at`` is when the visitor
    agreed that the clinic keeps their name and contact. ``holder`` is who holds the time, if it is
    not the sender. Raises ValueError for a patient of an unknown kind or a time without a zone.
    """

    service: str
    starts_at: datetime
    patient: Patient
    name: str
    contact: Contact
    idempotency_key: str
    sender: str
    practitioner: str | None = None
    consented_at: datetime | None = None
    holder: str | None = None

    def __post_init__(self) -> None:
        if self.patient not in PATIENTS:
            raise ValueError(f"patient {self.patient!r} is none of {', '.join(PATIENTS)}")
        aware(self.starts_at)

    @property
    def wanted(self) -> Wanted:
        """What free times are looked for, for this request."""
        holder = self.holder or self.sender
        return Wanted(self.service, self.patient, self.practitioner, holder)


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
    sequence: int
    consented_at: datetime | None


class _KeyOrReferenceUsed(Exception):
    """Another appointment has the same idempotency key, or by chance the same reference."""


def book(
    storage: Storage,
    clinic: Clinic,
    request: BookingRequest,
    now: datetime,
    also: Callable[[Connection], None] = lambda transaction: None,
) -> Appointment:
    """Books the time with whoever is free then, or returns what the same key booked before.

    ``also`` is done in the same transaction. The hold that there is turns into the appointment.
    Raises TimeNotOffered where nobody works then or it is too soon or too far, and TimeTaken where
    all who do are booked; both tell the nearest free times. Raises DiaryUnreachable where the
    database does not answer: the same request may then be made again. Either nothing is saved or
    the whole appointment is.
    """
    if earlier := booked_with(storage, request.idempotency_key):
        return earlier
    offers = offers_for(clinic, request.wanted, request.starts_at, now)
    for offer in offers:
        try:
            return _book(storage, clinic, request, offer, now, also)
        except NotFree:
            continue
    kind = TimeTaken if offers else TimeNotOffered
    raise refusal(kind, storage, clinic, request.wanted, request.starts_at, now)


def upcoming(storage: Storage, since: datetime) -> list[Appointment]:
    """The appointments that end after an instant, earliest first."""
    query = (
        select(appointments)
        .where(appointments.c.ends_at > since, appointments.c.status == BOOKED)
        .order_by(appointments.c.starts_at, appointments.c.practitioner)
    )
    with reading(storage) as connection:
        return [as_appointment(row) for row in connection.execute(query)]


def offers_for(
    clinic: Clinic, wanted: Wanted, starts_at: datetime, now: datetime
) -> list[FreeTime]:
    """Who offers the time that is asked for, booked or not."""
    earliest, latest = bookable(clinic, now, wanted.service)
    if not earliest <= starts_at <= latest:
        return []
    day = in_zone(starts_at, clinic).date()
    return [
        offer
        for offer in offers_on(clinic, wanted.service, day, wanted.patient)
        if offer.starts_at == starts_at and wanted.practitioner in {None, offer.practitioner}
    ]


def refusal(
    kind: type[BookingError],
    storage: Storage,
    clinic: Clinic,
    wanted: Wanted,
    starts_at: datetime,
    now: datetime,
) -> BookingError:
    """The error that says that a time cannot be had, with the nearest that can."""
    nearest = nearest_times(storage, clinic, wanted, now, starts_at)
    words = [time_in_words(time.starts_at, clinic, now) for time in nearest]
    return kind(nearest, listed(words, "or") if words else "")


def new_reference(prefix: str = "MS") -> str:
    """A reference such as "MS-7K4QP", as good as never the same twice."""
    return f"{prefix}-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(5))


def as_appointment(row: Any) -> Appointment:
    """The appointment of a row of the table."""
    values = {field.name: getattr(row, field.name) for field in fields(Appointment)}
    return Appointment(**values | {"contact": Contact(row.contact_kind, row.contact)})


def booked_with(storage: Storage, key: str) -> Appointment | None:
    """What was booked with an idempotency key, if anything."""
    query = select(appointments).where(appointments.c.idempotency_key == key)
    with reading(storage) as connection:
        row = connection.execute(query).one_or_none()
    return as_appointment(row) if row else None


def _book(
    storage: Storage,
    clinic: Clinic,
    request: BookingRequest,
    offer: FreeTime,
    now: datetime,
    also: Callable[[Connection], None],
) -> Appointment:
    """The appointment, in a transaction of its own. Raises NotFree."""
    for _ in range(ATTEMPTS):
        try:
            with writing(storage) as transaction:
                appointment = _save(transaction, clinic, request, offer, now)
                also(transaction)
                return appointment
        except Collision:
            continue
        except _KeyOrReferenceUsed:
            # If it was the key, the same request was faster on another connection.
            if earlier := booked_with(storage, request.idempotency_key):
                return earlier
    raise DiaryUnreachable


def _save(
    transaction: Connection,
    clinic: Clinic,
    request: BookingRequest,
    offer: FreeTime,
    now: datetime,
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
        sequence=0,
        consented_at=request.consented_at,
    )
    values = vars(appointment) | {
        "idempotency_key": request.idempotency_key,
        "contact_kind": request.contact.kind,
        "contact": request.contact.value,
    }
    drop_hold(transaction, request.holder or request.sender)
    try:
        number = transaction.execute(insert(appointments).values(values)).inserted_primary_key[0]
    except IntegrityError as error:
        raise _KeyOrReferenceUsed from error
    take(transaction, clinic, request.service, offer, ("appointment_id", number), now)
    record(transaction, now, "visitor", "booked", appointment.reference)
    tell(transaction, clinic, "booked", appointment, number, now)
    return appointment

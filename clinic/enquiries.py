"""What visitors want of the clinic's people, kept until somebody has seen to it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from clinic.appointments import ATTEMPTS, new_reference
from clinic.audit import Who, record
from clinic.errors import DiaryUnreachable
from clinic.hours import is_open, next_opening, opening_in_words
from clinic.letters import filled
from clinic.outbox import put
from clinic.person import Contact
from clinic.profile import Clinic
from clinic.storage import Storage, reading, writing
from clinic.tables import enquiries

OPEN, CLOSED = "open", "closed"
Kind = Literal["callback", "person", "complaint"]
KIND_IN_WORDS = {"callback": "call back", "person": "wants a person", "complaint": "complaint"}
LONGEST = 4000


@dataclass(frozen=True)
class EnquiryRequest:
    """What a visitor leaves for the clinic's people. The same key always means the same enquiry."""

    kind: Kind
    name: str
    contact: Contact
    best_time: str
    question: str
    said_before: str
    urgent: bool
    sender: str
    idempotency_key: str


@dataclass(frozen=True)
class Enquiry:
    """An enquiry as it is stored."""

    reference: str
    kind: Kind
    name: str
    contact: Contact
    best_time: str
    question: str
    said_before: str
    urgent: bool
    sender: str
    created_at: datetime
    status: str


def ask(storage: Storage, clinic: Clinic, request: EnquiryRequest, now: datetime) -> Enquiry:
    """Keeps the enquiry, and tells the staff: at once while the clinic is open, else in the
    morning's digest. Raises DiaryUnreachable where the database does not answer."""
    for _ in range(ATTEMPTS):
        if earlier := _asked_with(storage, request.idempotency_key):
            return earlier
        try:
            return _save(storage, clinic, request, now)
        except IntegrityError:
            continue
    raise DiaryUnreachable


def promise(clinic: Clinic, now: datetime) -> str:
    """When somebody sees to an enquiry made now: "today", or "Monday from 9:00"."""
    if is_open(clinic, now):
        return "while we are open today, or else when we next open"
    opens = next_opening(clinic, now)
    return opening_in_words(clinic, now, opens) if opens else "when we open again"


def open_enquiries(storage: Storage) -> list[Enquiry]:
    """Those that wait, the urgent ones first, then the oldest."""
    query = (
        select(enquiries)
        .where(enquiries.c.status == OPEN)
        .order_by(enquiries.c.urgent.desc(), enquiries.c.created_at)
    )
    with reading(storage) as connection:
        return [as_enquiry(row) for row in connection.execute(query)]


def close(storage: Storage, reference: str, now: datetime, who: Who = "staff") -> bool:
    """Marks an enquiry as seen to; false where there is no open one with the reference."""
    with writing(storage) as transaction:
        closed = transaction.execute(
            update(enquiries)
            .where(enquiries.c.reference == reference.upper(), enquiries.c.status == OPEN)
            .values(status=CLOSED, closed_at=now)
        ).rowcount
        if closed:
            record(transaction, now, who, "closed", reference.upper())
    return bool(closed)


def _save(storage: Storage, clinic: Clinic, request: EnquiryRequest, now: datetime) -> Enquiry:
    enquiry = Enquiry(
        reference=new_reference("EN"),
        created_at=now,
        status=OPEN,
        kind=request.kind,
        name=request.name,
        contact=request.contact,
        best_time=request.best_time[:200],
        question=request.question[:LONGEST],
        said_before=request.said_before[-LONGEST:],
        urgent=request.urgent,
        sender=request.sender,
    )
    values = vars(enquiry) | {
        "idempotency_key": request.idempotency_key,
        "contact_kind": request.contact.kind,
        "contact": request.contact.value,
    }
    with writing(storage) as transaction:
        number = transaction.execute(insert(enquiries).values(values)).inserted_primary_key[0]
        record(transaction, now, "visitor", "asked", enquiry.reference)
        if is_open(clinic, now):
            content = _letter(enquiry) | {"to": clinic.staff_email}
            put(transaction, enquiry.reference, "email", content, now, enquiry_id=number)
    return enquiry


def _letter(enquiry: Enquiry) -> dict[str, Any]:
    values = vars(enquiry) | {
        "contact": enquiry.contact.value,
        "kind": KIND_IN_WORDS[enquiry.kind],
        "urgent": "URGENT. " if enquiry.urgent else "",
        "said_before": enquiry.said_before or "nothing",
    }
    return filled("enquiry", values)


def _asked_with(storage: Storage, key: str) -> Enquiry | None:
    query = select(enquiries).where(enquiries.c.idempotency_key == key)
    with reading(storage) as connection:
        row = connection.execute(query).one_or_none()
    return as_enquiry(row) if row else None


def as_enquiry(row: Any) -> Enquiry:
    """The enquiry of a row of the table."""
    values = {field.name: getattr(row, field.name) for field in fields(Enquiry)}
    return Enquiry(**values | {"contact": Contact(row.contact_kind, row.contact)})

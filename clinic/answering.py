"""The staff's answer to an enquiry, sent where the visitor can read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from clinic.audit import record
from clinic.enquiries import OPEN, Enquiry, as_enquiry
from clinic.errors import ClinicError
from clinic.letters import clinic_words, filled, on_telegram
from clinic.outbox import Kind, put
from clinic.profile import Clinic
from clinic.storage import Storage, writing
from clinic.tables import enquiries


def answer(storage: Storage, clinic: Clinic, reference: str, words: str, now: datetime) -> str:
    """Puts the words into the outbox; returns the way on which they go: "Telegram" or "e-mail".

    Who asked on Telegram is answered there, in the same chat. The enquiry stays open until it is
    closed. Raises ClinicError where there is no such open enquiry, no words, or no way to write.
    """
    if not words.strip():
        raise ClinicError("There are no words to send: write them after the reference, in quotes.")
    with writing(storage) as transaction:
        row = transaction.execute(
            select(enquiries).where(
                enquiries.c.reference == reference.upper(), enquiries.c.status == OPEN
            )
        ).one_or_none()
        if row is None:
            raise ClinicError(f"There is no open enquiry {reference}: make inbox lists them.")
        way, kind, content = _letter(clinic, as_enquiry(row), words.strip())
        key = f"{row.reference} answer {now:%Y%m%d%H%M%S%f}"
        put(transaction, key, kind, content, now, enquiry_id=row.id)
        record(transaction, now, "staff", "answered", row.reference)
    return way


def _letter(clinic: Clinic, enquiry: Enquiry, words: str) -> tuple[str, Kind, dict[str, Any]]:
    values = clinic_words(clinic) | {"reference": enquiry.reference, "name": enquiry.name}
    letter = filled("answer", values | {"words": words})
    if on_telegram(enquiry.sender):
        return "Telegram", "telegram", {"sender": enquiry.sender, "text": letter["text"]}
    if enquiry.contact.kind == "email":
        return "e-mail", "email", letter | {"to": enquiry.contact.value}
    number = enquiry.contact.value
    raise ClinicError(f"{enquiry.reference}: they left only a number. Please call {number}.")

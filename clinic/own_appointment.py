"""Finding one's own appointment, by its reference and a second proof that only its owner has.

Nothing shows whether a guess was close: a reference that there is not, one of somebody else's
and a wrong proof get the same words. Failed attempts are counted for the sender, for the
reference and for everybody together, since a new sender costs nothing.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta

from sqlalchemy import and_, func, insert, select
from sqlalchemy.engine import Connection

from clinic.appointments import REFERENCE_LETTERS, Appointment, as_appointment
from clinic.errors import NotProven, TooManyAttempts
from clinic.person import Contact
from clinic.storage import Storage, reading, writing
from clinic.tables import appointments, failed_proofs

PERIOD = timedelta(hours=1)
MOST_BY_SENDER = MOST_BY_REFERENCE = 5
MOST_BY_ALL = 200
PHONE_DIGITS = 4
LONGEST_ENDING = 8

_REFERENCE = re.compile(
    rf"\bMS[\s-]*((?:[{REFERENCE_LETTERS}]\s?){{5}})(?![A-Z0-9])", re.IGNORECASE
)


def read_reference(text: str) -> str | None:
    """The reference in a message such as "its ms 7k4qp", as "MS-7K4QP"; None without one."""
    match = _REFERENCE.search(text)
    return f"MS-{re.sub(r'[^A-Z0-9]', '', match[1].upper())}" if match else None


def find_own(
    storage: Storage, reference: str, proof: str, sender: str, now: datetime
) -> Appointment:
    """The appointment, for whoever knows its contact: the e-mail address, or the last digits of
    the telephone number (four or more).

    Raises NotProven, and after some failures within an hour TooManyAttempts, right or not.
    """
    with reading(storage) as connection:
        _check_attempts(connection, reference, sender, now)
        row = connection.execute(
            select(appointments).where(appointments.c.reference == reference)
        ).first()
    found = as_appointment(row) if row else None
    # Compared even if there is none, so that the time taken tells nothing either.
    if _proves(proof, found.contact if found else Contact("email", "-")) and found:
        return found
    with writing(storage) as transaction:
        transaction.execute(
            insert(failed_proofs).values(at=now, sender=sender, reference=reference)
        )
    raise NotProven


def appointment_of(storage: Storage, reference: str) -> Appointment:
    """The appointment, for those who have proven that it is theirs. Raises NotProven without."""
    with reading(storage) as connection:
        row = connection.execute(
            select(appointments).where(appointments.c.reference == reference)
        ).first()
    if row is None:
        raise NotProven
    return as_appointment(row)


def others_like(storage: Storage, appointment: Appointment, now: datetime) -> list[Appointment]:
    """What the same contact has booked besides for the same: who took an earlier time from the
    waiting list may no longer need it."""
    same = ("contact", "service", "patient", "status")
    mine = select(appointments).where(appointments.c.reference == appointment.reference).subquery()
    query = (
        select(appointments)
        .join(mine, and_(*(appointments.c[name] == mine.c[name] for name in same)))
        .where(appointments.c.id != mine.c.id, appointments.c.starts_at > now)
        .order_by(appointments.c.starts_at)
    )
    with reading(storage) as connection:
        return [as_appointment(row) for row in connection.execute(query)]


def _check_attempts(connection: Connection, reference: str, sender: str, now: datetime) -> None:
    recent = select(func.count()).where(failed_proofs.c.at > now - PERIOD)
    limits = (
        (recent.where(failed_proofs.c.sender == sender), MOST_BY_SENDER),
        (recent.where(failed_proofs.c.reference == reference), MOST_BY_REFERENCE),
        (recent, MOST_BY_ALL),
    )
    if any(connection.execute(count).scalar_one() >= most for count, most in limits):
        raise TooManyAttempts


def _proves(proof: str, contact: Contact) -> bool:
    if contact.kind == "email":
        given, expected = proof.strip().casefold(), contact.value.casefold()
    else:
        given = re.sub(r"\D", "", proof)
        if len(given) < PHONE_DIGITS:
            return False
        if len(given) > LONGEST_ENDING:  # the whole number, perhaps as it is dialled at home
            given = given.lstrip("0")
        expected = contact.value[-len(given) :].removeprefix("+")
    return hmac.compare_digest(given.encode(), expected.encode())

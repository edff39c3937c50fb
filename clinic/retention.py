"""Nothing is kept for longer than clinic.yml says under ``retention``."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_
from sqlalchemy.engine import Connection

from clinic.conversations import Conversations
from clinic.left_contacts import take_out_contacts
from clinic.outbox import SENT, WAITING
from clinic.own_appointment import PERIOD
from clinic.profile import Clinic
from clinic.storage import Storage, writing
from clinic.tables import appointments, audit_trail, enquiries, failed_proofs, outbox, wait_list


def carry_out(
    storage: Storage, clinic: Clinic, now: datetime, conversations: Conversations | None = None
) -> dict[str, int]:
    """Deletes what has been kept for long enough; returns how many of each."""
    kept = clinic.retention

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    old_enquiries = enquiries.c.created_at < before(kept.enquiries_days)
    old_wishes = wait_list.c.created_at < before(kept.enquiries_days)
    old_letters = and_(
        outbox.c.state != WAITING,
        or_(
            and_(outbox.c.state == SENT, outbox.c.sent_at < before(kept.appointments_days)),
            outbox.c.due_at < before(kept.appointments_days),
        ),
    )
    with writing(storage) as transaction:
        gone = {
            "appointments": _delete(
                transaction, appointments, appointments.c.ends_at < before(kept.appointments_days)
            ),
            "enquiries": _delete(transaction, enquiries, old_enquiries),
            "wait_list": _delete(transaction, wait_list, old_wishes),
            "outbox": _delete(transaction, outbox, old_letters),
            "audit_trail": _delete(
                transaction, audit_trail, audit_trail.c.at < before(kept.audit_days)
            ),
            "failed_proofs": _delete(transaction, failed_proofs, failed_proofs.c.at < now - PERIOD),
        }
    talks = conversations or Conversations()
    gone |= {"events": talks.forget_before(before(kept.conversations_days))}
    return gone | {"contacts": take_out_contacts(talks, now)}


def _delete(transaction: Connection, table: object, which: object) -> int:
    number: int = transaction.execute(delete(table).where(which)).rowcount
    return number

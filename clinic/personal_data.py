"""What is kept about one visitor: exported whole, and deleted whole.

A visitor is known by the conversation (the sender id), or by the contact that they left.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, delete, or_, select
from sqlalchemy.engine import Connection

from clinic.audit import Who, record
from clinic.conversations import Conversations
from clinic.notices import take_out_of_calendars
from clinic.outbox import put
from clinic.storage import Storage, reading, writing
from clinic.tables import appointments, enquiries, failed_proofs, holds, outbox, wait_list
from clinic.waiting_offers import free_what_is_erased

KEPT: tuple[Table, ...] = (appointments, enquiries, wait_list)


def export(
    storage: Storage, who: str, conversations: Conversations | None = None
) -> dict[str, Any]:
    """Everything kept about ``who`` (a sender id, an e-mail address or a number as +44…), as
    values that JSON can hold."""
    talks = conversations or Conversations()
    found: dict[str, Any] = {}
    with reading(storage) as connection:
        senders = _senders(connection, who)
        for table in KEPT:
            rows = connection.execute(select(table).where(_theirs(table, who))).mappings()
            found[table.name] = [{key: _plain(value) for key, value in row.items()} for row in rows]
        letters = select(outbox).where(_about(connection, who))
        found["outbox"] = [
            {key: _plain(value) for key, value in row.items()}
            for row in connection.execute(letters).mappings()
        ]
    found["conversations"] = {sender: talks.of(sender) for sender in senders}
    return found


def erase(
    storage: Storage,
    who: str,
    now: datetime,
    by: Who,
    conversations: Conversations | None = None,
) -> dict[str, int]:
    """Deletes everything kept about ``who``; an appointment to come is thereby given up.

    Returns how many of each there were. The audit trail keeps that it happened, and no name.
    """
    talks = conversations or Conversations()
    with reading(storage) as connection:
        senders = _senders(connection, who)
    gone = erase_in_clinic(storage, who, now, by)
    return gone | {"events": sum(talks.forget(sender) for sender in senders)}


def erase_in_clinic(storage: Storage, who: str, now: datetime, by: Who) -> dict[str, int]:
    """The same without the conversations, in one transaction."""
    with writing(storage) as transaction:
        senders = _senders(transaction, who)
        take_out_of_calendars(transaction, _theirs(appointments, who), now)
        free_what_is_erased(transaction, _theirs(appointments, who), now)
        gone = {"outbox": _number(transaction, outbox, _about(transaction, who))}
        for table in KEPT:
            references = select(table.c.reference).where(_theirs(table, who))
            for reference in transaction.execute(references).scalars().all():
                record(transaction, now, by, "erased", reference)
            gone[table.name] = _number(transaction, table, _theirs(table, who))
        for sender in senders:
            _number(transaction, holds, holds.c.holder == sender)
            _number(transaction, failed_proofs, failed_proofs.c.sender == sender)
    return gone


def forget_conversation(storage: Storage, sender: str, at: datetime) -> None:
    """Has the worker delete a conversation, which is still going on, a little later."""
    with writing(storage) as transaction:
        put(transaction, f"forget {sender} {at}", "forget", {"sender": sender}, at)


def _theirs(table: Table, who: str) -> Any:
    return or_(table.c.sender == who, table.c.contact == who)


def _senders(connection: Connection, who: str) -> list[str]:
    """The conversations in which they were; a contact may have been left in several."""
    found = {who} if who.startswith(("web:", "tg:")) else set()
    for table in KEPT:
        found.update(
            connection.execute(select(table.c.sender).where(_theirs(table, who))).scalars()
        )
    return sorted(found)


def _about(connection: Connection, who: str) -> Any:
    """The messages of the outbox about what is theirs."""
    conditions = []
    for column, table in (
        (outbox.c.appointment_id, appointments),
        (outbox.c.enquiry_id, enquiries),
        (outbox.c.wish_id, wait_list),
    ):
        numbers = connection.execute(select(table.c.id).where(_theirs(table, who))).scalars().all()
        conditions.append(column.in_(numbers))
    return or_(*conditions)


def _number(transaction: Connection, table: Table, which: Any) -> int:
    number: int = transaction.execute(delete(table).where(which)).rowcount
    return number


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value

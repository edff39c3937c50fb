"""Messages to the outside: written with what they are about, sent by the worker.

A message is written in the transaction of the thing that it tells, so that neither is there
without the other. The worker sends it at least once; a message that is sent twice has the same
Message-ID, so that its receiver sees one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog
from sqlalchemy import delete, func, insert, or_, select, true, update
from sqlalchemy.engine import Connection

from clinic.request_id import current_request
from clinic.storage import Storage, reading, writing
from clinic.tables import outbox

log = structlog.get_logger()

WAITING, SENT, DEAD = "waiting", "sent", "dead"
Kind = Literal["email", "forget", "calendar", "telegram"]

# How long a worker has to send what it has claimed; then another may.
CLAIM = timedelta(minutes=5)
# How long to wait after each failed attempt: three days in all, and an hour at most, so that what
# waited for a mail server goes soon after it is back. After the last, the message is dead: people
# see to it.
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, *[60] * 72))
# When a message was to be sent at first; versions before that column left it empty.
FIRST_DUE = func.coalesce(outbox.c.first_due_at, outbox.c.due_at)


@dataclass(frozen=True)
class Message:
    """One message of the outbox."""

    id: int
    message_key: str
    kind: Kind
    content: dict[str, Any]
    state: str
    due_at: datetime
    attempts: int
    problem: str | None
    request_id: str | None = None


def put(
    transaction: Connection,
    key: str,
    kind: Kind,
    content: dict[str, Any],
    now: datetime,
    *,
    due_at: datetime | None = None,
    **about: int,
) -> bool:
    """Adds a message, to be sent from ``due_at`` on. One with the same key is there only once;
    returns whether it is a new one. With ``too_late``, a time, in its content it is not sent from
    then on.

    ``about`` is what it goes with when that is deleted: appointment_id, enquiry_id or wish_id.
    """
    there = select(outbox.c.id).where(outbox.c.message_key == key)
    if transaction.execute(there).first():
        return False
    transaction.execute(
        insert(outbox).values(
            message_key=key,
            kind=kind,
            content=content,
            due_at=due_at or now,
            first_due_at=due_at or now,
            created_at=now,
            request_id=current_request(),
            **about,
        )
    )
    return True


def withdraw(transaction: Connection, appointment_id: int, prefix: str) -> None:
    """Takes back the messages about an appointment that have not been sent, by their key."""
    transaction.execute(
        delete(outbox).where(
            outbox.c.appointment_id == appointment_id,
            outbox.c.state != SENT,
            outbox.c.message_key.startswith(prefix),
        )
    )


def claim(
    storage: Storage, now: datetime, kind: Kind | None = None, calendar: str | None = None
) -> Message | None:
    """The next message that is due, for this worker alone until the claim is over.

    Of those for somebody's ``calendar`` (a practitioner's id), or of one ``kind``, or else of
    all but those for calendars, which may be slow and must not keep the letters waiting, and
    those for Telegram, which the gateway sends.
    """
    claimed = outbox.c.claimed_until
    # A claim that ends later than one that began now is one of before the clock was put back.
    free = or_(claimed.is_(None), claimed <= now, claimed > now + CLAIM)
    of_kind = outbox.c.kind == kind if kind else outbox.c.kind.not_in(("calendar", "telegram"))
    if calendar is not None:
        of_kind = outbox.c.message_key.startswith(calendar_key(calendar), autoescape=True)
    due = (outbox.c.state == WAITING, outbox.c.due_at <= now, free, of_kind)
    query = select(outbox).where(*due).order_by(outbox.c.due_at, outbox.c.id).limit(1)
    while True:
        with reading(storage) as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        with writing(storage) as transaction:
            if _too_late(row.content, now):
                transaction.execute(delete(outbox).where(outbox.c.id == row.id, *due))
                log.warning("outbox.too_late", message=row.id, kind=row.kind)
                continue
            mine = update(outbox).where(outbox.c.id == row.id, *due)
            if transaction.execute(mine.values(claimed_until=now + CLAIM)).rowcount:
                return _message(row)


def calendar_key(practitioner: str) -> str:
    """How the keys of all messages for a practitioner's calendar begin."""
    return f"calendar {practitioner} "


def sent(storage: Storage, message: Message, now: datetime) -> None:
    """Notes that a message has been sent. What stood in it is forgotten."""
    if message.kind == "forget":  # nor is it kept who was forgotten
        with writing(storage) as transaction:
            transaction.execute(delete(outbox).where(outbox.c.id == message.id))
        return
    _note(storage, message, state=SENT, sent_at=now, content={}, problem=None)


def failed(
    storage: Storage, message: Message, now: datetime, problem: str, *, for_good: bool = False
) -> None:
    """Notes why a message could not be sent, to be tried again later, unless it is ``for_good``."""
    attempts = message.attempts + 1
    if for_good or attempts > len(PATIENCE):
        _note(storage, message, state=DEAD, attempts=attempts, problem=problem[:300])
    else:
        again = now + PATIENCE[attempts - 1]
        _note(
            storage,
            message,
            attempts=attempts,
            first_due_at=FIRST_DUE,
            due_at=again,
            problem=problem[:300],
        )


def messages(storage: Storage, state: str) -> list[Message]:
    """The messages in a state, earliest first."""
    query = select(outbox).where(outbox.c.state == state).order_by(outbox.c.due_at, outbox.c.id)
    with reading(storage) as connection:
        return [_message(row) for row in connection.execute(query)]


def overdue(storage: Storage, now: datetime) -> dict[tuple[str, str], tuple[int, float]]:
    """By kind and state (waiting, dead): how many messages are due, and how many seconds ago the
    oldest of them was to be sent at first."""
    query = (
        select(outbox.c.kind, outbox.c.state, func.count(), func.min(FIRST_DUE))
        .where(outbox.c.state.in_((WAITING, DEAD)), outbox.c.due_at <= now)
        .group_by(outbox.c.kind, outbox.c.state)
    )
    with reading(storage) as connection:
        return {
            (kind, state): (count, (now - oldest).total_seconds())
            for kind, state, count, oldest in connection.execute(query)
        }


def try_again(storage: Storage, now: datetime, number: int | None = None) -> int:
    """Gives the dead messages another life, or the one with a number; returns how many."""
    which = outbox.c.id == number if number is not None else true()
    with writing(storage) as transaction:
        return transaction.execute(
            update(outbox)
            .where(outbox.c.state == DEAD, which)
            .values(
                state=WAITING, attempts=0, first_due_at=FIRST_DUE, due_at=now, claimed_until=None
            )
        ).rowcount


def _note(storage: Storage, message: Message, **values: Any) -> None:
    with writing(storage) as transaction:
        transaction.execute(
            update(outbox).where(outbox.c.id == message.id).values(claimed_until=None, **values)
        )


def _too_late(content: dict[str, Any], now: datetime) -> bool:
    """Whether a message is of no more use to whom it is for."""
    return "too_late" in content and datetime.fromisoformat(content["too_late"]) <= now


def _message(row: Any) -> Message:
    return Message(**{name: getattr(row, name) for name in Message.__dataclass_fields__})

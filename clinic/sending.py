"""Sends what is due in the outbox, one message after the other, whatever becomes of each."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable
from datetime import datetime

import structlog

from clinic.calendar_server import CalendarFailed
from clinic.errors import ConversationsUnreachable
from clinic.mail import Undeliverable
from clinic.outbox import Message, claim, failed, sent
from clinic.request_id import working_on
from clinic.storage import Storage

log = structlog.get_logger()


def send_due(
    storage: Storage,
    now: Callable[[], datetime],
    stop: threading.Event,
    deliver: Callable[[Message], None],
    calendar: str | None = None,
) -> int:
    """Delivers the messages for somebody's ``calendar``, or else all others, until none is due or
    ``stop`` is set; returns how many were sent. One that fails is tried again later."""
    number = 0
    while not stop.is_set() and (message := claim(storage, now(), calendar=calendar)):
        with working_on(message.request_id):
            number += _send(storage, now, deliver, message)
    return number


def _send(
    storage: Storage,
    now: Callable[[], datetime],
    deliver: Callable[[Message], None],
    message: Message,
) -> bool:
    # Log lines name the message and no person.
    line = log.bind(message=message.id, kind=message.kind)
    try:
        deliver(message)
    except Undeliverable as error:
        failed(storage, message, now(), str(error), for_good=True)
        line.warning("outbox.dead", problem=str(error))
        return False
    except (OSError, smtplib.SMTPException, CalendarFailed, ConversationsUnreachable) as error:
        problem = str(error) if isinstance(error, CalendarFailed) else type(error).__name__
        failed(storage, message, now(), problem)
        line.warning("outbox.failed", problem=problem, attempts=message.attempts + 1)
        return False
    sent(storage, message, now())
    line.info("outbox.sent")
    return True

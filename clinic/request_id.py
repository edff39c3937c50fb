"""The id by which one turn is found in every log and in the database's rows.

It is the id that the visitor's message has from the widget, and goes with the turn: to Rasa and
the action server in the message's metadata, into the rows that the turn writes, and with a letter
to the worker. Within a process it is a context variable, which each log line takes with it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars

NAME = "request_id"
LENGTH = 36
UUID = re.compile(r"[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")


def request_id_of(sender: str, message_id: str) -> str:
    """The request id of a visitor's message: its own id where that is a UUID, else a UUID made of
    it, always the same. A client may call its messages anything, and a log may not say it."""
    if is_request_id(message_id):
        return message_id
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{sender} {message_id}"))


def is_request_id(value: object) -> bool:
    """Whether that is one: nothing else gets into a log or a row."""
    return isinstance(value, str) and UUID.fullmatch(value) is not None


@contextmanager
def working_on(request_id: object) -> Iterator[None]:
    """What is logged and written meanwhile belongs to that request; what is no id, to none."""
    with bound_contextvars(**{NAME: request_id if is_request_id(request_id) else None}):
        yield


def take_up(request_id: object) -> None:
    """From now on, in this task or thread, it is that request that is worked on."""
    bind_contextvars(**{NAME: request_id if is_request_id(request_id) else None})


def current_request() -> str | None:
    """The request that is worked on here."""
    return get_contextvars().get(NAME)

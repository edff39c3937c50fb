"""Rasa's record of the conversations, as far as privacy needs it: read, and forgotten.

The clinic imports no Rasa; it knows only that the tracker store's table ``events`` has a
``sender_id`` and a ``timestamp``, and that a slot's name stands in ``action_name`` (Rasa's
SQLTrackerStore).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    create_engine,
    func,
    inspect,
    or_,
    select,
    update,
)
from sqlalchemy import delete as delete_from
from sqlalchemy.engine import Engine

from clinic.errors import ConversationsUnreachable
from clinic.storage import NO_ANSWER

DEFAULT_URL = "sqlite:///var/conversations.db"

events = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255)),
    Column("type_name", String(255)),
    Column("action_name", String(255)),
    Column("timestamp", Float),
    Column("data", Text),
)


class Conversations:
    """The tracker store at ``url``, else at TRACKER_URL, else in var/conversations.db.

    Whatever is asked of it raises ConversationsUnreachable where the database does not answer.
    """

    def __init__(self, url: str | None = None) -> None:
        self._engine: Engine = create_engine(
            url or os.environ.get("TRACKER_URL") or DEFAULT_URL, future=True, hide_parameters=True
        )

    def of(self, sender: str) -> list[dict[str, Any]]:
        """What is kept of a conversation: the events, oldest first."""
        if not self._there():
            return []
        query = select(events.c.data).where(events.c.sender_id == sender)
        with self._answering(), self._engine.connect() as connection:
            rows = connection.execute(query.order_by(events.c.id)).scalars()
            return [json.loads(row) for row in rows]

    def each(self) -> Iterator[list[dict[str, Any]]]:
        """The conversations that are kept, one after the other: of each what was said by the
        visitor and what filled slots, oldest first."""
        if not self._there():
            return
        query = (
            select(events.c.sender_id, events.c.data)
            .where(events.c.type_name.in_(("user", "slot", "restart", "session_started")))
            .order_by(events.c.sender_id, events.c.id)
        )
        with self._answering(), self._engine.connect() as connection:
            rows = connection.execution_options(stream_results=True).execute(query)
            for _, conversation in groupby(rows, key=lambda row: row.sender_id):
                yield [json.loads(row.data) for row in conversation]

    def with_slots(self, holding: Sequence[str], asked: Sequence[str]) -> list[str]:
        """The conversations in which one of the slots ``holding`` was filled, or one of those
        ``asked`` was asked for."""
        if not self._there():
            return []
        filled = and_(events.c.action_name.in_(holding), events.c.data.not_like('%"value": null%'))
        were_asked = or_(*(events.c.data.like(f'%"value": "{name}"%') for name in asked))
        query = select(events.c.sender_id).where(
            events.c.type_name == "slot",
            or_(filled, and_(events.c.action_name == "requested_slot", were_asked)),
        )
        with self._answering(), self._engine.connect() as connection:
            return list(connection.execute(query.distinct()).scalars())

    def rewrite(self, sender: str, as_they_shall_be: Sequence[dict[str, Any]]) -> None:
        """Replaces a conversation's oldest events, one by one; a newer one is left as it is.
        Rasa reads them anew each turn, and only ever adds some."""
        numbers = select(events.c.id).where(events.c.sender_id == sender).order_by(events.c.id)
        with self._answering(), self._engine.begin() as connection:
            rows = connection.execute(numbers).scalars().all()
            for number, event in zip(rows, as_they_shall_be, strict=False):
                changed = update(events).where(events.c.id == number)
                connection.execute(changed.values(data=json.dumps(event)))

    def forget(self, sender: str) -> int:
        """Deletes a conversation; returns how many events there were."""
        if not self._there():
            return 0
        with self._answering(), self._engine.begin() as connection:
            gone = delete_from(events).where(events.c.sender_id == sender)
            return connection.execute(gone).rowcount

    def forget_before(self, instant: datetime) -> int:
        """Deletes the conversations in which nothing was said since."""
        if not self._there():
            return 0
        old = (
            select(events.c.sender_id)
            .group_by(events.c.sender_id)
            .having(func.max(events.c.timestamp) < instant.timestamp())
        )
        with self._answering(), self._engine.begin() as connection:
            gone = delete_from(events).where(events.c.sender_id.in_(old.scalar_subquery()))
            return connection.execute(gone).rowcount

    def _there(self) -> bool:
        # Before the first conversation Rasa has not made it yet; it is not for us to make it.
        database = self._engine.url
        if database.get_backend_name() == "sqlite" and not Path(database.database or "").exists():
            return False
        with self._answering():
            return inspect(self._engine).has_table("events")

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except NO_ANSWER as error:
            reason = str(getattr(error, "orig", error)).strip()
            where = self._engine.url.render_as_string(hide_password=True)
            raise ConversationsUnreachable(
                f"TRACKER_URL {where}: Rasa's record of the conversations does not answer "
                f"({reason}). Is it there, may this user write to it, and is there room on the "
                "disk?"
            ) from error

"""A message log for channels that send: it knows how far each conversation has been sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from channels.message_log import ASSISTANT, MessageLog, as_client_sees, deliveries, messages, now


@dataclass(frozen=True)
class Unsent:
    """What is to be sent in a conversation: messages as in the log, oldest first, how many parts
    of the first of them have been sent, and the kind of the message before it."""

    messages: list[dict[str, Any]]
    parts: int
    before: str


class DeliveryLog(MessageLog):
    """Written before and after each sending, so that a gateway may stop at any moment: the next
    one goes on where it stopped. One of several gateways sends in a conversation at a time."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._gateway = uuid.uuid4().hex

    def begin_alone(self, channel: str) -> None:
        """Frees what a gateway that stopped was answering, and what it was sending."""
        super().begin_alone(channel)
        if self._engine.dialect.name == "sqlite":
            with self._writing() as connection:
                theirs = deliveries.c.sender.startswith(channel)
                connection.execute(update(deliveries).where(theirs).values(claimed_until=0))

    def tell(self, sender: str, key: str, said: Sequence[dict[str, Any]]) -> None:
        """Writes down what the assistant says of its own accord; under the same key only once."""
        with self._writing(sender) as connection:
            known = select(messages.c.id).where(
                messages.c.sender == sender, messages.c.reply_to == key
            )
            if connection.execute(known).first() is None:
                for message in said:
                    self._append(connection, sender, ASSISTANT, message, reply_to=key)

    def undelivered(self, channel: str) -> list[str]:
        """A channel's senders to whom something is to be sent that nobody is sending."""
        query = (
            select(messages.c.sender)
            .join(deliveries, deliveries.c.sender == messages.c.sender, isouter=True)
            .where(
                messages.c.sender.startswith(channel),
                messages.c.author == ASSISTANT,
                messages.c.seq > func.coalesce(deliveries.c.seq, 0),
                func.coalesce(deliveries.c.claimed_until, 0) < now(),
            )
            .distinct()
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def unsent(self, sender: str, seconds: float) -> Unsent | None:
        """What is to be sent, to be done by the caller within so many seconds of the last
        `sent`; None where there is nothing, or another gateway is at it."""
        theirs = deliveries.c.sender == messages.c.sender
        claimed = (deliveries.c.claimed_by, deliveries.c.claimed_until.label("until"))
        query = (
            select(messages, deliveries.c.kind, deliveries.c.parts, *claimed)
            .join(deliveries, theirs, isouter=True)
            .where(
                messages.c.sender == sender,
                messages.c.author == ASSISTANT,
                messages.c.seq > func.coalesce(deliveries.c.seq, 0),
            )
            .order_by(messages.c.seq)
        )
        with self._writing(sender) as connection:
            rows = connection.execute(query).mappings().all()
            if not rows:
                return None
            first = rows[0]
            if first["claimed_by"] not in {None, self._gateway} and first["until"] > now():
                return None
            self._note(connection, sender, claimed_until=now() + seconds)
        said = [as_client_sees(row) for row in rows]
        return Unsent(said, first["parts"] or 0, first["kind"] or "")

    def sent(self, sender: str, seq: int, kind: str, parts: int = 0, seconds: float = 0) -> None:
        """Notes that all up to ``seq``, which is of a kind, has been sent, and so many parts of
        what follows. With no seconds, others may go on from there."""
        until = now() + seconds if seconds else 0
        with self._writing(sender) as connection:
            self._note(connection, sender, seq=seq, kind=kind, parts=parts, claimed_until=until)

    def kind_of_last(self, sender: str) -> str:
        """Of what kind the message is that was sent last."""
        query = select(deliveries.c.kind).where(deliveries.c.sender == sender)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() or ""

    def _note(self, connection: Connection, sender: str, **values: Any) -> None:
        values["claimed_by"] = self._gateway
        known = update(deliveries).where(deliveries.c.sender == sender)
        if connection.execute(known.values(**values)).rowcount == 0:
            row = {"sender": sender, "seq": 0, "kind": "", "parts": 0, **values}
            connection.execute(insert(deliveries).values(**row))

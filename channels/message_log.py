"""The log of conversations: what was said, in order, kept so that nothing is lost or doubled.

A message of the visitor's is written before it is acknowledged, the answer together with "this
turn is done" before it is shown. So a gateway may stop at any moment: the next one takes the
turns that are not done, and a browser that comes back is told all that it missed. To a channel
that sends instead, channels/delivery_log.py says what it has not sent yet.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
    UniqueConstraint,
    create_engine,
    delete,
    event,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

VISITOR, ASSISTANT = "visitor", "assistant"
OFFERS_REMEMBERED = 30  # the newest answers whose buttons may still be pressed
# How long a write waits for another one, in seconds: who is not heard by then is told so.
PATIENCE = 4
# A claim that runs on for longer, in seconds, is one of before the clock was put back.
LONGEST_CLAIM = 600
RATINGS_KEPT = timedelta(days=180)

tables = MetaData()
messages = Table(
    "chat_messages",
    tables,
    Column("id", Integer, primary_key=True),
    Column("sender", String(80), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("author", String(10), nullable=False),
    Column("body", Text, nullable=False),
    Column("client_id", String(64)),  # of a visitor's message, by which a resend is known
    Column("reply_to", String(64)),  # of an answer: the client id of what it answers
    Column("waiting", Integer, nullable=False, index=True),  # 1 while it has no answer
    Column("claimed_until", Float, nullable=False, server_default="0"),
    Column("at", Float, nullable=False, index=True),
    UniqueConstraint("sender", "seq"),
    UniqueConstraint("sender", "client_id"),
    sqlite_autoincrement=True,  # a rating outlives its message: nobody else's may get its number
)
# How far a conversation has been sent, where the channel sends: all up to a number, the last one of
# this kind, and so many parts of the next. It goes with its conversation, whose numbers begin anew.
deliveries = Table(
    "chat_deliveries",
    tables,
    Column("sender", String(80), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("parts", Integer, nullable=False),
    Column("claimed_by", String(32), nullable=False),
    Column("claimed_until", Float, nullable=False),
)
# Without a sender: a rating outlives its conversation, and then belongs to nobody.
ratings = Table(
    "chat_ratings",
    tables,
    Column("message_id", Integer, primary_key=True, autoincrement=False),
    Column("topic", String(80), nullable=False),
    Column("thumb", String(4), nullable=False),
    Column("word", String(300), nullable=False),
    Column("at", Float, nullable=False, index=True),
)


class MessageLogError(Exception):
    """The log cannot be opened; says which and why."""


@dataclass(frozen=True)
class Waiting:
    """A visitor's message that is to be answered."""

    sender: str
    seq: int
    client_id: str
    text: str
    again: bool  # whether it was taken before, by a gateway that stopped
    zone: str = ""  # the time zone in which it was written, where that is known


class MessageLog:
    """The log in one database. Methods block; call them off the event loop."""

    def __init__(self, url: str) -> None:
        try:
            self._engine = _engine(url)
            with self._writing("chat tables") as connection:
                tables.create_all(connection)
        except (SQLAlchemyError, NoSuchModuleError, ArgumentError, OSError) as error:
            reason = str(getattr(error, "orig", error)).strip()
            raise MessageLogError(
                f"MESSAGES_URL: the message log cannot be opened ({reason}). Write "
                "sqlite:///var/messages.db, or the address of a PostgreSQL database."
            ) from error

    def begin_alone(self, channel: str) -> None:
        """Frees a channel's turns of a gateway that stopped. Only where no other gateway can be at
        work: a SQLite file has one. Elsewhere their claims run out by themselves."""
        if self._engine.dialect.name == "sqlite":
            with self._writing() as connection:
                connection.execute(
                    update(messages)
                    .where(
                        messages.c.waiting == 1,
                        messages.c.claimed_until > 1,
                        messages.c.sender.startswith(channel),
                    )
                    .values(claimed_until=1)
                )

    def hear(
        self, sender: str, client_id: str, text: str, title: str, zone: str = ""
    ) -> tuple[dict[str, Any] | None, int]:
        """Writes down what a visitor says. (The message, or None where it was heard before; how
        many of the visitor's messages wait for an answer, this one counted.)"""
        with self._writing(sender) as connection:
            known = select(messages.c.id).where(
                messages.c.sender == sender, messages.c.client_id == client_id
            )
            waiting = self._waiting(connection, sender)
            if connection.execute(known).first():
                return None, waiting
            body = {"text": text, "title": title, "zone": zone}
            row = self._append(connection, sender, VISITOR, body, client_id=client_id, waiting=1)
            return row, waiting + 1

    def take_back(self, sender: str, client_id: str) -> None:
        """Strikes out a message that was heard, before anything is done about it."""
        with self._writing(sender) as connection:
            connection.execute(
                delete(messages).where(
                    messages.c.sender == sender, messages.c.client_id == client_id
                )
            )

    def claim(self, sender: str, seconds: float) -> Waiting | None:
        """The visitor's oldest message without an answer, to be answered by the caller within so
        many seconds; None where there is none, or another is at work on it."""
        present = now()
        with self._writing(sender) as connection:
            row = connection.execute(
                select(messages)
                .where(messages.c.sender == sender, messages.c.waiting == 1)
                .order_by(messages.c.seq)
                .limit(1)
            ).first()
            if row is None or present < row.claimed_until <= present + LONGEST_CLAIM:
                return None
            connection.execute(
                update(messages)
                .where(messages.c.id == row.id)
                .values(claimed_until=present + seconds)
            )
        body = json.loads(row.body)
        again = row.claimed_until > 0
        return Waiting(sender, row.seq, row.client_id, body["text"], again, body.get("zone", ""))

    def answer(self, turn: Waiting, replies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Writes the answers down and the turn off, at once. The answers as written; none where
        the turn is done already or its conversation is gone."""
        with self._writing(turn.sender) as connection:
            done = connection.execute(
                update(messages)
                .where(
                    messages.c.sender == turn.sender,
                    messages.c.seq == turn.seq,
                    messages.c.waiting == 1,
                )
                .values(waiting=0)
            )
            if done.rowcount != 1:
                return []
            return [
                self._append(connection, turn.sender, ASSISTANT, reply, reply_to=turn.client_id)
                for reply in replies
            ]

    def after(self, sender: str, seq: int) -> list[dict[str, Any]]:
        """All that was said after a sequence number, with the thumbs that answers were given."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(messages, ratings.c.thumb)
                .outerjoin(ratings, ratings.c.message_id == messages.c.id)
                .where(messages.c.sender == sender, messages.c.seq > seq)
                .order_by(messages.c.seq)
            ).mappings()
            return [as_client_sees(row) for row in rows]

    def offered(self, sender: str, payload: str) -> str | None:
        """The title of the button with that payload, if the assistant has offered it lately."""
        with self._engine.connect() as connection:
            bodies = connection.execute(
                select(messages.c.body)
                .where(messages.c.sender == sender, messages.c.author == ASSISTANT)
                .order_by(messages.c.seq.desc())
                .limit(OFFERS_REMEMBERED)
            ).scalars()
            for body in bodies:
                for button in json.loads(body).get("quick_replies", []):
                    if button["payload"] == payload:
                        return str(button["title"])
        return None

    def rate(self, sender: str, seq: int, thumb: str, word: str) -> bool:
        """Keeps what a visitor thinks of an answer; the last word counts. False where the visitor
        was never given that answer."""
        with self._writing(sender) as connection:
            row = connection.execute(
                select(messages).where(
                    messages.c.sender == sender,
                    messages.c.seq == seq,
                    messages.c.author == ASSISTANT,
                )
            ).first()
            if row is None:
                return False
            topic = str(json.loads(row.body).get("topic", ""))[:80]
            connection.execute(delete(ratings).where(ratings.c.message_id == row.id))
            connection.execute(
                insert(ratings).values(
                    message_id=row.id, topic=topic, thumb=thumb, word=word, at=now()
                )
            )
            return True

    def rated(self) -> list[dict[str, Any]]:
        """All ratings, the newest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(ratings).order_by(ratings.c.at.desc()))
            return [
                {"topic": r.topic, "thumb": r.thumb, "word": r.word, "at": _in_words(r.at)}
                for r in rows
            ]

    def unanswered(self, channel: str) -> list[str]:
        """A channel's senders whose messages wait and are in nobody's hands."""
        with self._engine.connect() as connection:
            return list(
                connection.execute(
                    select(messages.c.sender)
                    .where(
                        messages.c.waiting == 1,
                        or_(
                            messages.c.claimed_until < now(),
                            messages.c.claimed_until > now() + LONGEST_CLAIM,
                        ),
                        messages.c.sender.startswith(channel),
                    )
                    .distinct()
                ).scalars()
            )

    def forget(self, sender: str) -> None:
        """Deletes a conversation."""
        with self._writing(sender) as connection:
            for table in (deliveries, messages):
                connection.execute(delete(table).where(table.c.sender == sender))

    def forget_older_than(self, age: timedelta) -> None:
        """Deletes the conversations in which nothing has been said for so long, and old ratings."""
        with self._writing() as connection:
            quiet = (
                select(messages.c.sender)
                .group_by(messages.c.sender)
                .having(func.max(messages.c.at) < now() - age.total_seconds())
            )
            for table in (deliveries, messages):
                connection.execute(delete(table).where(table.c.sender.in_(quiet)))
            oldest = now() - RATINGS_KEPT.total_seconds()
            connection.execute(delete(ratings).where(ratings.c.at < oldest))

    def takes_messages(self) -> bool:
        """Whether the database takes what is written: one that is locked or full still reads."""
        nobody = uuid.uuid4().hex
        row = {"sender": nobody, "seq": 0, "author": VISITOR, "body": "{}", "waiting": 0, "at": 0}
        try:
            with self._writing() as connection:
                connection.execute(insert(messages).values(**row))
                connection.execute(delete(messages).where(messages.c.sender == nobody))
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _writing(self, sender: str = "") -> Iterator[Connection]:
        """A transaction; one at a time for each conversation."""
        with self._engine.execution_options(writes=True).begin() as connection:
            if sender and connection.dialect.name == "postgresql":
                lock = text("SELECT pg_advisory_xact_lock(hashtext(:sender))")
                connection.execute(lock, {"sender": sender})
            yield connection

    @staticmethod
    def _waiting(connection: Connection, sender: str) -> int:
        count = select(func.count()).where(messages.c.sender == sender, messages.c.waiting == 1)
        return int(connection.execute(count).scalar_one())

    @staticmethod
    def _append(
        connection: Connection,
        sender: str,
        author: str,
        body: dict[str, Any],
        *,
        client_id: str | None = None,
        reply_to: str | None = None,
        waiting: int = 0,
    ) -> dict[str, Any]:
        newest = select(func.max(messages.c.seq)).where(messages.c.sender == sender)
        seq = (connection.execute(newest).scalar() or 0) + 1
        row = {
            "sender": sender,
            "seq": seq,
            "author": author,
            "body": json.dumps(body, ensure_ascii=False),
            "client_id": client_id,
            "reply_to": reply_to,
            "waiting": waiting,
            "at": now(),
        }
        connection.execute(insert(messages).values(**row))
        return as_client_sees(row)


def as_client_sees(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as clients see it."""
    shown = {"seq": row["seq"], "author": row["author"], "at": _in_words(row["at"])}
    body = json.loads(row["body"])
    if row["author"] == VISITOR:
        return {**shown, "id": row["client_id"], "title": body["title"]}
    thumb = {"thumb": row["thumb"]} if row.get("thumb") else {}
    return {**shown, "reply_to": row["reply_to"], **body, **thumb}


def _in_words(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def now() -> float:
    """The time as the log keeps it: seconds of UTC."""
    return datetime.now(UTC).timestamp()


def _engine(url: str) -> Engine:
    address = make_url(url.replace("postgres://", "postgresql://", 1))
    if address.get_backend_name() != "sqlite":
        return create_engine(address, future=True, pool_pre_ping=True)
    Path(address.database or "").parent.mkdir(parents=True, exist_ok=True)
    # Connections are kept: to open and close one for each transaction takes several times as
    # long as the transaction, since SQLite tidies up its files when the last is closed.
    engine = create_engine(
        address,
        future=True,
        poolclass=QueuePool,
        connect_args={"timeout": PATIENCE, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # sqlite3 must not begin transactions by itself: we do
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

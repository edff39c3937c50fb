"""Where Rasa keeps conversations: its own SQL store, for long conversations too."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import AllSlotsReset, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import create_engine, func, insert
from sqlalchemy import event as events_of
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from nlu.conversation import Conversation
from nlu.undone import TurnUndone

if TYPE_CHECKING:
    from sqlalchemy.orm import Query, Session

log = structlog.get_logger()

STRETCH = 50  # events, five turns or so
# How long another program's lock on an SQLite file is waited for: meanwhile nobody is answered, but
# on a busy machine half a second was too short for the worker to be done.
LOCKED_FOR = 2.0  # seconds


class Unread(DialogueStateTracker):
    """Stands for a conversation that the database did not give. A turn is taken on it, so that
    danger is answered; it is never stored, since its events would follow on nothing."""


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL tracker store, as quick after 500 turns as after five.

    Rasa reads all of a session at each turn, sends all of it to the actions, and goes through
    all of it to decide. Here a conversation comes in stretches: after some turns the slots are
    reset and set to what they were, which changes nothing, and a turn reads the stretch it
    stands in and the one before. All events stay in the database.

    A turn whose conversation the database did not give, or does not take, is undone (TurnUndone).

    Takes what SQLTrackerStore takes; endpoints.yml names it (``tracker_store: type``).
    """

    engine: Engine

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if self.engine.dialect.name == "sqlite":
            self.engine = _kept_open(self.engine.url)
            self.sessionmaker.configure(bind=self.engine)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Stores the turn's events, and begins a new stretch where the old one is long. A
        conversation in which nothing has been said is not stored. Raises TurnUndone."""
        if not any(isinstance(event, UserUttered) for event in tracker.events):
            return
        if isinstance(tracker, Unread):
            raise TurnUndone("the conversation could not be read")
        if _long(tracker) and not tracker.active_loop_name:
            slots = [SlotSet(s.name, s.value) for s in tracker.slots.values() if s.has_been_set]
            for event in [AllSlotsReset(), *slots]:
                tracker.update(event)
        await self.stream_events(tracker)
        try:
            self._store(tracker)
        except (SQLAlchemyError, OSError) as error:
            raise TurnUndone("the conversation could not be stored") from error

    def takes_events(self) -> bool:
        """Whether the database takes what is written: one that is locked or full still reads."""
        nobody = uuid.uuid4().hex
        try:
            with self.session_scope() as session:
                session.add(self.SQLEvent(sender_id=nobody, type_name="nothing"))
                session.flush()
                session.query(self.SQLEvent).filter_by(sender_id=nobody).delete()
                session.commit()
        except (SQLAlchemyError, OSError):
            return False
        return True

    def _store(self, tracker: DialogueStateTracker) -> None:
        """Stores the events that are new, all in one statement: Rasa's own takes one for each."""
        with self.session_scope() as session:
            new = [_row(tracker, event) for event in self._additional_events(session, tracker)]
            if new:
                session.execute(insert(self.SQLEvent), new)
            session.commit()
        if isinstance(tracker, Conversation):
            tracker.stored = len(tracker.events)

    def _additional_events(
        self, session: Session, tracker: DialogueStateTracker
    ) -> Iterator[Event]:
        """The events that are not stored yet. Rasa counts those in the database, at each turn."""
        if isinstance(tracker, Conversation):
            return islice(tracker.events, tracker.stored, None)
        return super()._additional_events(session, tracker)

    async def _retrieve(
        self, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> DialogueStateTracker | None:
        try:
            rows = self._rows(sender_id, fetch_events_from_all_sessions)
        except (SQLAlchemyError, OSError):
            log.exception("conversation.unread")
            return Unread(sender_id, self.domain.slots)
        if not rows and fetch_events_from_all_sessions:
            return None
        read = [_event(json.loads(row.data)) for row in rows]
        tracker = Conversation.from_events(sender_id, read, self.domain.slots)
        tracker.stored = len(read)
        return tracker

    def _rows(self, sender_id: str, fetch_events_from_all_sessions: bool) -> list[Any]:
        try:
            return self._read(sender_id, fetch_events_from_all_sessions)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # The server was away since the last turn; a new connection may reach it.
            return self._read(sender_id, fetch_events_from_all_sessions)

    def _read(self, sender_id: str, fetch_events_from_all_sessions: bool) -> list[Any]:
        with self.session_scope() as session:
            query = self._event_query(session, sender_id, fetch_events_from_all_sessions)
            return list(query.with_entities(self.SQLEvent.data).all())

    def _event_query(
        self, session: Session, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> Query:
        query = super()._event_query(session, sender_id, fetch_events_from_all_sessions=True)
        if fetch_events_from_all_sessions:
            return query
        # By their numbers: Rasa goes by the time of day, and after a clock was put back would
        # read nothing of what is said.
        for kind, passed_over in ((SessionStarted, 0), (AllSlotsReset, 1)):
            begins = (
                session.query(self.SQLEvent.id)
                .filter_by(sender_id=sender_id, type_name=kind.type_name)
                .order_by(self.SQLEvent.id.desc())
                .offset(passed_over)
                .limit(1)
                .scalar_subquery()
            )
            query = query.filter(self.SQLEvent.id >= func.coalesce(begins, 0))
        return query


def _event(known: dict[str, Any]) -> Event:
    """An event as it was stored. Rasa's own reading looks through all classes for each event."""
    return _class_of(known["event"])._from_parameters(known)


@cache
def _class_of(name: str) -> type[Event]:
    return Event.resolve_by_type(name)


def _long(tracker: DialogueStateTracker) -> bool:
    """Whether a turn has ended, and the stretch it ended in has grown long enough."""
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        return False
    return not any(map(_begins, list(tracker.events)[-STRETCH:]))


def _begins(event: Event) -> bool:
    return isinstance(event, AllSlotsReset | SessionStarted)


def _row(tracker: DialogueStateTracker, event: Event) -> dict[str, Any]:
    """An event as Rasa's SQL store keeps it."""
    data = event.as_dict()
    return {
        "sender_id": tracker.sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _kept_open(address: Any) -> Engine:
    """An SQLite file with its connections kept: when the last is closed, SQLite tidies up its
    files, which takes longer than a turn's transactions."""
    engine = create_engine(address, poolclass=QueuePool, connect_args={"check_same_thread": False})
    events_of.listen(engine, "connect", _quickly)

    @events_of.listens_for(engine, "checkout")
    def still_there(connection: Any, record: Any, proxy: Any) -> None:
        """A connection to a file that has been moved or replaced is one to nothing."""
        if record.info["file"] != _identity(address.database):
            raise DisconnectionError

    return engine


def _identity(file: str) -> tuple[int, int] | None:
    try:
        found = Path(file).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _quickly(connection: Any, record: Any) -> None:
    """SQLite without a wait for the disk at each turn: a power cut may take the last turns, which
    the gateway has too, and nothing else. What is deleted is overwritten."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA busy_timeout = {LOCKED_FOR * 1000:.0f}")
    _, _, file = connection.execute("PRAGMA database_list").fetchone()
    record.info["file"] = _identity(file)

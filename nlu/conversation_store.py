"""Where Rasa keeps conversations: its own SQL store, for long conversations too."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import AllSlotsReset, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event as events_of
from sqlalchemy import func

if TYPE_CHECKING:
    from sqlalchemy.orm import Query, Session

STRETCH = 50  # events, five turns or so


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL tracker store, as quick after 500 turns as after five.

    Rasa reads all of a session at each turn, sends all of it to the actions, and goes through
    all of it to decide. Here a conversation comes in stretches: after some turns the slots are
    reset and set to what they were, which changes nothing, and a turn reads the stretch it
    stands in and the one before. All events stay in the database.

    Takes what SQLTrackerStore takes; endpoints.yml names it (``tracker_store: type``).
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if self.engine.dialect.name == "sqlite":
            events_of.listen(self.engine, "connect", _quickly)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Stores the turn's events, and begins a new stretch where the old one is long."""
        if _long(tracker) and not tracker.active_loop_name:
            slots = [SlotSet(s.name, s.value) for s in tracker.slots.values() if s.has_been_set]
            for event in [AllSlotsReset(), *slots]:
                tracker.update(event)
        await super().save(tracker)

    async def _retrieve(
        self, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> DialogueStateTracker | None:
        with self.session_scope() as session:
            query = self._event_query(session, sender_id, fetch_events_from_all_sessions)
            rows = query.with_entities(self.SQLEvent.data).all()
        if not rows:
            return None
        read = [_event(json.loads(row.data)) for row in rows]
        return DialogueStateTracker.from_events(sender_id, read, self.domain.slots)

    def _event_query(
        self, session: Session, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> Query:
        query = super()._event_query(session, sender_id, fetch_events_from_all_sessions)
        if fetch_events_from_all_sessions:
            return query
        last_but_one = (
            session.query(self.SQLEvent.id)
            .filter_by(sender_id=sender_id, type_name=AllSlotsReset.type_name)
            .order_by(self.SQLEvent.id.desc())
            .offset(1)
            .limit(1)
            .scalar_subquery()
        )
        return query.filter(self.SQLEvent.id >= func.coalesce(last_but_one, 0))


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


def _quickly(connection: Any, record: Any) -> None:
    """SQLite without a wait for the disk at each turn: a power cut may take the last turns, which
    the gateway has too, and nothing else. What is deleted is overwritten."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")

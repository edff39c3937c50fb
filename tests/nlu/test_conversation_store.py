"""Conversations as Rasa's next turn reads them: the last stretches, with nothing forgotten."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from nlu.conversation_store import STRETCH, ConversationStore
from nlu.undone import TurnUndone

DOMAIN = """
version: "3.1"
intents: [inform]
slots:
  patient: {type: text, mappings: [{type: custom}]}
  wishes: {type: list, mappings: [{type: custom}]}
  never_set: {type: bool, mappings: [{type: custom}]}
forms:
  booking_form: {required_slots: []}
"""
SENDER = "web:1"


@pytest.fixture
def store(tmp_path):
    return ConversationStore(Domain.from_yaml(DOMAIN), db=str(tmp_path / "conversations.db"))


async def say(store, number, *also):
    """One turn, as Rasa handles it: read, add events, store. Returns what was read."""
    tracker = await store.get_or_create_tracker(SENDER)
    read = list(tracker.events)
    if not read:
        tracker.update_with_events(
            [ActionExecuted("action_session_start"), SessionStarted()], store.domain
        )
    turn = [UserUttered(f"message {number}"), *also, BotUttered(f"answer {number}")]
    for event in [*turn, ActionExecuted("action_listen")]:
        tracker.update(event)
    await store.save(tracker)
    return read


async def said(store):
    tracker = await store.retrieve_full_tracker(SENDER)
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


async def test_a_turn_reads_two_stretches_at_most_however_long_the_conversation(store):
    read = [len(await say(store, number)) for number in range(200)]
    assert STRETCH < max(read) < 2 * STRETCH + 20


async def test_the_last_turns_are_always_read(store):
    for number in range(100):
        read = await say(store, number)
        if number >= STRETCH:
            texts = [event.text for event in read if isinstance(event, UserUttered)]
            assert texts[-10:] == [f"message {one}" for one in range(number - 10, number)]


async def test_no_message_is_lost_or_doubled(store):
    for number in range(120):
        await say(store, number)
    assert await said(store) == [f"message {number}" for number in range(120)]


async def test_what_was_remembered_at_the_beginning_is_still_remembered(store):
    await say(store, 0, SlotSet("patient", "baby"), SlotSet("wishes", ["early"]))
    for number in range(1, 150):
        await say(store, number)
    tracker = await store.retrieve(SENDER)
    assert tracker.get_slot("patient") == "baby"
    assert tracker.get_slot("wishes") == ["early"]
    assert not tracker.slots["never_set"].has_been_set


async def test_what_was_forgotten_stays_forgotten(store):
    await say(store, 0, SlotSet("patient", "baby"))
    for number in range(1, 60):
        await say(store, number, *([SlotSet("patient", None)] if number == 30 else []))
    assert (await store.retrieve(SENDER)).get_slot("patient") is None


async def test_a_form_is_read_whole(store):
    await say(store, 0, ActiveLoop("booking_form"))
    for number in range(1, 2 * STRETCH):
        await say(store, number)
    tracker = await store.retrieve(SENDER)
    assert tracker.active_loop_name == "booking_form"
    assert len(tracker.events) > 2 * STRETCH


async def test_after_a_pause_a_session_is_read_from_its_own_beginning(store):
    for number in range(100):
        await say(store, number)
    tracker = await store.get_or_create_tracker(SENDER)
    tracker.update_with_events(
        [
            ActionExecuted("action_session_start"),
            SessionStarted(),
            ActionExecuted("action_listen"),
        ],
        store.domain,
    )
    await store.save(tracker)
    assert len(await say(store, 100)) == 2
    assert (await said(store))[-1] == "message 100"


async def test_a_turn_on_a_conversation_that_could_not_be_read_is_undone(store, tmp_path):
    await say(store, 0)
    files = list(tmp_path.glob("conversations.db*"))
    (tmp_path / "away").mkdir()
    for file in files:
        file.rename(tmp_path / "away" / file.name)
    tracker = await store.get_or_create_tracker(SENDER)
    for file in files:  # they are back before the turn is over
        (tmp_path / "away" / file.name).rename(file)
    tracker.update(UserUttered("message lost"))
    with pytest.raises(TurnUndone):
        await store.save(tracker)
    await say(store, 1)
    assert await said(store) == ["message 0", "message 1"]


async def test_a_turn_that_cannot_be_stored_is_undone(store, tmp_path):
    await say(store, 0)
    with closing(sqlite3.connect(tmp_path / "conversations.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TurnUndone):
            await say(store, 1)
        other.execute("ROLLBACK")
    await say(store, 2)
    assert await said(store) == ["message 0", "message 2"]


async def test_a_database_put_in_the_place_of_another_is_the_one_that_is_read(store, tmp_path):
    await say(store, 0)
    kept = tmp_path / "conversations.db"
    with closing(sqlite3.connect(kept)) as one, closing(sqlite3.connect(tmp_path / "copy")) as copy:
        one.backup(copy)
    await say(store, 1)
    for file in tmp_path.glob("conversations.db?*"):
        file.unlink()
    (tmp_path / "copy").rename(kept)
    await say(store, 2)
    assert await said(store) == ["message 0", "message 2"]


@pytest.mark.parametrize("hours", [-24, 24])
async def test_a_clock_that_jumps_loses_nothing(store, monkeypatch, hours):
    await say(store, 0, SlotSet("patient", "baby"))
    present = time.time()
    monkeypatch.setattr(time, "time", lambda: present + hours * 3600)
    for number in range(1, 4):
        read = await say(store, number)
        texts = [event.text for event in read if isinstance(event, UserUttered)]
        assert texts == [f"message {earlier}" for earlier in range(number)]
    assert (await store.retrieve(SENDER)).get_slot("patient") == "baby"

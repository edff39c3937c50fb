"""A copy of a conversation is what Rasa makes by going through all of its events again."""

from __future__ import annotations

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    LoopInterrupted,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from nlu.conversation import Conversation

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [inform]
slots:
  patient: {type: text, mappings: [{type: custom}]}
  sure: {type: bool, initial_value: true, mappings: [{type: custom}]}
forms:
  booking_form: {required_slots: []}
"""
)
ASKED = [
    ActionExecuted("action_listen"),
    UserUttered("for my baby", {"name": "inform"}),
    SlotSet("patient", "baby"),
    SlotSet("sure", False),
    ActionExecuted("booking_form"),
    ActiveLoop("booking_form"),
    BotUttered("When?"),
]
LEFT = [
    ActionExecuted("action_listen"),
    UserUttered("is it open?", {"name": "inform"}),
    ActionExecutionRejected("booking_form"),
    LoopInterrupted(True),
]


def conversation(events):
    return Conversation.from_events("web:1", list(events), DOMAIN.slots)


def whole(tracker):
    slots = {name: (slot.value, slot.has_been_set) for name, slot in tracker.slots.items()}
    return tracker.current_state(EventVerbosity.ALL), slots


@pytest.mark.parametrize("events", [[], ASKED, ASKED + LEFT, [*ASKED, Restarted()]])
def test_a_copy_is_as_rasa_makes_it(events):
    tracker = conversation(events)
    assert whole(tracker.copy()) == whole(DialogueStateTracker.copy(tracker))


def test_what_happens_to_a_copy_does_not_happen_to_the_conversation():
    tracker = conversation(ASKED)
    before = whole(tracker)
    copy = tracker.copy()
    for event in [*LEFT, SlotSet("patient", "adult"), ActiveLoop(None)]:
        copy.update(event)
    assert whole(tracker) == before


def test_rasa_sees_the_same_past_states():
    events = [*ASKED, *LEFT, ActionExecuted("utter_hours"), SlotSet("sure", None)]
    plain = DialogueStateTracker.from_events("web:1", list(events), DOMAIN.slots)
    assert conversation(events).past_states(DOMAIN) == plain.past_states(DOMAIN)

"""Rules looked up by intent and action predict what Rasa's RulePolicy predicts."""

from __future__ import annotations

import pytest
from rasa.core.policies.rule_policy import InvalidRule, RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph

from nlu.rules import QuickRulePolicy

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet, ask, book, stop]
slots:
  topic: {type: categorical, values: [hours, prices], mappings: [{type: custom}]}
  requested_slot: {type: text, influence_conversation: false, mappings: [{type: custom}]}
forms:
  booking_form: {required_slots: []}
actions: [action_book, action_leave, utter_hello, utter_welcome, utter_hours, utter_answer]
"""
)
RULES = """
version: "3.1"
rules:
  - rule: first words
    conversation_start: true
    steps: [{intent: greet}, {action: utter_welcome}, {action: utter_hello}]
  - rule: later words
    steps: [{intent: greet}, {action: utter_hello}]
  - rule: any question
    steps: [{intent: ask}, {action: utter_answer}]
  - rule: a question of hours
    condition: [{slot_was_set: [{topic: hours}]}]
    steps: [{intent: ask}, {action: utter_hours}]
  - rule: booking begins
    steps: [{intent: book}, {action: booking_form}, {active_loop: booking_form}]
  - rule: booking ends
    condition: [{active_loop: booking_form}]
    steps: [{action: booking_form}, {active_loop: null}, {action: action_book}]
  - rule: booking is left
    condition: [{active_loop: booking_form}]
    steps: [{intent: stop}, {action: action_leave}, {active_loop: null}]
"""
WORDS = """
version: "3.1"
rules:
  - rule: by words
    steps: [{user: "hello"}, {action: utter_hello}]
"""
LISTEN = "action_listen"
REJECTED = ActionExecutionRejected("booking_form")
BOOKS = [LISTEN, ("book",), "booking_form", ActiveLoop("booking_form")]
CONVERSATIONS = [
    [LISTEN, ("greet",), "utter_welcome", "utter_hello"],
    [LISTEN, ("ask",), "utter_answer", LISTEN, ("greet",), "utter_hello"],
    [LISTEN, SlotSet("topic", "hours"), ("ask",), "utter_hours", LISTEN, ("stop",)],
    [*BOOKS, LISTEN, ("ask",), REJECTED, "utter_answer", "booking_form", LISTEN, ("book",)],
    [*BOOKS, LISTEN, ("stop",), REJECTED, "action_leave", ActiveLoop(None), LISTEN, ("greet",)],
    [*BOOKS, ActiveLoop(None), "action_book", LISTEN, ("book",), *BOOKS[2:]],
]


def trained(kind, folder, rules=RULES):
    steps = YAMLStoryReader(DOMAIN).read_from_string(rules)
    trackers = TrainingDataGenerator(StoryGraph(steps), DOMAIN, augmentation_factor=0).generate()
    (folder / kind.__name__).mkdir()
    policy = kind(
        kind.get_default_config(),
        LocalModelStorage(folder / kind.__name__),
        Resource("rules"),
        ExecutionContext(GraphSchema({})),
    )
    policy.train(trackers, DOMAIN)
    return policy


def event(written):
    if isinstance(written, str):
        return ActionExecuted(written)
    if isinstance(written, tuple):
        return UserUttered(written[0], {"name": written[0]})
    return written


def predictions(policy, conversation):
    """What the policy says after each event of a conversation."""
    tracker = DialogueStateTracker.from_events("web:1", [], DOMAIN.slots)
    found = []
    for written in conversation:
        tracker.update(event(written))
        said = policy.predict_action_probabilities(tracker, DOMAIN)
        kind = said.is_end_to_end_prediction, said.is_no_user_prediction, said.hide_rule_turn
        found.append((list(said.probabilities), said.events, kind))
    return found


def test_they_predict_what_rasas_predict(tmp_path):
    ours, rasas = (trained(kind, tmp_path) for kind in (QuickRulePolicy, RulePolicy))
    for conversation in CONVERSATIONS:
        assert predictions(ours, conversation) == predictions(rasas, conversation)


def test_they_decide_something(tmp_path):
    said = predictions(trained(QuickRulePolicy, tmp_path), CONVERSATIONS[1])
    decided = [DOMAIN.action_names_or_texts[p.index(1.0)] for p, _, _ in said if 1.0 in p]
    assert {"utter_answer", "utter_hello", "action_listen"} == set(decided)


def test_a_rule_that_goes_by_words_is_refused(tmp_path):
    with pytest.raises(InvalidRule, match="name its intent"):
        trained(QuickRulePolicy, tmp_path, WORDS)

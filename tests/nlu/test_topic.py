"""The topic of a question, as an entity."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from nlu.topic import TopicOfQuestion


def processed(intent, full_name, entities=()):
    message = Message(
        {
            "text": "are you open?",
            "intent": {"name": intent, "confidence": 0.9},
            "response_selector": {"faq": {"response": {"intent_response_key": full_name}}},
            "entities": list(entities),
        }
    )
    return TopicOfQuestion().process([message])[0].get("entities")


def test_a_question_has_its_topic_among_the_entities():
    earlier = {"entity": "patient", "value": "baby"}
    found = processed("faq", "faq/hours", [earlier])
    assert found[0] == earlier
    assert (found[1]["entity"], found[1]["value"]) == ("topic", "hours")


@pytest.mark.parametrize("intent", ["greet", "nlu_fallback", "out_of_scope", None])
def test_what_is_no_question_has_no_topic(intent):
    assert processed(intent, "faq/hours") == []


def test_a_message_without_an_intent_is_left_alone():
    message = Message({"text": ""})
    assert TopicOfQuestion().process([message]) == [message]
    assert message.get("entities") is None

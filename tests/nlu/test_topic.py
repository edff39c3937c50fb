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


def test_a_follow_up_has_its_topic_from_its_conversation():
    found = processed("faq", "faq/hours", [{"entity": "follow_up", "value": "how_long"}])
    assert found[1]["value"] == "follow_up"


def about(text, *entities):
    message = Message(
        {
            "text": text,
            "intent": {"name": "faq"},
            "response_selector": {
                "faq": {"response": {"intent_response_key": "faq/about_treatment"}}
            },
            "entities": list(entities),
        }
    )
    (message,) = TopicOfQuestion().process([message])
    return {one["entity"]: one["value"] for one in message.get("entities")}


def test_a_thing_that_is_not_known_is_not_the_one_talked_of_before():
    assert about("what is microneedling") == {"topic": "about_treatment", "treatment": None}


def test_one_that_is_known_or_pointed_back_to_is():
    laser = {"entity": "treatment", "value": "laser"}
    assert about("what is laser", laser)["treatment"] == "laser"
    assert "treatment" not in about("how is that done")


def test_the_wordings_of_an_answer_are_not_kept_with_the_message():
    selected = {"response": {"intent_response_key": "faq/hours", "responses": [{"text": "..."}]}}
    message = Message({"text": "are you open?", "response_selector": {"faq": selected}})
    TopicOfQuestion().process([message])
    response = message.get("response_selector")["faq"]["response"]
    assert response == {"intent_response_key": "faq/hours", "responses": []}

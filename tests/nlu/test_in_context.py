"""The marks of messages that need their conversation."""

from __future__ import annotations

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.in_context import InContext


def entity(text, name, words):
    start = text.index(words)
    return {"entity": name, "value": words, "start": start, "end": start + len(words)}


def processed(text, entities=(), **data):
    message = Message({TEXT: text, ENTITIES: list(entities), **data})
    (message,) = InContext().process([message])
    return message


def marks(message):
    return {one["entity"]: one["value"] for one in message.get(ENTITIES)}


def test_a_follow_up_is_marked_with_its_kind():
    assert marks(processed("why?")) == {"follow_up": "why"}


def test_a_payload_is_not():
    assert marks(processed("/affirm")) == {}


def test_each_of_two_questions_has_its_own_things_and_both_have_the_person():
    text = "does laser hurt my baby? what is curettage"
    found = [
        entity(text, "treatment", "laser"),
        entity(text, "patient", "baby"),
        entity(text, "treatment", "curettage"),
    ]
    questions = [
        {"name": "faq/treatment_pain", "text": "does laser hurt my baby?"},
        {"name": "faq/about_treatment", "text": "what is curettage"},
    ]
    message = processed(text, found, intents=questions)
    assert marks(message) == {
        "treatment": "laser",
        "patient": "baby",
        "second_question": "faq/about_treatment",
    }
    second = message.get("intents")[1]
    assert marks(Message({ENTITIES: second["entities"]})) == {
        "treatment": "curettage",
        "patient": "baby",
    }


def test_two_requests_are_marked_as_well():
    questions = [
        {"name": "cancel_appointment", "text": "cancel it"},
        {"name": "erase_my_data", "text": "delete my data"},
    ]
    message = processed("cancel it and delete my data", intents=questions)
    assert marks(message) == {"second_question": "erase_my_data"}

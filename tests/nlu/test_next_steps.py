"""What buttons send, and where they lead."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from nlu.next_steps import NextStepTaken, next_steps, next_steps_with_topics


def understood(text, **guessed):
    message = Message({"text": text, **guessed})
    steps = {"opening hours": "faq/hours", "book a consultation": "book_appointment"}
    (message,) = NextStepTaken(steps, None, None).process([message])
    return message


def with_topics(*payloads):
    buttons = [{"title": payload, "payload": payload} for payload in payloads]
    responses = next_steps_with_topics({"utter_x": [{"text": "", "buttons": buttons}]})
    return [button.get("topic") for button in responses["utter_x"][0]["buttons"]]


def test_what_a_button_sends_means_what_the_file_says_whatever_was_guessed():
    message = understood("opening hours", intent={"name": "out_of_scope", "confidence": 0.9})
    assert message.get("intent") == {"name": "faq", "confidence": 1.0}
    response = message.get("response_selector")["faq"]["response"]
    assert response["intent_response_key"] == "faq/hours"
    assert response["utter_action"] == "utter_faq/hours"


def test_what_was_selected_for_another_retrieval_intent_stays():
    selected = {"all_retrieval_intents": ["faq", "out_of_scope"], "out_of_scope": {"ranking": []}}
    selector = understood("opening hours", response_selector=selected).get("response_selector")
    assert selector["all_retrieval_intents"] == ["faq", "out_of_scope"]
    assert selector["out_of_scope"] == {"ranking": []}


def test_a_button_may_send_what_is_no_question():
    assert understood("book a consultation").get("intent")["name"] == "book_appointment"


@pytest.mark.parametrize("text", ["Opening hours?", "  opening  HOURS. "])
def test_capitals_spaces_and_the_mark_at_the_end_do_not_matter(text):
    assert understood(text).get("intent")["name"] == "faq"


def test_another_message_is_left_alone():
    guess = {"name": "greet", "confidence": 0.9}
    assert understood("opening hours on sunday", intent=guess).get("intent") == guess


def test_a_general_question_is_known_by_its_topic():
    assert with_topics("how long do milia last", "What are milia?") == [
        "how_long",
        "what_are_milia",
    ]


def test_a_question_for_somebody_or_about_one_thing_is_not():
    particular = ("how long do milia last in a child", "what is curettage", "stye or milia")
    assert with_topics(*particular, "book a consultation") == [None] * 4


def test_no_words_mean_two_things():
    from nlu.next_steps import _steps

    assert len(next_steps()) == sum(len(texts) for texts in _steps().values())

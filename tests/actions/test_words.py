"""What the actions say."""

from __future__ import annotations

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.words import say


def test_words_come_with_their_values_and_buttons():
    dispatcher = CollectingDispatcher()
    values = {
        "service": "Consultation",
        "when": "Tuesday 24 November at 9:00",
        "patient_in_words": "your baby",
        "visitor_name": "Asha {Patel}",
        "contact": "asha@example.org",
    }
    say(dispatcher, "ask_booking_confirmed", values)
    (message,) = dispatcher.messages
    assert "for your baby on Tuesday 24 November at 9:00" in message["text"]
    assert "Asha {Patel}" in message["text"]
    assert [button["payload"] for button in message["buttons"]] == ["/affirm", "/deny"]


def test_a_message_tells_the_channels_its_kind():
    dispatcher = CollectingDispatcher()
    say(dispatcher, "ask_visitor_name", kind="summary")
    assert dispatcher.messages[0]["metadata"]["kind"] == "summary"


def test_buttons_that_are_given_take_the_place_of_those_written():
    dispatcher = CollectingDispatcher()
    say(dispatcher, "ask_booking_for", buttons=[{"title": "A", "payload": "a"}])
    assert dispatcher.messages[0]["buttons"] == [{"title": "A", "payload": "a"}]


@pytest.mark.parametrize(("name", "values"), [("no_such_words", {}), ("no_free_times", {})])
def test_missing_words_and_values_are_errors(name, values):
    with pytest.raises(KeyError):
        say(CollectingDispatcher(), name, values)

"""Rasa's end of the private line: what it tells the gateway of each message."""

from __future__ import annotations

from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered

from channels.private_rest import as_told, said_in_answer_to


def test_an_answer_says_its_kind_and_topic():
    told = as_told({"text": "Cysts.", "utter_action": "utter_faq/what_are_milia"})
    said = "utter_faq/what_are_milia"
    assert told == {"text": "Cysts.", "kind": "answer", "topic": "what_are_milia", "said": said}


def test_what_an_action_says_has_the_name_of_its_words():
    assert as_told({"text": "Hm?", "metadata": {"said": "not_understood"}})["said"] == (
        "not_understood"
    )


def test_what_a_response_says_of_itself_counts():
    told = as_told(
        {
            "text": "Call 999.",
            "utter_action": "utter_faq/popping",
            "image": "/pictures/milium.svg",
            "buttons": [],
            "metadata": {"kind": "emergency", "alt": "A spot", "else": 1},
        }
    )
    assert told == {
        "text": "Call 999.",
        "image": "/pictures/milium.svg",
        "kind": "emergency",
        "topic": "popping",
        "alt": "A spot",
        "said": "utter_faq/popping",
    }


def user(text, id):
    return UserUttered(text, message_id=id)


def test_the_tracker_gives_the_answer_to_one_message():
    events = [
        user("hi", "a"),
        ActionExecuted("utter_greet"),
        BotUttered("Hello."),
        BotUttered("Ask me."),
        user("bye", "b"),
        BotUttered("Bye."),
    ]
    assert [said["text"] for said in said_in_answer_to("a", events)] == ["Hello.", "Ask me."]
    assert [said["text"] for said in said_in_answer_to("b", events)] == ["Bye."]
    assert said_in_answer_to("c", events) is None


def test_the_answers_to_both_questions_of_a_message_belong_to_it():
    second = UserUttered("and b?")
    second.message_id = None
    events = [user("a? and b?", "a"), BotUttered("A."), second, BotUttered("B.")]
    assert [said["text"] for said in said_in_answer_to("a", events)] == ["A.", "B."]

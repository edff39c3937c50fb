"""What is offered when a message was not understood."""

from __future__ import annotations

from types import SimpleNamespace

from actions.unsure import guessed, misses


def user(intent, **entities):
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    return {"event": "user", "parse_data": {"intent": {"name": intent}, "entities": found}}


def conversation(*events):
    return SimpleNamespace(events=list(events))


def test_misses_one_after_the_other_are_counted():
    assert misses(conversation(user("nlu_fallback"), user("nlu_fallback"))) == 2


def test_something_understood_sets_the_count_back():
    assert misses(conversation(user("nlu_fallback"), user("faq"), user("nlu_fallback"))) == 1


def test_something_else_is_a_miss_too():
    asked_for_more = user("inform", follow_up="something_else")
    assert misses(conversation(user("nlu_fallback"), asked_for_more, user("nlu_fallback"))) == 3


def test_the_two_likeliest_are_guessed_by_name_and_what_lies_outside_is_not():
    message = {
        "intent_ranking": [
            {"name": "nlu_fallback", "confidence": 0.4},
            {"name": "out_of_scope", "confidence": 0.3},
            {"name": "faq", "confidence": 0.2},
            {"name": "affirm", "confidence": 0.15},
            {"name": "book_appointment", "confidence": 0.1},
        ],
        "response_selector": {
            "all_retrieval_intents": ["faq", "out_of_scope"],
            "out_of_scope": {
                "ranking": [{"intent_response_key": "out_of_scope/unrelated", "confidence": 0.3}]
            },
            "faq": {
                "ranking": [
                    {"intent_response_key": "faq/hours", "confidence": 0.2},
                    {"intent_response_key": "faq/location", "confidence": 0.05},
                ]
            },
        },
    }
    titles = [guess["title"] for guess in guessed(message)]
    assert titles == ["Opening hours", "Book a consultation"]

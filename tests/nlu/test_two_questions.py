"""Two questions in one message."""

from __future__ import annotations

import pytest

from nlu.intent_model import Prediction
from nlu.two_questions import divisions, two_questions

INTENTS = {"cause": "causes", "much": "prices", "cost": "prices", "open": "hours", "hurt": "pain"}


def understand(texts):
    """Knows an intent by its word; two words make two guesses, the first one first."""
    predictions = []
    for text in texts:
        found = [intent for word, intent in INTENTS.items() if word in text.lower()]
        ranking = [(intent, 0.9 - 0.2 * place) for place, intent in enumerate(dict.fromkeys(found))]
        predictions.append(Prediction(ranking or [("other", 0.1)], 0.3))
    return predictions


def questions(text, counts=lambda intent: True):
    (whole,) = understand([text])
    return [
        (part.prediction.intent, part.text)
        for part in two_questions(text, whole, understand, counts, confidence=0.5)
    ]


def test_two_questions_come_in_their_order():
    assert questions("how much is removal and what causes them?") == [
        ("prices", "how much is removal"),
        ("causes", "what causes them?"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "does it hurt? how much is it?",
        "does it hurt, and how much is it",
        "hi, does it hurt?how much is it",
        "are you open on sunday\nwhat does it cost",
    ],
)
def test_they_may_be_joined_in_any_way(text):
    assert len(questions(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "how much is it",
        "is it milia or baby acne, and how do you tell",
        "my baby has white and red spots",
        "how much does it cost and what are the prices",
        "it hurts and costs a lot",
        "my baby is 3 weeks old. what causes milia",
    ],
)
def test_one_question_is_not_divided(text):
    assert questions(text) == []


def test_an_intent_that_does_not_count_is_no_second_question():
    assert questions("does it hurt? how much is it?", counts=lambda intent: intent != "pain") == []


def test_a_very_long_message_is_divided_in_few_ways():
    long = "what is it and " * 500
    assert len(long) > 5_000
    assert questions(long) == []
    assert list(divisions("what is it and how much is it"))

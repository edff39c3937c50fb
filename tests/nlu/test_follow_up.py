"""Which messages mean something only after the one before."""

from __future__ import annotations

import pytest

from nlu.follow_up import follow_up


def named(text, kind, words):
    start = text.index(words)
    return {"entity": kind, "value": words, "start": start, "end": start + len(words)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("why?", "why"),
        ("ok but why", "why"),
        ("tell me more", "more"),
        ("go on", "more"),
        ("how do you know?", "sources"),
        ("says who", "sources"),
        ("how long does that take?", "how_long"),
        ("does it hurt?", "hurt"),
        ("what about the other one?", "other_one"),
        ("Something else", "something_else"),
    ],
)
def test_words_that_need_what_was_said_before_are_a_follow_up(text, kind):
    assert follow_up(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "why do babies get milia",
        "how long do milia last",
        "does cryotherapy hurt",
        "more milia!",
        "",
        "?",
    ],
)
def test_a_whole_question_is_none(text):
    assert follow_up(text) is None


@pytest.mark.parametrize(
    "text", ["and for my son?", "it's for my son", "my son", "what about my son"]
)
def test_nothing_but_a_person_asks_the_same_for_that_person(text):
    assert follow_up(text, [named(text, "patient", "son")]) == "for_whom"


def test_a_person_and_a_question_is_a_question():
    text = "how do i treat my son"
    assert follow_up(text, [named(text, "patient", "son")]) is None


def test_nothing_but_a_thing_asks_the_same_of_that_thing():
    text = "and what about laser?"
    assert follow_up(text, [named(text, "treatment", "laser")]) == "what_about"


def test_a_thing_without_a_lead_is_none():
    assert follow_up("laser", [named("laser", "treatment", "laser")]) is None


def test_a_long_message_is_none():
    assert follow_up("why " * 40) is None


def test_a_baby_that_is_only_part_of_a_name_is_no_person():
    text = "and baby acne?"
    entities = [named(text, "condition", "baby acne"), named(text, "patient", "baby")]
    assert follow_up(text, entities) == "what_about"

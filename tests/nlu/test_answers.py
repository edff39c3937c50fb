"""How the answers of data/answers/ are written out for Rasa."""

from __future__ import annotations

from nlu.answers import TELL_ME_MORE, written_out


def conditions(variations):
    return [
        {condition["name"]: condition["value"] for condition in variation["condition"]}
        for variation in variations
    ]


def test_a_condition_with_several_values_becomes_a_variation_for_each():
    two = {"type": "slot", "name": "patient", "value": ["adult", None]}
    one = {"type": "slot", "name": "treatment", "value": "peel"}
    written = written_out("utter_x", [{"text": "A", "condition": [two, one]}, {"text": "B"}])
    assert [variation["text"] for variation in written] == ["A", "A", "B"]
    assert conditions(written[:2]) == [
        {"patient": "adult", "treatment": "peel"},
        {"patient": None, "treatment": "peel"},
    ]


def test_an_answer_says_that_it_is_one_and_what_it_is_about():
    (written,) = written_out("utter_faq/types", [{"text": "A", "metadata": {"sources": ["s"]}}])
    assert written["metadata"] == {"kind": "answer", "topic": "types", "sources": ["s"]}


def test_what_is_no_answer_to_a_question_is_left_as_it_is():
    assert written_out("utter_greet", [{"text": "A"}]) == [{"text": "A"}]


def test_an_answer_with_more_to_say_offers_it_last():
    book = {"title": "Book", "payload": "book"}
    answer = {"text": "A", "buttons": [book], "metadata": {"more": "B"}}
    (written,) = written_out("utter_faq/types", [answer])
    assert written["buttons"] == [book, TELL_ME_MORE]
    assert answer["buttons"] == [book]

"""Every answer can be read by a twelve-year-old."""

from __future__ import annotations

import re

import pytest

from scripts.answers import all_answers
from scripts.reading import GRADE, grade, medical_names, set_aside

NAMES = medical_names()
ANSWERS = all_answers()


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_an_answer_is_easy_to_read(answer):
    for words in filter(None, (answer.prose, answer.more)):
        assert grade(words, NAMES) <= GRADE, "shorter words and sentences, please: make reading"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_set_aside_is_said(name):
    said = "\n".join(f"{answer.text} {answer.more}" for answer in ANSWERS)
    assert re.search(rf"\b{re.escape(name)}\b", said, re.IGNORECASE)


def test_hard_words_that_are_no_names_count():
    hard = "Dermatological examination is recommendable, considering persistent manifestations."
    assert grade(hard, NAMES) > GRADE
    assert set_aside("Milia, {clinic_name}:\n- Epstein pearls", NAMES) == "name, this: name."

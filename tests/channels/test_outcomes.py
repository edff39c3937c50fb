"""What came of a turn, in one word: the gravest of what was said."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from channels.assistant import Reply
from channels.outcomes import NOT_UNDERSTOOD, outcome


@pytest.mark.parametrize(
    ("replies", "word"),
    [
        ([Reply("Milia are …", said="utter_faq/what_are_milia", kind="answer")], "answered"),
        ([Reply("Did you mean …", said="two_guesses")], "guessed"),
        ([Reply("I am for milia only.", said="utter_out_of_scope/unrelated")], "out_of_scope"),
        ([Reply("We will call.", kind="handover")], "handed_over"),
        ([Reply("Call 999.", kind="emergency"), Reply("We will call.", kind="handover")], "urgent"),
        ([Reply("Hm?", said="not_understood"), Reply("For when?")], "guessed"),
    ],
)
def test_a_turn_is_counted_by_the_gravest(replies, word):
    assert outcome(replies) == word


def test_the_answers_to_what_was_not_understood_are_the_assistants_own():
    files = [yaml.safe_load(file.read_text()) for file in Path("data/answers").glob("*.yml")]
    said = {name for file in files for name in file.get("said_by_actions", {})}
    assert said >= NOT_UNDERSTOOD

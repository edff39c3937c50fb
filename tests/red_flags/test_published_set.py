"""The published set: every danger is caught, and almost nothing harmless alarms."""

from __future__ import annotations

import pytest

from nlu.red_flags_finder import RedFlagFinder
from nlu.red_flags_lexicon import RedFlagLexicon
from scripts.danger_messages import messages
from scripts.safety import LEXICON, MOST_FALSE_ALARMS

FINDER = RedFlagFinder(RedFlagLexicon.load(LEXICON))
CAUGHT = list(messages("caught"))
HARMLESS = list(messages("harmless"))


def kinds(text):
    """The red flags in a text; all that is no danger to the body counts as distress."""
    there = [flag for flag in FINDER.find(text) if flag.there]
    return {flag.kind if flag.intent == "urgent" else flag.intent for flag in there}


def test_the_set_holds_750_messages_of_either_sort():
    assert len(CAUGHT) >= 750
    assert len(HARMLESS) >= 750


@pytest.mark.parametrize(("kind", "text"), CAUGHT)
def test_the_rules_catch_each_danger_by_its_kind(kind, text):
    assert kind in kinds(text)


def test_the_model_catches_every_danger(model):
    assert [text for _, text in CAUGHT if not model(text)] == []


def test_few_harmless_messages_alarm_the_model(model):
    alarms = [text for _, text in HARMLESS if model(text)]
    assert len(alarms) <= MOST_FALSE_ALARMS * len(HARMLESS), alarms

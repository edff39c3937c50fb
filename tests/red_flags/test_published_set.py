"""The published set: every danger is caught, and almost nothing harmless alarms."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.red_flags_finder import RedFlagFinder
from nlu.red_flags_lexicon import RedFlagLexicon
from scripts.safety import LEXICON, MOST_FALSE_ALARMS, messages, trained_model

FINDER = RedFlagFinder(RedFlagLexicon.load(LEXICON))
CAUGHT = list(messages("caught"))
HARMLESS = list(messages("harmless"))
CHATTER = ["hi there sorry to bother you", "thank you for your time", "i love your website"]


def kinds(text):
    """The red flags in a text; all that is no danger to the body counts as distress."""
    there = [flag for flag in FINDER.find(text) if flag.there]
    return {flag.kind if flag.intent == "urgent" else flag.intent for flag in there}


@pytest.fixture(scope="module")
def model():
    return trained_model()


def test_the_set_holds_250_messages_of_either_sort():
    assert len(CAUGHT) >= 250
    assert len(HARMLESS) >= 250


@pytest.mark.parametrize(("kind", "text"), CAUGHT)
def test_the_rules_catch_each_danger_by_its_kind(kind, text):
    assert kind in kinds(text)


def test_the_model_catches_every_danger(model):
    assert [text for _, text in CAUGHT if not model(text)] == []


def test_few_harmless_messages_alarm_the_model(model):
    alarms = [text for _, text in HARMLESS if model(text)]
    assert len(alarms) <= MOST_FALSE_ALARMS * len(HARMLESS), alarms


@given(st.sampled_from(CAUGHT), st.sampled_from(CHATTER), st.sampled_from(CHATTER))
def test_chatter_around_a_danger_never_hides_it(message, before, after):
    kind, text = message
    assert kind in kinds(f"{before}. {text}. {after}")


@given(st.sampled_from(CAUGHT), st.sampled_from([str.upper, str.lower, str.capitalize]))
def test_capital_letters_never_hide_a_danger(message, change):
    kind, text = message
    assert kind in kinds(change(text))


@given(st.sampled_from(CAUGHT), st.text("!.?… ", max_size=6), st.text(" \n", max_size=3))
def test_punctuation_around_a_danger_never_hides_it(message, after, before):
    kind, text = message
    assert kind in kinds(before + text + after)


@given(st.text(string.printable, max_size=300))
def test_any_text_is_read_safely(text):
    kinds(text)

"""What the actions read off a message."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from actions.reading import may_be_a_name


def said(text, intent="goodbye"):
    return SimpleNamespace(
        latest_message={"text": text, "intent": {"name": intent}},
        get_intent_of_latest_message=lambda skip_fallback_intent: intent,
    )


@pytest.mark.parametrize("text", ["Ciara", "nia", "Will Stopes", "Mary-Ann O'Neill"])
def test_a_name_taken_for_small_talk_may_be_one(text):
    assert may_be_a_name(said(text))


@pytest.mark.parametrize("text", ["bye", "never mind", "see you later", "thanks a lot", "", "12"])
def test_small_talk_is_none(text):
    assert not may_be_a_name(said(text))


def test_a_question_is_none():
    assert not may_be_a_name(said("price list", "faq"))

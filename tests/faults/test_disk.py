"""The disk is full: words meanwhile, nothing lost or doubled after.

On a real disk of its own, where all three databases and the logs stand; where no disk can be
mounted, tests/faults/test_databases.py lets each process write nothing more.
"""

from __future__ import annotations

import pytest

from scripts.visitor import Visitor
from tests.faults.said import messages_in_the_chat, turns_in_rasa

QUESTION = "what are your opening hours?"


@pytest.fixture(autouse=True)
def real(disk):
    if not disk.mounted:
        pytest.skip("no disk can be mounted here: that takes root")


async def test_the_visitor_gets_words_and_can_just_say_it_again(
    failing, visitor, disk, is_apology, readiness
):
    said, taken = messages_in_the_chat(failing, visitor), turns_in_rasa(failing, visitor)
    with disk.full():
        assert is_apology(await visitor.say(QUESTION))
        assert is_apology(await visitor.say(QUESTION))
        assert not readiness("messages", False)
        assert not readiness("rasa", False)
    assert readiness("messages", True) or readiness("rasa", True)
    answer = await visitor.say(QUESTION)
    assert "Monday" in answer.text
    assert "Later times" in answer.buttons, "the booking is not where it was"
    assert messages_in_the_chat(failing, visitor) == said + 1
    assert turns_in_rasa(failing, visitor) == taken + 1


async def test_who_comes_meanwhile_is_let_in_and_told(failing, disk, is_apology):
    with disk.full():
        async with Visitor(failing.url) as somebody:
            assert is_apology(await somebody.say("my baby is not breathing"))

"""A database is locked, gone or full, and back: words meanwhile, nothing lost or doubled after."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from scripts.visitor import Visitor
from tests.faults.databases import full, gone, locked
from tests.faults.said import messages_in_the_chat, turns_in_rasa

QUESTION = "what are your opening hours?"


def goes_on(answer):
    return "Monday" in answer.text and "Later times" in answer.buttons


@pytest.mark.parametrize("fault", [locked, gone, full])
async def test_rasas_conversations(failing, visitor, is_apology, readiness, fault):
    before = turns_in_rasa(failing, visitor)
    with fault(failing, "conversations.db", "rasa"):
        assert is_apology(await visitor.say(QUESTION))
        assert is_apology(await visitor.say(QUESTION))
        assert not readiness("rasa", False)
    assert readiness("rasa", True)
    assert goes_on(await visitor.say(QUESTION))
    assert turns_in_rasa(failing, visitor) == before + 1


@pytest.mark.parametrize("fault", [locked, gone, full])
async def test_danger_is_answered_without_rasas_conversations(failing, visitor, fault):
    with fault(failing, "conversations.db", "rasa"):
        answer = await visitor.say("my baby has turned blue and is not breathing")
    assert "emergency" in answer.kinds


@pytest.mark.parametrize("fault", [locked, full])
async def test_the_chats_log(failing, visitor, is_apology, readiness, fault):
    before = messages_in_the_chat(failing, visitor)
    with fault(failing, "messages.db", "gateway"):
        assert is_apology(await visitor.say(QUESTION))
        assert not readiness("messages", False)
    assert readiness("messages", True)
    assert goes_on(await visitor.say(QUESTION))
    assert messages_in_the_chat(failing, visitor) == before + 1


async def test_the_chats_log_goes_away_and_comes_back_with_all_that_was_said(failing, visitor):
    """The gateway has the file in its hands: what is said meanwhile is in it, too."""
    before = messages_in_the_chat(failing, visitor)
    with gone(failing, "messages.db", "gateway"):
        await visitor.say(QUESTION)
    taken = messages_in_the_chat(failing, visitor) - before
    assert goes_on(await visitor.say(QUESTION))
    assert messages_in_the_chat(failing, visitor) == before + taken + 1


@pytest.mark.parametrize("fault", [locked, gone, full])
async def test_the_clinics_own(failing, visitor, is_apology, fault):
    times = [title for title in visitor.buttons if ":" in title]
    await visitor.press(times[0])
    await visitor.say("Asha Patel")
    address = f"{fault.__name__}@example.org"
    summary = await visitor.say(address)
    assert "Yes, book it" in summary.buttons
    yes = summary.buttons["Yes, book it"]
    with fault(failing, "clinic.db", "actions"):
        assert is_apology(await visitor.say(yes))
    assert "booked" in (await visitor.say(yes)).text.lower()
    assert appointments_of(failing, address) == 1


def appointments_of(servers, address):
    with create_engine(servers.database).connect() as connection:
        query = text("SELECT count(*) FROM appointments WHERE contact = :contact")
        return connection.execute(query, {"contact": address}).scalar_one()


async def test_while_the_diary_is_locked_questions_are_answered(failing, is_apology):
    async with Visitor(failing.url) as somebody:
        with locked(failing, "clinic.db", "actions"):
            assert not is_apology(await somebody.say("what are milia"))

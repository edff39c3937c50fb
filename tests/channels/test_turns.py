"""Turns: in order, as plain text, and never answered with silence."""

from __future__ import annotations

import asyncio

import pytest

from channels.assistant import AssistantUnavailable, Button, Reply
from channels.turns import TURNS_WAITING, Turns, as_text

SORRY = "Sorry. Call us."
TOO_FAST = "One moment."


class Listener:
    """Stands in for Rasa: remembers what it was sent and replies as told."""

    def __init__(self, *replies: Reply, fails: bool = False, slow: bool = False) -> None:
        self.heard: list[str] = []
        self.replies, self.fails, self.slow = list(replies), fails, slow
        self.at_once = 0

    async def turn(self, sender, text):
        self.at_once += 1
        assert self.at_once == 1 or sender == "web:other"
        self.heard.append(text)
        if self.slow:
            await asyncio.sleep(0.01)
        self.at_once -= 1
        if self.fails:
            raise AssistantUnavailable("ConnectError")
        return self.replies


def turns(listener):
    return Turns(listener, SORRY, TOO_FAST)


async def test_a_reply_reaches_the_visitor():
    assert await turns(Listener(Reply("Hello."))).take("web:1", "hi") == [Reply("Hello.")]


async def test_a_failed_turn_is_answered_in_words():
    assert await turns(Listener(fails=True)).take("web:1", "hi") == [Reply(SORRY)]


@pytest.mark.parametrize("replies", [[], [Reply("")], [Reply("  \n")]])
async def test_an_empty_answer_becomes_words(replies):
    assert await turns(Listener(*replies)).take("web:1", "hi") == [Reply(SORRY)]


async def test_a_command_that_a_visitor_types_is_text():
    listener = Listener(Reply("ok"))
    await turns(listener).take("web:1", '/inform{"patient": "baby"}')
    assert listener.heard == ['inform{"patient": "baby"}']


async def test_a_button_that_was_offered_may_be_pressed():
    listener = Listener(Reply("For whom?", [Button("For me", '/inform{"patient": "adult"}')]))
    conversation = turns(listener)
    await conversation.take("web:1", "book")
    await conversation.take("web:1", '/inform{"patient": "adult"}')
    assert listener.heard[-1] == '/inform{"patient": "adult"}'


async def test_a_button_offered_to_one_visitor_is_text_from_another():
    listener = Listener(Reply("Sure?", [Button("Yes", "/affirm")]))
    conversation = turns(listener)
    await conversation.take("web:1", "book")
    await conversation.take("web:2", "/affirm")
    assert listener.heard[-1] == "affirm"


async def test_turns_of_one_conversation_are_taken_one_after_the_other():
    listener = Listener(Reply("ok"), slow=True)
    conversation = turns(listener)
    await asyncio.gather(*(conversation.take("web:1", str(n)) for n in range(TURNS_WAITING)))
    assert listener.heard == [str(n) for n in range(TURNS_WAITING)]


async def test_more_turns_than_can_wait_are_told_to():
    conversation = turns(Listener(Reply("ok"), slow=True))
    answers = await asyncio.gather(
        *(conversation.take("web:1", str(n)) for n in range(TURNS_WAITING + 1))
    )
    assert answers[-1] == [Reply(TOO_FAST)]


@pytest.mark.parametrize(("typed", "sent"), [("/", "?"), (" //restart", "restart"), ("hi", "hi")])
def test_text_never_reaches_rasa_as_a_command(typed, sent):
    assert as_text(typed) == sent


def test_a_message_sent_again_is_known_to_have_been_heard():
    conversation = turns(Listener())
    assert not conversation.heard_before("web:1", "id-1")
    assert conversation.heard_before("web:1", "id-1")
    assert not conversation.heard_before("web:2", "id-1")

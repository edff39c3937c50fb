"""Turns: in order, as plain text, once, and never answered with silence."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from channels.assistant import AssistantUnavailable, Button, Reply
from channels.kill_switch import KillSwitch
from channels.turns import TURNS_WAITING, TooManyWaiting, Turns, as_message, as_text

SORRY = "Sorry. Call us."
BABY = '/inform{"patient": "baby"}'


class Listener:
    """Stands in for Rasa: remembers what it was sent and replies as told."""

    timeout = 1.0

    def __init__(self, *replies: Reply, fails: bool = False, slow: bool = False) -> None:
        self.heard: list[str] = []
        self.zones: list[str] = []
        self.replies, self.fails, self.slow = list(replies), fails, slow
        self.at_once = 0

    async def turn(self, sender, text, message_id="", again=False, zone=""):
        self.at_once += 1
        assert self.at_once == 1 or sender == "web:other"
        self.heard.append(text)
        self.zones.append(zone)
        if self.slow:
            await asyncio.sleep(0.02)
        self.at_once -= 1
        if self.fails:
            raise AssistantUnavailable("ConnectError")
        return self.replies


class Chat:
    """A visitor's side: says things, and sees what is shown."""

    def __init__(self, messages, listener):
        self.shown: list[dict] = []
        self.counted: list[tuple[str, str]] = []
        switch = KillSwitch(Path("clinic.yml"))
        self.turns = Turns(listener, messages, SORRY, self._show, switch, count=self._counted)
        self._count = 0

    def _counted(self, sender, came_of_it, seconds):
        assert 0 <= seconds < 10
        self.counted.append((sender, came_of_it))

    async def _show(self, sender, said):
        self.shown += said

    async def say(self, text, sender="web:1", id=None):
        self._count += 1
        heard = await self.turns.hear(sender, id or f"id-{self._count}", text)
        self.turns.begin(sender)
        return heard

    async def answered(self, count=1):
        async with asyncio.timeout(10):
            while len(self.shown) < count:
                await asyncio.sleep(0.01)
        return [message["text"] for message in self.shown]


async def test_a_reply_reaches_the_visitor(messages):
    chat = Chat(messages, Listener(Reply("Hello.")))
    await chat.say("hi")
    assert await chat.answered() == ["Hello."]


@pytest.mark.parametrize(
    ("listener", "came_of_it"),
    [
        (Listener(Reply("Hello.")), "answered"),
        (Listener(Reply("Call 999.", kind="emergency")), "urgent"),
        (Listener(fails=True), "failed"),
        (Listener(), "failed"),
    ],
)
async def test_each_turn_is_counted_once_by_what_came_of_it(messages, listener, came_of_it):
    chat = Chat(messages, listener)
    await chat.say("hi")
    await chat.answered()
    assert chat.counted == [("web:1", came_of_it)]


@pytest.mark.parametrize(
    "listener", [Listener(fails=True), Listener(), Listener(Reply("")), Listener(Reply("  \n"))]
)
async def test_a_turn_that_failed_or_said_nothing_is_answered_in_words(messages, listener):
    chat = Chat(messages, listener)
    await chat.say("hi")
    assert await chat.answered() == [SORRY]


async def test_a_command_that_a_visitor_types_is_text(messages):
    listener = Listener(Reply("ok"))
    chat = Chat(messages, listener)
    await chat.say(BABY)
    await chat.answered()
    assert listener.heard == [BABY.lstrip("/")]


async def test_a_button_that_was_offered_may_be_pressed_and_is_shown_by_its_title(messages):
    listener = Listener(Reply("For whom?", [Button("For my baby", BABY)]))
    chat = Chat(messages, listener)
    await chat.say("book")
    await chat.answered()
    assert (await chat.say(BABY))["title"] == "For my baby"
    await chat.answered(2)
    assert listener.heard[-1] == BABY


async def test_a_button_offered_to_one_visitor_is_text_from_another(messages):
    listener = Listener(Reply("Sure?", [Button("Yes", "/affirm")]))
    chat = Chat(messages, listener)
    await chat.say("book")
    await chat.answered()
    await chat.say("/affirm", sender="web:2")
    await chat.answered(2)
    assert listener.heard[-1] == "affirm"


async def test_turns_of_one_conversation_are_taken_one_after_the_other(messages):
    listener = Listener(Reply("ok"), slow=True)
    chat = Chat(messages, listener)
    for number in range(TURNS_WAITING):
        await chat.say(str(number))
    await chat.answered(TURNS_WAITING)
    assert listener.heard == [str(number) for number in range(TURNS_WAITING)]


async def test_more_than_can_wait_is_refused_and_leaves_no_trace(messages):
    chat = Chat(messages, Listener(Reply("ok"), slow=True))
    for number in range(TURNS_WAITING):
        await chat.turns.hear("web:1", str(number), "hi")
    with pytest.raises(TooManyWaiting):
        await chat.turns.hear("web:1", "one more", "hi")
    assert len(messages.after("web:1", 0)) == TURNS_WAITING


async def test_a_message_sent_again_is_answered_once(messages):
    listener = Listener(Reply("ok"))
    chat = Chat(messages, listener)
    assert await chat.say("hi", id="same")
    assert await chat.say("hi", id="same") is None
    await chat.answered()
    await chat.say("bye")
    await chat.answered(2)
    assert listener.heard == ["hi", "bye"]


async def test_what_a_stopped_gateway_left_is_answered_by_the_next(messages):
    messages.hear("web:1", "a", "hi", "hi")
    messages.claim("web:1", 1)
    chat = Chat(messages, Listener(Reply("Hello.")))
    watching = asyncio.create_task(chat.turns.watch())
    assert await chat.answered() == ["Hello."]
    watching.cancel()


@pytest.mark.parametrize(("typed", "sent"), [("/", "?"), (" //restart", "restart"), ("hi", "hi")])
def test_text_never_reaches_rasa_as_a_command(typed, sent):
    assert as_text(typed) == sent


def test_a_reply_takes_the_form_that_clients_for_rasa_know():
    reply = Reply(
        "Look.", [Button("Yes", "/affirm")], "answer", "causes", "/pictures/a.svg", "A spot"
    )
    assert as_message(reply) == {
        "text": "Look.",
        "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "/affirm"}],
        "attachment": {"type": "image", "payload": {"src": "/pictures/a.svg"}},
        "kind": "answer",
        "topic": "causes",
        "alt": "A spot",
    }


async def test_a_message_takes_its_time_zone_along(messages):
    listener = Listener(Reply("ok"))
    chat = Chat(messages, listener)
    await chat.turns.hear("web:1", "a", "hi", "Europe/Paris")
    chat.turns.begin("web:1")
    await chat.answered()
    assert listener.zones == ["Europe/Paris"]

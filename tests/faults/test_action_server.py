"""The action server is down, slow, or answers nonsense: words, and nothing half done."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager

import pytest

from scripts.visitor import Visitor
from tests.faults.nonsense import Nonsense
from tests.faults.said import turns_in_rasa, until_answered

QUESTION = "what are your opening hours?"


@contextmanager
def down(servers):
    servers.stop("actions", signal.SIGKILL)
    try:
        yield
    finally:
        servers.start("actions")
        servers.wait_until_ready()


@contextmanager
def slow(servers):
    actions = servers.processes["actions"]
    os.kill(actions, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(actions, signal.SIGCONT)


def answering(status, body, kind="application/json"):
    @contextmanager
    def nonsense(servers):
        with down(servers), Nonsense(servers.ports["actions"], status, body, kind):
            yield

    return nonsense


FAULTS = {
    "down": down,
    "slow": slow,
    "500": answering(500, "<h1>Internal server error</h1>", "text/html"),
    "rejects without saying what": answering(400, "{}"),
    "not JSON": answering(200, "{events: oops"),
    "not even said to be": answering(200, "hello", "text/plain"),
    "nothing": answering(200, ""),
    "null": answering(200, "null"),
    "a list": answering(200, "[]"),
    "without events": answering(200, '{"responses": []}'),
    "an event that is none": answering(200, '{"events": [{"event": "party"}], "responses": []}'),
    "a slot without a name": answering(200, '{"events": [{"event": "slot"}], "responses": []}'),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_the_visitor_gets_words_and_can_just_say_it_again(
    failing, visitor, is_apology, fault
):
    before = turns_in_rasa(failing, visitor)
    with fault(failing):
        assert is_apology(await visitor.say(QUESTION))
    answer = await until_answered(visitor, QUESTION)
    assert "Monday" in answer.text
    assert "Later times" in answer.buttons, "the booking is not where it was"
    assert turns_in_rasa(failing, visitor) == before + 1


async def test_danger_is_answered_without_it(failing, visitor):
    with down(failing):
        answer = await visitor.say("my baby has turned blue and is not breathing")
    assert "emergency" in answer.kinds


async def test_what_needs_no_action_is_answered_without_it(failing):
    async with Visitor(failing.url) as somebody:
        with down(failing):
            answer = await somebody.say("what are milia")
        assert "harmless" in answer.text

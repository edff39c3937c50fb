"""A part that fails gives the visitor words, and the conversation goes on when it is back."""

from __future__ import annotations

import signal

import pytest

from clinic.profile import load_clinic
from scripts.visitor import Visitor


@pytest.fixture(params=["actions", "rasa"])
def failing(servers, request):
    """The name of a process that will be killed; it is brought back afterwards."""
    yield request.param
    if not servers.running(request.param):
        servers.start(request.param)
        servers.wait_until_ready()


async def test_a_killed_process_gives_words_and_the_conversation_survives_it(servers, failing):
    phone = load_clinic().phone
    async with Visitor(servers.url) as visitor:
        await visitor.say("can i book?")
        await visitor.press("For me")
        servers.stop(failing, signal.SIGKILL)
        answer = await visitor.say("what are your opening hours?")
        assert phone in answer.text

        servers.start(failing)
        servers.wait_until_ready()
        answer = await visitor.say("what are your opening hours?")
        assert "Monday" in answer.text
        assert "Later times" in answer.buttons

"""Danger is answered while the action server is down, in a form as well as out of one."""

from __future__ import annotations

import signal

import pytest

from scripts.visitor import Visitor


@pytest.fixture
def without_actions(servers):
    """Servers whose action server can be killed with the function given."""
    yield lambda: servers.stop("actions", signal.SIGKILL)
    if not servers.running("actions"):
        servers.start("actions")
        servers.wait_until_ready()


@pytest.mark.parametrize(
    ("says", "card"),
    [
        ("my newborn has a fever of 38.5", "under 3 months"),
        ("my toddler swallowed my tablets", "Do not make them sick"),
        ("i want to kill myself", "116 123"),
    ],
)
async def test_the_card_needs_no_action_server(servers, without_actions, says, card):
    async with Visitor(servers.url) as visitor:
        without_actions()
        answer = await visitor.say(says)
        assert card in answer.text
        assert "[999](tel:999)" in answer.text


async def test_a_booking_waits_for_the_card_without_an_action_server(servers, without_actions):
    async with Visitor(servers.url) as visitor:
        await visitor.say("can i book?")
        await visitor.press("For me")
        without_actions()
        answer = await visitor.say("my face is swelling up and i can't breathe")
        assert "[999](tel:999)" in answer.text
        assert "Go on" in answer.buttons


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        ("my face is swelling up and i can't breathe", "emergency"),
        ("i want to kill myself", "emergency"),
        ("what are milia", "answer"),
    ],
)
async def test_the_widget_is_told_which_message_is_an_emergency(servers, says, kind):
    async with Visitor(servers.url) as visitor:
        assert (await visitor.say(says)).kinds[0] == kind

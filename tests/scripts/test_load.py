"""Load: the same visitors say the same at the same times, and all that they wait for counts."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from socketio.exceptions import TimeoutError as SocketTimeout

from scripts.load import Silence, Taken, conversations, visited
from scripts.visitor import Answer

HELD = [[{"says": "one"}, {"presses": "Two"}, {"presses": "Gone"}], [{"says": "three"}]]


class Recording:
    """A line that answers at once with a button, and remembers what was said on it."""

    def __init__(self, said, number, fails=False):
        self.said, self.number, self.fails = said, number, fails

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exception):
        return None

    async def say(self, text):
        self.said.append((self.number, text))
        await asyncio.sleep(0.001)
        if self.fails:
            raise httpx.ConnectError("nobody there")
        return Answer(["Your reference is MS-CDF34."], buttons={"Two": "/two"})


async def talk(seed=0, fails=False):
    said = []
    taken = await visited(lambda n: Recording(said, n, fails), 2, 0.1, 0.0, HELD, seed)
    return said, taken


async def test_visitors_press_what_is_offered_and_type_what_is_not():
    said, _ = await talk()
    assert {text for _, text in said} == {"one", "/two", "Gone", "three"}


async def test_a_reference_is_said_back_as_it_was_given():
    said = []
    held = [[{"says": "book"}, {"says": "cancel {reference}"}]]
    await visited(lambda n: Recording(said, n), 1, 0.05, 0.0, held)
    assert said[1] == (0, "cancel MS-CDF34")


async def test_each_conversation_has_a_line_of_its_own():
    said, _ = await talk()
    first = [text for number, text in said if number == 0]
    assert first in (["one", "/two", "Gone"], ["three"])


async def test_the_same_seed_makes_the_same_visitors():
    first, second, other = [await talk(seed) for seed in (1, 1, 2)]
    most = min(len(first[0]), len(second[0]), len(other[0]), 30)
    assert first[0][:most] == second[0][:most] != other[0][:most]


async def test_a_turn_that_fails_is_counted_and_not_timed():
    said, taken = await talk(fails=True)
    assert taken.failed == len(said) and taken.milliseconds == []


def test_turns_a_second_are_those_that_were_answered():
    assert Taken([10.0] * 35, in_time=30, failed=5, seconds=10.0).turns_a_second == 3


def test_the_conversations_are_those_of_the_tests():
    held = conversations()
    assert len(held) >= 150
    assert all("says" in step or "presses" in step for steps in held for step in steps)


@pytest.mark.parametrize("failure", [Silence(), SocketTimeout("late"), httpx.ReadTimeout("late")])
async def test_silence_and_a_late_answer_count_as_failed(failure):
    class Failing(Recording):
        async def say(self, text):
            await asyncio.sleep(0.001)
            raise failure

    taken = await visited(lambda n: Failing([], n), 1, 0.05, 0.0, HELD)
    assert taken.failed > 0 and taken.turns_a_second == 0

"""The gateway's line to Rasa: a turn that fails is asked for again, and says that it is."""

from __future__ import annotations

import asyncio
import json

import pytest

from channels.assistant import Assistant, AssistantUnavailable

ANSWER = json.dumps({"messages": [{"text": "Hello."}]})
OK = f"HTTP/1.1 200 OK\r\nContent-Length: {len(ANSWER)}\r\n\r\n{ANSWER}"
FAILED = "HTTP/1.1 500 Failed\r\nContent-Length: 0\r\n\r\n"
NOBODY_BEHIND = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
REFUSED = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
DIES = ""


class Rasa:
    """A server that gives prepared responses, and keeps what it was asked."""

    def __init__(self):
        self.asked, self.responses = [], []

    async def serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].split()[0])
        self.asked.append(json.loads(await reader.readexactly(length)))
        if (response := self.responses.pop(0)) is not None:
            writer.write(response.encode())
            writer.close()


@pytest.fixture
async def rasa():
    running = Rasa()
    server = await asyncio.start_server(running.serve, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    running.line = Assistant(f"http://127.0.0.1:{port}", "a secret of the tests", 1)
    yield running
    await running.line.close()
    server.close()


@pytest.mark.parametrize("first", [DIES, FAILED, NOBODY_BEHIND])
async def test_a_turn_that_fails_is_asked_for_again(rasa, first):
    rasa.responses = [first, OK]
    said = await rasa.line.turn("web:1", "hi", "an id")
    assert [reply.text for reply in said] == ["Hello."]
    assert [(turn["id"], turn["again"]) for turn in rasa.asked] == [
        ("an id", False),
        ("an id", True),
    ]


@pytest.mark.parametrize("first", [DIES, FAILED])
async def test_twice_is_enough(rasa, first):
    rasa.responses = [first, FAILED]
    with pytest.raises(AssistantUnavailable):
        await rasa.line.turn("web:1", "hi", "an id")
    assert len(rasa.asked) == 2


async def test_a_turn_without_an_id_might_be_taken_twice_and_is_not_asked_for_again(rasa):
    rasa.responses = [DIES, OK]
    with pytest.raises(AssistantUnavailable):
        await rasa.line.turn("web:1", "hi")
    assert len(rasa.asked) == 1


async def test_a_refusal_is_final(rasa):
    rasa.responses = [REFUSED, OK]
    with pytest.raises(AssistantUnavailable):
        await rasa.line.turn("web:1", "hi", "an id")
    assert len(rasa.asked) == 1


async def test_both_attempts_have_one_turns_time(rasa):
    rasa.responses = [None, OK]  # no answer: it may still be at work
    began = asyncio.get_running_loop().time()
    with pytest.raises(AssistantUnavailable):
        await rasa.line.turn("web:1", "hi", "an id")
    assert asyncio.get_running_loop().time() - began < 5
    assert len(rasa.asked) == 1

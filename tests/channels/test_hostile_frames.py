"""Ten thousand hostile frames: the gateway goes on serving, and gives nothing away."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import string

import aiohttp
import httpx

from scripts.visitor import Visitor
from tests.widget.scripted_site import Site

FRAMES = 10_000
A_CONNECTION = 50  # frames before a new one, if the gateway has not closed it
SECRETS = ("Traceback", "site-packages", "sqlite", "SELECT ", "ASSISTANT_SECRET", "root:")
HOSTILE_TEXT = (
    "../../../../etc/passwd",
    "/../clinic.yml",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE chat_messages; --",
    "{{7*7}} ${7*7} %s %n",
    "/restart",
    '/inform{"patient": "baby"}',
    "\x00\x01\x02",
    "\ud83d",
    "‮text",
)


def hostile_value(chance: random.Random, stolen: str, depth: int = 0):
    """A value of some wrong type, size or content."""
    kind = chance.randrange(11)
    if kind < 3:
        return chance.choice(HOSTILE_TEXT)
    if kind == 3 and depth < 4:
        return [hostile_value(chance, stolen, depth + 1) for _ in range(chance.randrange(4))]
    if kind == 4 and depth < 4:
        names = ("message", "id", "session_id", "after", "seq", "thumb", "__proto__", "sender")
        return {
            name: hostile_value(chance, stolen, depth + 1)
            for name in chance.sample(names, chance.randrange(5))
        }
    return chance.choice(
        [None, True, -1, 2**70, 1e308, "", "x" * 2_000, stolen[:-3] + "abc", stolen.split(".")[0]]
    )


def hostile_frame(chance: random.Random, stolen: str) -> str | bytes:
    """One frame: mangled, oversized, or well-formed with hostile content."""
    kind = chance.randrange(12)
    if kind == 0:
        return chance.randbytes(chance.randrange(64))
    if kind == 1:
        return "".join(chance.choices(string.printable, k=chance.randrange(80)))
    if kind == 2:
        return chance.choice(
            ["4", "42", "42[", "4" * 50, "2" * 9, "451-[]", "40/admin,", "41", "1"]
        )
    if kind == 3 and chance.random() < 0.05:
        return "42" + json.dumps(["user_uttered", {"message": "y" * 100_000}])
    if kind == 4:
        return "42" + "[" * 400
    events = (
        "session_request",
        "user_uttered",
        "rate",
        "delete_conversation",
        "connect",
        "_answer",
    )
    event = chance.choice([*events, hostile_value(chance, stolen)])
    ack = chance.choice(["", "0", "99999999999999999999"])
    return f"42{ack}" + json.dumps([event, hostile_value(chance, stolen)])


async def attack(url: str, chance: random.Random, stolen: str, frames: int) -> list[str]:
    """Sends that many frames; what the gateway said to them."""
    heard: list[str] = []
    address = f"{url}/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as session:
        while frames > 0:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError):
                async with session.ws_connect(address, max_msg_size=0) as line:
                    await line.send_str("40")
                    for _ in range(min(A_CONNECTION, frames)):
                        frames -= 1
                        frame = hostile_frame(chance, stolen)
                        if isinstance(frame, bytes):
                            await line.send_bytes(frame)
                        else:
                            await line.send_bytes(frame.encode("utf-8", "surrogatepass")) if (
                                "\ud83d" in frame
                            ) else await line.send_str(frame)
                    with contextlib.suppress(TimeoutError):
                        while (said := await line.receive(0.05)).type is aiohttp.WSMsgType.TEXT:
                            heard.append(said.data)
    return heard


async def test_the_channel_outlives_them_and_reveals_nothing(tmp_path):
    secret_word = "pomegranate"
    with Site(tmp_path) as site:
        async with Visitor(site.url) as victim:
            await victim.say(f"my name is {secret_word}")
            chance = random.Random(7)
            attacks = [
                attack(site.url, random.Random(chance.random()), victim.token, FRAMES // 10)
                for _ in range(10)
            ]
            heard = "\n".join(line for lines in await asyncio.gather(*attacks) for line in lines)
            assert secret_word not in heard
            assert not [word for word in SECRETS if word in heard]
            assert httpx.get(site.url, trust_env=False).is_success
            async with Visitor(site.url) as somebody:
                assert (await somebody.say("still there?")).text == "You said: still there?"
            # The victim's conversation is as it was: nobody wrote in it, nobody deleted it.
            told = await victim._socket.call(
                "session_request", {"session_id": victim.token, "after": 0}
            )
            said = [entry["title"] for entry in told["messages"] if entry["author"] == "visitor"]
            assert said == [f"my name is {secret_word}"]

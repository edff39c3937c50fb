"""Two gateways over one Redis and one PostgreSQL are one to the visitor."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest
import socketio

from clinic.password import hashed
from tests.channels.own_gateway import OwnGateway
from tests.channels.staff_gateway import PASSWORD

pytestmark = [pytest.mark.redis, pytest.mark.postgresql]


class Tab:
    """One of a visitor's tabs, open at one of the gateways."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.seen: asyncio.Queue = asyncio.Queue()
        self.client.on("user_said", self.seen.put)
        self.client.on("bot_uttered", self.seen.put)

    async def open(self, gateway, token=None):
        await self.client.connect(gateway.url, transports=["websocket"])
        request = {"session_id": token, "after": 0}
        return await self.client.call("session_request", request, timeout=20)

    async def next(self):
        return await asyncio.wait_for(self.seen.get(), 20)


@pytest.fixture
async def tab():
    """Opens tabs, and closes them in the end."""
    async with AsyncExitStack() as closing:

        def opened():
            made = Tab()
            closing.push_async_callback(made.client.disconnect)
            return made

        yield opened


@pytest.fixture
def gateways(tmp_path, redis, postgres):
    shared = {
        "REDIS_URL": redis.url,
        "MESSAGES_URL": postgres.new_database(),
        "STAFF_PASSWORD_HASH": hashed(PASSWORD),
    }
    with OwnGateway(tmp_path, **shared) as one, OwnGateway(tmp_path, **shared) as two:
        yield one, two


async def test_what_is_said_at_one_is_seen_at_the_other(gateways, tab):
    here, there = tab(), tab()
    session = await here.open(gateways[0])
    again = await there.open(gateways[1], session["token"])
    assert again["resumed"]
    await here.client.call("user_uttered", {"message": "hello there", "id": "a"}, timeout=20)
    assert (await there.next())["title"] == "hello there"
    answer = await there.next()
    assert answer["reply_to"] == "a"
    assert (await here.next())["seq"] == answer["seq"] == 2


async def test_a_message_sent_again_to_the_other_is_heard_once(gateways, tab):
    here, there = tab(), tab()
    session = await here.open(gateways[0])
    await here.client.call("user_uttered", {"message": "hello", "id": "a"}, timeout=20)
    await here.next()
    history = (await there.open(gateways[1], session["token"]))["messages"]
    assert [message["seq"] for message in history] == [1, 2]
    assert await there.client.call("user_uttered", {"message": "hello", "id": "a"}) == {"ok": True}
    history = await there.client.call(
        "session_request", {"session_id": session["token"], "after": 0}
    )
    assert len(history["messages"]) == 2


async def test_attempts_to_sign_in_are_counted_together(gateways):
    statuses = []
    for number in range(11):
        with gateways[number % 2].client() as stranger:
            form = {"name": "x", "password": "a guess of mine"}
            statuses.append(stranger.post("/staff/login", data=form).status_code)
    assert statuses == [403] * 10 + [429]


async def test_while_redis_is_away_a_visitor_is_still_answered(gateways, redis, tab):
    here = tab()
    await here.open(gateways[0])
    redis.stop()
    heard = await here.client.call("user_uttered", {"message": "hello", "id": "a"}, timeout=20)
    assert heard["ok"]
    assert (await here.next())["reply_to"] == "a"

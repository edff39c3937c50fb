"""A conversation's lock, on a real Redis: one holder at a time, none for ever."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.lock_store import LockError
from rasa.utils.endpoints import EndpointConfig

from nlu import conversation_locks
from nlu.conversation_locks import ConversationLocks

pytestmark = pytest.mark.redis


@pytest.fixture
def servers_locks(redis):
    """The lock stores of two Rasa servers."""
    return [ConversationLocks(EndpointConfig(redis.url)) for _ in range(2)]


async def test_turns_at_two_servers_take_place_one_after_the_other(servers_locks):
    inside, most, turns = 0, 0, 0

    async def turn(number):
        nonlocal inside, most, turns
        async with servers_locks[number % 2].lock("web:1"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1
            turns += 1

    await asyncio.gather(*map(turn, range(30)))
    assert (most, turns) == (1, 30)


async def test_conversations_do_not_wait_for_each_other(servers_locks):
    here, there = servers_locks
    async with here.lock("web:1"), asyncio.timeout(2), there.lock("web:2"):
        pass


async def test_the_lock_of_a_long_turn_is_kept_alive(servers_locks, monkeypatch):
    monkeypatch.setattr(conversation_locks, "LONGEST_WAIT", 1.0)
    here, there = servers_locks
    async with here.lock("web:1", lock_lifetime=0.3):
        with pytest.raises(LockError):
            async with there.lock("web:1"):
                pass
    async with there.lock("web:1"):
        pass


async def test_the_lock_of_a_server_that_died_ends_by_itself(servers_locks, monkeypatch):
    async def nobody(lock, seconds):
        pass

    here, there = servers_locks
    monkeypatch.setattr(conversation_locks, "_keep", nobody)
    async with here.lock("web:1", lock_lifetime=0.3), there.lock("web:1"):
        pass


async def test_a_restart_of_redis_is_waited_for(servers_locks, redis):
    here, _ = servers_locks
    async with here.lock("web:1"):
        pass
    redis.stop()
    asyncio.get_running_loop().call_later(0.5, redis.start)
    async with here.lock("web:1"):
        pass


async def test_without_redis_there_is_no_lock(servers_locks, redis):
    redis.stop()
    with pytest.raises(LockError, match="Redis"):
        async with servers_locks[0].lock("web:1"):
            pass

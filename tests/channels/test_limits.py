"""One visitor, and one address, may ask so much in a minute."""

from __future__ import annotations

import pytest

from channels.limits import Limits, Memory
from clinic.profile import Chat

CHAT = Chat(
    messages_a_minute=5,
    messages_a_minute_from_one_address=8,
    connections_a_minute_from_one_address=5,
)


async def test_a_conversation_has_its_limit_and_another_its_own():
    limits = Limits(CHAT)
    assert [await limits.message("web:1", "a") for _ in range(6)] == [True] * 5 + [False]
    assert await limits.message("web:2", "a")


async def test_an_address_has_its_limit_however_many_conversations_it_holds():
    limits = Limits(CHAT)
    taken = [await limits.message(f"web:{number}", "a") for number in range(9)]
    assert taken == [True] * 8 + [False]
    assert await limits.message("web:9", "b")


async def test_connections_of_an_address_are_limited():
    limits = Limits(CHAT)
    assert [await limits.connection("a") for _ in range(6)] == [True] * 5 + [False]
    assert await limits.connection("b")


async def test_a_redis_that_is_away_silences_nobody():
    limits = Limits(CHAT, "redis://127.0.0.1:1/0")
    assert await limits.message("web:1", "a")


@pytest.mark.redis
async def test_several_gateways_count_together(redis):
    one, two = Limits(CHAT, redis.url), Limits(CHAT, redis.url)
    taken = [await limits.message("web:1", "a") for limits in (one, two) * 3]
    assert taken == [True] * 5 + [False]


@pytest.mark.redis
async def test_a_redis_that_goes_away_silences_nobody_and_counts_again_when_it_is_back(redis):
    limits = Limits(CHAT, redis.url)
    assert await limits.connection("a")
    redis.stop()
    assert await limits.connection("a")
    redis.start()
    assert [await limits.connection("a") for _ in range(6)] == [True] * 5 + [False]


def test_who_has_been_quiet_is_forgotten(monkeypatch):
    monkeypatch.setattr("channels.limits.TIDIES_EVERY", 0)
    counts = Memory()
    for visitor in range(50):
        assert counts.acquire_entry(f"visitor {visitor}", 5, 0)
    assert counts.acquire_entry("still there", 5, 60)
    assert counts.acquire_entry("new", 5, 60)
    assert set(counts.events) == {"still there", "new"}

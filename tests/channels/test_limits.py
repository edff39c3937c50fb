"""One visitor, and one address, may ask so much in a minute."""

from __future__ import annotations

from channels.limits import Limits
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

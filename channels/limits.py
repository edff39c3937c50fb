"""How much one conversation, and one address, may ask of the assistant."""

from __future__ import annotations

import asyncio
import time

import structlog
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from clinic.profile import Chat

log = structlog.get_logger()

PUT_BACK = 1.0  # seconds; less is a clock that is kept right
TIDIES_EVERY = 60.0  # seconds
FRAMES_PER_MESSAGE = 10  # events of any kind that a connection may send for each message


class Memory(MemoryStorage):
    """Counts in memory, and begins anew when the clock is put back: what was counted in the
    future would be refused until then. Forgets whoever has been quiet: the library keeps every
    name, and goes through all of them at each message."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead = _ahead()
        self._tidied = time.monotonic()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Counts ``amount``; whether there were not more than ``limit``."""
        before, self._ahead = self._ahead, _ahead()
        if before - self._ahead > PUT_BACK:
            self.reset()
        if time.monotonic() - self._tidied >= TIDIES_EVERY:
            self._tidied = time.monotonic()
            self._forget_the_quiet()
        return super().acquire_entry(key, limit, expiry, amount)

    def _forget_the_quiet(self) -> None:
        for key in list(self.events):
            with self.locks[key]:
                counted = self.events.get(key)
                if not counted or counted[0].expiry <= time.time():  # the newest
                    self.clear(key)


def _ahead() -> float:
    """How far the time of day is ahead of a clock that nobody sets."""
    return time.time() - time.monotonic()


def counter(redis_url: str = "") -> MovingWindowRateLimiter:
    """Counts in memory; with the address of a Redis, together with the other gateways."""
    return MovingWindowRateLimiter(
        RedisStorage(redis_url, socket_timeout=1, socket_connect_timeout=1)
        if redis_url
        else Memory()
    )


class Limits:
    """Counts in memory; with the address of a Redis, together with the other gateways."""

    def __init__(self, chat: Chat, redis_url: str = "") -> None:
        self._shared = bool(redis_url)
        self._limiter = counter(redis_url)
        self._conversation = RateLimitItemPerMinute(chat.messages_a_minute)
        self._address = RateLimitItemPerMinute(chat.messages_a_minute_from_one_address)
        self._connecting = RateLimitItemPerMinute(chat.connections_a_minute_from_one_address)
        self._frames = RateLimitItemPerMinute(chat.messages_a_minute * FRAMES_PER_MESSAGE)

    async def message(self, sender: str, address: str) -> bool:
        """Whether one more message may be taken."""
        return await self._hit(self._conversation, "conversation", sender) and await self._hit(
            self._address, "address", address
        )

    async def frame(self, connection: str) -> bool:
        """Whether one more event of any other kind may be taken."""
        return await self._hit(self._frames, "frames", connection)

    async def connection(self, address: str) -> bool:
        """Whether one more connection may be opened."""
        return await self._hit(self._connecting, "connections", address)

    async def page(self, address: str, change: str | None) -> bool:
        """Whether one more of the letters' pages may be opened, or one more ``change`` made by a
        link."""
        if change and not await self._hit(self._conversation, "changes", change):
            return False
        return await self._hit(self._connecting, "pages", address)

    async def _hit(self, limit: RateLimitItemPerMinute, *of: str) -> bool:
        try:
            if self._shared:
                return await asyncio.to_thread(self._limiter.hit, limit, *of)
            return self._limiter.hit(limit, *of)
        except Exception:  # Redis is away: better to answer than to be silent
            log.exception("limits.not_counted")
            return True

"""One turn of a conversation at a time, whichever Rasa server takes it: locks in Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff

HELD = 3.0  # seconds after which the lock of a server that died is free
LONGEST_WAIT = 10.0
LOOKS_EVERY = 0.02


class ConversationLocks(LockStore):
    """Redis's own lock, by redis-py; endpoints.yml names it (``lock_store: type``, ``url``).

    Rasa's Redis lock store reads its tickets, changes them and writes them back, so that two
    servers at once can draw the same one and take a turn each; and who waits looks once a second.
    This lock is taken in one step and is kept alive while its turn lasts, so that it is short: a
    server that dies keeps a conversation for three seconds. A Redis that is away is tried again
    for as long.
    """

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        super().__init__()
        self._redis = Redis.from_url(
            endpoint_config.url,
            retry=Retry(ConstantBackoff(0.25), 12),
            retry_on_error=[exceptions.ConnectionError, exceptions.TimeoutError],
            socket_timeout=2,
            socket_connect_timeout=2,
        )

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = HELD,
        wait_time_in_seconds: float = LOOKS_EVERY,
    ) -> AsyncIterator[None]:
        """Holds the conversation's lock. Raises LockError where it cannot be had."""
        lock = Lock(
            self._redis,
            f"conversation:{conversation_id}",
            timeout=lock_lifetime,
            sleep=wait_time_in_seconds,
            blocking_timeout=LONGEST_WAIT,
            thread_local=False,
        )
        try:
            held = await lock.acquire()
        except exceptions.RedisError as error:
            raise LockError(f"Redis gives no locks: {type(error).__name__}") from error
        if not held:
            raise LockError("The conversation's turn before this one does not end.")
        keeping = asyncio.create_task(_keep(lock, lock_lifetime / 3))
        try:
            yield
        finally:
            keeping.cancel()
            with suppress(exceptions.RedisError):  # else it ends by itself
                await lock.release()


async def _keep(lock: Lock, seconds: float) -> None:
    """Keeps a lock alive until it is cancelled, or until the lock is lost."""
    with suppress(exceptions.RedisError):
        while True:
            await asyncio.sleep(seconds)
            await lock.reacquire()

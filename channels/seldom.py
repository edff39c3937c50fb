"""A question to a database that anybody may have asked: put at most once a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

HOLDS_FOR = 1.0  # seconds
LONGEST = 2.0  # seconds, after which the answer is no


class Seldom:
    """Asks ``question``, which blocks, in a thread; its answer holds for a second. One that hangs
    is not asked again before it has let go of its thread."""

    def __init__(self, question: Callable[[], bool]) -> None:
        self._question = question
        self._asking: asyncio.Task[bool] | None = None
        self._asked = 0.0

    async def answer(self) -> bool:
        """The answer, at most a second old; False where there is none in time."""
        if self._asking is None or (self._asking.done() and self._old()):
            self._asked = monotonic()
            self._asking = asyncio.create_task(asyncio.to_thread(self._question))
        done, _ = await asyncio.wait({self._asking}, timeout=LONGEST)
        return bool(done) and self._asking.result()

    def _old(self) -> bool:
        return monotonic() - self._asked > HOLDS_FOR

"""Whether the assistant is alive, and whether it is ready to answer."""

from __future__ import annotations

import asyncio
import time

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.assistant import Assistant
from channels.message_log import MessageLog
from channels.seldom import Seldom

ASKING_SECONDS = 2.0
IN_WORDS = {"messages": "the message log's database"}


class Health:
    """Asks the processes behind the gateway how they are, and the database of the message log,
    without which no message is taken."""

    def __init__(self, assistant: Assistant, actions_url: str, messages: MessageLog) -> None:
        self._assistant = assistant
        self._messages = Seldom(messages.takes_messages)
        self._actions = httpx.AsyncClient(
            base_url=actions_url, timeout=ASKING_SECONDS, trust_env=False
        )

    async def parts(self) -> dict[str, bool]:
        """Each part behind the gateway, and whether it is ready."""
        rasa, actions, messages = await asyncio.gather(
            self._assistant.ready(), self._actions_ready(), self._messages.answer()
        )
        return {"rasa": rasa, "actions": actions, "messages": messages}

    async def healthz(self, request: Request) -> Response:
        """The gateway itself is alive."""
        return JSONResponse({"status": "ok"})

    async def readyz(self, request: Request) -> Response:
        """200 when a visitor's message would be answered, else 503; says which part is not."""
        parts = await self.parts()
        return JSONResponse(
            {"ready": all(parts.values()), **parts}, 200 if all(parts.values()) else 503
        )

    async def announce(self, address: str) -> None:
        """Prints how the start goes on, until the address is worth opening."""
        began = time.monotonic()
        while not all((parts := await self.parts()).values()):
            missing = " and ".join(
                IN_WORDS.get(part, part) for part, ready in parts.items() if not ready
            )
            print(f"starting: waiting for {missing} ({time.monotonic() - began:.0f} s)", flush=True)
            await asyncio.sleep(3)
        print(f"ready: open {address} in a browser. Ctrl-C stops everything.", flush=True)

    async def close(self) -> None:
        await self._actions.aclose()

    async def _actions_ready(self) -> bool:
        try:
            return (await self._actions.get("/health")).is_success
        except httpx.HTTPError:
            return False

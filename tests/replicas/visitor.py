"""A visitor with the widget's patience: reconnects, and sends again what was not acknowledged."""

from __future__ import annotations

import asyncio
import random
import uuid
from typing import Any

import socketio
from socketio.exceptions import SocketIOError

ACKNOWLEDGED_WITHIN = 4.0
ANSWERED_WITHIN = 40.0
LOST = (SocketIOError, OSError, TimeoutError)


class PatientVisitor:
    """One conversation. What was said is kept by its number, as the widget does."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: socketio.AsyncClient | None = None
        self.token: str | None = None
        self.seen: dict[int, dict[str, Any]] = {}
        self.sent: list[str] = []
        self._news = asyncio.Event()

    async def say(self, text: str) -> list[dict[str, Any]]:
        """Sends a message until it is acknowledged, and waits for its answers."""
        message = {"message": text, "id": uuid.uuid4().hex}
        self.sent.append(message["id"])
        before = max(self.seen, default=0)
        async with asyncio.timeout(ANSWERED_WITHIN):
            heard = False
            while True:
                try:
                    client = await self._connected()
                    if not heard:
                        told = await client.call(
                            "user_uttered", message, timeout=ACKNOWLEDGED_WITHIN
                        )
                        heard = told["ok"]
                    if self.answers(message["id"]):
                        await self._catch_up(client, before)  # all of them
                        return self.answers(message["id"])
                    await self._something_new(client)
                except LOST:
                    await self.leave()
                    await asyncio.sleep(random.uniform(0.1, 0.5))

    def answers(self, message_id: str) -> list[dict[str, Any]]:
        """What was said in answer to a message, in order."""
        told = sorted(self.seen.items())
        return [said for _, said in told if said.get("reply_to") == message_id]

    async def history(self) -> list[dict[str, Any]]:
        """The whole conversation, as the message log has it."""
        await self.leave()
        self.seen.clear()
        await self._connected()
        return [said for _, said in sorted(self.seen.items())]

    async def leave(self) -> None:
        client, self._client = self._client, None
        if client:
            await client.disconnect()

    async def _something_new(self, client: socketio.AsyncClient) -> None:
        """Waits for a message, or else makes sure that the line is still there."""
        try:
            await asyncio.wait_for(self._news.wait(), 2)
        except TimeoutError:
            await self._catch_up(client, max(self.seen, default=0))
        self._news.clear()

    async def _connected(self) -> socketio.AsyncClient:
        if self._client is None or not self._client.connected:
            client = socketio.AsyncClient(reconnection=False)
            client.on("bot_uttered", self._hear)
            await client.connect(self._url, transports=["websocket"], wait_timeout=5)
            self._client = client
            await self._catch_up(client, 0)
        return self._client

    async def _catch_up(self, client: socketio.AsyncClient, after: int) -> None:
        request = {"session_id": self.token, "after": after}
        told = await client.call("session_request", request, timeout=ACKNOWLEDGED_WITHIN)
        if not told["ok"] or (self.token and not told["resumed"]):
            raise TimeoutError
        self.token = told["token"]
        for message in told["messages"]:
            self._hear(message)

    def _hear(self, message: dict[str, Any]) -> None:
        if "seq" in message:
            self.seen[message["seq"]] = message
            self._news.set()

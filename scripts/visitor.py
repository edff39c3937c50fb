"""A visitor over the real socket: what tests, benchmarks and the terminal speak with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import socketio

LONGEST_WAIT = 25


@dataclass
class Answer:
    """What the assistant said in one turn: its texts, their kinds, the buttons by their titles."""

    texts: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All its texts in one."""
        return "\n".join(self.texts)


class Visitor:
    """One conversation, by somebody in a time ``zone``. Use as an async context manager."""

    def __init__(self, url: str, zone: str = "") -> None:
        self._url = url
        self._zone = zone
        self._socket = socketio.AsyncClient(reconnection=False)
        self._answer = Answer()
        self._answered = asyncio.Event()
        self._confirmed = asyncio.Event()
        self.token = ""
        self._socket.on("session_confirm", self._on_confirm)
        self._socket.on("bot_uttered", self._on_uttered)
        self._socket.on("bot_typing", self._on_typing)

    async def __aenter__(self) -> Visitor:
        await self.connect()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._socket.disconnect()

    async def connect(self, token: str | None = None) -> None:
        """Opens the socket and a session, going on with an earlier one if it has a token."""
        await self._socket.connect(self._url, transports=["websocket"])
        await self._socket.emit("session_request", {"session_id": token, "time_zone": self._zone})
        await asyncio.wait_for(self._confirmed.wait(), LONGEST_WAIT)

    async def say(self, message: str, **besides: str) -> Answer:
        """Sends a message, perhaps with an ``id``, and returns the whole answer, or why it
        was not taken. Raises TimeoutError on silence."""
        self._answer = Answer()
        self._answered.clear()
        told = await self._socket.call(
            "user_uttered", {"message": message, **besides}, timeout=LONGEST_WAIT
        )
        if not told["ok"]:
            return Answer([told["words"]])
        await asyncio.wait_for(self._answered.wait(), LONGEST_WAIT)
        return self._answer

    @property
    def buttons(self) -> dict[str, str]:
        """The buttons of the last answer, by their titles."""
        return self._answer.buttons

    async def press(self, title: str) -> Answer:
        """Presses a button of the last answer; raises KeyError where there is none so called."""
        return await self.say(self.buttons[title])

    async def _on_confirm(self, token: str) -> None:
        self.token = token
        self._confirmed.set()

    async def _on_uttered(self, utterance: dict[str, Any]) -> None:
        self._answer.texts.append(utterance["text"])
        self._answer.kinds.append(utterance.get("kind", ""))
        for button in utterance.get("quick_replies", []):
            self._answer.buttons[button["title"]] = button["payload"]

    async def _on_typing(self, typing: dict[str, bool]) -> None:
        if not typing["on"]:
            self._answered.set()

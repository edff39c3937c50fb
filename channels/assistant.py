"""The gateway's line to Rasa: one turn in, the assistant's messages out."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from clinic.request_id import NAME, current_request

SHORTEST = 0.01  # seconds: with none left, Rasa has to be told so, too
TURN = "/webhooks/private_rest/webhook"


class AssistantUnavailable(Exception):
    """Rasa did not take the turn, failed at it, or took too long."""


@dataclass(frozen=True)
class Button:
    """A quick reply: what the visitor reads, and what pressing it sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message of the assistant's.

    ``kind`` and ``topic`` say what it is about, for channels that show kinds differently;
    ``image`` is a path on the gateway or an address, ``alt`` its description; ``said`` the name
    of the answer, which nobody is shown.
    """

    text: str
    buttons: list[Button] = field(default_factory=list)
    kind: str = ""
    topic: str = ""
    image: str = ""
    alt: str = ""
    said: str = ""

    @property
    def empty(self) -> bool:
        """Whether a visitor would see nothing."""
        return not (self.text.strip() or self.buttons or self.image)


class Assistant:
    """Rasa, reached over a kept-alive private connection.

    ``url`` is Rasa's root, ``secret`` the one that credentials.yml names, ``timeout`` the
    seconds a turn may take.
    """

    def __init__(self, url: str, secret: str, timeout: float) -> None:
        self.timeout = timeout
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {secret}"},
            timeout=timeout,
            trust_env=False,
        )

    async def turn(
        self, sender: str, text: str, message_id: str = "", again: bool = False, zone: str = ""
    ) -> list[Reply]:
        """What the assistant says to ``text``, written in a time ``zone``; it may be nothing.

        A turn with an id is taken once: asked ``again``, Rasa gives the answer it gave. So where
        the line breaks, as it does when a Rasa server dies, the turn is asked for again, which
        with several servers is at another. Raises AssistantUnavailable.
        """
        turn = {"sender": sender, "message": text, "id": message_id, "again": again}
        if zone:
            turn["time_zone"] = zone
        if request := current_request():
            turn[NAME] = request
        try:
            async with asyncio.timeout(self.timeout):
                response = await self._post(turn)
            response.raise_for_status()
            messages = response.json()["messages"]
            return [_reply(one) for one in messages if one.get("text") or one.get("buttons")]
        except (httpx.HTTPError, TimeoutError, ValueError, KeyError, TypeError) as error:
            raise AssistantUnavailable(type(error).__name__) from error

    async def _post(self, turn: dict[str, Any]) -> httpx.Response:
        """Rasa's response to a turn, at the second attempt where the first failed."""
        end = time.monotonic() + self.timeout
        first = turn | {"seconds": self.timeout}
        if not turn["id"]:
            return await self._http.post(TURN, json=first)
        try:
            response = await self._http.post(TURN, json=first)
            if not response.is_server_error:
                return response
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            pass  # it died, and may have taken the turn before: hence `again`
        left = {"seconds": max(end - time.monotonic(), SHORTEST)}
        return await self._http.post(TURN, json=turn | {"again": True} | left)

    async def forget(self, sender: str) -> None:
        """Deletes Rasa's record of a conversation. Raises AssistantUnavailable."""
        try:
            response = await self._http.post(
                "/webhooks/private_rest/forget", json={"sender": sender}
            )
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise AssistantUnavailable(type(error).__name__) from error

    async def ready(self) -> bool:
        """Whether Rasa has its model loaded and takes turns."""
        try:
            return (await self._http.get("/webhooks/private_rest/", timeout=2)).is_success
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._http.aclose()


def _reply(message: dict[str, Any]) -> Reply:
    buttons = [
        Button(str(button["title"]), str(button.get("payload") or button["title"]))
        for button in message.get("buttons") or []
    ]
    told = {
        name: value
        for name in ("kind", "topic", "image", "alt", "said")
        if isinstance(value := message.get(name), str)
    }
    return Reply(str(message.get("text") or ""), buttons, **told)

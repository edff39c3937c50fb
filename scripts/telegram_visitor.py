"""Somebody who uses a bot on Telegram, by way of scripts/bot_api.py: for tests and benchmarks."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from scripts.bot_api import BOT, BotApi, Json, Sent
from scripts.bot_api_html import units
from scripts.visitor import LONGEST_WAIT, Answer

QUIET = 0.3  # seconds without a further message, after which an answer is taken to be whole
SHOWN = {"sendMessage", "sendVenue", "sendDocument", "sendPhoto"}
_ENTITIES = re.compile(r"(?P<bot_command>(?<!\S)/\w+(?:@\w+)?)|(?P<mention>@\w+)")


class TelegramVisitor:
    """A person in a chat: with the bot alone, or in a group whose number is negative."""

    def __init__(self, api: BotApi, id: int, group: int | None = None) -> None:
        self._api = api
        self.id = id
        self.chat = group or id
        self.last = Answer()
        self._seen = len(self.sent())

    async def say(self, text: str) -> Answer:
        """Writes something and returns the whole answer. Raises TimeoutError on silence."""
        self.write(text)
        return await self.answer()

    async def press(self, title: str) -> Answer:
        """Presses a button under any of the bot's messages, the newest first."""
        self.tap(title)
        return await self.answer()

    async def answer(self) -> Answer:
        """What the bot says from now on, until it falls quiet."""
        until = time.monotonic() + LONGEST_WAIT
        quiet_from = 0.0
        new = self.sent()[self._seen :]
        # A drawing comes before its words.
        while not new or new[-1].method == "sendPhoto" or time.monotonic() < quiet_from:
            if time.monotonic() > until:
                raise TimeoutError("the bot said nothing")
            await asyncio.sleep(0.02)
            if len(self.sent()) - self._seen != len(new) or not new:
                new = self.sent()[self._seen :]
                quiet_from = time.monotonic() + QUIET
        self._seen += len(new)
        self.last = Answer()
        for sent in new:
            self.last.texts.append(sent.text)
            self.last.buttons |= sent.buttons
        return self.last

    def sent(self) -> list[Sent]:
        """All that the bot has shown in this chat."""
        return [s for s in self._api.sent if s.chat == self.chat and s.method in SHOWN]

    def write(self, text: str, **more: Any) -> Json:
        """Writes something and does not wait; returns the message."""
        marked = {"entities": entities(text)} if entities(text) else {}
        return self.send("message", text=text, **marked, **more)

    def send(self, kind: str = "message", **content: Any) -> Json:
        """Sends a message of any kind; returns it."""
        message = {
            "message_id": self._api.number(),
            "date": int(time.time()),
            "chat": self._chat(),
            "from": self._person(),
            **content,
        }
        self._api.update(**{kind: message})
        return message

    def tap(self, title: str, under: Sent | None = None) -> str:
        """Presses a button and does not wait; returns the press's number."""
        offering = [s for s in reversed(self.sent()) if title in s.buttons]
        if not offering and under is None:
            known = list(self.last.buttons)
            raise KeyError(f"no button {title!r}, but {known}")
        sent = under or offering[0]
        return self.tap_data(sent.buttons[title], sent)

    def tap_data(self, data: str, under: Sent) -> str:
        """Sends callback data, as a client of one's own might."""
        query = str(self._api.number())
        self._api.update(
            callback_query={
                "id": query,
                "from": self._person(),
                "message": under.message,
                "chat_instance": "1",
                "data": data,
            }
        )
        return query

    def _person(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": "Asha", "language_code": "en"}

    def _chat(self) -> Json:
        if self.chat < 0:
            return {"id": self.chat, "type": "supergroup", "title": "Parents"}
        return {"id": self.chat, "type": "private", "first_name": "Asha"}


def entities(text: str) -> list[Json]:
    """The commands and names in a text, as Telegram marks them."""
    found = []
    for match in _ENTITIES.finditer(text):
        offset = units(text[: match.start()])
        kind = match.lastgroup
        found.append({"type": kind, "offset": offset, "length": units(match[0])})
    return found


def said_by_bot(text: str, number: int, chat: Json) -> Json:
    """A message of the bot's, to be replied to."""
    return {"message_id": number, "date": 1, "chat": chat, "from": BOT, "text": text}

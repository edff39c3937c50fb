"""Turns of conversations: in order, as plain text, and never answered with silence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import structlog

from channels.assistant import AssistantUnavailable, Reply
from channels.kill_switch import KillSwitch
from channels.message_log import MessageLog, Waiting
from channels.outcomes import FAILED, OFF, outcome
from clinic.request_id import request_id_of, working_on

log = structlog.get_logger()

TURNS_WAITING = 5
LOOKS_EVERY = 2.0
GRACE = 3.0  # seconds that a turn stays claimed after it should have ended

Count = Callable[[str, str, float], None]
Show = Callable[[str, list[dict[str, Any]]], Awaitable[None]]


def uncounted(sender: str, came_of_it: str, seconds: float) -> None:
    """What is told of a turn where nobody counts them."""


class Answering(Protocol):
    """Whoever takes turns: channels.assistant.Assistant, or a channel's own before it."""

    @property
    def timeout(self) -> float:
        """The seconds that a turn may take."""

    async def turn(
        self, sender: str, text: str, message_id: str = "", again: bool = False, zone: str = ""
    ) -> list[Reply]:
        """What is said to ``text``, written in a time ``zone``. Raises AssistantUnavailable."""


class TooManyWaiting(Exception):
    """The visitor's earlier messages have no answer yet."""


class Turns:
    """Takes messages into the log, and answers them one after the other in each conversation.

    ``show`` is told each turn's answers (sender, messages as in the log). Any channel may use it:
    nothing here knows sockets. ``channel`` is how its senders begin. ``count`` is told of each
    turn: whose, what came of it (channels.outcomes), and the seconds it took.
    """

    def __init__(
        self,
        assistant: Answering,
        messages: MessageLog,
        apology: str,
        show: Show,
        switch: KillSwitch,
        channel: str = "web:",
        most_waiting: int = TURNS_WAITING,
        count: Count = uncounted,
    ) -> None:
        self._count = count
        self._switch = switch
        self._channel = channel
        self._most_waiting = most_waiting
        self._assistant = assistant
        self._log = messages
        self._apology = apology
        self._show = show
        self._working: dict[str, asyncio.Task[None]] = {}
        self._more: set[str] = set()

    async def hear(
        self,
        sender: str,
        client_id: str,
        message: str,
        zone: str = "",
        *,
        title: str | None = None,
    ) -> dict[str, Any] | None:
        """Takes a message in, written in a time zone, and sees to it that it is answered.

        One with a ``title`` comes from the channel itself, say for a button that it knows was
        pressed; it is passed on as it is. The message as in the log, or None where it was heard
        before. Raises TooManyWaiting.
        """
        return await asyncio.to_thread(self._hear, sender, client_id, message, zone, title)

    def _hear(
        self, sender: str, client_id: str, message: str, zone: str, title: str | None
    ) -> dict[str, Any] | None:
        if title is None and message.startswith("/"):
            title = self._log.offered(sender, message)
        said = as_text(message) if title is None else message
        heard, waiting = self._log.hear(sender, client_id, said, title or message.strip(), zone)
        if heard and waiting > self._most_waiting:
            self._log.take_back(sender, client_id)
            raise TooManyWaiting
        return heard

    def begin(self, sender: str) -> None:
        """Works on what waits in a conversation, unless that is under way."""
        self._more.add(sender)
        if sender not in self._working:
            self._working[sender] = asyncio.create_task(self._work(sender))

    async def finish(self, seconds: float) -> None:
        """Waits so long for the turns in hand to be answered and shown."""
        if self._working:
            await asyncio.wait(self._working.values(), timeout=seconds)

    async def watch(self) -> None:
        """For ever: takes up the turns that a stopped gateway left behind."""
        await asyncio.to_thread(self._log.begin_alone, self._channel)
        while True:
            try:
                for sender in await asyncio.to_thread(self._log.unanswered, self._channel):
                    self.begin(sender)
            except Exception:
                log.exception("turns.watch_failed")
            await asyncio.sleep(LOOKS_EVERY)

    async def _work(self, sender: str) -> None:
        try:
            while sender in self._more:
                self._more.discard(sender)
                seconds = self._assistant.timeout + GRACE
                while turn := await asyncio.to_thread(self._log.claim, sender, seconds):
                    with working_on(request_id_of(sender, turn.client_id)):
                        await self._answer(turn)
        except Exception:  # the database is away: `watch` takes the turn up again
            log.exception("turn.not_kept")
        finally:
            self._working.pop(sender, None)
            if sender in self._more:  # came in after the last look
                self.begin(sender)

    async def _answer(self, turn: Waiting) -> None:
        began = time.monotonic()
        taken, came_of_it = await self._take(turn)
        seconds = time.monotonic() - began
        self._count(turn.sender, came_of_it, seconds)
        channel, milliseconds = self._channel.rstrip(":"), round(seconds * 1000)
        log.info("turn", channel=channel, outcome=came_of_it, milliseconds=milliseconds)
        replies = [as_message(reply) for reply in taken]
        shown = await asyncio.to_thread(self._log.answer, turn, replies)
        await self._show(turn.sender, shown)

    async def _take(self, turn: Waiting) -> tuple[list[Reply], str]:
        """The assistant's replies, at least one, and none of them empty; and what came of it."""
        if notice := await asyncio.to_thread(self._switch.notice):
            return [Reply(notice)], OFF
        try:
            replies = await self._assistant.turn(
                turn.sender, turn.text, turn.client_id, again=turn.again, zone=turn.zone
            )
        except AssistantUnavailable as error:
            log.error("turn.failed", cause=str(error))
            replies = []
        if said := [reply for reply in replies if not reply.empty]:
            return said, outcome(said)
        return [Reply(self._apology)], FAILED


def as_text(message: str) -> str:
    """What a visitor wrote, so that Rasa reads it as text and never as a command.

    Rasa takes ``/intent{"entity": ...}`` for the result of understanding. Only the buttons
    that the assistant offered may say such things.
    """
    return message.lstrip(" \t\r\n/") or "?"


def as_message(reply: Reply) -> dict[str, Any]:
    """A reply in the form of Rasa's `bot_uttered`."""
    message: dict[str, Any] = {"text": reply.text}
    if reply.buttons:
        message["quick_replies"] = [
            {"content_type": "text", "title": button.title, "payload": button.payload}
            for button in reply.buttons
        ]
    if reply.image:
        message["attachment"] = {"type": "image", "payload": {"src": reply.image}}
    known = {"kind": reply.kind, "topic": reply.topic, "alt": reply.alt}
    return message | {name: value for name, value in known.items() if value}

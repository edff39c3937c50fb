"""Turns of conversations: in order, as plain text, and never answered with silence."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass, field

import structlog

from channels.assistant import Assistant, AssistantUnavailable, Reply
from channels.kill_switch import KillSwitch

log = structlog.get_logger()

CONVERSATIONS_KEPT = 10_000
PAYLOADS_KEPT = 60
MESSAGE_IDS_KEPT = 100
TURNS_WAITING = 5


@dataclass
class Conversation:
    """What the gateway remembers of one: whose turn it is, which buttons it offered, which
    messages it heard."""

    in_order: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    offered: deque[str] = field(default_factory=lambda: deque(maxlen=PAYLOADS_KEPT))
    heard: deque[str] = field(default_factory=lambda: deque(maxlen=MESSAGE_IDS_KEPT))


class Turns:
    """Passes each turn to the assistant, one at a time for each conversation."""

    def __init__(
        self, assistant: Assistant, apology: str, too_fast: str, switch: KillSwitch
    ) -> None:
        self._switch = switch
        self._assistant = assistant
        self._apology = apology
        self._too_fast = too_fast
        self._conversations: OrderedDict[str, Conversation] = OrderedDict()

    def heard_before(self, sender: str, message_id: str) -> bool:
        """Whether this message has been sent already; from now on it has."""
        heard = self._conversation(sender).heard
        if message_id in heard:
            return True
        heard.append(message_id)
        return False

    async def take(self, sender: str, message: str) -> list[Reply]:
        """The assistant's replies to ``message``: at least one, and none of them empty."""
        if notice := self._switch.notice():
            return [Reply(notice)]
        conversation = self._conversation(sender)
        if conversation.waiting >= TURNS_WAITING:
            return [Reply(self._too_fast)]
        conversation.waiting += 1
        try:
            async with conversation.in_order:
                return await self._take(sender, message, conversation)
        finally:
            conversation.waiting -= 1

    async def _take(self, sender: str, message: str, conversation: Conversation) -> list[Reply]:
        text = message if message in conversation.offered else as_text(message)
        try:
            replies = await self._assistant.turn(sender, text)
        except AssistantUnavailable as error:
            log.error("turn.failed", cause=str(error))
            replies = []
        replies = [reply for reply in replies if reply.text.strip() or reply.buttons]
        if not replies:
            return [Reply(self._apology)]
        for reply in replies:
            conversation.offered.extend(button.payload for button in reply.buttons)
        return replies

    def _conversation(self, sender: str) -> Conversation:
        conversation = self._conversations.setdefault(sender, Conversation())
        self._conversations.move_to_end(sender)
        if len(self._conversations) > CONVERSATIONS_KEPT:
            self._conversations.popitem(last=False)
        return conversation


def as_text(message: str) -> str:
    """What a visitor wrote, so that Rasa reads it as text and never as a command.

    Rasa takes ``/intent{"entity": ...}`` for the result of understanding. Only the buttons
    that the assistant offered may say such things.
    """
    return message.lstrip(" \t\r\n/") or "?"

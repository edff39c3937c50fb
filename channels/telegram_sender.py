"""The one sender of the bot: whatever goes to Telegram goes through here, in order, and arrives.

Telegram knows no key by which a message that is sent twice could be told. Where a connection
breaks after a message was given up and before Telegram has said so, it is sent again: somebody
may read a thing twice, but nobody waits for an answer that was lost.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import structlog
from telegram import LinkPreviewOptions
from telegram.constants import ChatAction
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import AIORateLimiter, Defaults, ExtBot
from telegram.request import HTTPXRequest

from channels.delivery_log import DeliveryLog, Unsent
from channels.telegram_keyboards import Tokens
from channels.telegram_messages import Part, in_plain_text, parts_of
from channels.telegram_updates import chat_of
from clinic.profile import Clinic

log = structlog.get_logger()
Result = TypeVar("Result")

SECONDS_TO_SEND = 60.0  # that a conversation stays with one gateway after its last sending
SLOW = 0.4  # seconds after which somebody who waits is shown that an answer is being written
TYPING_LASTS = 4.5
MOST_TYPING = 10
LONGEST_WAIT = 30.0
CALM = 2  # times that Telegram may ask to slow down before the sender's own patience begins

CalendarOf = Callable[[str], Awaitable[str | None]]


def make_bot(token: str, api: str) -> ExtBot[Any]:
    """The bot: within Telegram's limits (30 messages a second, 20 a minute in a group)."""
    return ExtBot(
        token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=HTTPXRequest(connection_pool_size=64, read_timeout=15, pool_timeout=30),
        get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=10),
        defaults=Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)),
        rate_limiter=AIORateLimiter(max_retries=CALM),
    )


def waits() -> Iterator[float]:
    """For how long to wait before each further attempt: longer and longer, up to half a minute,
    and each by chance a little different."""
    wait = 0.25
    while True:
        yield wait * random.uniform(0.75, 1.25)  # noqa: S311
        wait = min(wait * 2, LONGEST_WAIT)


async def patiently(what: str, call: Callable[[], Awaitable[Result]]) -> Result:
    """The result of a call of Telegram's, made until it succeeds.

    A lost connection, a 5xx and a 429 are met with waiting; what waiting cannot mend is raised:
    BadRequest, Forbidden, InvalidToken, ChatMigrated. Logs name the error and never its words,
    which may hold the token.
    """
    for wait in waits():
        try:
            return await call()
        except (BadRequest, Forbidden, InvalidToken, ChatMigrated):
            raise
        except RetryAfter as error:
            seconds = error.retry_after
            after = seconds if isinstance(seconds, int) else seconds.total_seconds()
            log.warning("telegram.asked_to_wait", kind=what, seconds=after)
            await asyncio.sleep(after + 0.1)
        except TelegramError as error:
            log.warning("telegram.tries_again", kind=what, cause=type(error).__name__)
            await asyncio.sleep(wait)
    raise AssertionError("waits never end")


class Sender:
    """Sends what the log holds for a conversation, once each and in order."""

    def __init__(
        self,
        bot: ExtBot[Any],
        messages: DeliveryLog,
        clinic: Clinic,
        tokens: Tokens,
        calendar_of: CalendarOf,
    ) -> None:
        self._bot = bot
        self._log = messages
        self._clinic = clinic
        self._tokens = tokens
        self._calendar_of = calendar_of
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._typing: dict[str, asyncio.Task[None]] = {}

    async def deliver(self, sender: str) -> bool:
        """Sends all that has not been sent. False where the chat is closed to the bot: it was
        blocked, or the chat is gone."""
        line = self._lines.setdefault(sender, asyncio.Lock())
        async with line:
            unsent = await asyncio.to_thread(self._log.unsent, sender, SECONDS_TO_SEND)
            return await self._send_all(sender, unsent) if unsent else True

    def sends_to(self, sender: str) -> bool:
        """Whether something is being sent in a conversation, perhaps again and again."""
        line = self._lines.get(sender)
        return line is not None and line.locked()

    async def _send_all(self, sender: str, unsent: Unsent) -> bool:
        messages, sent, before = unsent.messages, unsent.parts, unsent.before
        for message in messages:
            calendar = None
            if message.get("kind") == "booked":
                calendar = await self._calendar_of(message["text"])
            parts = parts_of(sender, message, before, self._clinic, self._tokens, calendar)
            for number, part in enumerate(parts[sent:], sent + 1):
                if not await self._send(sender, part):
                    await asyncio.to_thread(self._log.sent, sender, messages[-1]["seq"], "")
                    return False
                if number < len(parts):
                    so_far = (message["seq"] - 1, before, number, SECONDS_TO_SEND)
                    await asyncio.to_thread(self._log.sent, sender, *so_far)
            before, sent = message.get("kind", ""), 0
            seconds = 0 if message is messages[-1] else SECONDS_TO_SEND
            await asyncio.to_thread(self._log.sent, sender, message["seq"], before, 0, seconds)
        if before == "erased":
            await asyncio.to_thread(self._forget, sender, messages[-1]["seq"])
        return True

    async def _send(self, sender: str, part: Part) -> bool:
        chat = chat_of(sender)
        try:
            await self._call(chat, part)
        except Forbidden:
            log.info("telegram.blocked")
            return False
        except ChatMigrated as moved:  # a group became a supergroup, with another number
            await self._call(moved.new_chat_id, part)
        except BadRequest as error:
            if "chat not found" in error.message.lower():
                log.info("telegram.chat_gone")
                return False
            log.error("telegram.refused", kind=part.method)
            if part.method == "send_message":
                try:
                    await self._call(chat, in_plain_text(part))
                except BadRequest:
                    log.error("telegram.refused_in_plain_text")
        except TelegramError:
            raise
        except Exception as error:  # a fault of ours: to send it again and again would be worse
            log.error("telegram.fault", kind=part.method, cause=type(error).__name__)
        return True

    async def _call(self, chat: int, part: Part) -> None:
        method = getattr(self._bot, part.method)
        await patiently(part.method, lambda: method(chat_id=chat, **part.arguments))

    def _forget(self, sender: str, seq: int) -> None:
        """After "it is deleted", the gateway's own record goes, too."""
        if not self._log.after(sender, seq):
            self._log.forget(sender)

    def typing(self, sender: str) -> None:
        """Shows that an answer is being written, if it takes its time."""
        if sender not in self._typing:
            self._typing[sender] = asyncio.create_task(self._type(sender))

    def not_typing(self, sender: str) -> None:
        """The answer is there."""
        if task := self._typing.pop(sender, None):
            task.cancel()

    async def _type(self, sender: str) -> None:
        await asyncio.sleep(SLOW)
        try:
            for _ in range(MOST_TYPING):
                await self._bot.send_chat_action(chat_of(sender), ChatAction.TYPING)
                await asyncio.sleep(TYPING_LASTS)
        except TelegramError:
            return  # it was only a courtesy

    def close(self) -> None:
        """Stops what was only a courtesy."""
        for sender in list(self._typing):
            self.not_typing(sender)

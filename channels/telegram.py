"""Telegram: the same assistant there, by long polling or by webhook.

An update is confirmed to Telegram only once it is in the log; the log answers each once, in the
order of its chat, whatever stops in between. What is sent goes through channels/telegram_sender.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import time
from collections.abc import Coroutine
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from telegram import CallbackQuery, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from channels.assistant import Assistant
from channels.delivery_log import DeliveryLog
from channels.kill_switch import KillSwitch
from channels.limits import Limits
from channels.telegram_keyboards import USED, Tokens, used
from channels.telegram_offers import OfferAnswers
from channels.telegram_outbox import Diary, TelegramOutbox
from channels.telegram_sender import Sender, make_bot, patiently, waits
from channels.telegram_setup import HEADER, choose_way_in, set_commands, webhook_secret
from channels.telegram_turns import AssistantOnTelegram
from channels.telegram_updates import UPDATES, Said, chat_of, said_in
from channels.telegram_words import ALREADY_PRESSED, NO_LONGER_IN_USE, notice
from channels.turns import Count, TooManyWaiting, Turns, uncounted
from channels.words import apology, too_fast
from clinic.profile import Clinic

log = structlog.get_logger()

CHANNEL = "tg:"
TURNS_WAITING = 50  # after a lost connection all that was written meanwhile comes at once
POLL_SECONDS = 30
BREATH = 0.02
LOOKS_EVERY = 2.0
SECONDS_TO_STOP = 3.0
LARGEST_UPDATE = 1_000_000
TELL_AGAIN = 60.0  # seconds for which somebody who is too fast is told so only once

NOT_A_BOT = (
    "Telegram refuses TELEGRAM_TOKEN: take it anew from @BotFather (/mybots, API Token), and start "
    "again."
)
NO_WEBHOOK = (
    "Telegram refuses TELEGRAM_WEBHOOK: it must be a public https address with a valid "
    "certificate, on port 443, 80, 88 or 8443. Left out, the bot asks for its messages itself."
)


class TelegramChannel:
    """The bot. ``run`` is its life; ``webhook`` takes updates where Telegram brings them."""

    def __init__(
        self,
        *,
        token: str,
        api: str,
        public_url: str,
        secret: str,
        assistant: Assistant,
        messages: DeliveryLog,
        limits: Limits,
        switch: KillSwitch,
        clinic: Clinic,
        count: Count = uncounted,
    ) -> None:
        for library in ("httpx", "httpcore", "telegram"):
            # Their own lines may hold addresses, and those hold the token. We say what happens.
            logging.getLogger(library).setLevel(logging.CRITICAL)
        self._bot = make_bot(token, api)
        self._public_url = public_url
        self._secret = webhook_secret(secret)
        self._assistant = assistant
        self._log = messages
        self._limits = limits
        self._switch = switch
        self._clinic = clinic
        self._count = count
        self._tokens = Tokens(secret)
        self._diary = Diary(clinic)
        self._sender = Sender(self._bot, messages, clinic, self._tokens, self._diary.calendar_of)
        self._turns: Turns | None = None
        self._asides: set[asyncio.Task[None]] = set()
        self._told_too_fast: dict[str, float] = {}

    async def run(self) -> None:
        """For ever: gets to know Telegram, then takes updates and sends what is to be sent."""
        for wait in waits():
            try:
                await self._live()
            except Exception as error:
                causes = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
                if any(isinstance(cause, InvalidToken) for cause in causes):
                    return _say_off(NOT_A_BOT)
                if any(isinstance(cause, BadRequest) for cause in causes):
                    return _say_off(NO_WEBHOOK)
                log.error(
                    "telegram.begins_again", cause=", ".join(type(c).__name__ for c in causes)
                )
                await asyncio.sleep(wait)

    async def close(self) -> None:
        """Lets what is being said and sent be ended, then ends."""
        if self._turns:
            await self._turns.finish(SECONDS_TO_STOP)
        self._sender.close()
        if self._asides:
            await asyncio.wait(self._asides, timeout=SECONDS_TO_STOP)
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._bot.shutdown()
        self._diary.close()

    async def webhook(self, request: Request) -> Response:
        """Takes one update: 200 as soon as it is kept. 403 for whoever is not Telegram, and 503
        where it cannot be kept now, so that Telegram brings it again."""
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return Response(status_code=403)
        if self._turns is None:
            return Response(status_code=503, headers={"Retry-After": "1"})
        try:
            body = await request.body()
            update = Update.de_json(json.loads(body[:LARGEST_UPDATE]), self._bot)
        except (ValueError, TypeError, KeyError, AttributeError):
            return Response(status_code=400)
        if update and not await self._keep(update):
            return Response(status_code=503, headers={"Retry-After": "1"})
        return Response(status_code=200)

    async def take(self, update: Update) -> None:
        """Keeps what an update says, to be answered; all else it does is a courtesy."""
        if update.callback_query:
            await self._press(update.callback_query)
        for said in said_in(update, self._bot.bot, self._clinic.chat.longest_message):
            try:
                await self._hear(await self._as_answer(said) if said.only_after else said)
            except TooManyWaiting:
                self._tell_too_fast(said.sender)

    async def _live(self) -> None:
        await self._begin()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._the_turns.watch())
            tasks.create_task(self._deliver_what_is_left())
            tasks.create_task(TelegramOutbox(self._diary, self._log, self._sender).run())
            if not self._public_url:
                tasks.create_task(self._poll())

    async def _begin(self) -> None:
        await patiently("get_me", self._bot.initialize)
        name = self._bot.username
        self._turns = Turns(
            AssistantOnTelegram(
                self._assistant, self._clinic, name, OfferAnswers(self._clinic, self._diary)
            ),
            self._log,
            apology(self._clinic),
            self._show,
            self._switch,
            channel=CHANNEL,
            most_waiting=TURNS_WAITING,
            count=self._count,
        )
        self._aside(set_commands(self._bot))  # it works without a menu
        way = await choose_way_in(self._bot, self._public_url, self._secret)
        print(f"telegram: on as @{name}, {way}", flush=True)

    async def _poll(self) -> None:
        """For ever: asks for updates; asking for the next confirms the ones before."""
        offset = None
        wait = waits()
        while True:
            try:
                updates = await self._bot.get_updates(
                    offset=offset, timeout=POLL_SECONDS, allowed_updates=UPDATES
                )
                wait = waits()
                for update in updates:
                    while not await self._keep(update):
                        await asyncio.sleep(next(wait))
                    offset = update.update_id + 1
                if updates:  # their turns come first; there is time to ask for more
                    await asyncio.sleep(BREATH)
            except InvalidToken:
                raise
            except TelegramError as error:
                # Conflict: another program asks with the same token. It may be the one before
                # this, which is just stopping.
                log.warning("telegram.not_reached", cause=type(error).__name__)
                await asyncio.sleep(next(wait))

    async def _keep(self, update: Update) -> bool:
        """Takes an update. False where it could not be kept now, and must come again."""
        try:
            await self.take(update)
        except SQLAlchemyError as error:
            log.error("telegram.update_not_kept", cause=type(error).__name__)
            return False
        except Exception as error:  # a fault of ours: the update would fail again and again
            log.error("telegram.update_not_taken", cause=type(error).__name__)
        return True

    async def _hear(self, said: Said) -> bool:
        """Takes something said, to be answered; whether it is new. Raises TooManyWaiting."""
        turns = self._the_turns
        if not await self._limits.message(said.sender, said.sender):
            raise TooManyWaiting
        heard = await turns.hear(said.sender, said.id, said.text, title=said.title)
        if heard:
            self._sender.typing(said.sender)
        turns.begin(said.sender)
        return heard is not None

    async def _as_answer(self, said: Said) -> Said:
        """A telephone number that was shared, if it was asked for."""
        kind = await asyncio.to_thread(self._log.kind_of_last, said.sender)
        if kind == said.only_after:
            return said
        return Said(said.sender, said.id, notice("contact"), "(a contact)")

    async def _press(self, query: CallbackQuery) -> None:
        message = query.message
        if message is None or message.chat.type != ChatType.PRIVATE:
            return self._aside(query.answer(NO_LONGER_IN_USE))
        sender = f"{CHANNEL}{message.chat.id}"
        if query.data == USED:
            return self._aside(query.answer(ALREADY_PRESSED))
        said = await asyncio.to_thread(self._log.after, sender, 0)
        press = self._tokens.pressed(sender, query.data or "", said)
        if press is None:
            self._aside(query.answer(NO_LONGER_IN_USE))
            return self._aside(query.edit_message_reply_markup(None))
        # A keyboard is pressed once, however often and however fast.
        pressed = Said(sender, f"press-{press.keyboard}", press.payload, press.title)
        try:
            new = await self._hear(pressed)
        except TooManyWaiting:
            return self._aside(query.answer(too_fast()))
        self._aside(query.answer(None if new else ALREADY_PRESSED))
        if new:
            self._aside(query.edit_message_reply_markup(used(press.title)))

    async def _show(self, sender: str, said: list[dict[str, Any]]) -> None:
        self._sender.not_typing(sender)
        try:
            await self._sender.deliver(sender)
        except Exception as error:  # it stays in the log, and is sent by and by
            log.error("telegram.not_delivered", cause=type(error).__name__)

    async def _deliver_what_is_left(self) -> None:
        """For ever: sends what a gateway that stopped had not sent."""
        while True:
            try:
                for sender in await asyncio.to_thread(self._log.undelivered, CHANNEL):
                    if not self._sender.sends_to(sender):
                        self._aside(self._sender.deliver(sender))
            except Exception as error:
                log.error("telegram.log_not_read", cause=type(error).__name__)
            await asyncio.sleep(LOOKS_EVERY)

    def _tell_too_fast(self, sender: str) -> None:
        now = time.monotonic()
        self._told_too_fast = {
            who: at for who, at in self._told_too_fast.items() if now - at < TELL_AGAIN
        }
        if sender not in self._told_too_fast:
            self._told_too_fast[sender] = now
            self._aside(self._bot.send_message(chat_of(sender), too_fast()))

    def _aside(self, courtesy: Coroutine[Any, Any, Any]) -> None:
        """Does something beside the turns, which need not wait for it and do without it."""
        task = asyncio.create_task(_quietly(courtesy))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    @property
    def _the_turns(self) -> Turns:
        assert self._turns is not None, "updates come only once the bot is known"
        return self._turns


def _say_off(why: str) -> None:
    print(f"telegram: off. {why}", flush=True)


async def _quietly(courtesy: Coroutine[Any, Any, Any]) -> None:
    try:
        await courtesy
    except (Forbidden, BadRequest, InvalidToken):
        pass  # too late, or blocked: nobody misses it
    except TelegramError as error:
        log.warning("telegram.courtesy_failed", cause=type(error).__name__)
    except Exception as error:
        log.error("telegram.aside_failed", cause=type(error).__name__)

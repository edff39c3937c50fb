"""What the clinic wants to tell people on Telegram by itself: reminders, offers, answers of staff.

It stands in the clinic's outbox, among the letters, and goes out through the same sender as the
assistant's answers: in order with them, and with buttons that may be pressed.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from channels.delivery_log import DeliveryLog
from channels.telegram_sender import Sender
from clinic.calendar_file import calendar_file
from clinic.errors import ClinicError
from clinic.outbox import Message, claim, failed, sent
from clinic.own_appointment import appointment_of, read_reference
from clinic.profile import Clinic
from clinic.request_id import working_on
from clinic.storage import Storage, open_storage

log = structlog.get_logger()

SECONDS_BETWEEN = 3.0


class Diary:
    """The clinic's database as this channel needs it: opened when it is first needed."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._opened: Storage | None = None

    @property
    def storage(self) -> Storage:
        """The database. Raises ClinicError where it cannot be opened, and may be asked again."""
        self._opened = self._opened or open_storage()
        return self._opened

    async def calendar_of(self, text: str) -> str | None:
        """The calendar file of the appointment whose reference stands in ``text``."""
        try:
            return await asyncio.to_thread(self._calendar_of, text)
        except ClinicError as error:  # the words have said everything
            log.error("telegram.no_calendar_file", cause=type(error).__name__)
            return None

    def _calendar_of(self, text: str) -> str | None:
        reference = read_reference(text)
        if reference is None:
            return None
        appointment = appointment_of(self.storage, reference)
        return calendar_file(self._clinic, appointment, datetime.now(UTC), "PUBLISH")

    def close(self) -> None:
        if self._opened:
            self._opened.dispose()


class TelegramOutbox:
    """Sends the outbox's messages for Telegram."""

    def __init__(self, diary: Diary, messages: DeliveryLog, sender: Sender) -> None:
        self._diary = diary
        self._log = messages
        self._sender = sender

    async def run(self) -> None:
        """For ever; a database that does not answer is asked again."""
        while True:
            try:
                while message := await asyncio.to_thread(self._claim):
                    with working_on(message.request_id):
                        await self._send(message)
            except (ClinicError, SQLAlchemyError) as error:
                log.warning("telegram.outbox_unreachable", cause=type(error).__name__)
            await asyncio.sleep(SECONDS_BETWEEN)

    def _claim(self) -> Message | None:
        return claim(self._diary.storage, datetime.now(UTC), kind="telegram")

    async def _send(self, message: Message) -> None:
        sender, storage = message.content["sender"], self._diary.storage
        said = _as_said(message.content)
        await asyncio.to_thread(self._log.tell, sender, message.message_key[:64], [said])
        if await self._sender.deliver(sender):
            await asyncio.to_thread(sent, storage, message, datetime.now(UTC))
            log.info("outbox.sent", message=message.id, kind=message.kind)
        else:
            problem = "the chat is closed to the bot"
            await asyncio.to_thread(
                failed, storage, message, datetime.now(UTC), problem, for_good=True
            )


def _as_said(content: dict[str, Any]) -> dict[str, Any]:
    """The outbox's message as the log keeps what the assistant says."""
    buttons = [
        {"content_type": "text", "title": button["title"], "payload": button["payload"]}
        for button in content.get("buttons", [])
    ]
    return {"text": content["text"], **({"quick_replies": buttons} if buttons else {})}

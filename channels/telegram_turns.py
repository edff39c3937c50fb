"""The assistant as Telegram's turns know it: with the bot's own answers, and discreet in groups."""

from __future__ import annotations

from channels.assistant import Assistant, Reply
from channels.telegram_offers import OfferAnswers
from channels.telegram_updates import in_group
from channels.telegram_words import in_private, noticed, notices
from clinic.profile import Clinic

# What may be said where others read: general information, and danger. Everything else is either
# personal or leads to it.
FOR_ALL_TO_READ = {"answer", "sources", "emergency", "soon"}


class AssistantOnTelegram:
    """Rasa, but for what the bot answers by itself.

    In a group, what is personal is left unsaid and its conversation forgotten, so that no booking
    waits there for a name; the visitor is asked to write in private.
    """

    def __init__(
        self, assistant: Assistant, clinic: Clinic, bot: str, offers: OfferAnswers
    ) -> None:
        self._assistant = assistant
        self._offers = offers
        self._notices = notices(clinic, bot)
        self._bot = bot

    @property
    def timeout(self) -> float:
        """The seconds that a turn may take."""
        return self._assistant.timeout

    async def turn(
        self, sender: str, text: str, message_id: str = "", again: bool = False, zone: str = ""
    ) -> list[Reply]:
        """What is said to ``text``; Telegram knows no ``zone``. Raises AssistantUnavailable."""
        if name := noticed(text):
            private = name.removeprefix("private ")
            return [self._notices[name] if private == name else in_private(self._bot, private)]
        if answered := await self._offers.to(sender, text):
            return [answered]
        replies = await self._assistant.turn(sender, text, message_id, again)
        return await self._discreet(sender, replies) if in_group(sender) else replies

    async def _discreet(self, sender: str, replies: list[Reply]) -> list[Reply]:
        general = [reply for reply in replies if reply.kind in FOR_ALL_TO_READ]
        if len(general) < len(replies):
            await self._assistant.forget(sender)
        if any(reply.kind == "emergency" for reply in general):
            return [without_buttons(reply) for reply in general]
        if len(general) < len(replies):
            return [*map(without_buttons, general), self._notices["private"]]
        return [without_buttons(reply) for reply in general]


def without_buttons(reply: Reply) -> Reply:
    """What is said, with nothing to press: anybody in the group could."""
    return Reply(reply.text, [], reply.kind, reply.topic, reply.image, reply.alt)

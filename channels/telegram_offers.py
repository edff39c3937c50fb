"""The answer to a time of the waiting list that was offered in the chat, by a button under it."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

from channels.assistant import Reply
from channels.telegram_outbox import Diary
from clinic.appointments import booked_with
from clinic.errors import DiaryUnreachable, OfferOver, StorageError, VisitorError
from clinic.letters import appointment_words, words
from clinic.profile import Clinic
from clinic.waiting_offers import accept, decline, offer_key, offer_of

# What the buttons send (data/letters.yml). It means something only to who was offered the time.
_ANSWER = re.compile(r"/offer (accept|decline) (\d+)")


class OfferAnswers:
    """Books what is taken, and gives what is declined to the next. It needs no Rasa."""

    def __init__(self, clinic: Clinic, diary: Diary) -> None:
        self._clinic = clinic
        self._diary = diary

    async def to(self, sender: str, text: str) -> Reply | None:
        """What is said to ``text``; None where it is no answer to an offer. Twice is as good as
        once."""
        if not (answer := _ANSWER.fullmatch(text)):
            return None
        try:
            return await asyncio.to_thread(self._done, sender, answer[1], int(answer[2]))
        except VisitorError as error:
            return Reply(error.words)
        except StorageError:
            return Reply(DiaryUnreachable().words)

    def _done(self, sender: str, what: str, number: int) -> Reply:
        storage, now = self._diary.storage, datetime.now(UTC)
        known = booked_with(storage, offer_key(number))
        offer = offer_of(storage, number)
        whose = known.sender if known else offer.wish.sender if offer and offer.wish else ""
        if whose != sender:
            raise OfferOver
        if what == "decline":
            if not decline(storage, self._clinic, number, now):
                raise OfferOver
            return Reply(words()["offer_declined_on_telegram"])
        booked = accept(storage, self._clinic, number, now)
        values = appointment_words(self._clinic, booked, now)
        return Reply(words()["offer_taken_on_telegram"].format(**values), kind="booked")

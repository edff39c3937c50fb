"""The pages of the waiting list: a time that was offered, and one's place on the list."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.responses import Response
from starlette.routing import BaseRoute

from channels.letter_pages import Asked, LetterPages
from clinic.appointments import booked_with
from clinic.errors import OfferOver
from clinic.waiting_list import suits_in_words, wish_of
from clinic.waiting_offers import ACCEPTED, Offer, accept, decline, leave, offer_key, offer_of
from clinic.words import person_in_words


class WaitingPages:
    """``/offer/<link>`` to accept or decline a time, ``/waiting-list/<link>`` to leave the list."""

    def __init__(self, pages: LetterPages) -> None:
        self._pages = pages
        self._clinic = pages.clinic

    def routes(self) -> list[BaseRoute]:
        return [
            self._pages.route("offer", "", self.offer, self.answer),
            self._pages.route("waiting-list", "", self.place, self.leave),
        ]

    def offer(self, asked: Asked) -> Response:
        """The time, with whom, and until when it is kept."""
        found = offer_of(self._pages.storage, int(asked.about))
        if found is None:
            raise OfferOver
        if found.state == ACCEPTED:
            return self._booked(found)
        return self._pages.show(
            "offer.html",
            offer=found,
            still_open=found.is_open(datetime.now(UTC)),
            practitioner=person_in_words(self._clinic, found.practitioner, self._clinic.name),
        )

    def answer(self, asked: Asked) -> Response:
        """Books the time, or gives it to the next."""
        now = datetime.now(UTC)
        found = offer_of(self._pages.storage, int(asked.about))
        if found is None:
            raise OfferOver
        match asked.given.get("answer"):
            case "accept":
                booked = accept(self._pages.storage, self._clinic, found.id, now)
                return self._pages.go("appointment", booked.reference, booked.ends_at, "booked")
            case "decline":
                decline(self._pages.storage, self._clinic, found.id, now)
        return self._pages.go("offer", asked.about, found.starts_at)

    def place(self, asked: Asked) -> Response:
        """What somebody waits for, and a button to leave."""
        wish = wish_of(self._pages.storage, asked.about)
        if wish is None:
            return self._left()
        suits = suits_in_words(self._clinic, wish.suits, datetime.now(UTC))
        return self._pages.show("waiting.html", suits=suits)

    def leave(self, asked: Asked) -> Response:
        """Takes them off the list; twice is as good as once."""
        leave(self._pages.storage, self._clinic, asked.about, datetime.now(UTC))
        return self._left()

    def _left(self) -> Response:
        text = "You are not on our waiting list, and we keep nothing of you for it."
        return self._pages.notice("You have left the waiting list", text)

    def _booked(self, offer: Offer) -> Response:
        booked = booked_with(self._pages.storage, offer_key(offer.id))
        if booked is None:  # erased, or changed since: its own letters have the link
            text = "You took this time. Your newest letter from us has the link to the appointment."
            return self._pages.notice("This time was booked", text)
        return self._pages.go("appointment", booked.reference, booked.ends_at)

"""The staff's commands about the waiting list."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime

from clinic.errors import ClinicError
from clinic.profile import Clinic
from clinic.storage import open_storage
from clinic.waiting_list import suits_in_words, waiting, wish_of
from clinic.waiting_offers import accept, decline, leave, open_offers
from clinic.words import service_in_words, time_in_words

ANSWERS = {
    "accept": "book the time offered to somebody on the waiting list",
    "decline": "give the time offered to somebody to the next",
    "leave": "take somebody off the waiting list",
}


def waiting_list(clinic: Clinic, now: datetime) -> Iterable[str]:
    """Who waits for a time, in their order, and what they are offered just now."""
    storage = open_storage()
    offers, wishes = open_offers(storage), waiting(storage)
    if not wishes:
        yield "Nobody waits."
    for wish in wishes:
        yield (
            f"{wish.reference}: {service_in_words(clinic, wish.service)} ({wish.patient}), "
            f"{suits_in_words(clinic, wish.suits, now)}; {wish.name}, {wish.contact.value}"
        )
        if offer := offers.get(wish.id):
            yield (
                f"  offered {time_in_words(offer.starts_at, clinic, now)}, until "
                f"{time_in_words(offer.expires_at, clinic, now)}"
            )


def answer_for(clinic: Clinic, given: argparse.Namespace) -> Iterable[str]:
    """Accepts or declines an offered time, or leaves the list, for somebody who has called."""
    answer, reference = given.command, given.reference.upper()
    storage, now = open_storage(), datetime.now(UTC)
    wish = wish_of(storage, reference)
    if wish is None:
        raise ClinicError(f"{reference} is not on the waiting list: see python -m clinic waiting")
    offer = open_offers(storage).get(wish.id)
    if answer == "leave":
        leave(storage, clinic, reference, now, "staff")
        return [f"{reference} has left the waiting list."]
    if offer is None:
        raise ClinicError(f"Nothing is offered to {reference} just now.")
    if answer == "decline":
        decline(storage, clinic, offer.id, now, "staff")
        return [f"{reference} has declined; the time goes to the next, if there is one."]
    booked = accept(storage, clinic, offer.id, now, "staff")
    return [f"Booked: {booked.reference}, {time_in_words(booked.starts_at, clinic, now)}."]

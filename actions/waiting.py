"""The waiting list in the chat: what visitors say of it, and joining it at the end of a booking.

To wait is one answer to the question for a time, so the booking's form asks the rest as ever.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.clinic import now, the_clinic, the_storage
from actions.offering import wish_from
from actions.reading import instant, text
from actions.words import say
from clinic.asked_time import Wished
from clinic.letters import on_telegram
from clinic.person import read_contact
from clinic.profile import Patient
from clinic.waiting_list import WaitingRequest, join, suits_in_words, waiting
from clinic.waiting_offers import leave

# What the slot for the time says of somebody who waits for one.
WAITING = "waiting list"
JOIN = {"title": "Join the waiting list", "payload": f'/inform{{"appointment_time": "{WAITING}"}}'}

_LIST = re.compile(
    r"\b(?:wait(?:ing)?|cancell?ations?|stand[ -]?by|reserve)[ -]?list\b|\bwait ?list\b"
    r"|\b(?:on|off|from|leave|join) (?:the|your) list\b",
    re.I,
)
_TELL_ME = re.compile(
    r"\b(?:let me know|tell me|be told|let us know|(?:e-?mail|write to|contact|notify|ping) me)\b"
    r".*\b(?:if|when)\b.*\b(?:cancel\w*|drops? out|(?:frees?|opens?|comes?) up|"
    r"(?:comes?|becomes?) (?:free|available))\b",
    re.I,
)
_LEAVES = re.compile(
    r"\b(?:off|leave|leaving|remove|delete|cancel|no longer|don'?t (?:want|need)|stop)\b", re.I
)
_ASKS = re.compile(r"\b(?:how long|is there|have you|do you|what is|am i|where am i)\b", re.I)


def speaks_of_list(said: str) -> bool:
    """Whether a message is about the waiting list, whatever it says of it."""
    return bool(_LIST.search(said))


def joins(said: str) -> bool:
    """Whether a message asks to be put on the list, or to be told of a time that becomes free."""
    if speaks_of_list(said):
        return not _ASKS.search(said) and not leaves(said)
    return bool(_TELL_ME.search(said))


def leaves(said: str) -> bool:
    """Whether a message asks to be taken off the list."""
    rest = re.sub(r"cancell?ations?[ -]?list", "list", said, flags=re.I)
    return speaks_of_list(said) and bool(_LEAVES.search(rest))


def waits(tracker: Tracker) -> bool:
    """Whether the booking under way is to be put on the list."""
    return bool(tracker.get_slot("appointment_time") == WAITING)


def in_this_chat(tracker: Tracker) -> bool:
    """Whether an offer can come in this very chat, so that no e-mail address is needed."""
    return on_telegram(tracker.sender_id)


def reaches(tracker: Tracker, contact: str | None) -> bool:
    """Whether with this contact somebody on the list can be written to at once."""
    return contact is not None and ("@" in contact or in_this_chat(tracker))


def may_want_to_wait(tracker: Tracker) -> bool:
    """Whether the list is worth offering: other times than the first ones were asked for."""
    pressed = next(tracker.get_latest_entity_values("times_from"), None)
    return bool(tracker.get_slot("times_wish") or pressed or speaks_of_list(text(tracker)))


def suits(tracker: Tracker) -> Wished:
    """The times that suit: those that were wished for, else any."""
    wish = wish_from(tracker.get_slot("times_wish"))
    begins = instant(tracker.get_slot("times_from"))
    if wish is None or begins is None:
        return Wished(now())
    return replace(wish, after=max(begins, now()))


def suits_said(tracker: Tracker) -> str:
    """The same in words."""
    return suits_in_words(the_clinic(), suits(tracker), now())


def join_list(dispatcher: CollectingDispatcher, tracker: Tracker, service: str) -> None:
    """Puts the visitor on the list and says so."""
    patient: Patient = tracker.get_slot("booking_for")
    request = WaitingRequest(
        service=service,
        patient=patient,
        suits=suits(tracker),
        name=tracker.get_slot("visitor_name"),
        contact=read_contact(tracker.get_slot("contact"), the_clinic().country),
        sender=tracker.sender_id,
        consented_at=now(),
    )
    wish = join(the_storage(), the_clinic(), request, now())
    values = {"reference": wish.reference, "hours": str(the_clinic().booking.offer_hours)}
    say(dispatcher, "waiting", values, kind="booked")


def leave_list(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Takes off the list whoever joined it in this conversation."""
    mine = waiting(the_storage(), tracker.sender_id)
    for wish in mine:
        leave(the_storage(), the_clinic(), wish.reference, now())
    name = "waiting_list_left" if mine else "not_on_waiting_list"
    say(dispatcher, name, {"clinic_phone": the_clinic().phone})


def say_place(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Says what whoever joined the list in this conversation waits for."""
    mine = waiting(the_storage(), tracker.sender_id)
    if not mine:
        say(dispatcher, "not_on_waiting_list", {"clinic_phone": the_clinic().phone})
    for wish in mine:
        words = suits_in_words(the_clinic(), wish.suits, now())
        say(dispatcher, "on_waiting_list", {"suits": words, "reference": wish.reference})

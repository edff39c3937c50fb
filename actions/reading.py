"""What the actions read off a conversation: its last message, and what it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk import Tracker

from actions.clinic import the_clinic
from clinic.errors import ContactNotUnderstood
from clinic.person import Contact, read_contact

# A message with one of these intents is about something else than the form's question.
# The others may well be a name, a number or a time that the classifier has never seen.
ELSEWHERE = {
    "faq",
    "book_appointment",
    "reschedule_appointment",
    "cancel_appointment",
    "check_appointment",
    "request_callback",
    "talk_to_human",
    "erase_my_data",
    "complaint",
    "urgent",
    "distress",
    "bot_challenge",
    "help",
    "stop",
    "greet",
    "goodbye",
    "thank",
}
ANSWERS = {"affirm": True, "deny": False}


def asked_for(tracker: Tracker, slot: str) -> bool:
    """Whether the form's last question was for this slot."""
    return bool(tracker.get_slot("requested_slot") == slot)


def intent(tracker: Tracker) -> str | None:
    """The intent of the message; where it was not understood, that, and no guess."""
    found: str | None = tracker.get_intent_of_latest_message(skip_fallback_intent=False)
    return found


def elsewhere(tracker: Tracker) -> bool:
    """Whether the message is about something else; "for my son" may well answer a question."""
    follows_up = entity(tracker, "follow_up") not in {None, "for_whom", "something_else"}
    return follows_up or intent(tracker) in ELSEWHERE


def text(tracker: Tracker) -> str:
    """The message as it was typed."""
    return tracker.latest_message.get("text") or ""


def entity(tracker: Tracker, name: str) -> Any:
    """The first value of an entity in the message, or of a pressed button."""
    return next(tracker.get_latest_entity_values(name), None)


def contact_in(tracker: Tracker) -> Contact | None:
    """The way to be reached that stands in the message, if one does."""
    try:
        return read_contact(text(tracker), the_clinic().country)
    except ContactNotUnderstood:
        return None


def instant(value: Any) -> datetime | None:
    """An aware instant out of a slot or a payload; None where it is none."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def zone(tracker: Tracker) -> str:
    """The time zone that the visitor's browser named with the last message, or ""."""
    told = (tracker.latest_message.get("metadata") or {}).get("time_zone")
    return told if isinstance(told, str) else ""

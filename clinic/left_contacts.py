"""The name and contact that a visitor left leave the conversation again, once they are no longer
needed there: the appointment or the enquiry has them.

Rasa writes down what was typed, the slots that it filled, and what the assistant said of them.
A form that is done or left has emptied its slots; one that was walked away from is given up after
an hour, when Rasa's own session ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from clinic.conversations import Conversations

# Slots that hold who somebody is, and one in answer to whose question they prove it.
LEFT, PROOF = ("visitor_name", "contact"), "own_proof"
IN_USE = timedelta(hours=1)
LEFT_OUT = "…"

Event = dict[str, Any]


def take_out_contacts(conversations: Conversations, now: datetime) -> int:
    """Takes them out of every conversation that needs them no more; returns of how many."""
    number = 0
    for sender in conversations.with_slots(LEFT, asked=(*LEFT, PROOF)):
        events = conversations.of(sender)
        if not _in_use(events, now):
            conversations.rewrite(sender, without_contacts(events))
            number += 1
    return number


def without_contacts(events: list[Event]) -> list[Event]:
    """The same events, with what was said in answer to such a question left out, and what was
    left wherever else it is said."""
    answers, left = _answers(events)
    pattern = _pattern(left)
    return [
        _blank(event) if number in answers else _cleared(event, pattern)
        for number, event in enumerate(events)
    ]


def _in_use(events: list[Event], now: datetime) -> bool:
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    newest = max((event.get("timestamp") or 0 for event in events), default=0)
    quiet = newest < (now - IN_USE).timestamp()
    return not quiet and any(slots.get(name) for name in (*LEFT, "requested_slot"))


def _answers(events: list[Event]) -> tuple[set[int], set[str]]:
    """Which of the visitor's messages say who they are, by their places; and what was left."""
    places, left = set(), set()
    asked, newest = None, None
    for number, event in enumerate(events):
        name, value = event.get("name"), event.get("value")
        if event["event"] == "user":
            newest = number
            if asked in {*LEFT, PROOF}:
                places.add(number)
        elif event["event"] in {"restart", "session_started"}:
            asked = None
        elif event["event"] == "slot" and name == "requested_slot":
            asked = value
        elif event["event"] == "slot" and name in LEFT and value:
            left.add(str(value))
            if newest is not None:
                places.add(newest)
    return places, left


def _pattern(left: Iterable[str]) -> re.Pattern[str] | None:
    """What was left, however it is said: names in parts, numbers in groups."""
    said = set()
    for value in left:
        digits = re.sub(r"\D", "", value)
        if value.startswith("+"):
            said.add(r"\+?[\d\s().-]*" + r"[\s().-]*".join(digits[-6:]))
        else:
            words = [word for word in value.split() if len(word) > 2]
            said.update(re.escape(part) for part in (value, *words))
    longest_first = sorted(said, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)") if said else None


def _blank(event: Event) -> Event:
    """A visitor's message without its words; what it was taken for stays."""
    read = event.get("parse_data") or {}
    read = read | {"text": LEFT_OUT, "entities": [], "text_tokens": []}
    return event | {"text": LEFT_OUT, "parse_data": read}


def _cleared(event: Event, pattern: re.Pattern[str] | None) -> Event:
    if event["event"] == "slot":
        personal = event["name"] in LEFT
        asks = event["name"] == "requested_slot" and event["value"] in {*LEFT, PROOF}
        return event | {"value": None} if personal or asks else event
    cleared: Event = _without(event, pattern) if pattern else event
    return cleared


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(LEFT_OUT, value)
    if isinstance(value, dict):
        return {key: _without(one, pattern) for key, one in value.items()}
    return [_without(one, pattern) for one in value] if isinstance(value, list) else value

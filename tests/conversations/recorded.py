"""A conversation as Rasa recorded it: what was understood, known and said in each turn."""

from __future__ import annotations

import base64
import json
import sqlite3
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Event = dict[str, Any]


@dataclass
class Recorded:
    """The events of one conversation; by turn the names of what was said, the full intent of
    the message, and the slots after it."""

    events: list[Event]
    said: list[list[str]] = field(default_factory=list)
    intents: list[str] = field(default_factory=list)
    slots: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, database: Path, token: str) -> Recorded:
        """The conversation of the visitor with this session token."""
        return cls.of_sender(database, sender(token))

    @classmethod
    def of_sender(cls, database: Path, sender: str) -> Recorded:
        """The conversation with this sender id."""
        with sqlite3.connect(database) as connection:
            rows = connection.execute(
                "SELECT data FROM events WHERE sender_id = ? ORDER BY id", [sender]
            ).fetchall()
        recorded = cls([json.loads(data) for (data,) in rows])
        known: dict[str, Any] = {}
        for event in recorded.events:
            # What an action asks in the visitor's stead has no id: it begins no turn.
            if event["event"] == "user" and event.get("message_id"):
                recorded.said.append([])
                recorded.intents.append(full_intent(event["parse_data"]))
                recorded.slots.append(known := dict(known))
            elif event["event"] == "slot":
                known[event["name"]] = event["value"]
            elif event["event"] == "bot" and recorded.said and (name := name_of(event)):
                recorded.said[-1].append(name)
        return recorded


def sender(token: str) -> str:
    """The conversation that a session token of the gateway's stands for."""
    payload = token.split(".")[0]
    compressed = token.startswith(".")
    if compressed:
        payload = token.split(".")[1]
    data = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return f"web:{json.loads(zlib.decompress(data) if compressed else data)}"


def full_intent(parse_data: dict[str, Any]) -> str:
    """``faq/hours`` of a message; its first guess, where it was not understood."""
    name = str((parse_data.get("intent") or {}).get("name"))
    selected = (parse_data.get("response_selector") or {}).get(name)
    if selected:
        return str(selected["response"]["intent_response_key"])
    return name


def name_of(event: Event) -> str | None:
    """What was said: ``faq/hours``, ``utter_greet``, or the name of an action's words."""
    outer = event.get("metadata") or {}
    response = outer.get("utter_action")
    if response:
        return called(str(response))
    inner = outer.get("metadata") or {}
    return inner.get("said")


def called(response: str) -> str:
    """The short name of a response: ``faq/hours`` of ``utter_faq/hours``."""
    return response.removeprefix("utter_") if "/" in response else response

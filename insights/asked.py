"""What visitors asked, read from Rasa's record of the conversations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from clinic.conversations import Conversations
from clinic.left_contacts import LEFT_OUT, without_contacts
from insights.redacting import Redact

Understood = Literal["understood", "low confidence", "unsure", "out of scope"]
UNDERSTOOD: Understood = "understood"
UNSURE, OUTSIDE = "nlu_fallback", "out_of_scope"
# Understood, but so barely that somebody should look whether rightly.
LOW_CONFIDENCE = 0.6

Event = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """One message that was no answer to a form's question; ``text`` is redacted, and empty for a
    button."""

    at: datetime
    text: str
    topic: str
    understood: Understood
    guess: str


def asked(conversations: Conversations, redact: Redact) -> Iterator[Question]:
    """All that is kept, one conversation after the other."""
    for events in conversations.each():
        yield from _questions(without_contacts(events), redact)


def _questions(events: Iterable[Event], redact: Redact) -> Iterator[Question]:
    awaited = None
    for event in events:
        if event["event"] in {"restart", "session_started"}:
            awaited = None
        elif event["event"] == "slot" and event.get("name") == "requested_slot":
            awaited = event.get("value")
        elif event["event"] == "user" and not awaited and event.get("text") not in (None, LEFT_OUT):
            yield _question(event, redact)


def _question(event: Event, redact: Redact) -> Question:
    read = event.get("parse_data") or {}
    intent = read.get("intent") or {}
    topic = intent.get("full_retrieval_intent_name") or intent.get("name") or UNSURE
    text = event["text"]
    return Question(
        at=datetime.fromtimestamp(event["timestamp"], UTC),
        text="" if text.startswith("/") else redact(text),
        topic=topic,
        understood=_understood(topic, float(intent.get("confidence") or 0)),
        guess=topic if topic != UNSURE else _guess(read),
    )


def _understood(topic: str, confidence: float) -> Understood:
    if topic == UNSURE:
        return "unsure"
    if topic.partition("/")[0] == OUTSIDE:
        return "out of scope"
    return UNDERSTOOD if confidence >= LOW_CONFIDENCE else "low confidence"


def _guess(read: Event) -> str:
    """What it was most likely taken for, in full where that is a retrieval intent."""
    names = (one.get("name") for one in read.get("intent_ranking") or [])
    best = next((name for name in names if name and name != UNSURE), "")
    selected = (read.get("response_selector") or {}).get(best) or {}
    return (selected.get("response") or {}).get("intent_response_key") or best or OUTSIDE

"""A question asked in the visitor's stead: what a message meant, given its conversation.

The question enters the conversation as if the visitor had written it, so that the rules answer it
as they answer any other, a form in the middle of which it comes included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecuted, EventType, UserUttered


def asked(
    tracker: Tracker, intent: str, text: str, entities: list[dict[str, Any]], **more: Any
) -> list[EventType]:
    """The events of a message with this full intent (``faq/hours``); ``more`` of its parse data."""
    name, _, key = intent.partition("/")
    meant = {"name": name, "confidence": 1.0}
    # Rasa's SDK reads the intent of the latest message out of its ranking.
    data: dict[str, Any] = {"text": text, "intent": meant, "intent_ranking": [meant]}
    if key:
        response = {"intent_response_key": intent, "utter_action": f"utter_{intent}"}
        data["response_selector"] = {
            "all_retrieval_intents": [name],
            name: {"response": {**response, "responses": []}},
        }
    if name == "faq":
        topic = {"entity": "topic", "value": key, "start": 0, "end": len(text)}
        entities = [entity for entity in entities if entity["entity"] != "topic"] + [topic]
    return written(tracker, {**data, "entities": entities, **more})


def written(tracker: Tracker, parse_data: Mapping[str, Any]) -> list[EventType]:
    """The events of a message with this parse data."""
    channel = tracker.get_latest_input_channel()
    message = UserUttered(parse_data.get("text"), dict(parse_data), input_channel=channel)
    return [ActionExecuted("action_listen"), message]


def without(parse_data: Mapping[str, Any], mark: str) -> dict[str, Any]:
    """The parse data without the entity ``mark``, its topic that of its own question."""
    kept = [entity for entity in parse_data.get("entities", []) if entity["entity"] != mark]
    selected = (parse_data.get("response_selector") or {}).get("faq", {}).get("response", {})
    topic = str(selected.get("intent_response_key") or "").partition("/")[2]
    own = [{**one, "value": topic} if one["entity"] == "topic" else one for one in kept]
    return {**parse_data, "entities": own}

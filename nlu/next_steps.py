"""Where the buttons of answers lead: told from the examples, which know what asks what."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData


def next_steps_with_topics(data: TrainingData) -> dict[str, list[dict[str, Any]]]:
    """The responses of training data, each button with the ``topic`` of what it sends.

    A button that sends no question (``faq/…``) has none. ``nlu.replies`` reads the topics.
    """
    topics = {}
    for example in data.intent_examples:
        name, _, topic = (example.get(INTENT_RESPONSE_KEY) or "").partition("/")
        if name == "faq":
            topics[example.get(TEXT).casefold()] = topic
    return {
        response: [_leading_on(variation, topics) for variation in variations]
        for response, variations in data.responses.items()
    }


def _leading_on(variation: dict[str, Any], topics: dict[str, str]) -> dict[str, Any]:
    if "buttons" not in variation:
        return variation
    buttons = [
        {**button, "topic": topics[payload]}
        if (payload := str(button.get("payload")).casefold()) in topics
        else button
        for button in variation["buttons"]
    ]
    return {**variation, "buttons": buttons}

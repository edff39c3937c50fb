"""Where the buttons of answers lead: told from the examples, which know what asks what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

MESSAGES = Path("data/tuning/messages.tsv")


def next_steps_with_topics(data: TrainingData) -> dict[str, list[dict[str, Any]]]:
    """The responses of training data, each button with the ``topic`` of what it sends.

    A button that sends no question (``faq/…``) has none. ``nlu.replies`` reads the topics.
    """
    examples = [(one.get(TEXT), one.get(INTENT_RESPONSE_KEY) or "") for one in data.intent_examples]
    topics = {
        text.casefold(): intent.partition("/")[2]
        for text, intent in [*_of_the_encoder(), *examples]
        if intent.startswith("faq/")
    }
    return {
        response: [_leading_on(variation, topics) for variation in variations]
        for response, variations in data.responses.items()
    }


def _of_the_encoder() -> list[list[str]]:
    """The messages that the encoder was tuned on, and their intents, if they are there."""
    rows = MESSAGES.read_text(encoding="utf-8").splitlines()[1:] if MESSAGES.is_file() else []
    return [row.split("\t") for row in rows]


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

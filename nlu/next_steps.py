"""Where buttons lead: what they send is understood by its words, not guessed."""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    RESPONSE_SELECTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils import io

from nlu.classifier import INTENTS, named, selected

STEPS = Path("data/next_steps.yml")
# Each question of these is about another thing: none stands for the others.
ABOUT_ONE_THING = {"about_treatment", "about_lookalike", "about_type", "milia_vs_other"}
STEPS_IN_MODEL = "next_steps.json"

Responses = dict[str, list[dict[str, Any]]]


@functools.cache
def next_steps() -> dict[str, str]:
    """The full intent (``faq/hours``) of what each button sends."""
    return {_plain(text): intent for intent, texts in _steps().items() for text in texts}


def next_steps_with_topics(responses: Responses) -> Responses:
    """The responses, each button that asks a question in general with the ``topic`` of it.

    ``nlu.replies`` reads the topics: who has asked in other words is not offered it again.
    """
    return {
        response: [_leading_on(variation) for variation in variations]
        for response, variations in responses.items()
    }


@functools.cache
def _steps() -> dict[str, list[str]]:
    steps: dict[str, list[str]] = yaml.safe_load(STEPS.read_text("utf-8"))["next_steps"]
    return steps


@functools.cache
def _topics() -> dict[str, str]:
    """The topics of the general questions, which stand first in the file."""
    questions = [(intent.partition("/"), texts[0]) for intent, texts in _steps().items()]
    return {
        _plain(text): topic
        for (kind, _, topic), text in questions
        if kind == "faq" and topic not in ABOUT_ONE_THING
    }


def _leading_on(variation: dict[str, Any]) -> dict[str, Any]:
    if "buttons" not in variation:
        return variation
    buttons = []
    for button in variation["buttons"]:
        topic = _topics().get(_plain(str(button.get("payload"))))
        buttons.append({**button, "topic": topic} if topic else button)
    return {**variation, "buttons": buttons}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NextStepTaken(GraphComponent):
    """Gives what a button sends the intent that data/next_steps.yml says, and is sure of it.

    Stands after the intent classifier, whose guess for these words it replaces; any other
    message is left alone.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NextStepTaken:
        return cls({}, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes with the file, so that Rasa trains anew when only the file has."""
        return hashlib.sha256(STEPS.read_bytes()).hexdigest()

    def __init__(
        self, steps: dict[str, str], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._steps = steps
        self._model_storage = model_storage
        self._resource = resource

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps what the buttons send in the model."""
        with self._model_storage.write_to(self._resource) as folder:
            io.dump_obj_as_json_to_file(folder / STEPS_IN_MODEL, next_steps())
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NextStepTaken:
        """The component with what `train` kept."""
        with model_storage.read_from(resource) as folder:
            steps = io.read_json_file(folder / STEPS_IN_MODEL)
        return cls(steps, model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        """The same messages; those that a button sends mean what the button says."""
        for message in messages:
            if intent := self._steps.get(_plain(message.get(TEXT) or "")):
                _set_intent(message, intent)
        return messages


def _set_intent(message: Message, intent: str) -> None:
    """Writes a full intent into a message as a sure classifier and selector would."""
    name = intent.partition("/")[0]
    chosen = named(name, 1.0)
    message.set(INTENT, chosen, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [chosen], add_to_output=True)
    message.set(INTENTS, [], add_to_output=True)
    if name == intent:
        return
    selection = dict(message.get(RESPONSE_SELECTOR) or {"all_retrieval_intents": [name]})
    found = {INTENT_RESPONSE_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
    selection[name] = selected([found], {})
    message.set(RESPONSE_SELECTOR, selection, add_to_output=True)


def _plain(text: str) -> str:
    """A text without what does not change what it asks: capitals, spaces, the mark at its end."""
    return re.sub(r"\s+", " ", text.replace("’", "'")).strip(" .?!").casefold()

"""Marks what can only be understood, or answered, in its conversation: rules refer to it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.classifier import INTENTS
from nlu.follow_up import follow_up

# Of a person and an age the whole message speaks, however many its questions.
OF_THE_WHOLE = {"patient", "age"}

Entity = dict[str, Any]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class InContext(GraphComponent):
    """Adds an entity ``follow_up`` (its kind) or ``second_question`` where a message is so.

    A message of two questions, or of two requests, keeps the entities of its first one; those of
    the second move to it, in ``intents``, until it is answered. Stands before the topic.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> InContext:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """The same messages, each marked if it needs its conversation."""
        for message in messages:
            text = message.get(TEXT) or ""
            entities: list[Entity] = list(message.get(ENTITIES) or [])
            questions = message.get(INTENTS) or []
            if len(questions) > 1:
                entities = self._divided(text, entities, questions)
                entities.append(self._mark("second_question", questions[1]["name"], text))
            elif not text.startswith("/") and (kind := follow_up(text, entities)):
                entities.append(self._mark("follow_up", kind, text))
            message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def _divided(
        self, text: str, entities: list[Entity], questions: list[dict[str, Any]]
    ) -> list[Entity]:
        """The entities of the first question; the second is given its own."""
        begin = max(text.rfind(questions[1][TEXT]), 0)
        of_all = [entity for entity in entities if entity["entity"] in OF_THE_WHOLE]
        rest = [entity for entity in entities if entity["entity"] not in OF_THE_WHOLE]
        questions[1][ENTITIES] = of_all + [one for one in rest if one["start"] >= begin]
        return of_all + [one for one in rest if one["start"] < begin]

    def _mark(self, entity: str, value: str, text: str) -> Entity:
        return {
            "entity": entity,
            "value": value,
            "start": 0,
            "end": len(text),
            "extractor": type(self).__name__,
        }

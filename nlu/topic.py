"""The topic of a question, as an entity that slots, rules and answers can refer to."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, RESPONSE_SELECTOR, TEXT
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TopicOfQuestion(GraphComponent):
    """Adds an entity ``topic`` to every question: ``faq/hours`` gives ``hours``.

    Rasa's rules and slot mappings see only ``faq``; with this entity they can tell
    which question it was. Stands after the intent classifier in the pipeline.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicOfQuestion:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """The same messages, each question with its topic among the entities."""
        for message in messages:
            topic = self._topic(message)
            if topic:
                entity = {
                    "entity": "topic",
                    "value": topic,
                    "start": 0,
                    "end": len(message.get(TEXT) or ""),
                    "extractor": type(self).__name__,
                }
                found = message.get(ENTITIES) or []
                message.set(ENTITIES, [*found, entity], add_to_output=True)
        return messages

    @staticmethod
    def _topic(message: Message) -> str | None:
        intent = (message.get(INTENT) or {}).get("name")
        if intent != "faq":
            return None
        selected = (message.get(RESPONSE_SELECTOR) or {}).get(intent, {})
        full_name: str = selected.get("response", {}).get("intent_response_key") or ""
        return full_name.partition("/")[2] or None

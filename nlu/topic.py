"""The topic of a question, as an entity that slots, rules and answers can refer to."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, RESPONSE_SELECTOR, TEXT
from rasa.shared.nlu.training_data.message import Message

OF_CONTEXT = "follow_up"  # the topic of a message that has it from its conversation
# Questions about one thing, and the entity that names it: about a thing that the lexicon does not
# know, nothing is known, and the one talked of before is not meant.
ABOUT = {"about_treatment": "treatment", "about_lookalike": "condition", "about_type": "milia_type"}
# ... unless the words point back to it.
POINTS_BACK = re.compile(r"\b(?:it|its|it's|this|that|these|those|them|they|one|same)\b", re.I)

Entity = dict[str, Any]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TopicOfQuestion(GraphComponent):
    """Adds an entity ``topic`` to every question: ``faq/hours`` gives ``hours``.

    Rasa's rules and slot mappings see only ``faq``; with this entity they can tell
    which question it was. A follow-up (entity ``follow_up``) has the topic ``follow_up``: rules
    must not answer it by what it looks like without its conversation. A question about a thing
    that is not known empties the slot of the thing talked of before. Stands last in the pipeline,
    and leaves out the wordings that the selector hands on: Rasa says an answer by its name.
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
            _without_wordings(message)
            if topic := self._topic(message):
                found: list[Entity] = message.get(ENTITIES) or []
                names = {entity["entity"] for entity in found}
                follows_up = "follow_up" in names
                added = [self._entity("topic", OF_CONTEXT if follows_up else topic, message)]
                thing = ABOUT.get(topic)
                if thing and thing not in names and not follows_up and not self._back(message):
                    added.append(self._entity(thing, None, message))
                message.set(ENTITIES, [*found, *added], add_to_output=True)
        return messages

    @staticmethod
    def _topic(message: Message) -> str | None:
        intent = (message.get(INTENT) or {}).get("name")
        if intent != "faq":
            return None
        selected = (message.get(RESPONSE_SELECTOR) or {}).get(intent, {})
        full_name: str = selected.get("response", {}).get("intent_response_key") or ""
        return full_name.partition("/")[2] or None

    @staticmethod
    def _back(message: Message) -> bool:
        return POINTS_BACK.search(message.get(TEXT) or "") is not None

    def _entity(self, name: str, value: str | None, message: Message) -> Entity:
        return {
            "entity": name,
            "value": value,
            "start": 0,
            "end": len(message.get(TEXT) or ""),
            "extractor": type(self).__name__,
        }


def _without_wordings(message: Message) -> None:
    """Leaves out all the wordings of the selected answers. They are kept with every message (up to
    60 kB), and sent with all of a conversation to every action; nothing reads them."""
    for selected in (message.get(RESPONSE_SELECTOR) or {}).values():
        if isinstance(selected, dict) and "response" in selected:
            selected["response"] = {**selected["response"], "responses": []}

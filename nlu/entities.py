"""The medical entities of a message, as a component of Rasa's pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.finder import EntityFinder
from nlu.lexicon import Lexicon
from nlu.lexicon_component import LexiconComponent

LEXICON_FILE = "lexicon.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LexiconEntityExtractor(LexiconComponent):
    """Adds the entities of ``data/lexicon/milia.yml`` to each message, and ages in months.

    Set ``lexicon`` in ``config.yml`` for another lexicon (a path from the project's root).
    """

    lexicon, finder, packed_as = Lexicon, EntityFinder, LEXICON_FILE

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the lexicon stands."""
        return {"lexicon": "data/lexicon/milia.yml"}

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The training data, its examples with the entities that ``process`` finds in them."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The same messages, each with the entities found in its text."""
        finder = self.trained_finder
        for message in messages:
            if text := message.get(TEXT):
                found = [*(message.get(ENTITIES) or []), *self._entities(finder, text)]
                message.set(ENTITIES, found, add_to_output=True)
        return messages

    def _entities(self, finder: EntityFinder, text: str) -> list[dict[str, Any]]:
        return [
            {
                "entity": found.entity,
                "value": found.value,
                "start": found.start,
                "end": found.end,
                "confidence_entity": found.confidence,
                "extractor": self.name,
            }
            for found in finder.find(text)
        ]

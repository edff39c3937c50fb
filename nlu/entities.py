"""The medical entities of a message, as a component of Rasa's pipeline."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.finder import EntityFinder
from nlu.lexicon import Lexicon

LEXICON_FILE = "lexicon.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LexiconEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the entities of ``data/lexicon/milia.yml`` to each message, and ages in months.

    Training packs the lexicon into the model, so that a model needs no other file. Set
    ``lexicon`` in ``config.yml`` for another lexicon (a path from the project's root).
    """

    def __init__(
        self,
        finder: EntityFinder | None,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
    ) -> None:
        self._finder = finder
        self._config = config
        self._storage = storage
        self._resource = resource

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the lexicon stands."""
        return {"lexicon": "data/lexicon/milia.yml"}

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["spacy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes with the lexicon, so that Rasa trains anew when only the lexicon has."""
        path = Path({**cls.get_default_config(), **config}["lexicon"])
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LexiconEntityExtractor:
        """A component yet to be trained."""
        return cls(None, config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LexiconEntityExtractor:
        """The component as it was trained."""
        with model_storage.read_from(resource) as directory:
            source = json.loads((directory / LEXICON_FILE).read_text(encoding="utf-8"))
        return cls(EntityFinder(Lexicon.from_dict(source)), config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Reads the lexicon and packs it into the model."""
        lexicon = Lexicon.load(self._config["lexicon"])
        self._finder = EntityFinder(lexicon)
        with self._storage.write_to(self._resource) as directory:
            packed = json.dumps(lexicon.to_dict(), ensure_ascii=False)
            (directory / LEXICON_FILE).write_text(packed, encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The training data, its examples with the entities that ``process`` finds in them."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The same messages, each with the entities found in its text."""
        if self._finder is None:
            raise RuntimeError("LexiconEntityExtractor is not trained: run `make train` first.")
        for message in messages:
            if text := message.get(TEXT):
                found = [*(message.get(ENTITIES) or []), *self._entities(text)]
                message.set(ENTITIES, found, add_to_output=True)
        return messages

    def _entities(self, text: str) -> list[dict[str, Any]]:
        assert self._finder is not None
        return [
            {
                "entity": found.entity,
                "value": found.value,
                "start": found.start,
                "end": found.end,
                "confidence_entity": found.confidence,
                "extractor": self.name,
            }
            for found in self._finder.find(text)
        ]

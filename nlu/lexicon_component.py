"""What the components of Rasa's pipeline share that find something by a lexicon."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.file_hash import file_hash


class LexiconComponent(GraphComponent, EntityExtractorMixin):
    """Training packs the lexicon into the model, so that a model needs no other file.

    The option ``lexicon`` says where the lexicon stands, from the project's root.
    """

    lexicon: ClassVar[type[Any]]  # the class that reads it, with load, from_dict and to_dict
    finder: ClassVar[type[Any]]  # what is made of it
    packed_as: ClassVar[str]  # its file in the model

    def __init__(
        self, finder: Any, config: dict[str, Any], storage: ModelStorage, resource: Resource
    ) -> None:
        self._finder = finder
        self._config = config
        self._storage = storage
        self._resource = resource

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["spacy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes with the lexicon, so that Rasa trains anew when only the lexicon has."""
        return file_hash(Path({**cls.get_default_config(), **config}["lexicon"]))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
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
    ) -> Self:
        """The component as it was trained."""
        with model_storage.read_from(resource) as directory:
            source = json.loads((directory / cls.packed_as).read_text(encoding="utf-8"))
        return cls(cls.finder(cls.lexicon.from_dict(source)), config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Reads the lexicon and packs it into the model."""
        lexicon = self.lexicon.load(self._config["lexicon"])
        self._finder = type(self).finder(lexicon)
        with self._storage.write_to(self._resource) as directory:
            packed = json.dumps(lexicon.to_dict(), ensure_ascii=False)
            (directory / self.packed_as).write_text(packed, encoding="utf-8")
        return self._resource

    @property
    def trained_finder(self) -> Any:
        """The finder. Raises RuntimeError before training."""
        if self._finder is None:
            raise RuntimeError(f"{type(self).__name__} is not trained: run `make train` first.")
        return self._finder

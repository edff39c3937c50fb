"""Rasa's door to the sentence encoder: dense features for a message and for its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.encoder import DIMENSIONS, TUNED, Array, EncodedText, SentenceEncoder
from nlu.file_hash import file_hash

PROJECT = Path(__file__).parents[1]
MODEL = TUNED.relative_to(PROJECT).as_posix()
ENCODED = "encoded"
"""Where a message keeps its EncodedText, for components that read the word pieces."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MiniLMFeaturizer(DenseFeaturizer, GraphComponent):
    """Sentence and sequence features of a message's text, from all-MiniLM-L6-v2.

    Sequence features are for a tokenizer's tokens: where the pipeline has none, as ours has,
    messages get their sentence's features alone, which is all that our classifier reads. When
    serving, they keep their word pieces, too, under ``ENCODED``.

    The encoder stays in the project (nlu/minilm_milia/), not in the trained model, which names
    it by its path from the project's root: so a model runs wherever the project does.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed, and retrains the model when its version changes."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The options and what each does."""
        return {
            **DenseFeaturizer.get_default_config(),
            # The ONNX file, its tokenizer.json beside it, from the project's root.
            "model": MODEL,
            # How many threads encode one message; more help only with long ones.
            "threads": 1,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raises InvalidConfigException if the model's file is not there."""
        path = model_path(config)
        if not path.is_file():
            raise InvalidConfigException(
                f"{cls.__name__}: model: {config['model']!r} is not a file under {PROJECT}. "
                f"Leave it out to use {MODEL}, which `make encoder` builds."
            )

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The encoder's hash, so that another encoder means another training."""
        return file_hash(model_path({**cls.get_default_config(), **config}))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MiniLMFeaturizer:
        """A featurizer, for training and for serving alike."""
        return cls(config, execution_context.node_name)

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, {**self.get_default_config(), **config})
        self._encoder = SentenceEncoder(model_path(self._config), self._config["threads"])

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same training data, its examples with features."""
        examples = training_data.training_examples
        texts = [one for one in examples if one.get(TEXT) is not None]
        plain = [one for one in texts if not one.get(TOKENS_NAMES[TEXT])]
        vectors = self._encoder.encode([one.get(TEXT) for one in plain])
        for one, vector in zip(plain, vectors, strict=True):
            self.add_features_to_message(None, vector[np.newaxis], TEXT, one)
        self.process([one for one in texts if one.get(TOKENS_NAMES[TEXT])])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The same messages, those that have a text, even an empty one, with features."""
        for message in messages:
            if message.get(TEXT) is None:
                continue
            encoded = self._encoder.encode_tokens(message.get(TEXT))
            tokens = message.get(TOKENS_NAMES[TEXT])
            sequence = token_vectors(encoded, tokens) if tokens else None
            self.add_features_to_message(sequence, encoded.sentence[np.newaxis], TEXT, message)
            message.set(ENCODED, encoded)
        return messages


def model_path(config: dict[str, Any]) -> Path:
    """Where the model is on this machine."""
    return PROJECT / str(config["model"])


def token_vectors(encoded: EncodedText, tokens: Sequence[Token]) -> Array:
    """One row a token, (tokens, 384): the mean of the word pieces that overlap it.

    A token that no piece overlaps, such as one beyond the encoder's limit, gets zeros.
    """
    vectors = np.zeros((len(tokens), DIMENSIONS), dtype=np.float32)
    places = np.array(encoded.offsets, dtype=np.int64).reshape(-1, 2)
    for row, token in enumerate(tokens):
        overlaps = (places[:, 0] < token.end) & (places[:, 1] > token.start)
        if overlaps.any():
            vectors[row] = encoded.pieces[overlaps].mean(axis=0)
    return vectors

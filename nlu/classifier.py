"""Rasa's door to the intent model: fills intent, intent_ranking and response_selector."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    RESPONSE_SELECTOR,
    TEXT,
)
from rasa.shared.nlu.training_data import util
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils import io

from nlu.encoder import SentenceEncoder
from nlu.featurizer import MODEL, PROJECT
from nlu.file_hash import file_hash
from nlu.finder import EntityFinder
from nlu.intent_model import (
    Analyser,
    Array,
    IntentModel,
    Prediction,
    Settings,
    concepts_found_by,
)
from nlu.lexicon import Lexicon
from nlu.report_measures import is_outside
from nlu.two_questions import Part, two_questions

logger = logging.getLogger(__name__)

WEIGHTS = tuple(field.name for field in fields(Settings) if field.name != "seed")
INTENTS = "intents"
"""Where a message with two questions holds both: [{name, confidence, text}, …]."""

Ranking = list[dict[str, Any]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MiliaIntentClassifier(GraphComponent, IntentClassifier):
    """Tells the intent of a message, retrieval intents included, or that it has none.

    Uses the sentence features of the dense featurizers before it in the pipeline;
    with none, words and letters alone. It does the work of Rasa's ResponseSelector
    and FallbackClassifier too, so neither is needed beside it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The options and what each does."""
        return {
            # How many intents `intent_ranking` and each response ranking hold.
            "ranking_length": 10,
            # Confidence below which a message counts as not understood
            # (nlu_fallback). None: the one learnt from the training data.
            "threshold": None,
            # How closely the regression follows the examples (C of scikit-learn).
            "strength": Settings.strength,
            # How much each kind of features weighs.
            "embedding_weight": Settings.embedding_weight,
            "word_weight": Settings.word_weight,
            "char_weight": Settings.char_weight,
            "concept_weight": Settings.concept_weight,
            # How much likeness to the nearest example counts beside the regression.
            "nearest_weight": Settings.nearest_weight,
            # The lexicon whose entities are features too, from the project's root; or None.
            "lexicon": "data/lexicon/milia.yml",
            # Seed of the cross-validation that learns calibration and threshold.
            "random_seed": Settings.seed,
            # Whether a message may hold two questions, which are written to `intents`.
            "two_questions": True,
            # How sure each of the two must be.
            "two_questions_confidence": 0.5,
            # Intents that are never one of two questions: turns of the conversation.
            "not_questions": [
                *("affirm", "deny", "inform", "greet", "goodbye", "thank", "bot_challenge"),
                *("help", "restart", "stop"),
            ],
            # Intents that have a message for themselves: danger.
            "undivided": ["urgent", "distress"],
            # The encoder of each question: the featurizer's `model`.
            "encoder": MODEL,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["sklearn", "spacy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes with the lexicon, so that Rasa trains anew when only the lexicon has."""
        lexicon = {**cls.get_default_config(), **config}["lexicon"]
        return file_hash(Path(lexicon or ""))

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self.config = {**self.get_default_config(), **config}
        self.model: IntentModel | None = None
        self.lexicon: Lexicon | None = None
        self.responses: dict[str, list[dict[str, Any]]] = {}
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MiliaIntentClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the full intents (``faq/hours``) from the examples, and persists."""
        examples = [
            example
            for example in training_data.intent_examples
            if (example.get(TEXT) or "").strip()
        ]
        labels = [full_intent(example) for example in examples]
        if len(set(labels)) < 2:
            logger.warning("No intents are learnt: the training data has fewer than two.")
            return self._resource
        self.lexicon = Lexicon.load(self.config["lexicon"]) if self.config["lexicon"] else None
        options = {name: self.config[name] for name in WEIGHTS}
        settings = Settings(seed=self.config["random_seed"], **options)
        texts = [example.get(TEXT) for example in examples]
        self.model = IntentModel(settings, _concepts(self.lexicon))
        self.model.fit(texts, labels, sentence_features(examples))
        self.responses = training_data.responses
        self.persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """The same messages, each with its intent, ranking and response selection."""
        texts = [message.get(TEXT) or "" for message in messages]
        predictions = self._predict(texts, sentence_features(messages))
        for message, text, whole in zip(messages, texts, predictions, strict=True):
            parts = self._two_questions(text, whole)
            self._describe(message, parts[0].prediction if parts else whole)
            if parts:
                message.set(INTENTS, [question(part) for part in parts], add_to_output=True)
        return messages

    def _predict(self, texts: Sequence[str], embeddings: Array | None) -> list[Prediction]:
        """What the model says of each text; nothing, where it has no content."""
        if self.model is None:
            return [Prediction([], 0.0) for _ in texts]
        size = self.model.embedding_size
        if embeddings is None or not size:
            embeddings = np.zeros((len(texts), size), dtype=np.float32) if size else None
        found = self.model.predict(texts, embeddings, top=len(self.model.labels))
        if self.config["threshold"] is None:
            return found
        return [replace(prediction, threshold=self.config["threshold"]) for prediction in found]

    def _two_questions(self, text: str, whole: Prediction) -> list[Part]:
        """The two questions of a message, if it has two and they are wanted."""
        undivided = self.config["undivided"]
        if not self.config["two_questions"] or not whole.ranking or whole.intent in undivided:
            return []
        excluded = {*self.config["not_questions"], *undivided}
        return two_questions(
            text,
            whole,
            understand=self._understand,
            counts=lambda intent: intent not in excluded and not is_outside(intent),
            confidence=self.config["two_questions_confidence"],
        )

    def _understand(self, texts: Sequence[str]) -> list[Prediction]:
        """What the model says of parts of a message, for which the pipeline has no features."""
        if self.model is None or not self.model.embedding_size:
            return self._predict(texts, None)
        return self._predict(texts, SentenceEncoder(PROJECT / self.config["encoder"]).encode(texts))

    def _describe(self, message: Message, prediction: Prediction) -> None:
        """Writes a prediction into a message as Rasa's own classifiers would."""
        length = self.config["ranking_length"]
        ranking = intent_ranking(prediction)[:length]
        if not prediction.understood:
            ranking.insert(0, named(DEFAULT_NLU_FALLBACK_INTENT_NAME, prediction.threshold))
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        labels = self.model.labels if self.model else []
        selection = response_selection(prediction, labels, self.responses, length)
        message.set(RESPONSE_SELECTOR, selection, add_to_output=True)

    def persist(self) -> None:
        """Writes the model and the responses into Rasa's model storage."""
        if self.model is None:
            return
        with self._model_storage.write_to(self._resource) as folder:
            self.model.save(folder)
            io.dump_obj_as_json_to_file(folder / "responses.json", self.responses)
            packed = self.lexicon.to_dict() if self.lexicon else None
            io.dump_obj_as_json_to_file(folder / "lexicon.json", packed)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MiliaIntentClassifier:
        """The classifier that `persist` wrote; an untrained one when it wrote nothing."""
        component = cls.create(config, model_storage, resource, execution_context)
        try:
            with model_storage.read_from(resource) as folder:
                packed = io.read_json_file(folder / "lexicon.json")
                component.lexicon = Lexicon.from_dict(packed) if packed else None
                component.model = IntentModel.load(folder, _concepts(component.lexicon))
                component.responses = io.read_json_file(folder / "responses.json")
        except ValueError:
            logger.warning("The intent classifier was never trained: it understands nothing.")
        return component


def _concepts(lexicon: Lexicon | None) -> Analyser | None:
    return concepts_found_by(EntityFinder(lexicon).find) if lexicon else None


def full_intent(example: Message) -> str:
    """The intent of a training example, with its response key if it has one."""
    return str(example.get(INTENT_RESPONSE_KEY) or example.get(INTENT))


def sentence_features(messages: Sequence[Message]) -> Array | None:
    """The dense sentence features, one row of length one a message; none if none has any."""
    rows = [message.get_dense_features(TEXT)[1] for message in messages]
    size = next((row.features.shape[-1] for row in rows if row is not None), None)
    if size is None:
        return None
    features = np.zeros((len(rows), size), dtype=np.float32)
    for place, row in enumerate(rows):
        if row is not None:
            features[place] = row.features.reshape(-1)
    return features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-9)


def question(part: Part) -> dict[str, Any]:
    """One of two questions as `intents` holds it: its full intent and its words."""
    return {**named(part.prediction.intent, part.prediction.confidence), TEXT: part.text}


def named(intent: str | None, confidence: float) -> dict[str, Any]:
    """An intent as Rasa writes it in a message."""
    return {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence}


def intent_ranking(prediction: Prediction) -> Ranking:
    """Rasa's ranking: the kinds of a retrieval intent count as one, as sure as the surest.

    The surest, not their sum: then the first intent is always that of the best
    guess, and its confidence means the same as any other and as the threshold.
    """
    best: dict[str, float] = {}
    for intent, confidence in prediction.ranking:
        best.setdefault(intent.partition("/")[0], confidence)
    return [named(intent, confidence) for intent, confidence in best.items()]


def response_selection(
    prediction: Prediction,
    labels: Sequence[str],
    responses: dict[str, list[dict[str, Any]]],
    length: int,
) -> dict[str, Any]:
    """What Rasa's ResponseSelectors would say: the best answer of each retrieval intent."""
    retrieval = sorted({label.partition("/")[0] for label in labels if "/" in label})
    selection: dict[str, Any] = {"all_retrieval_intents": retrieval}
    for intent in retrieval:
        ranking = [
            {PREDICTED_CONFIDENCE_KEY: confidence, INTENT_RESPONSE_KEY: name}
            for name, confidence in prediction.ranking
            if name.startswith(f"{intent}/")
        ][:length]
        if not ranking:
            continue
        selection[intent] = selected(ranking, responses)
    return selection


def selected(ranking: Ranking, responses: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """What a ResponseSelector says of one retrieval intent: its best answer, and the ranking."""
    best = ranking[0]
    action = util.intent_response_key_to_template_key(best[INTENT_RESPONSE_KEY])
    return {
        "response": {
            "responses": responses.get(action) or [{TEXT: best[INTENT_RESPONSE_KEY]}],
            PREDICTED_CONFIDENCE_KEY: best[PREDICTED_CONFIDENCE_KEY],
            INTENT_RESPONSE_KEY: best[INTENT_RESPONSE_KEY],
            "utter_action": action,
        },
        "ranking": ranking,
    }

"""The engines that the report compares, and how it tries them on data they never saw."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import yaml
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from nlu.classifier import WEIGHTS
from nlu.encoder import TUNED, SentenceEncoder
from nlu.examples import Example
from nlu.finder import EntityFinder
from nlu.intent_model import IntentModel, Settings, concepts_found_by
from nlu.lexicon import Lexicon
from nlu.report_measures import Outcome

Understood = tuple[str, float, bool]  # likeliest intent, its confidence, sure enough


class Engine(Protocol):
    """What can learn intents and tell them."""

    def train(self, examples: Sequence[Example]) -> None:
        """Learns the examples."""

    def understand(self, text: str) -> Understood:
        """The likeliest intent of a text, how sure, and whether that is enough."""


class OwnEngine:
    """The intent model: with encoder and lexicon, or on words and letters alone."""

    def __init__(self, encoder: bool = True, lexicon: Path | None = None) -> None:
        self._encode = SentenceEncoder(TUNED).encode if encoder else None
        find = EntityFinder(Lexicon.load(lexicon)).find if lexicon else None
        self._concepts = concepts_found_by(find) if find else None
        # Letters say less than the tuned encoder does of how alike two messages are.
        self._settings = pipeline_settings() if encoder else Settings()
        self._model = IntentModel()

    @property
    def threshold(self) -> float:
        """The threshold it learnt."""
        return self._model.threshold

    def train(self, examples: Sequence[Example]) -> None:
        """Learns the examples."""
        texts = [text for text, _ in examples]
        embeddings = self._encode(texts) if self._encode else None
        self._model = IntentModel(self._settings, self._concepts)
        self._model.fit(texts, [intent for _, intent in examples], embeddings)

    def understand(self, text: str) -> Understood:
        """The likeliest intent of a text, how sure, and whether that is enough."""
        embeddings = self._encode([text]) if self._encode else None
        prediction = self._model.predict([text], embeddings)[0]
        return prediction.intent or "", prediction.confidence, prediction.understood


def pipeline_settings(config: Path = Path("config.yml")) -> Settings:
    """What the classifier is set to in the pipeline."""
    pipeline = yaml.safe_load(config.read_text(encoding="utf-8"))["pipeline"]
    options = next(part for part in pipeline if part["name"].endswith("MiliaIntentClassifier"))
    return Settings(**{name: options[name] for name in WEIGHTS if name in options})


class RasaDefaultEngine:
    """Rasa's default pipeline: DIET, ResponseSelector and FallbackClassifier."""

    def __init__(self, epochs: int = 100) -> None:
        self._epochs = epochs
        self._parse: Callable[[str], dict[str, Any]] = lambda text: {}

    def train(self, examples: Sequence[Example]) -> None:
        """Learns the examples in Rasa's own way, in a directory that is then deleted."""
        os.environ |= {
            "TF_INTRA_OP_PARALLELISM_THREADS": "1",
            "TF_INTER_OP_PARALLELISM_THREADS": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        from rasa.core.agent import Agent  # noqa: PLC0415
        from rasa.model_training import train_nlu  # noqa: PLC0415
        from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

        configure_structlog(logging.ERROR)
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "config.yml").write_text(yaml.safe_dump(default_pipeline(self._epochs)))
            (place / "nlu.yml").write_text(rasa_examples(examples), encoding="utf-8")
            model = train_nlu(str(place / "config.yml"), str(place / "nlu.yml"), folder)
            if model is None:
                raise RuntimeError("Rasa's default pipeline did not train: see its log above.")
            agent = Agent.load(model)
        loop = asyncio.new_event_loop()
        self._parse = lambda text: loop.run_until_complete(agent.parse_message(text))

    def understand(self, text: str) -> Understood:
        """The likeliest intent of a text, how sure, and whether that is enough."""
        return read_parse(self._parse(text))


def read_parse(parsed: dict[str, Any]) -> Understood:
    """The full intent in what Rasa made of a message, fallback or not."""
    sure = parsed["intent"]["name"] != "nlu_fallback"
    ranking = [intent for intent in parsed["intent_ranking"] if intent["name"] != "nlu_fallback"]
    best = ranking[0]
    selection = parsed.get("response_selector", {})
    if best["name"] in selection.get("all_retrieval_intents", []):
        answers = selection["default"]["ranking"]
        own = [a for a in answers if a["intent_response_key"].startswith(f"{best['name']}/")]
        if own:
            confidence = best["confidence"] * own[0]["confidence"]
            return own[0]["intent_response_key"], confidence, sure
    return best["name"], best["confidence"], sure


def default_pipeline(epochs: int) -> dict[str, Any]:
    """The pipeline that `rasa init` writes, for intents only."""
    trained = {"epochs": epochs, "constrain_similarities": True, "random_seed": 0}
    return {
        "recipe": "default.v1",
        "assistant_id": "default-pipeline",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {
                "name": "CountVectorsFeaturizer",
                "analyzer": "char_wb",
                "min_ngram": 1,
                "max_ngram": 4,
            },
            {"name": "DIETClassifier", **trained},
            {"name": "EntitySynonymMapper"},
            {"name": "ResponseSelector", **trained},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
    }


def rasa_examples(examples: Sequence[Example]) -> str:
    """Examples as Rasa's training data, with a response for each kind of question."""
    by_intent: dict[str, list[str]] = {}
    for text, intent in examples:
        by_intent.setdefault(intent, []).append(re.sub(r"[\[\]\n]", " ", text))
    return yaml.safe_dump(
        {
            "version": "3.1",
            "nlu": [
                {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
                for intent, texts in by_intent.items()
            ],
            "responses": {f"utter_{name}": [{"text": name}] for name in by_intent if "/" in name},
        },
        allow_unicode=True,
    )


@dataclass(frozen=True)
class Trial:
    """How an engine did on messages it had not learnt, and how long it took."""

    outcomes: list[Outcome]
    milliseconds: list[float]  # for each message
    training_seconds: float  # the median of the folds, each on the rest of the examples


def cross_validate(
    engine: Engine,
    examples: Sequence[Example],
    folds: int,
    progress: Callable[[str], None],
    turns: int | None = None,
) -> Trial:
    """Trains on all folds but one and predicts that one, each in turn, on one thread.

    With `turns`, only the first folds have their turn: for an engine that takes hours.
    """
    splitter = StratifiedKFold(folds, shuffle=True, random_state=0)
    outcomes: list[Outcome] = []
    times: list[float] = []
    trainings = []
    texts, intents = zip(*examples, strict=True)
    turn_list = list(splitter.split(texts, intents))[:turns]
    with threadpool_limits(1):
        for number, (train, test) in enumerate(turn_list, 1):
            began = time.perf_counter()
            engine.train([examples[i] for i in train])
            trainings.append(time.perf_counter() - began)
            progress(f"fold {number} of {folds}: trained in {trainings[-1]:.1f} s")
            for i in test:
                began = time.perf_counter()
                guess, confidence, understood = engine.understand(texts[i])
                times.append((time.perf_counter() - began) * 1000)
                outcomes.append(Outcome(intents[i], guess, confidence, understood))
    return Trial(outcomes, times, float(np.median(trainings)))

"""Which intent a message has, and how sure we are: no Rasa in here.

A message becomes blocks of features: its sentence embedding (optional), its words
(tf-idf of one and two words), its letters (tf-idf of 2 to 4 letters, within words) and
the concepts that somebody finds in it (optional). A softmax regression learns the
intents from them.

The confidence is the weighted mean of the regression's probability and of the cosine to
the nearest training example of that intent: the first says which intent is likelier than
the others, the second whether we have met anything like it. Cross-validation on the
training data then turns it into how often we are right, and finds the threshold below
which we have not understood.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from math import log, sqrt
from pathlib import Path
from typing import Any, cast

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.report_measures import Floats, is_outside

Array = NDArray[np.float32]
Numbers = NDArray[np.int64]
Truths = NDArray[np.bool_]
Line = tuple[float, float]

MAX_CHARACTERS = 1000  # of a message; the encoder reads no more either
MANY = 2000  # examples, from which on training has to be sparing
STEPS, BATCH, PACE = 240, 256, 0.3  # of the regression's training

Analyser = Callable[[str], Iterable[str]]  # finds the terms of a text
WORD = r"(?u)\b\w+\b"
WORDS: Analyser = CountVectorizer(
    ngram_range=(1, 2), token_pattern=WORD, strip_accents="unicode"
).build_analyzer()
CHARS: Analyser = CountVectorizer(
    ngram_range=(2, 4), analyzer="char_wb", strip_accents="unicode"
).build_analyzer()


def concepts_found_by(find: Callable[[str], Iterable[Any]]) -> Analyser:
    """The entities that `find` finds, as terms: "condition" and "condition=stye"."""

    def terms(text: str) -> list[str]:
        found = list(find(text))
        values = [f"{entity.entity}={entity.value}" for entity in found if entity.entity != "age"]
        return [*(entity.entity for entity in found), *values]

    return terms


@dataclass(frozen=True)
class Settings:
    """What can be tuned; the defaults are what cross-validation kept (docs/nlu.md)."""

    strength: float = 30.0  # C of the regression: higher fits the examples closer
    embedding_weight: float = 2.0
    word_weight: float = 1.0
    char_weight: float = 1.0
    concept_weight: float = 1.4
    nearest_weight: float = 1.0  # of the nearest example's cosine, beside the probability
    seed: int = 0


@dataclass(frozen=True)
class Prediction:
    """The intents of one message, best first, and the confidence that is enough."""

    ranking: list[tuple[str, float]]
    threshold: float

    @property
    def intent(self) -> str | None:
        """The likeliest intent; none for a message without content."""
        return self.ranking[0][0] if self.ranking else None

    @property
    def confidence(self) -> float:
        return self.ranking[0][1] if self.ranking else 0.0

    @property
    def understood(self) -> bool:
        """Whether the confidence reaches the threshold."""
        return bool(self.ranking) and self.confidence >= self.threshold


class Tfidf:
    """Tf-idf vectors of length one. Unknown terms have a share in that length:

    a message of words never met gets a short vector, not a stretched one.
    """

    def __init__(self, analyse: Analyser, idf: dict[str, float] | None = None) -> None:
        self.analyse = analyse
        self.idf = idf or {"": 1.0}  # how rare each term is; "" stands for an unknown one
        self.places = {term: place for place, term in enumerate(self.idf)}

    def terms(self, text: str) -> Counter[str]:
        """The terms of a text, as far as it is read, and how often each is in it."""
        return Counter(self.analyse(text[:MAX_CHARACTERS]))

    def fit(self, texts: Sequence[Counter[str]]) -> Tfidf:
        """Learns the terms of these texts and how rare each is."""
        found = Counter(term for terms in texts for term in terms)
        # What one example of many says is no likeness between two, and costs time.
        least = 2 if len(texts) > MANY else 1
        self.idf = {
            term: 1 + float(np.log((1 + len(texts)) / (1 + found[term])))
            for term in ["", *sorted(term for term in found if found[term] >= least)]
        }
        self.places = {term: place for place, term in enumerate(self.idf)}
        return self

    def row(self, counts: Counter[str]) -> tuple[list[int], list[float]]:
        """The places and weights of a text's known terms, in a vector of length one."""
        idf, places, rarest = self.idf, self.places, self.idf[""]
        weights = [
            idf.get(term, rarest) * (1 + log(count) if count > 1 else 1)
            for term, count in counts.items()
        ]
        length = sqrt(sum(weight * weight for weight in weights))
        known = [
            (places[term], weight / length)
            for term, weight in zip(counts, weights, strict=True)
            if term in places
        ]
        return [place for place, _ in known], [weight for _, weight in known]


class IntentModel:
    """Learns intents from examples, and ranks them for a message.

    `concepts` finds what a text is about: words that stand for a condition, a treatment.
    """

    def __init__(self, settings: Settings | None = None, concepts: Analyser | None = None) -> None:
        self.settings = settings or Settings()
        self.labels: list[str] = []
        self.threshold = 0.0
        self.calibration: Line = (1.0, 0.0)
        self.blocks = {"words": Tfidf(WORDS), "chars": Tfidf(CHARS)}
        if concepts is not None:
            self.blocks["concepts"] = Tfidf(concepts)
        self.arrays: dict[str, NDArray[Any]] = {}

    def fit(
        self, texts: Sequence[str], labels: Sequence[str], embeddings: Array | None = None
    ) -> IntentModel:
        """Learns from examples; with no embeddings, from words and letters alone."""
        if len(texts) != len(labels):
            raise ValueError(f"{len(texts)} texts but {len(labels)} labels: give one label a text.")
        if len(set(labels)) < 2:
            raise ValueError("Examples of at least two intents are needed to learn to tell them.")
        order = np.array(sorted(range(len(labels)), key=lambda i: (labels[i], i)))
        self.labels = sorted(set(labels))
        numbers = np.searchsorted(self.labels, np.array(labels)[order])
        ordered = [texts[i] for i in order]
        terms = self._terms(ordered)
        for name, block in self.blocks.items():
            block.fit(terms[name])
        sparse = self._sparse(terms)
        dense = None if embeddings is None else embeddings[order]
        features = Features(sparse, dense, self.settings.embedding_weight, self._whole)
        weights = softmax_regression(features, numbers, self.settings.strength, self.settings.seed)
        self._keep(sparse, dense, numbers, weights)
        trials = cross_validate(self.settings, self.labels, numbers, features)
        self.calibration = learn_calibration(trials)
        self.threshold = learn_threshold(trials, self.calibration)
        return self

    def _keep(
        self, sparse: sp.csr_matrix, dense: Array | None, numbers: Numbers, weights: Array
    ) -> None:
        """Keeps what predicting needs, and no more."""
        words = sparse.shape[1]
        self.arrays = {
            "bias": weights[-1],
            "starts": np.searchsorted(numbers, np.arange(len(self.labels))),
            "sparse_weights": weights[:words],
        }
        if dense is None:
            self.arrays |= {
                "data": sparse.data,
                "indices": sparse.indices,
                "indptr": sparse.indptr,
            }
        else:
            # In half the memory on disk; a cosine stays the same to four places.
            self.arrays["examples"] = dense.astype(np.float16).astype(np.float32, order="F")
            self.arrays["dense_weights"] = weights[words:-1] * self.settings.embedding_weight

    def predict(
        self, texts: Sequence[str], embeddings: Array | None = None, top: int = 10
    ) -> list[Prediction]:
        """The likeliest intents of each message, with calibrated confidences."""
        if not len(texts):
            return []
        scores = calibrated(self.raw_scores(texts, embeddings), self.calibration)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :top]
        return [
            Prediction(
                [(self.labels[k], float(row[k])) for k in best] if text.strip() else [],
                self.threshold,
            )
            for text, row, best in zip(texts, scores, order, strict=True)
        ]

    @property
    def embedding_size(self) -> int:
        """How long the embeddings are that it was trained with; 0 for none."""
        return self.arrays["examples"].shape[1] if "examples" in self.arrays else 0

    def raw_scores(self, texts: Sequence[str], embeddings: Array | None = None) -> Array:
        """For each message and intent, the weighted mean of probability and nearest cosine."""
        return raw_scores(*self.evidence(texts, embeddings), self.settings.nearest_weight)

    def evidence(
        self, texts: Sequence[str], embeddings: Array | None = None
    ) -> tuple[Array, Array]:
        """For each message and intent, the regression's logit and the nearest cosine."""
        sparse = self._sparse(self._terms(texts))
        logits = sparse @ self.arrays["sparse_weights"] + self.arrays["bias"]
        if not self.embedding_size:
            parts = (self.arrays["data"], self.arrays["indices"], self.arrays["indptr"])
            shape = (len(self.arrays["indptr"]) - 1, sparse.shape[1])
            cosines = (sparse @ sp.csr_matrix(parts, shape=shape).T).toarray()
            cosines /= self._whole
        elif embeddings is None:
            raise ValueError("This model was trained with embeddings: give them to predict.")
        else:
            logits += embeddings @ self.arrays["dense_weights"]
            cosines = embeddings @ self.arrays["examples"].T
        return logits, np.maximum.reduceat(cosines, self.arrays["starts"], axis=1)

    def _terms(self, texts: Sequence[str]) -> dict[str, list[Counter[str]]]:
        """For each block, the terms of each text."""
        return {name: [block.terms(text) for text in texts] for name, block in self.blocks.items()}

    def _sparse(self, terms: dict[str, list[Counter[str]]]) -> sp.csr_matrix:
        """The features of the blocks, one row a text."""
        places: list[int] = []
        values: list[float] = []
        starts = [0]
        for of_text in zip(*(terms[name] for name in self.blocks), strict=True):
            offset = 0
            for (name, block), counts in zip(self.blocks.items(), of_text, strict=True):
                block_places, block_values = block.row(counts)
                places += [offset + place for place in block_places]
                values += [self._weights[name] * value for value in block_values]
                offset += len(block.idf)
            starts.append(len(places))
        shape = (len(starts) - 1, sum(len(block.idf) for block in self.blocks.values()))
        return sp.csr_matrix((np.array(values, dtype=np.float32), places, starts), shape=shape)

    @property
    def _weights(self) -> dict[str, float]:
        settings = self.settings
        weights = (settings.word_weight, settings.char_weight, settings.concept_weight)
        return dict(zip(("words", "chars", "concepts"), weights, strict=True))

    @property
    def _whole(self) -> float:
        """The product of a sparse row with itself, if all its blocks have terms."""
        return sum(self._weights[name] ** 2 for name in self.blocks)

    def save(self, folder: Path) -> None:
        """Writes the model as JSON and plain arrays (no pickle)."""
        about = {
            "settings": asdict(self.settings),
            "labels": self.labels,
            "threshold": self.threshold,
            "calibration": list(self.calibration),
            "terms": {name: block.idf for name, block in self.blocks.items()},
        }
        (folder / "intent_model.json").write_text(json.dumps(about), encoding="utf-8")
        arrays = dict(self.arrays)
        if "examples" in arrays:
            arrays["examples"] = arrays["examples"].astype(np.float16)
        np.savez(folder / "intent_model.npz", **arrays)

    @classmethod
    def load(cls, folder: Path, concepts: Analyser | None = None) -> IntentModel:
        """The model that `save` wrote to this folder; `concepts` as it was trained with."""
        about = json.loads((folder / "intent_model.json").read_text(encoding="utf-8"))
        model = cls(Settings(**about["settings"]), concepts)
        model.labels, model.threshold = about["labels"], about["threshold"]
        model.calibration = (about["calibration"][0], about["calibration"][1])
        with np.load(folder / "intent_model.npz", allow_pickle=False) as arrays:
            model.arrays = dict(arrays)
        if "examples" in model.arrays:
            # Column by column, as the cosines are computed: a third less time.
            model.arrays["examples"] = model.arrays["examples"].astype(np.float32, order="F")
        for name, idf in about["terms"].items():
            model.blocks[name] = Tfidf(model.blocks[name].analyse, idf)
        return model


def softmax(logits: Array) -> Array:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return cast(Array, powers / powers.sum(axis=-1, keepdims=True))


def raw_scores(logits: Array, nearest: Array, weight: float) -> Array:
    """The confidence before calibration: the mean of probability and weighted nearest cosine."""
    return cast(Array, (softmax(logits) + weight * nearest) / (1 + weight))


@dataclass(frozen=True)
class Features:
    """The features of examples, one row each: sparse, then dense if any, then a constant 1."""

    sparse: sp.csr_matrix
    dense: Array | None
    weight: float  # of the dense ones
    whole: float  # the product of a full sparse row with itself

    @property
    def size(self) -> int:
        """How many features there are."""
        return self.sparse.shape[1] + (0 if self.dense is None else self.dense.shape[1]) + 1

    def rows(self, which: Numbers) -> Features:
        """The features of some of the examples."""
        dense = None if self.dense is None else self.dense[which]
        return replace(self, sparse=self.sparse[which], dense=dense)

    def times(self, weights: Array) -> Array:
        """What weights, one row a feature, make of each example."""
        words = self.sparse.shape[1]
        product = self.sparse @ weights[:words] + weights[-1]
        if self.dense is not None:
            product += self.dense @ (weights[words:-1] * self.weight)
        return cast(Array, product)

    def transposed_times(self, errors: Array) -> Array:
        """For each feature, the sum of the examples' errors, by how much they have of it."""
        parts = [self.sparse.T @ errors, errors.sum(axis=0, keepdims=True)]
        if self.dense is not None:
            parts.insert(1, self.dense.T @ errors * self.weight)
        return np.concatenate(parts)

    def cosines(self, others: Features) -> Array:
        """How alike each example is to each of others: by the dense features, if any."""
        if self.dense is not None and others.dense is not None:
            return cast(Array, self.dense @ others.dense.T)
        return cast(Array, (self.sparse @ others.sparse.T).toarray() / self.whole)


def softmax_regression(
    features: Features, classes: Numbers, strength: float, seed: int = 0
) -> Array:
    """The weights of the regularised softmax regression, (features, classes).

    By AdaGrad on small batches: as right on messages never met as the exact optimum (L-BFGS,
    as in scikit-learn), in a tenth of its time with ten thousand examples.
    """
    random = np.random.default_rng(seed)
    truth = np.eye(classes.max() + 1, dtype=np.float32)[classes]
    weights = np.zeros((features.size, truth.shape[1]), np.float32)
    squares = np.full_like(weights, 1e-6)  # of all slopes so far
    sparse = features.sparse.shape[1]
    dense = np.arange(sparse, features.size)
    waiting = np.empty(0, int)
    for step in range(STEPS):
        if len(waiting) < min(BATCH, len(classes)):
            waiting = np.concatenate([waiting, random.permutation(len(classes))])
        rows, waiting = waiting[:BATCH], waiting[BATCH:]
        batch = features.rows(rows)
        errors = (softmax(batch.times(weights)) - truth[rows]) / len(rows)
        touched = np.concatenate([np.unique(batch.sparse.indices), dense])
        slope = batch.transposed_times(errors)[touched]
        slope += weights[touched] / (strength * len(classes))
        squares[touched] += slope**2
        weights[touched] -= PACE * (1 - step / STEPS) * slope / np.sqrt(squares[touched])
    return weights


@dataclass(frozen=True)
class Trials:
    """Held-out examples: how surely each was predicted, whether rightly, and in scope or not."""

    confidence: Floats
    right: Truths
    outside: Truths  # of an intent that was left out of training to play out of scope

    @property
    def weights(self) -> Floats:
        """Half for the messages out of scope, if there are any."""
        share = self.outside.mean() if len(self.outside) else 0
        if not 0 < share < 1:
            return np.ones(len(self.outside))
        return np.where(self.outside, 0.5 / share, 0.5 / (1 - share))


def cross_validate(
    settings: Settings, labels: Sequence[str], numbers: Numbers, features: Features
) -> Trials:
    """Predicts held-out examples, by models that never saw them."""
    found: list[tuple[float, bool, bool]] = []
    leave_out = not any(is_outside(label) for label in labels)
    for train, test, out in splits(numbers, settings.seed, leave_out):
        known, classes = np.unique(numbers[train], return_inverse=True)
        seen, unseen = features.rows(train), features.rows(test)
        weights = softmax_regression(seen, classes, settings.strength, settings.seed)
        starts = np.searchsorted(classes, np.arange(len(known)))
        nearest = np.maximum.reduceat(unseen.cosines(seen), starts, axis=1)
        scores = raw_scores(unseen.times(weights), nearest, settings.nearest_weight)
        right = (known[scores.argmax(axis=1)] == numbers[test]) & ~out[test]
        found += zip(scores.max(axis=1), right, out[test], strict=True)
    confidence, rights, outs = zip(*found, strict=True) if found else ((), (), ())
    return Trials(np.array(confidence, float), np.array(rights, bool), np.array(outs, bool))


def splits(
    numbers: Numbers, seed: int, leave_out: bool
) -> Iterator[tuple[Numbers, Numbers, Truths]]:
    """Training rows, test rows, and which rows play out of scope, for each fold.

    A fold tests a share of every intent's examples. With `leave_out` a share of the
    intents is left out of its training altogether: they play what is out of scope.
    """
    folds, turns = (5, 5) if len(numbers) <= MANY else (3, 1)  # many examples take their time
    intents = np.unique(numbers)
    for repeat in range(2 if len(numbers) <= 1000 else 1):
        random = np.random.default_rng((seed, repeat))
        fold = np.zeros(len(numbers), dtype=int)
        for position, intent in enumerate(intents):
            members = random.permutation(np.flatnonzero(numbers == intent))
            fold[members] = (np.arange(len(members)) + position) % folds
        absent = random.permutation(np.arange(len(intents)) % folds)
        absent_in = absent[np.searchsorted(intents, numbers)]
        for turn in range(turns):
            out = (absent_in == turn) & leave_out
            train = np.flatnonzero(~out & (fold != turn))
            test = np.flatnonzero(out | ((fold == turn) & np.isin(numbers, numbers[train])))
            if len(np.unique(numbers[train])) > 1 and len(test):
                yield train, test, out


def calibrated(raw: Array, calibration: Line) -> Array:
    """Raw confidences as probabilities of being right."""
    slope, offset = calibration
    return cast(Array, 1 / (1 + np.exp(-(slope * raw + offset))))


def learn_calibration(trials: Trials) -> Line:
    """Slope and offset (Platt) that make of a raw confidence how often it is right."""
    return fit_line(trials.confidence, trials.right, trials.weights) or (1.0, 0.0)


def learn_threshold(trials: Trials, calibration: Line) -> float:
    """The calibrated confidence from which a message counts as understood.

    Where intents played out of scope, it is the confidence at which a message is as
    likely in scope as out of it, half of messages being out. On made-up data sets this
    came nearer to the best MCC than the threshold with the best MCC in cross-validation,
    which is a noisy choice. Where the training data has its own intents for what is out
    of scope, they catch that, and guesses are left: then it is even odds of being right.
    """
    if not trials.outside.any():
        return 0.5
    line = fit_line(trials.confidence, ~trials.outside, trials.weights)
    if line is None or line[0] <= 0:
        return 0.5
    return float(calibrated(np.array(-line[1] / line[0], np.float32), calibration))


def fit_line(confidence: Floats, truth: Truths, weights: Floats) -> Line | None:
    """Slope and offset of the log odds that something is true at a confidence."""
    if len(np.unique(truth)) < 2:
        return None
    model = LogisticRegression(C=100.0).fit(confidence[:, None], truth, sample_weight=weights)
    return float(model.coef_[0, 0]), float(model.intercept_[0])

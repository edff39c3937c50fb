"""How good predictions are: the measures that the model, benchmark and report share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

OUT_OF_SCOPE = "NO_NODES_DETECTED"
Floats = NDArray[np.float64]


def is_outside(label: str) -> bool:
    """Whether a label means that the message is out of scope."""
    return label == OUT_OF_SCOPE or label.partition("/")[0] == "out_of_scope"


def mcc_curve(
    truth: Sequence[str],
    predicted: Sequence[str],
    confidence: ArrayLike,
    weights: Floats | None = None,
) -> tuple[Floats, Floats]:
    """The multiclass Matthews correlation at every threshold that makes a difference.

    Out of scope is a class of its own, predicted when the confidence is below the
    threshold. Gives the highest confidences rejected, and the correlation with each.
    """
    weights = np.ones(len(truth)) if weights is None else weights
    names = {name: i for i, name in enumerate(sorted({OUT_OF_SCOPE, *truth, *predicted}))}
    out = names[OUT_OF_SCOPE]
    true, guess = np.zeros(len(names)), np.zeros(len(names))
    right = 0.0
    for one, other, weight in zip(truth, predicted, weights, strict=True):
        true[names[one]] += weight
        guess[names[other]] += weight
        right += weight * (one == other)
    total = true.sum()

    def correlation() -> float:
        spread = (total**2 - (true**2).sum()) * (total**2 - (guess**2).sum())
        return float((right * total - (true * guess).sum()) / spread**0.5) if spread > 1e-9 else 0.0

    surest = np.asarray(confidence, dtype=float)
    order = np.argsort(surest, kind="stable")
    rejected, scores = [-np.inf], [correlation()]
    for place, i in enumerate(order):
        guess[names[predicted[i]]] -= weights[i]
        guess[out] += weights[i]
        right += weights[i] * (float(truth[i] == OUT_OF_SCOPE) - float(truth[i] == predicted[i]))
        if place + 1 == len(order) or surest[order[place + 1]] > surest[i]:
            rejected.append(surest[i])
            scores.append(correlation())
    return np.array(rejected), np.array(scores)


def mcc_at(threshold: float, curve: tuple[Floats, Floats]) -> float:
    """The correlation that `mcc_curve` found at this threshold."""
    rejected, scores = curve
    return float(scores[max(0, int(np.searchsorted(rejected, threshold)) - 1)])


def best_threshold(curve: tuple[Floats, Floats]) -> float:
    """A threshold with the best correlation: halfway between those that have another."""
    best = int(curve[1].argmax())
    ends = np.clip([*curve[0], 1.0], 0.0, 1.0)
    return float((ends[best] + ends[best + 1]) / 2)


@dataclass(frozen=True)
class Outcome:
    """What an engine made of a message whose intent is known."""

    truth: str
    guess: str  # the likeliest intent, whether sure enough or not
    confidence: float
    understood: bool  # whether it was sure enough


MEASURES = {
    "intent_accuracy": "right intent",
    "macro_f1": "macro F1 of the intents",
    "in_scope_accuracy": "in scope: right intent, and sure enough",
    "in_scope_guess": "in scope: right intent, sure or not",
    "right_when_answered": "in scope and answered: right intent",
    "false_rejection": "in scope: taken for out of scope, or not sure enough",
    "out_of_scope_recall": "out of scope: recognised, or not sure enough",
    "calibration_error": "calibration error",
}


def measure(outcomes: Sequence[Outcome], draws: int = 1000) -> dict[str, list[float]]:
    """Every measure with its 95 % interval, from drawing the messages anew (bootstrap)."""
    names = {name: i for i, name in enumerate(sorted({o.truth for o in outcomes}))}
    truth = np.array([names[o.truth] for o in outcomes])
    guess = np.array([names.get(o.guess, len(names)) for o in outcomes])
    confidence = np.array([o.confidence for o in outcomes])
    outside = np.array([is_outside(o.truth) for o in outcomes])
    rejected = np.array([not o.understood or is_outside(o.guess) for o in outcomes])
    sure = np.array([o.understood for o in outcomes])
    right = truth == guess

    def figures(rows: NDArray[np.intp]) -> dict[str, float]:
        out, fine, no = outside[rows], right[rows], rejected[rows]
        return {
            "intent_accuracy": mean(fine),
            "macro_f1": macro_f1(truth[rows], guess[rows], len(names)),
            "in_scope_accuracy": mean((fine & sure[rows])[~out]),
            "in_scope_guess": mean(fine[~out]),
            "right_when_answered": mean(fine[~out & ~no]),
            "false_rejection": mean(no[~out]),
            "out_of_scope_recall": mean(no[out]),
            "calibration_error": calibration_error(confidence[rows], fine),
        }

    random = np.random.default_rng(0)
    whole = figures(np.arange(len(outcomes)))
    drawn = [figures(random.integers(0, len(outcomes), len(outcomes))) for _ in range(draws)]
    intervals = {name: np.percentile([d[name] for d in drawn], [2.5, 97.5]) for name in whole}
    return {
        name: [round(float(figure), 4) for figure in (value, *intervals[name])]
        for name, value in whole.items()
    }


def mean(truths: NDArray[np.bool_]) -> float:
    """The share of truths; 0 of nothing."""
    return float(truths.mean()) if len(truths) else 0.0


def macro_f1(truth: NDArray[np.intp], guess: NDArray[np.intp], classes: int) -> float:
    """The mean F1 of the classes that occur."""
    true, guessed = (np.bincount(part, minlength=classes + 1) for part in (truth, guess))
    hits = np.bincount(truth[truth == guess], minlength=classes + 1)
    occurs = true > 0
    return float((2 * hits[occurs] / (true + guessed)[occurs]).mean())


def calibration_error(confidence: Floats, right: NDArray[np.bool_], bins: int = 15) -> float:
    """How far confidence is from being right, on average over bins of confidence."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    counts = np.bincount(places, minlength=bins)
    gaps = np.abs(
        np.bincount(places, confidence, minlength=bins) - np.bincount(places, right, minlength=bins)
    )
    return float(gaps.sum() / counts.sum())

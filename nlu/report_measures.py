"""How good predictions are: the measures that the model, benchmark and report share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

OUT_OF_SCOPE = "NO_NODES_DETECTED"
Floats = NDArray[np.float64]


def mcc_curve(
    truth: Sequence[str],
    predicted: Sequence[str],
    confidence: ArrayLike,
    weights: Floats | None = None,
) -> tuple[Floats, Floats]:
    """The multiclass Matthews correlation at every threshold that makes a difference.

    Out of scope is a class of its own, predicted when the confidence is below.
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
    thresholds, scores = [0.0], [correlation()]
    for place, i in enumerate(order):
        guess[names[predicted[i]]] -= weights[i]
        guess[out] += weights[i]
        right += weights[i] * (float(truth[i] == OUT_OF_SCOPE) - float(truth[i] == predicted[i]))
        after = surest[order[place + 1]] if place + 1 < len(order) else 1.0
        if after > surest[i]:
            thresholds.append((surest[i] + after) / 2)
            scores.append(correlation())
    return np.array(thresholds), np.array(scores)


def mcc_at(threshold: float, curve: tuple[Floats, Floats]) -> float:
    """The correlation that `mcc_curve` found at this threshold."""
    thresholds, scores = curve
    return float(scores[np.searchsorted(thresholds, threshold, side="right") - 1])

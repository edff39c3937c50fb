"""Trains the intent model on any data set and says how well it does, as JSON.

    uv run python -m nlu.benchmark --train TRAIN.csv --test TEST.csv

Both files have the columns `sentence` and `label`. In the test file the label
NO_NODES_DETECTED means that the message is out of scope; it never occurs in training.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import io
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from nlu.intent_model import Array, IntentModel, Prediction
from nlu.report_measures import OUT_OF_SCOPE, best_threshold, mcc_at, mcc_curve

COLUMNS = ("sentence", "label")


class DataError(Exception):
    """A data file that cannot be used; the message names the file, the place and the fix."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark from the command line."""
    parser = argparse.ArgumentParser(prog="python -m nlu.benchmark", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--train", type=Path, required=True, help="CSV to learn from")
    parser.add_argument("--test", type=Path, required=True, help="CSV to be measured on")
    parser.add_argument(
        "--no-encoder", action="store_true", help="words and letters only, no sentence embedding"
    )
    options = parser.parse_args(arguments)
    try:
        train, test = read_csv(options.train), read_csv(options.test)
        train = training_rows(train, options.train)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    with threadpool_limits(1):
        print(json.dumps(benchmark(train, test, encoder=not options.no_encoder), indent=2))
    return 0


def read_csv(path: Path) -> list[tuple[str, str]]:
    """The sentences and labels of a CSV file, in its order."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}): check the path.") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        warn(f"{path}: line {line} is not UTF-8; bytes that are not are read as Windows-1252.")
        text = decode_mixed(data)
    reader = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""))
    columns = {(name or "").strip().lower(): name for name in reader.fieldnames or []}
    for column in COLUMNS:
        if column not in columns:
            raise DataError(missing_column(path, column, list(columns)))
    rows = []
    try:
        for row in reader:
            sentence, label = (row[columns[column]] for column in COLUMNS)
            if not (label or "").strip():
                raise DataError(
                    f"{path}: line {reader.line_num}: column 'label' is empty: give the row its"
                    f" intent, or {OUT_OF_SCOPE} in a test file."
                )
            rows.append(((sentence or "").strip(), label.strip()))
    except csv.Error as error:
        raise DataError(
            f"{path}: line {reader.line_num}: {error}: save it as comma-separated CSV."
        ) from error
    if not rows:
        raise DataError(f"{path}: column 'sentence' has no rows: add at least one.")
    return rows


def decode_mixed(data: bytes) -> str:
    """Text that is UTF-8 where it can be, and Windows-1252 line by line where not."""
    lines = []
    for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", errors="replace"))
    return "\n".join(lines)


def missing_column(path: Path, column: str, found: list[str]) -> str:
    """Words for a file without a column it needs."""
    names = ", ".join(repr(name) for name in found) or "none"
    near = difflib.get_close_matches(column, found, n=1)
    fix = f"rename '{near[0]}' to '{column}'" if near else "put 'sentence,label' in its first line"
    if len(found) == 1 and any(mark in found[0] for mark in ";\t"):
        fix = "separate the columns by commas"
    return f"{path}: column '{column}' is missing (found: {names}): {fix}."


def training_rows(rows: list[tuple[str, str]], path: Path) -> list[tuple[str, str]]:
    """The rows that can be learnt from; what is left out is said."""
    kept = [(sentence, label) for sentence, label in rows if sentence and label != OUT_OF_SCOPE]
    empty = sum(not sentence for sentence, _ in rows)
    if empty:
        warn(f"{path}: column 'sentence': {empty} empty, left out of training.")
    if len(kept) + empty < len(rows):
        warn(f"{path}: column 'label': {OUT_OF_SCOPE} is not learnt from; those rows are left out.")
    if len({label for _, label in kept}) < 2:
        raise DataError(f"{path}: column 'label' needs at least two intents: add another.")
    return kept


def warn(message: str) -> None:
    """Says something on the error stream, as the output is JSON."""
    print(f"warning: {message}", file=sys.stderr)


def benchmark(
    train: list[tuple[str, str]], test: list[tuple[str, str]], encoder: bool = True
) -> dict[str, Any]:
    """Trains on the one, predicts the other message by message, and measures."""
    encode = sentence_encoder() if encoder else None
    began = time.perf_counter()
    texts, labels = [sentence for sentence, _ in train], [label for _, label in train]
    model = IntentModel().fit(texts, labels, encode(texts) if encode else None)
    seconds = time.perf_counter() - began
    predictions, times = [], []
    for sentence, _ in test:
        began = time.perf_counter()
        predictions += model.predict([sentence], encode([sentence]) if encode else None)
        times.append((time.perf_counter() - began) * 1000)
    return {
        "train": {"sentences": len(train), "intents": len(model.labels)},
        **measure([label for _, label in test], predictions, model.threshold),
        "ms_p50": round(float(np.percentile(times, 50)), 3),
        "ms_p99": round(float(np.percentile(times, 99)), 3),
        "training_seconds": round(seconds, 3),
        "encoder": encoder,
    }


def sentence_encoder() -> Any:
    """The function that embeds sentences; loaded only when wanted."""
    from nlu.encoder import SentenceEncoder  # noqa: PLC0415

    encode: Any = SentenceEncoder().encode
    encode(["loads and warms up"])
    return encode


def measure(
    truth: Sequence[str], predictions: Sequence[Prediction], threshold: float
) -> dict[str, Any]:
    """The figures, from the right labels and the predictions."""
    guesses = [prediction.intent or OUT_OF_SCOPE for prediction in predictions]
    confidence = [prediction.confidence for prediction in predictions]
    final = [
        guess if prediction.understood else OUT_OF_SCOPE
        for guess, prediction in zip(guesses, predictions, strict=True)
    ]
    right = np.array([one == other for one, other in zip(truth, final, strict=True)])
    unfiltered = np.array([one == other for one, other in zip(truth, guesses, strict=True)])
    outside = np.array([label == OUT_OF_SCOPE for label in truth])
    curve = mcc_curve(truth, guesses, confidence)
    return {
        "test": {"sentences": len(truth), "out_of_scope": int(outside.sum())},
        "accuracy": share(right),
        "in_scope_accuracy": share(right[~outside]),
        "in_scope_accuracy_without_threshold": share(unfiltered[~outside]),
        "out_of_scope_recall": share(right[outside]),
        "mcc": round(mcc_at(threshold, curve), 4),
        "best_mcc": round(float(curve[1].max()), 4),
        "threshold": round(threshold, 4),
        "best_threshold": round(best_threshold(curve), 4),
    }


def share(right: Array) -> float | None:
    """The mean of truths; nothing of nothing."""
    return round(float(right.mean()), 4) if len(right) else None


if __name__ == "__main__":
    sys.exit(main())

"""Sentence embeddings: all-MiniLM-L6-v2 in int8, run by ONNX Runtime. No Rasa in here.

    SentenceEncoder().encode(["what are milia"])  # one row of 768 numbers, of length 1

A text's vector has two parts of 384 numbers: the means over its word pieces after each of
the last two layers, which together tell more of what is wanted than the last alone.
There are two encoders: the general one, and one tuned on what visitors of such a clinic
write (scripts/tune_encoder.py), which the assistant uses.

Texts are encoded in batches, yet a text's vector does not depend on its neighbours in
the batch: the model quantises each token by itself. Training and serving so agree.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import structlog
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

Array = NDArray[np.float32]

DEFAULT = Path(__file__).parent / "minilm" / "model.int8.onnx"
TUNED = Path(__file__).parent / "minilm_milia" / "model.int8.onnx"
DIMENSIONS = 384  # of a word piece
LAYERS = 2  # the last ones, side by side in a sentence's vector
SENTENCE_DIMENSIONS = LAYERS * DIMENSIONS
MAX_CHARACTERS = 1000
MAX_PIECES = 256  # what the model was trained for, its marks of beginning and end included
BATCH = 32
SURROGATES = re.compile("[\ud800-\udfff]")  # half characters, which UTF-8 cannot hold

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class EncodedText:
    """One text: its vector, and the vectors of its word pieces with their places in it."""

    sentence: Array  # (768,), of length 1; zeros if the text has no word pieces
    pieces: Array  # (pieces, 384), not normalised
    offsets: list[tuple[int, int]]  # first character and the one after the last, per piece


class SentenceEncoder:
    """Turns texts into vectors whose dot product says how alike their meanings are.

    `path` is an ONNX file with its `tokenizer.json` beside it. It is loaded once a
    process, however many encoders use it. Encoders may be shared between threads.

    Raises:
        FileNotFoundError: if either file is missing.
    """

    def __init__(self, path: Path | str = DEFAULT, threads: int = 1) -> None:
        self.path = Path(path).resolve()
        self._session, self._tokenizer = _load(self.path, threads)

    def encode(self, texts: Sequence[str]) -> Array:
        """The texts' vectors: (texts, 768), each row of length 1, or zero if it has no words."""
        vectors = np.zeros((len(texts), SENTENCE_DIMENSIONS), dtype=np.float32)
        encodings = self._tokenizer.encode_batch([_clean(text) for text in texts])
        pending = [i for i, encoding in enumerate(encodings) if _has_pieces(encoding)]
        pending.sort(key=lambda i: len(encodings[i]))  # alike in length: little padding
        batches = [pending[start : start + BATCH] for start in range(0, len(pending), BATCH)]

        def run(batch: list[int]) -> None:
            vectors[batch] = self._run("sentence_embedding", [encodings[i] for i in batch])[0]

        if len(batches) < 2:
            for batch in batches:
                run(batch)
        else:  # a training: every processor has a batch of its own
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(run, batches))
        return vectors

    def encode_tokens(self, text: str) -> EncodedText:
        """The text's vector and those of its word pieces, in order, with their places."""
        encoding = self._tokenizer.encode(_clean(text))
        if not _has_pieces(encoding):
            nothing = np.zeros((0, DIMENSIONS), dtype=np.float32)
            return EncodedText(np.zeros(SENTENCE_DIMENSIONS, dtype=np.float32), nothing, [])
        sentence, pieces = self._run("sentence_embedding token_embeddings", [encoding])
        return EncodedText(sentence[0], pieces[0, 1:-1], encoding.offsets[1:-1])

    def _run(self, outputs: str, batch: Sequence[Encoding]) -> list[Array]:
        """The model's outputs of these names, the texts padded to the longest."""
        shape = (len(batch), max(len(encoding) for encoding in batch))
        ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, encoding in enumerate(batch):
            ids[row, : len(encoding)] = encoding.ids
            mask[row, : len(encoding)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask}
        results: list[Array] = self._session.run(outputs.split(), inputs)
        return results


def _clean(text: str) -> str:
    """The text as the tokenizer can take it, every character still in its place."""
    if len(text) > MAX_CHARACTERS:
        log.warning("encoder.text_cut", characters=len(text), kept=MAX_CHARACTERS)
    return SURROGATES.sub("\ufffd", text[:MAX_CHARACTERS])


def _has_pieces(encoding: Encoding) -> bool:
    """Whether there is anything between the marks of beginning and end."""
    return len(encoding) > 2


@cache
def _load(path: Path, threads: int) -> tuple[Any, Tokenizer]:
    """The model's session and tokenizer, the same ones for the same path."""
    vocabulary = path.with_name("tokenizer.json")
    for file in (path, vocabulary):
        if not file.is_file():
            raise FileNotFoundError(f"{file} is missing: `make encoder` builds it.")
    tokenizer = Tokenizer.from_file(str(vocabulary))
    tokenizer.encode_special_tokens = True  # "[SEP]" in a message is text, not a mark
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session, tokenizer

"""A second opinion on danger: how likely a message tells of one, and of which kind. No Rasa here.

A small network reads the word pieces' vectors that the encoder has made of the message
anyway: one layer of attention, a fraction of a millisecond. It learnt from messages of present
danger and harmless ones that look like them (data/red_flags/, scripts/train_danger_reader.py).
`nlu.red_flags` weighs it against the rules, which say what they found and why.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime

from nlu.encoder import Array, EncodedText

FILE = Path(__file__).parent / "danger_reader.onnx"
SENTENCE, PIECES = "sentence_embedding", "token_embeddings"  # its inputs, the encoder's outputs
HARMLESS = ""
SURE_OF_KIND = 0.87  # of the danger, as one kind's share


@dataclass(frozen=True)
class Opinion:
    """How likely a message tells of a danger, 0 to 1; and its likeliest kind, or "" if that is
    unclear. A kind is a red flag of the lexicon, or ``distress``."""

    danger: float
    kind: str


class DangerReader:
    """Reads messages as the encoder has encoded them. Threads may share it.

    Raises:
        FileNotFoundError: if its file is missing.
    """

    def __init__(self, path: Path = FILE) -> None:
        if not path.is_file():
            raise FileNotFoundError(f"{path} is missing: `make danger-reader` builds it.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        about = self._session.get_modelmeta().custom_metadata_map
        self.kinds: list[str] = json.loads(about["kinds"])

    def read(self, encoded: EncodedText) -> Opinion:
        """The opinion on a message."""
        if not len(encoded.pieces):
            return Opinion(0.0, "")
        likely = self.likelihoods(encoded)
        danger = float(1 - likely[0])
        best = 1 + int(likely[1:].argmax())
        clear = likely[best] >= SURE_OF_KIND * danger
        return Opinion(danger, self.kinds[best] if clear else "")

    def likelihoods(self, encoded: EncodedText) -> Array:
        """How likely each of ``kinds`` is; the first is harmless."""
        inputs = {SENTENCE: encoded.sentence[np.newaxis], PIECES: encoded.pieces[np.newaxis]}
        found: Array = self._session.run(None, inputs)[0][0]
        return found


@cache
def danger_reader() -> DangerReader:
    """The one that is shipped, loaded once a process."""
    return DangerReader()

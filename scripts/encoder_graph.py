"""The graph of a MiniLM encoder in ONNX, written by hand from its weights, in float or int8.

In int8 each linear layer is, in ONNX Runtime's operators,

    range   = max |x * ease|                       of each token
    product = uint8(x * ease / range) @ int8(weight / ease)
    y       = product * range

where `ease`, one number an input, moves the outliers of some inputs into their weights,
which have room for them (SmoothQuant, Xiao et al. 2022). Everything else is float.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from nlu.encoder import LAYERS, MAX_PIECES

Array = NDArray[Any]

HEAD = 32  # dimensions of an attention head
EPSILON = 1e-12  # of the layer norms
GELU_FLOOR = -0.17  # gelu is nowhere below -0.16998
ORT = "com.microsoft"  # ONNX Runtime's own operators


class Graph:
    """Builds the model's ONNX graph, in float or, given the peaks of its activations, in int8.

    `peaks` has, for each linear layer, the largest magnitude seen on each of its inputs.
    """

    def __init__(self, weights: dict[str, Array], peaks: dict[str, Array] | None = None) -> None:
        self.weights, self.peaks = weights, peaks
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self.linear_inputs: dict[str, str] = {}

    def constant(self, name: str, value: Any, dtype: type = np.float32) -> str:
        array: Array = np.ascontiguousarray(value, dtype)
        self.constants[name] = numpy_helper.from_array(array.reshape(np.shape(value)), name)
        return name

    def add(self, operator: str, inputs: list[str], out: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [out], name=out, **attributes))
        return out

    def linear(
        self, x: str, weight: Array, bias: Array, out: str, floor: float | None = None
    ) -> tuple[str, str]:
        """x @ weight, and the bias, which whoever takes the result adds: both by name.

        `floor` says that x is nowhere below it, which lets int8 use all its levels.
        """
        self.linear_inputs[out] = x
        if self.peaks is None:
            y = self.add("MatMul", [x, self.constant(f"{out}.weight", weight)], out)
        else:
            y, bias = self._int8_linear(x, weight, bias, out, floor)
        return y, self.constant(f"{out}.bias", bias)

    def _int8_linear(
        self, x: str, weight: Array, bias: Array, out: str, floor: float | None
    ) -> tuple[str, Array]:
        assert self.peaks is not None
        spread = np.maximum(np.sqrt(np.mean(weight**2, axis=1)), 1e-2)
        ease = np.sqrt(spread / np.maximum(self.peaks[out], 1e-3))[:, None]
        ease /= np.median(ease)
        int8, steps = quantise(weight / ease)
        if floor is not None:
            x = self.add("Sub", [x, self.constant(f"{out}.floor", floor)], f"{out}.raised")
            bias = bias + floor * (int8 * steps * ease).sum(axis=0)
        x = self.add("Mul", [x, self.constant(f"{out}.ease", ease[:, 0])], f"{out}.eased")
        # Each token by its own range, so that no text depends on the others in its batch.
        size = x if floor is not None else self.add("Abs", [x], f"{out}.magnitude")
        size = self.add("ReduceMax", [size, "last"], f"{out}.range", keepdims=1)
        x = self.add("Div", [x, size], f"{out}.relative")
        levels, middle = (127, 128) if floor is None else (255, 0)
        step = self.constant(f"{out}.x_step", 1 / levels)
        zero = self.constant(f"{out}.x_zero", middle, np.uint8)
        x = self.add("QuantizeLinear", [x, step, zero], f"{out}.uint8")
        int8_name = self.constant(f"{out}.weight", int8, np.int8)
        inputs = [x, int8_name, step, self.constant(f"{out}.steps", steps), zero]
        y = self.add("MatMulIntegerToFloat", inputs, f"{out}.product", domain=ORT)
        return self.add("Mul", [y, size], out), bias

    def layer(self, x: str, number: int, out: str) -> str:
        """One transformer layer: attention, then expansion and contraction, both with norms."""
        prefix, name = f"encoder.layer.{number}.", f"layer{number}"

        def of(part: str) -> tuple[Array, Array]:
            return self.weights[f"{prefix}{part}.weight"].T, self.weights[f"{prefix}{part}.bias"]

        def join(y: str, bias: str, norm: str, out: str) -> str:
            scale, shift = of(norm)
            terms = [self.constant(f"{out}.scale", scale), self.constant(f"{out}.shift", shift)]
            inputs = [y, x, *terms, bias]
            return self.add("SkipLayerNormalization", inputs, out, domain=ORT, epsilon=EPSILON)

        queries, keys, values = (of(f"attention.self.{w}") for w in ("query", "key", "value"))
        weight = np.concatenate([queries[0], keys[0], values[0]], axis=1)
        bias = np.concatenate([queries[1], keys[1], values[1]])
        y, bias_name = self.linear(x, weight, bias, f"{name}.attend")
        self.constant("thirds", [len(weight)] * 3, np.int64)
        parts = [f"{name}.{part}" for part in ("queries", "keys", "values")]
        self.nodes.append(helper.make_node("Split", [y, "thirds"], parts, parts[0], axis=-1))
        inputs, heads = [*parts, bias_name, "mask"], len(weight) // HEAD
        y = self.add("MultiHeadAttention", inputs, f"{name}.context", domain=ORT, num_heads=heads)
        y, bias_name = self.linear(y, *of("attention.output.dense"), f"{name}.project")
        x = join(y, bias_name, "attention.output.LayerNorm", f"{name}.attended")
        y, bias_name = self.linear(x, *of("intermediate.dense"), f"{name}.expand")
        y = self.add("BiasGelu", [y, bias_name], f"{name}.gelu", domain=ORT)
        y, bias_name = self.linear(y, *of("output.dense"), f"{name}.contract", GELU_FLOOR)
        return join(y, bias_name, "output.LayerNorm", out)

    def embeddings(self) -> str:
        """Words and places, normalised. In int8, each word keeps a step of its own."""
        words = self.weights["embeddings.word_embeddings.weight"]
        if self.peaks is None:
            x = self.add("Gather", [self.constant("words", words), "input_ids"], "word")
        else:
            steps = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-9) / 127
            self.constant("words", np.rint(words / steps), np.int8)
            levels = self.add("Gather", ["words", "input_ids"], "word.int8")
            levels = self.add("Cast", [levels], "word.levels", to=TensorProto.FLOAT)
            step = self.add(
                "Gather", [self.constant("word.steps", steps), "input_ids"], "word.step"
            )
            x = self.add("Mul", [levels, step], "word")
        # Every piece is of the first segment: its vector is added to the places once, here.
        places = self.weights["embeddings.position_embeddings.weight"][:MAX_PIECES]
        places = places + self.weights["embeddings.token_type_embeddings.weight"][0]
        length = self.add("Shape", ["input_ids"], "length", start=1, end=2)
        first = self.constant("first", [0], np.int64)
        place = self.add("Slice", [self.constant("places", places), first, length, first], "place")
        x = self.add("Add", [x, place], "embedding")
        norm = [self.weights[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias")]
        terms = [self.constant("embedded.scale", norm[0]), self.constant("embedded.shift", norm[1])]
        return self.add("LayerNormalization", [x, *terms], "embedded", epsilon=EPSILON)

    def mean(self, x: str, out: str) -> str:
        """The mean over a text's own pieces, made of length 1: the sum does as well."""
        total = self.add("MatMul", ["mask.row", x], f"{out}.totals")
        total = self.add("Squeeze", [total, "one"], f"{out}.total")
        length = self.add("ReduceL2", [total, "last"], f"{out}.length", keepdims=1)
        return self.add("Div", [total, length], out)

    def build(self, probes: bool = False) -> bytes:
        """The model; with probes, the inputs of its linear layers are outputs too."""
        self.constant("last", [-1], np.int64)
        self.constant("one", [1], np.int64)
        self.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        x = self.embeddings()
        layers = sum(name.endswith(".output.dense.bias") for name in self.weights) // 2
        row = self.add("Cast", ["attention_mask"], "mask.float", to=TensorProto.FLOAT)
        self.add("Unsqueeze", [row, "one"], "mask.row")
        means = []
        for number in range(layers):
            is_last = number == layers - 1
            x = self.layer(x, number, "token_embeddings" if is_last else f"layer{number}")
            if number >= layers - LAYERS:
                means.append(self.mean(x, f"layer{number}.mean"))
        whole = self.add("Concat", means, "means", axis=-1)
        share = self.constant("share", LAYERS**-0.5)
        self.add("Mul", [whole, share], "sentence_embedding")

        width, info = self.weights["embeddings.LayerNorm.bias"].size, helper.make_tensor_value_info
        names = ("input_ids", "attention_mask")
        inputs = [info(name, TensorProto.INT64, ["texts", "pieces"]) for name in names]
        outputs = [
            info("token_embeddings", TensorProto.FLOAT, ["texts", "pieces", width]),
            info("sentence_embedding", TensorProto.FLOAT, ["texts", width * LAYERS]),
        ]
        if probes:
            found = sorted(set(self.linear_inputs.values()))
            outputs += [info(name, TensorProto.FLOAT, ["texts", "pieces", None]) for name in found]
        graph = helper.make_graph(
            self.nodes, "minilm", inputs, outputs, list(self.constants.values())
        )
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(ORT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
        onnx.checker.check_model(model)
        serialised: bytes = model.SerializeToString(deterministic=True)
        return serialised


def quantise(weight: Array) -> tuple[Array, Array]:
    """Weights (inputs, outputs) as int8 and the step of each output.

    A step is large enough for two neighbouring weights times 255 to fit 16 bits: without
    VNNI, x86 processors add such pairs in 16 bits and would clip them, silently.
    """
    pairs = np.abs(weight[0::2] + weight[1::2]).max(axis=0) / 127
    steps = np.maximum(pairs, np.abs(weight).max(axis=0) / 126)
    return np.rint(weight / steps).astype(np.int8), steps.astype(np.float32)

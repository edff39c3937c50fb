# /// script
# requires-python = ">=3.11,<3.12"
# dependencies = [
#     "torch==2.13.0", "onnx>=1.18", "onnxscript>=0.5", "onnxruntime>=1.20", "tokenizers>=0.20",
#     "numpy>=1.26", "pyyaml>=6", "structlog>=23",
# ]
# ///
"""Trains the second opinion on danger, nlu/danger_reader.onnx, on the encoder's word pieces.

    uv run scripts/train_danger_reader.py

Learns from data/red_flags/messages.tsv (dangers by kind, and harmless messages that look like
them), from the published set, tests/red_flags/, and, at less weight, from what visitors of every
intent write, data/tuning/messages.tsv and the classifier's examples, data/nlu/. So the published
set, by which the rules were mended too, only shows that nothing known is lost; how good this is,
strangers' messages say (docs/safety.md). The encoder is left as it is: what the assistant
understands does not change with this.

Runs by itself, apart from the project's environment: nothing else needs PyTorch. What
serves is `nlu.danger_reader`; beside its file this writes what PyTorch makes of some
messages, tests/nlu/danger_reader_reference.npz, for its test.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from nlu.danger_reader import FILE, HARMLESS, PIECES, SENTENCE  # noqa: E402
from nlu.encoder import DIMENSIONS, MAX_PIECES, SENTENCE_DIMENSIONS, TUNED, SentenceEncoder  # noqa: E402
from nlu.examples import read_examples  # noqa: E402
from scripts.danger_messages import LEARNT, TUNING, messages, rows  # noqa: E402

UNNAMED = "danger"  # one of a kind that nobody has named
EXAMPLES = ROOT / "data/nlu"
REFERENCE = ROOT / "tests/nlu/danger_reader_reference.npz"
HEADS, WIDTH, EPOCHS, BATCH, RATE, DECAY, DROPOUT = 4, 128, 8, 64, 1e-3, 0.05, 0.2
LOUDER = 5  # the sentence's vector, of length 1, beside the pieces', of length 6 or so
PUBLISHED_WEIGHT = 2.0
COMPANY_WEIGHT = 0.5
OTHERS_WEIGHT = 0.5  # there are many of these, and most are far from danger
SURENESS = 0.98  # asked of it at most: labels can be wrong
DANGERS = {"urgent", "distress"}


@dataclass(frozen=True)
class Example:
    """A message as the encoder sees it; its kind may be UNNAMED, a danger of any kind."""

    sentence: np.ndarray
    pieces: np.ndarray
    kind: str
    weight: float


class Reader(nn.Module):
    """One layer of attention over the word pieces, and what stands out of it."""

    def __init__(self, kinds: int) -> None:
        super().__init__()
        self.narrow = nn.Linear(DIMENSIONS, WIDTH)
        self.place = nn.Parameter(torch.randn(MAX_PIECES, WIDTH) * 0.02)
        self.layer = nn.TransformerEncoderLayer(
            WIDTH, HEADS, 2 * WIDTH, DROPOUT, "relu", batch_first=True, norm_first=True
        )
        self.look = nn.Linear(WIDTH, 1)
        self.tell = nn.Linear(2 * WIDTH, kinds)
        self.whole = nn.Linear(SENTENCE_DIMENSIONS, kinds)
        self.drop = nn.Dropout(DROPOUT)

    def forward(
        self, sentence: torch.Tensor, pieces: torch.Tensor, own: torch.Tensor
    ) -> torch.Tensor:
        """The logits, (messages, kinds); ``own`` says which pieces are no padding."""
        x = self.narrow(self.drop(pieces)) + self.place[: pieces.shape[1]]
        x = self.layer(x, src_key_padding_mask=~own)
        attention = self.look(x).squeeze(2).masked_fill(~own, -1e9).softmax(1)
        most = x.masked_fill(~own.unsqueeze(2), -1e9).amax(1)
        seen = torch.cat([(attention.unsqueeze(2) * x).sum(1), most], 1)
        return self.tell(seen) + self.whole(self.drop(sentence) * LOUDER)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for start in (torch.manual_seed, random.seed, np.random.seed):
        start(options.seed)
    examples = [*of_red_flags(), *of_the_published_set(), *of_every_intent(), *in_company()]
    kinds = [HARMLESS, *sorted({one.kind for one in examples} - {HARMLESS, UNNAMED})]
    reader = Served(train(examples, kinds, options.epochs), kinds).eval()
    write(reader)
    some = [row["text"] for row in rows(LEARNT)[::250]]
    with torch.no_grad():
        found = [reader(*batch([Example(*read(text), HARMLESS, 1)])[:2])[0] for text in some]
    np.savez_compressed(REFERENCE, texts=np.array(some), likelihoods=torch.stack(found).numpy())


class Served(nn.Module):
    """What reads one message: how likely each kind is."""

    def __init__(self, reader: Reader, kinds: list[str]) -> None:
        super().__init__()
        self.reader, self.kinds = reader, kinds

    def forward(self, sentence: torch.Tensor, pieces: torch.Tensor) -> torch.Tensor:
        """(1, 768) and (1, pieces, 384) to (1, kinds)."""
        own = torch.ones(pieces.shape[:2], dtype=torch.bool)
        return self.reader(sentence, pieces, own).softmax(1)


def write(reader: Served) -> None:
    """The reader as ONNX, the names of the kinds within."""
    torch.backends.mha.set_fastpath_enabled(False)  # ONNX has no such operator
    program = torch.onnx.export(
        reader,
        (torch.zeros(1, SENTENCE_DIMENSIONS), torch.zeros(1, 12, DIMENSIONS)),
        input_names=[SENTENCE, PIECES],
        output_names=["likelihoods"],
        dynamic_shapes=({}, {1: torch.export.Dim("pieces", min=2, max=MAX_PIECES)}),
        dynamo=True,
    )
    model = program.model_proto
    onnx.helper.set_model_props(model, {"kinds": json.dumps(reader.kinds)})
    onnx.save(model, FILE)


ENCODER = SentenceEncoder(TUNED)


def read(text: str) -> tuple[np.ndarray, np.ndarray]:
    """A text's vector, and those of its word pieces."""
    encoded = ENCODER.encode_tokens(text)
    return encoded.sentence, encoded.pieces


def kind_of(row: dict[str, str]) -> str:
    """The kind of a message written for this."""
    return row["sort"] if row["alarm"] == "yes" else HARMLESS


def of_red_flags() -> list[Example]:
    """The messages written for this, each danger with its kind."""
    return [Example(*read(row["text"]), kind_of(row), 1.0) for row in rows(LEARNT)]


def of_the_published_set() -> list[Example]:
    """The messages that must be caught, of kinds that the rules name, and those that must not."""
    told = [(UNNAMED, text) for _, text in messages("caught")]
    told += [(HARMLESS, text) for _, text in messages("harmless")]
    return [Example(*read(text), kind, PUBLISHED_WEIGHT) for kind, text in told]


def of_every_intent() -> list[Example]:
    """What visitors of every intent write, and the classifier's examples."""
    kinds = {"urgent": UNNAMED, "distress": "distress"}
    written = [(row["text"], row["intent"]) for row in rows(TUNING)]
    return [
        Example(*read(text), kinds.get(intent.split("/")[0], HARMLESS), OTHERS_WEIGHT)
        for text, intent in [*written, *read_examples(EXAMPLES)]
    ]


def in_company() -> list[Example]:
    """Dangers and their look-alikes in the middle of what else people write: a danger stays one."""
    ordinary = [row["text"] for row in rows(TUNING) if row["intent"] not in DANGERS]
    joined = []
    for row in rows(LEARNT):
        before, after = (
            " ".join(random.sample(ordinary, random.choice(range(4))))  # noqa: S311
            for _ in "ab"
        )
        text = f"{before}. {row['text']}. {after}".strip(" .")
        joined.append(Example(*read(text), kind_of(row), COMPANY_WEIGHT))
    return joined


def batch(examples: list[Example]) -> tuple[torch.Tensor, ...]:
    """Examples side by side, the shorter ones filled up."""
    longest = max(1, *(len(one.pieces) for one in examples))
    pieces = np.zeros((len(examples), longest, DIMENSIONS), np.float32)
    own = np.zeros((len(examples), longest), bool)
    for row, one in enumerate(examples):
        pieces[row, : len(one.pieces)] = one.pieces
        own[row, : len(one.pieces)] = True
    sentences = np.stack([one.sentence for one in examples])
    return torch.from_numpy(sentences), torch.from_numpy(pieces), torch.from_numpy(own)


def train(examples: list[Example], kinds: list[str], epochs: int) -> Reader:
    """A reader that has seen the examples so many times."""
    examples = [one for one in examples if len(one.pieces)]
    reader = Reader(len(kinds))
    optimiser = torch.optim.AdamW(reader.parameters(), RATE, weight_decay=DECAY)
    steps = epochs * -(-len(examples) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / (0.1 * steps)) * (1 - step / steps)
    )
    for epoch in range(epochs):
        reader.train()
        losses = []
        for some in batches(examples):
            likely = reader(*batch(some)).log_softmax(1)
            loss = (loss_of(likely, some, kinds) * weights_of(some)).mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.3f}", flush=True)
    return reader.eval()


def batches(examples: list[Example]) -> list[list[Example]]:
    """The examples in another order each time, those of a batch alike in length."""
    random.shuffle(examples)
    found = []
    for start in range(0, len(examples), BATCH * 20):
        alike = sorted(examples[start : start + BATCH * 20], key=lambda one: len(one.pieces))
        found += [alike[i : i + BATCH] for i in range(0, len(alike), BATCH)]
    random.shuffle(found)
    return found


def weights_of(some: list[Example]) -> torch.Tensor:
    """What each of the examples counts."""
    return torch.tensor([one.weight for one in some])


def loss_of(likely: torch.Tensor, some: list[Example], kinds: list[str]) -> torch.Tensor:
    """Whether it is a danger, and, at half the weight, of which kind, where that is known."""
    danger = torch.tensor([float(one.kind != HARMLESS) for one in some])
    wanted = danger * SURENESS + (1 - danger) * (1 - SURENESS)
    of_danger = torch.logsumexp(likely[:, 1:], 1)
    loss = -(wanted * of_danger + (1 - wanted) * likely[:, 0])
    named = torch.tensor([one.kind not in {HARMLESS, UNNAMED} for one in some])
    places = torch.tensor([kinds.index(one.kind) if one.kind in kinds else 0 for one in some])
    of_kind = of_danger - likely.gather(1, places.unsqueeze(1)).squeeze(1)
    return loss + 0.5 * torch.where(named, of_kind, torch.zeros_like(of_kind))


if __name__ == "__main__":
    main()

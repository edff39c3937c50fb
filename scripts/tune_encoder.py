# /// script
# requires-python = ">=3.11,<3.12"
# dependencies = ["torch==2.13.0", "transformers==4.57.6", "numpy>=1.26"]
# ///
"""Tunes MiniLM on messages that visitors write, so that what is wanted is what is near.

    uv run scripts/tune_encoder.py --package FOLDER --output tuned.safetensors

The messages of data/tuning/ and their intents pull the sentence's vector towards the
vector of its intent and away from those of the others. No message there is among the
classifier's examples, so cross-validation measures nothing that the encoder has seen.
`python -m scripts.build_encoder --tuned tuned.safetensors` then makes the shipped file.

Runs by itself, apart from the project's environment: nothing else needs PyTorch.
"""

from __future__ import annotations

import argparse
import csv
import random
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import AutoModel, AutoTokenizer

MESSAGES = Path("data/tuning/messages.tsv")
EPOCHS, BATCH, RATE, HEAD_RATE = 4, 32, 8e-5, 2e-2
TEMPERATURE = 0.06  # of the cosines to the intents
SMOOTHING = 0.05  # some messages could have another intent
LONGEST = 48  # word pieces


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path, required=True, help="folder of the model's files")
    parser.add_argument("--output", type=Path, required=True, help="the safetensors to write")
    options = parser.parse_args()
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    model = tune(options.package, [row["text"] for row in rows], [row["intent"] for row in rows])
    weights = {name: value.contiguous() for name, value in model.state_dict().items()}
    save_file(weights, options.output)


def tune(package: Path, texts: list[str], intents: list[str], seed: int = 0) -> torch.nn.Module:
    """The model, after EPOCHS over the messages; the vectors of words stay as they were."""
    for start in (torch.manual_seed, random.seed, np.random.seed):
        start(seed)
    tokenizer = AutoTokenizer.from_pretrained(package)
    model = AutoModel.from_pretrained(package)
    names = sorted(set(intents))
    truth = torch.tensor([names.index(intent) for intent in intents])

    def embed(batch: list[str]) -> torch.Tensor:
        inputs = tokenizer(
            batch, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
        )
        pieces = model(**inputs).last_hidden_state
        own = inputs["attention_mask"].unsqueeze(-1).float()
        return torch.nn.functional.normalize((pieces * own).sum(1) / own.sum(1), dim=1)

    with torch.no_grad():
        model.eval()
        parts = [embed(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)]
        start_vectors = torch.cat(parts)
    centres = torch.nn.Parameter(
        torch.stack([start_vectors[truth == k].mean(0) for k in range(len(names))])
    )
    model.embeddings.word_embeddings.weight.requires_grad = False
    tuned = [weight for weight in model.parameters() if weight.requires_grad]
    groups = [{"params": tuned, "lr": RATE}, {"params": [centres], "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * -(-len(texts) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / (0.1 * steps)) * (1 - step / steps)
    )
    model.train()
    for epoch in range(EPOCHS):
        order, total = np.random.permutation(len(texts)), 0.0
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            nearness = embed([texts[i] for i in batch]) @ torch.nn.functional.normalize(centres).T
            loss = torch.nn.functional.cross_entropy(
                nearness / TEMPERATURE, truth[batch], label_smoothing=SMOOTHING
            )
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(tuned, 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {total / len(texts):.3f}", flush=True)
    return model.eval()


if __name__ == "__main__":
    main()

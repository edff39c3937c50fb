"""Messages that were not understood, those alike together; written for Rasa to learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from insights.asked import UNDERSTOOD, Question

MOST = 2_000  # texts, the newest; each is compared with each other
# The distance of two vectors of length 1 up to which what they say is alike.
ALIKE = 1.0
MARKUP = str.maketrans("[](){}", "      ")

Encode = Callable[[Sequence[str]], Any]

HEADER = """\
# Not understood, or barely. Read each before you use it:
# - delete what names anybody: only what looked like it was taken out ("…");
# - move it under what it means: the intent here is the assistant's best guess, which may be wrong;
# - put it into data/nlu/, then `make train`, `make nlu`, `make test`.
version: "3.1"

nlu:
"""


@dataclass(frozen=True)
class Group:
    """Texts alike, the most frequent first, with how often each was written."""

    texts: dict[str, int]
    guess: str

    @property
    def times(self) -> int:
        """How many messages there were."""
        return sum(self.texts.values())


def not_understood(questions: Sequence[Question], encode: Encode) -> list[Group]:
    """The texts that were not understood, grouped by likeness; the largest group first."""
    missed = [one for one in questions if one.understood != UNDERSTOOD and one.text.strip(" …?")]
    newest = sorted(missed, key=lambda one: one.at, reverse=True)
    by_text: dict[str, list[Question]] = {}
    for one in newest:
        by_text.setdefault(one.text.translate(MARKUP).lower().strip(" -"), []).append(one)
    texts = list(by_text)[:MOST]
    groups: dict[int, list[str]] = {}
    for text, label in zip(texts, _labels(texts, encode), strict=True):
        groups.setdefault(int(label), []).append(text)
    made = [_group({text: by_text[text] for text in group}) for group in groups.values()]
    return sorted(made, key=lambda group: (-group.times, group.guess))


def as_examples(groups: Sequence[Group]) -> str:
    """The groups in the form of Rasa's training data."""
    return HEADER + "\n".join(map(_block, groups)) if groups else HEADER.rstrip() + " []\n"


def _labels(texts: Sequence[str], encode: Encode) -> Sequence[int]:
    if len(texts) < 2:
        return [0] * len(texts)
    clustering = AgglomerativeClustering(
        n_clusters=None, distance_threshold=ALIKE, linkage="average"
    )
    labels: Sequence[int] = clustering.fit_predict(np.asarray(encode(texts)))
    return labels


def _group(found: dict[str, list[Question]]) -> Group:
    often = sorted(found, key=lambda text: (-len(found[text]), text))
    guesses = Counter(one.guess for questions in found.values() for one in questions)
    return Group({text: len(found[text]) for text in often}, guesses.most_common(1)[0][0])


def _block(group: Group) -> str:
    examples = "".join(f"      - {text}\n" for text in group.texts)
    written = f"# written {group.times} times" if group.times > 1 else "# written once"
    return f"  {written}\n  - intent: {group.guess}\n    examples: |\n{examples}"

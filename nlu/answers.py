"""What data/answers/ holds, written out as Rasa takes it. Plain data, no Rasa."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

TELL_ME_MORE = {"title": "Tell me more", "payload": "tell me more"}

Variation = dict[str, Any]


def written_out(response: str, variations: Sequence[Variation]) -> list[Variation]:
    """The variations of a response, each with what is the same in all answers.

    A condition whose value is a list becomes one variation for each of its values, as Rasa
    knows no other. An answer to a question gets its kind and topic in its metadata, for the
    channels, and a button that asks for the rest where it has a ``more``.
    """
    return [_described(response, one) for variation in variations for one in _each_value(variation)]


def _each_value(variation: Variation) -> Iterator[Variation]:
    conditions = variation.get("condition")
    if not conditions:
        yield variation
        return
    for chosen in product(*map(_single, conditions)):
        yield {**variation, "condition": list(chosen)}


def _single(condition: Mapping[str, Any]) -> list[dict[str, Any]]:
    values = condition["value"] if isinstance(condition["value"], list) else [condition["value"]]
    return [{**condition, "value": value} for value in values]


def _described(response: str, variation: Variation) -> Variation:
    topic = response.partition("utter_faq/")[2]
    if not topic:
        return variation
    metadata = {"kind": "answer", "topic": topic, **variation.get("metadata", {})}
    described = {**variation, "metadata": metadata}
    if "more" in metadata:
        described["buttons"] = [*variation.get("buttons", []), TELL_ME_MORE]
    return described

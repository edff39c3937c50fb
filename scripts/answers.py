"""Reads data/answers/: every way to say every answer, for the tests and the reading table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parent.parent
ANSWERS = ROOT / "data/answers"


class Variation(NamedTuple):
    """One way to give a response, and under which values of slots."""

    response: str
    file: str
    conditions: dict[str, list[str | None]]
    content: dict[str, Any]

    @property
    def text(self) -> str:
        """What is said first, its table included."""
        return str(self.content["text"])

    @property
    def more(self) -> str:
        """What is said to "tell me more"; empty where there is no more to say."""
        return str(self.metadata.get("more", ""))

    @property
    def prose(self) -> str:
        """What is said first, without its table."""
        return "\n".join(line for line in self.text.splitlines() if not line.startswith("|"))

    @property
    def table(self) -> list[list[str]]:
        """The rows of its table, each with its cells."""
        rows = [line for line in self.text.splitlines() if line.startswith("|")]
        return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]

    @property
    def metadata(self) -> dict[str, Any]:
        """Where it comes from, when it was reviewed, and more."""
        return dict(self.content.get("metadata", {}))

    @property
    def sources(self) -> list[str]:
        """The keys of its sources in data/sources.yml."""
        return list(self.metadata.get("sources", []))

    @property
    def buttons(self) -> list[dict[str, str]]:
        """The next steps it offers."""
        return list(self.content.get("buttons", []))

    def holds_with(self, other: Variation) -> bool:
        """Whether both can hold at once, which leaves Rasa to choose at random."""
        both = self.conditions.keys() & other.conditions.keys()
        return all(set(self.conditions[slot]) & set(other.conditions[slot]) for slot in both)

    def cases(self) -> Iterator[dict[str, str | None]]:
        """The values of slots under which it holds, one case after the other."""
        for values in product(*self.conditions.values()):
            yield dict(zip(self.conditions, values, strict=True))

    def __str__(self) -> str:
        conditions = (
            f"{slot}={'|'.join(map(str, values))}" for slot, values in self.conditions.items()
        )
        return " ".join([self.response, *conditions])


def all_answers() -> list[Variation]:
    """Every variation of every response, those that actions say included, in the files' order."""
    return [
        _variation(response, path.name, content)
        for path in sorted(ANSWERS.glob("*.yml"))
        for response, contents in _responses(path)
        for content in contents
    ]


def _responses(path: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    yield from file.get("responses", {}).items()
    for name, content in file.get("said_by_actions", {}).items():
        yield name, [content]


def _variation(response: str, file: str, content: dict[str, Any]) -> Variation:
    conditions: dict[str, list[str | None]] = {}
    for condition in content.get("condition", []):
        slot, value = condition["name"], condition["value"]
        if condition["type"] != "slot" or slot in conditions:
            raise ValueError(f"{file}: {response}: conditions name a slot, and each slot once")
        conditions[slot] = value if isinstance(value, list) else [value]
    return Variation(response, file, conditions, content)

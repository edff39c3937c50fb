"""The classifier's examples, read from Rasa's NLU files without Rasa."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

Example = tuple[str, str]  # a text and its full intent
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def read_examples(folder: Path) -> list[Example]:
    """The training examples in a folder of Rasa's NLU files, each once, in order."""
    found: dict[Example, None] = {}
    for path in sorted(folder.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for block in content.get("nlu", []):
            for line in block.get("examples", "").splitlines() if "intent" in block else ():
                text = ANNOTATION.sub(r"\1", line.strip().removeprefix("- ")).strip()
                if text:
                    found[text, block["intent"]] = None
    if not found:
        raise FileNotFoundError(f"{folder} has no training examples: is this the project's root?")
    return list(found)

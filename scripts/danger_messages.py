"""The messages by which danger is learnt and measured: needs nothing but the files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "tests/red_flags"
STRANGERS = PUBLISHED / "strangers.tsv"
LEARNT = ROOT / "data/red_flags/messages.tsv"
TUNING = ROOT / "data/tuning/messages.tsv"

Which = Literal["caught", "harmless"]
Message = tuple[str, str]
"""A kind of danger, or the reason why it is harmless, and the text."""


def rows(table: Path) -> list[dict[str, str]]:
    """The lines of a table of messages, by its columns' names."""
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def messages(which: Which) -> Iterator[Message]:
    """Those of the published set that must be ``caught``, or the ``harmless`` ones."""
    file = {"caught": "caught.yml", "harmless": "not_alarming.yml"}[which]
    for kind, texts in yaml.safe_load((PUBLISHED / file).read_text(encoding="utf-8")).items():
        for text in texts:
            yield kind, str(text)


def strangers(which: Which) -> Iterator[Message]:
    """The like of strangers, from whom nothing has learnt."""
    alarm = {"caught": "yes", "harmless": "no"}[which]
    for row in rows(STRANGERS):
        if row["alarm"] == alarm:
            yield row["sort"], row["text"]

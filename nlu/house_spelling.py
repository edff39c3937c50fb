"""The clinic's spelling: answers are written in British English, said as the clinic spells."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

PAIRS = Path("data/spelling.yml")
SPELLINGS = ("UK", "US")

_PLACEHOLDER_OR_LINK = r"\{[^}]*\}|https?://\S+"


def house_spelling(spelling: str, pairs: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """What turns a British text into the spelling ``UK`` or ``US``.

    Words are changed whole, with their capital; ``{placeholders}`` and links are left alone.
    ``pairs`` are those of data/spelling.yml unless they are given.
    """
    if spelling not in SPELLINGS:
        raise ValueError(f'clinic.yml: spelling "{spelling}": write {" or ".join(SPELLINGS)}')
    if spelling == "UK":
        return str
    american = yaml.safe_load(PAIRS.read_text(encoding="utf-8"))["us"] if pairs is None else pairs
    longest_first = sorted(american, key=len, reverse=True)
    words = re.compile(rf"{_PLACEHOLDER_OR_LINK}|\b(?:{'|'.join(longest_first)})\b", re.IGNORECASE)

    def changed(match: re.Match[str]) -> str:
        british = match[0]
        word = american.get(british) or american.get(british.lower(), british)
        return word[0].upper() + word[1:] if british[0].isupper() else word

    return lambda text: words.sub(changed, text)


def spelt(said: Mapping[str, Any], spelling: Callable[[str], str]) -> dict[str, Any]:
    """A response with its text, its more, its alternative text and its buttons' titles respelt.

    What buttons send is left as it is: the examples in data/nlu/ are British.
    """
    changed = dict(said)
    if "text" in said:
        changed["text"] = spelling(said["text"])
    if "buttons" in said:
        changed["buttons"] = [{**b, "title": spelling(b["title"])} for b in said["buttons"]]
    if metadata := said.get("metadata"):
        words = {key: spelling(metadata[key]) for key in ("more", "alt") if key in metadata}
        changed["metadata"] = {**metadata, **words}
    return changed


def spelling_of_the_clinic() -> str:
    """The ``spelling`` of clinic.yml, British where it says none."""
    clinic = Path(os.environ.get("CLINIC_FILE", "clinic.yml"))
    if not clinic.is_file():
        return "UK"
    return str((yaml.safe_load(clinic.read_text(encoding="utf-8-sig")) or {}).get("spelling", "UK"))

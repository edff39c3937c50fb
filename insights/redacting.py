"""A visitor's words without what may name somebody.

Answers to the forms' questions never come here, nor what was left in them
(clinic/left_contacts.py). This takes out what people write by themselves. It cannot know every
name: whoever uses the examples reads them first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

LEFT_OUT = "…"
TRAINING_DATA = Path("data/nlu")

# Addresses, links, and words with digits that may be a number, a date of birth, a reference.
TELLING = re.compile(r"\S*@\S*|\b(?:https?://|www\.)\S+|\+?\d[\d\s().\-/]{3,}\d|\S*\d{4,}\S*")
REFERENCE = re.compile(r"\b[A-Z]{2}-[0-9A-Z]{4,}\b", re.IGNORECASE)
INTRODUCTION = re.compile(
    r"((?:\bname(?:\s+is|['’]?s)?|\b(?:called|named)|\bcall\s+me|\bthis\s+is|\bi\s*['’]?a?m)\s+)"
    r"([^\W\d]\S*(?:\s+[^\W\d]\S*){0,2})",
    re.IGNORECASE,
)
# Here a name follows for sure, be it one that stands in the training data.
NAME = re.compile(
    r"(\bname(?:\s+is|['’]s)\s+)[^\W\d]\S*"
    r"(?:\s+(?!(?:and|but|can|from|he|i|i['’]?m|my|please|she|we)\b)[^\W\d]\S*)?",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

Redact = Callable[[str], str]


def known_words(folder: Path = TRAINING_DATA) -> frozenset[str]:
    """The words of the training data, which are nobody's."""
    texts = (file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.yml")))
    return frozenset(word.lower() for text in texts for word in WORD.findall(text))


def redacting(known: Iterable[str]) -> Redact:
    """What takes out addresses, numbers, references, and names: what follows an introduction, and
    words with a capital, unless they are ``known``."""
    words = frozenset(known)

    def unless_known(found: re.Match[str]) -> str:
        word = found.group()
        return LEFT_OUT if word[0].isupper() and word.lower() not in words else word

    def introduced(found: re.Match[str]) -> str:
        said, name = found.groups()
        parts = [LEFT_OUT if _bare(part) not in words else part for part in name.split()]
        return said + " ".join(parts)

    def redact(text: str) -> str:
        for pattern in (TELLING, REFERENCE):
            text = pattern.sub(LEFT_OUT, text)
        text = NAME.sub(rf"\1{LEFT_OUT}", INTRODUCTION.sub(introduced, text))
        return " ".join(WORD.sub(unless_known, text).split())

    return redact


def _bare(word: str) -> str:
    return word.strip(".,!?;:").lower()

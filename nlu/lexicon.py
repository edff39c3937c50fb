"""The medical lexicon: what people say, and the entity and value that they mean.

Plain data, no Rasa and no spaCy. How to write the file stands at its top
(``data/lexicon/milia.yml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import yaml

NOT_MEANT = "not_meant"
"""The entity of phrases that hold one of our words and mean something else."""

_KEYS = {"lexicon", "babies_only", "not_meant", "slips_of", "not_slips"}
_WHOSE = ["", "my", "his", "her", "the", "their", "your", "our", "one", "each"]
_WHICH = ["", "left", "right", "both", "baby", "babys", "sons", "daughters", "newborns"]
_FILLERS = [" ".join(filter(None, pair)) for pair in product(_WHOSE, _WHICH)]

_TOKEN = re.compile(
    r"""
      (?P<dropped> (?<=[^\W\d_])['’]s?(?![^\W\d_])    # 's and s' of possession
                 | (?<=\w)[-‐‑](?=\w) )               # a hyphen within a word
    | [^\W\d_]+ (?:['’](?!s\b)[^\W\d_]+)?             # letters: milia, don't
    | \d+
    | \S
    """,
    re.VERBOSE | re.IGNORECASE,
)


class LexiconError(ValueError):
    """The lexicon says something that cannot be; the message says where and what to do."""


@dataclass(frozen=True)
class Word:
    """A word of a message in small letters, and where it stands in the message."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Meaning:
    """What a phrase means: for example condition ``milia``."""

    entity: str
    value: str


def split_words(text: str) -> list[Word]:
    """The words, numbers and punctuation marks of ``text``, in order.

    Hyphens within a word and the ``'s`` of possession are left out, so that
    "Epstein's pearls" and "epstein-pearls" are the same two words.
    """
    return [
        Word(match[0].lower().replace("’", "'"), match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if match["dropped"] is None
    ]


def with_plural(word: str) -> list[str]:
    """``word`` and its regular plural, if it can have one."""
    if len(word) < 3 or not word.isalpha() or word.endswith("s"):
        return [word]
    if word.endswith("y") and word[-2] not in "aeiou":
        return [word, word[:-1] + "ies", word + "s"]
    if word.endswith(("x", "sh", "ch")):
        return [word, word + "es"]
    return [word, word + "s"]


@dataclass(frozen=True)
class Lexicon:
    """All phrases of the lexicon with their meanings, ready to be looked up."""

    source: dict[str, Any]
    phrases: dict[tuple[str, ...], Meaning]
    babies_only: frozenset[Meaning]
    slips_of: tuple[str, ...]
    not_slips: frozenset[str]

    @classmethod
    def load(cls, path: str | Path) -> Lexicon:
        """The lexicon in a YAML file; ``LexiconError`` says what to mend in it."""
        try:
            source = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise LexiconError(
                f"No lexicon at '{path}': set `lexicon` of LexiconEntityExtractor in "
                "config.yml to a path from the project's root."
            ) from None
        try:
            return cls.from_dict(source)
        except LexiconError as error:
            raise LexiconError(f"{path}: {error}") from None

    @classmethod
    def from_dict(cls, source: Any) -> Lexicon:
        """The lexicon as ``to_dict`` gives it."""
        if not isinstance(source, dict) or "lexicon" not in source:
            raise LexiconError("it has no top-level key 'lexicon'.")
        if unknown := set(source) - _KEYS:
            raise LexiconError(f"unknown key {sorted(unknown)[0]!r}: use {sorted(_KEYS)}.")
        phrases: dict[tuple[str, ...], Meaning] = {}
        for meaning, phrase in _entries(source):
            for words in _wordings(phrase):
                known = phrases.setdefault(words, meaning)
                if known != meaning:
                    raise LexiconError(
                        f"{' '.join(words)!r} is both {known.entity} {known.value} and "
                        f"{meaning.entity} {meaning.value}: keep one of them."
                    )
        babies_only = frozenset(
            Meaning(entity, value)
            for entity, values in (source.get("babies_only") or {}).items()
            for value in values
        )
        if strangers := babies_only - set(phrases.values()):
            stranger = min(strangers, key=lambda meaning: meaning.value)
            raise LexiconError(
                f"babies_only names {stranger.entity} {stranger.value}, which is not in the "
                "lexicon: correct the name or add its phrases."
            )
        return cls(
            source=source,
            phrases=phrases,
            babies_only=babies_only,
            slips_of=tuple(source.get("slips_of") or ()),
            not_slips=frozenset(source.get("not_slips") or ()),
        )

    def to_dict(self) -> dict[str, Any]:
        """All of the lexicon as JSON can hold it."""
        return self.source

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word that occurs in a phrase."""
        return frozenset(word for words in self.phrases for word in words)


def _entries(source: dict[str, Any]) -> Iterator[tuple[Meaning, str]]:
    for entity, values in source["lexicon"].items():
        for value, phrases in values.items():
            for phrase in phrases:
                yield Meaning(entity, value), _checked(phrase, f"{entity}.{value}")
    for phrase in source.get("not_meant") or ():
        yield Meaning(NOT_MEANT, NOT_MEANT), _checked(phrase, "not_meant")


def _checked(phrase: Any, place: str) -> str:
    if not isinstance(phrase, str) or not split_words(phrase):
        raise LexiconError(f"{place}: {phrase!r} is no phrase; put it in quotes, or write words.")
    return phrase


def _wordings(phrase: str) -> Iterator[tuple[str, ...]]:
    for filler in _FILLERS if "~" in phrase else [""]:
        *first, last = (word.text for word in split_words(phrase.replace("~", filler)))
        for form in with_plural(last):
            yield (*first, form)

"""The lexicon of red flags: what the signs of danger are called, and which make a flag.

Plain data, no Rasa and no spaCy. How to write the file stands at its top
(``data/lexicon/red_flags.yml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from nlu.lexicon import LexiconError, split_words, with_plural
from nlu.red_flags_context import Meaning

URGENT, DISTRESS = "urgent", "distress"
PEOPLE = ("young", "baby", "maybe_baby", "child", "writer", "anybody_grown")
"""What a sign may ask of the people in a message: ``@young`` and so on."""
MEASURED = ("fever_measured", "high_fever_measured", "cold_measured")
"""Words that stand for a temperature in figures."""
SWALLOWED = "not_meant"

_KEYS = {"alarming", "despairing", "fillers", "words", "urgent", "distress", SWALLOWED, "not_slips"}
_TERM = re.compile(r"(?P<mark>@|not )?(?P<name>[a-z_]+)")
_JOINED = re.compile(r"([+>]| without )")
LASTING, DOUBTFUL = "!", "?"
"""At the end of a sign: it counts even where it is over; it may be an idiom."""
EXACT = "="
"""Before a phrase: it is met word by word, with no filler skipped."""
CLAUSE_END = "|"
"""In a phrase: here the clause ends, with a punctuation mark or the message."""


@dataclass(frozen=True)
class Term:
    """A part of a sign: a word that is said, said to be absent, or said anywhere.

    With ``follows`` it must stand after the term before it; ``nowhere`` forbids it nearby.
    """

    name: str
    absent: bool = False
    anywhere: bool = False
    follows: bool = False
    nowhere: bool = False


@dataclass(frozen=True)
class Sign:
    """Words that together are a sign of a flag, close to each other.

    ``lasting`` is one that calls for help even when it is over: a fit, pills swallowed.
    ``doubtful`` is one that is often an idiom, which the second opinion may know better.
    """

    kind: str
    intent: str
    terms: tuple[Term, ...]
    source: str
    lasting: bool = False
    doubtful: bool = False

    @cached_property
    def in_spite_of(self) -> frozenset[Meaning]:
        """What may be said of the sign without making it less of one."""
        return frozenset(
            # "i might hurt my baby" is said of what is there: a fear; and "i could die of
            # shame" may be no figure
            ([Meaning.SUPPOSED, Meaning.FIGURATIVE] if self.intent == DISTRESS else [])
            + ([Meaning.OVER] if self.lasting else [])
        )

    @cached_property
    def near(self) -> tuple[Term, ...]:
        """The terms that must stand close to each other."""
        return tuple(term for term in self.terms if not (term.anywhere or term.nowhere))

    @cached_property
    def words(self) -> frozenset[str]:
        """The names of the words that a message must have."""
        here = (t.name for t in self.terms if not t.nowhere)
        return frozenset(here) - self.people

    @cached_property
    def people(self) -> frozenset[str]:
        """Whom the message must be about: names of ``PEOPLE``."""
        return frozenset(t.name for t in self.terms if t.anywhere and t.name in PEOPLE)

    @cached_property
    def nowhere(self) -> tuple[Term, ...]:
        """The terms that may not stand near."""
        return tuple(term for term in self.terms if term.nowhere)


@dataclass(frozen=True)
class RedFlagLexicon:
    """Phrases with the words that they mean, and the signs made of them.

    ``phrases`` are looked up where fillers are skipped, ``verbatim`` where they are not.
    """

    source: dict[str, Any]
    phrases: Mapping[tuple[str, ...], frozenset[str]]
    verbatim: Mapping[tuple[str, ...], frozenset[str]]
    signs: tuple[Sign, ...]
    fillers: frozenset[str]
    not_slips: frozenset[str]
    order: tuple[str, ...]
    alarming: Mapping[str, frozenset[str]]

    @classmethod
    def load(cls, path: str | Path) -> RedFlagLexicon:
        """The lexicon in a YAML file; ``LexiconError`` says what to mend in it."""
        try:
            source = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise LexiconError(
                f"No lexicon at '{path}': set `lexicon` of RedFlagDetector in config.yml to a "
                "path from the project's root."
            ) from None
        try:
            return cls.from_dict(source)
        except LexiconError as error:
            raise LexiconError(f"{path}: {error}") from None

    @classmethod
    def from_dict(cls, source: Any) -> RedFlagLexicon:
        """The lexicon as ``to_dict`` gives it."""
        if not isinstance(source, dict) or not {"words", URGENT} <= source.keys():
            raise LexiconError("it needs the top-level keys 'words' and 'urgent'.")
        if unknown := source.keys() - _KEYS:
            raise LexiconError(f"unknown key {min(unknown)!r}: use {sorted(_KEYS)}.")
        fillers = frozenset(plain_words(source.get("fillers") or ""))
        phrases: dict[tuple[str, ...], set[str]] = {}
        verbatim: dict[tuple[str, ...], set[str]] = {}
        named = {**source["words"], SWALLOWED: source.get(SWALLOWED) or ""}
        for name, listed in named.items():
            for phrase in _listed(listed):
                whole = tuple(plain_words(phrase))
                words = tuple(word for word in whole if word not in fillers)
                exact = phrase.startswith(EXACT) or CLAUSE_END in whole or name == SWALLOWED
                if len(words) == 1 == len(whole) and not exact:
                    for form in with_plural(whole[0]):
                        phrases.setdefault((form,), set()).add(name)
                elif not exact and (len(words) > 2 or words == whole):
                    phrases.setdefault(words, set()).add(name)
                else:  # "hits me": without its fillers it would say something else
                    verbatim.setdefault(whole, set()).add(name)
        signs = [
            _sign(text, kind, intent, flag, source["words"])
            for intent in (URGENT, DISTRESS)
            for kind, flag in (source.get(intent) or {}).items()
            for text in flag["signs"]
        ]
        return cls(
            source=source,
            phrases={words: frozenset(names) for words, names in phrases.items()},
            verbatim={words: frozenset(names) for words, names in verbatim.items()},
            signs=tuple(signs),
            fillers=fillers,
            not_slips=frozenset(plain_words(source.get("not_slips") or "")),
            alarming={
                URGENT: frozenset(_listed(source.get("alarming") or "")),
                DISTRESS: frozenset(_listed(source.get("despairing") or "")),
            },
            order=tuple(kind for i in (URGENT, DISTRESS) for kind in source.get(i) or {}),
        )

    def to_dict(self) -> dict[str, Any]:
        """All of the lexicon as JSON can hold it."""
        return self.source

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word that occurs in a phrase."""
        return frozenset(word for words in (*self.phrases, *self.verbatim) for word in words)


def plain_words(text: str) -> list[str]:
    """The words of ``text`` in small letters, without apostrophes or punctuation marks."""
    return [
        word.text.replace("'", "")
        for word in split_words(text)
        if word.text[0].isalnum() or word.text == CLAUSE_END
    ]


def _listed(listed: Any) -> list[str]:
    if not isinstance(listed, str):
        raise LexiconError(f"{listed!r} is no list of phrases: write them with commas between.")
    return [phrase for part in listed.split(",") if (phrase := part.strip())]


def _sign(text: str, kind: str, intent: str, flag: Mapping[str, Any], words: Any) -> Sign:
    terms = []
    join = "+"
    for part in _JOINED.split(text.rstrip(f" {LASTING}{DOUBTFUL}")):
        if part.strip() in ("+", ">", "without"):
            join = part.strip()
            continue
        match = _TERM.fullmatch(part.strip())
        if match is None:
            raise LexiconError(
                f"{kind}: {text!r}: {part.strip()!r} is no term: write a name of `words`, "
                "`not name`, or `@name`."
            )
        name, mark = match["name"], match["mark"]
        if name not in words and name not in MEASURED and not (mark == "@" and name in PEOPLE):
            raise LexiconError(f"{kind}: {text!r}: there is no {name!r} among `words`: add it.")
        terms.append(Term(name, mark == "not ", mark == "@", join == ">", join == "without"))
    if all(term.anywhere or term.nowhere for term in terms):
        raise LexiconError(f"{kind}: {text!r}: at least one term must be without @.")
    return Sign(kind, intent, tuple(terms), text, text.endswith(LASTING), text.endswith(DOUBTFUL))

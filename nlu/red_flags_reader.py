"""Reads a message by the lexicon of red flags: what it mentions, of whom, and how it is meant."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from nlu.lexicon import split_words
from nlu.red_flags_context import Meaning, Trigger, triggers
from nlu.red_flags_figures import figures
from nlu.red_flags_lexicon import CLAUSE_END, EXACT, SWALLOWED, RedFlagLexicon
from nlu.red_flags_people import people
from nlu.red_flags_tales import tales
from nlu.spelling import SHORTEST, Speller
from nlu.temperatures import find_temperatures

MOST_WORDS = 250
"""Words of a message that are read: no message is longer than 1,000 letters."""
NOT_OURS = "_"

_EMOJI = re.compile(r"[^\w\s!-~£€°º½’‘“”…–—]")
_CONTRACTED = frozenset(["he", "she", "it", "there", "that", "what"])
"""Words that are spelt with their "'s", as when it is typed without the apostrophe: "hes"."""


@dataclass(frozen=True)
class Mention:
    """A word of the lexicon: where it stands among the fillers-free and among all words."""

    name: str
    at: int
    until: int
    first: int
    past: int


@dataclass(frozen=True)
class Read:
    """A message as the finder reads it."""

    text: str
    words: list[str]
    spans: list[tuple[int, int]]
    kept: list[int]
    mentions: dict[str, list[Mention]]
    people: frozenset[str]
    triggers: list[Trigger]


class Reader:
    """Reads messages by a lexicon."""

    def __init__(self, lexicon: RedFlagLexicon) -> None:
        self._lexicon = lexicon
        common = common_words() - lexicon.vocabulary
        slips = [word for word in lexicon.vocabulary if len(word) >= SHORTEST]
        self._speller = Speller(lexicon.vocabulary, slips, lexicon.not_slips | common)
        self._nlp = spacy.blank("en")
        self._names: dict[int, tuple[str, ...]] = {}
        self._matcher = self._phrase_matcher(lexicon.phrases, "")
        self._verbatim = self._phrase_matcher(lexicon.verbatim, EXACT)

    def _phrase_matcher(
        self, phrases: Mapping[tuple[str, ...], frozenset[str]], mark: str
    ) -> PhraseMatcher:
        matcher = PhraseMatcher(self._nlp.vocab)
        for words, names in phrases.items():
            key = mark + " ".join(words)
            matcher.add(key, [Doc(self._nlp.vocab, list(words))])
            self._names[self._nlp.vocab.strings[key]] = tuple(sorted(names))
        return matcher

    def read(self, text: str) -> Read:
        """The words of ``text``, what they mention, and what changes their meaning."""
        text = _EMOJI.sub(" ", text)
        words: list[str] = []
        spans: list[tuple[int, int]] = []
        end = 0
        for word in split_words(text)[:MOST_WORDS]:
            if "\n" in text[end : word.start] and words:
                words.append(".")
                spans.append((end, end))
            contracted = word.text in _CONTRACTED and text[word.end : word.end + 2] in ("'s", "’s")
            words.append(word.text + "s" if contracted else self._spelt(word.text))
            spans.append((word.start, word.end))
            end = word.end
        fillers = self._lexicon.fillers
        kept = [i for i, word in enumerate(words) if word not in fillers and word[0].isalnum()]
        mentions = self._mentions(words, kept)
        self._measure(text, spans, kept, mentions)
        mentions.pop(SWALLOWED, None)
        found = [*triggers(words), *figures(words), *tales(words)]
        _drop_past_people(mentions, found)
        about = people(text, words, mentions)
        return Read(text, words, spans, kept, mentions, about, found)

    def _spelt(self, typed: str) -> str:
        word = typed.replace("'", "")
        if not word:
            return typed
        known = self._speller.read(word)
        return known[0] if known else word

    def _mentions(self, words: Sequence[str], kept: Sequence[int]) -> dict[str, list[Mention]]:
        matches = [
            (key, kept[at], kept[until - 1] + 1)
            for key, at, until in self._matches(self._matcher, [words[i] for i in kept])
        ]
        marked = [word if word[0].isalnum() else CLAUSE_END for word in words]
        matches += [
            (key, at, min(until, len(words)))
            for key, at, until in self._matches(self._verbatim, [*marked, CLAUSE_END])
        ]
        swallowed = [(at, until) for key, at, until in matches if SWALLOWED in self._names[key]]
        mentions: dict[str, list[Mention]] = {}
        for key, first, past in matches:
            # What is not meant swallows what lies in it.
            if any(s <= first and past <= e and e - s > past - first for s, e in swallowed):
                continue
            at, until = bisect_left(kept, first), bisect_left(kept, past)
            for name in self._names[key]:
                mentions.setdefault(name, []).append(Mention(name, at, until, first, past))
        return mentions

    def _matches(self, matcher: PhraseMatcher, words: Sequence[str]) -> list[tuple[int, int, int]]:
        vocabulary = self._lexicon.vocabulary
        ours = [word if word in vocabulary else NOT_OURS for word in words]
        return list(matcher(Doc(self._nlp.vocab, ours))) if ours else []

    def _measure(
        self,
        text: str,
        spans: Sequence[tuple[int, int]],
        kept: Sequence[int],
        mentions: dict[str, list[Mention]],
    ) -> None:
        """Adds the temperatures in figures; a normal one says that there is no fever."""
        temperatures = find_temperatures(text)
        for temperature in temperatures:
            names = []
            if temperature.is_fever:
                names = ["fever_measured", *(["high_fever_measured"] * (temperature.celsius >= 39))]
            elif temperature.is_cold:
                names = ["cold_measured"]
            inside = [
                place
                for place, i in enumerate(kept)
                if spans[i][0] < temperature.end and temperature.start < spans[i][1]
            ]
            if not inside:
                continue
            for name in names:
                at, until = inside[0], inside[-1] + 1
                mention = Mention(name, at, until, kept[at], kept[until - 1] + 1)
                mentions.setdefault(name, []).append(mention)
        if temperatures and not any(t.is_fever or t.is_cold for t in temperatures):
            mentions.pop("fever", None)


def _drop_past_people(mentions: dict[str, list[Mention]], found: Sequence[Trigger]) -> None:
    """Leaves out the "kid" of "as a kid", who is grown."""
    past = [trigger for trigger in found if trigger.meaning is Meaning.PAST]
    for name in ("baby_word", "child_word", "newborn_word", "older_word") if past else ():
        kept = [
            m for m in mentions.get(name, ()) if not any(t.overlaps(m.first, m.past) for t in past)
        ]
        mentions.pop(name, None)
        if kept:
            mentions[name] = kept


@cache
def common_words() -> frozenset[str]:
    """English words that are common enough to stand whole in the encoder's vocabulary."""
    path = Path(__file__).parent / "minilm" / "tokenizer.json"
    vocabulary = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) >= 4)

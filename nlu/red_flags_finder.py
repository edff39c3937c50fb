"""Finds red flags in a message: signs of danger that are there now, and those that are not.

Rules over a readable lexicon, with spaCy's PhraseMatcher; no Rasa, and no model: the same
message always has the same flags, and every flag says by which sign it was found.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from nlu.lexicon import split_words
from nlu.red_flags_clauses import BUT
from nlu.red_flags_context import Meaning, Trigger, is_absent, triggers
from nlu.red_flags_lexicon import (
    CLAUSE_END,
    DISTRESS,
    SWALLOWED,
    RedFlagLexicon,
    Sign,
    Term,
)
from nlu.red_flags_people import people
from nlu.spelling import Speller
from nlu.temperatures import find_temperatures

GAP = 5
"""How many words, fillers left out, may stand between two words of a sign."""
MOST_WORDS = 250
"""Words of a message that are read: no message is longer than 1,000 letters."""
MOST_TRIED = 200
NOT_OURS = "_"

_EMOJI = re.compile(r"[^\w\s!-~£€°º½’‘“”…–—]")
_CONTRACTED = frozenset(["he", "she", "it", "there", "that", "what"])
"""Words that are spelt with their "'s", as when it is typed without the apostrophe: "hes"."""


@dataclass(frozen=True)
class RedFlag:
    """A sign of danger in a message.

    ``text[start:end]`` says it; ``there`` is false where it is denied, past or supposed;
    ``sign`` is the line of the lexicon by which it was found, ``doubtful`` where that may be
    an idiom.
    """

    kind: str
    intent: str
    there: bool
    start: int
    end: int
    sign: str
    doubtful: bool = False


@dataclass(frozen=True)
class Examined:
    """The red flags of a message, and of which intents a word of alarm is said of what is there."""

    flags: list[RedFlag]
    alarming: frozenset[str]
    words: int


@dataclass(frozen=True)
class _Mention:
    """A word of the lexicon: where it stands among the fillers-free and among all words."""

    name: str
    at: int
    until: int
    first: int
    past: int


@dataclass(frozen=True)
class _Read:
    """A message as the finder reads it."""

    text: str
    words: list[str]
    spans: list[tuple[int, int]]
    kept: list[int]
    mentions: dict[str, list[_Mention]]
    people: frozenset[str]
    triggers: list[Trigger]


class RedFlagFinder:
    """Finds the red flags and the despair of a message, the most pressing kind first."""

    def __init__(self, lexicon: RedFlagLexicon) -> None:
        self._lexicon = lexicon
        self._order = {kind: place for place, kind in enumerate(lexicon.order)}
        common = common_words() - lexicon.vocabulary
        slips = [word for word in lexicon.vocabulary if len(word) >= 5]
        self._speller = Speller(lexicon.vocabulary, slips, lexicon.not_slips | common)
        self._nlp = spacy.blank("en")
        self._names: dict[int, tuple[str, ...]] = {}
        self._matcher = self._phrase_matcher(lexicon.phrases)
        self._verbatim = self._phrase_matcher(lexicon.verbatim)

    def _phrase_matcher(self, phrases: Mapping[tuple[str, ...], frozenset[str]]) -> PhraseMatcher:
        matcher = PhraseMatcher(self._nlp.vocab)
        for words, names in phrases.items():
            key = " ".join(words)
            matcher.add(key, [Doc(self._nlp.vocab, list(words))])
            self._names[self._nlp.vocab.strings[key]] = tuple(sorted(names))
        return matcher

    def find(self, text: str) -> list[RedFlag]:
        """Each kind of red flag in ``text`` once: there, if any sign of it is."""
        return self.examine(text).flags

    def examine(self, text: str) -> Examined:
        """The flags of ``text``, and whether anything in it could give cause for alarm."""
        read = self._read(text)
        return Examined(self._flags(read), self._alarms(read), len(read.words))

    def _alarms(self, read: _Read) -> frozenset[str]:
        """The intents of which a word of alarm is said of what is there."""
        return frozenset(
            intent
            for intent, names in self._lexicon.alarming.items()
            if any(
                not any(_unsays(trigger, m, intent) for trigger in read.triggers)
                for name in names & read.mentions.keys()
                for m in read.mentions[name]
            )
        )

    def _flags(self, read: _Read) -> list[RedFlag]:
        found: dict[str, RedFlag] = {}
        said = read.mentions.keys()
        for sign in self._lexicon.signs:
            if not sign.words <= said:
                continue
            known = found.get(sign.kind)
            if known and known.there and not known.doubtful:
                continue
            flag = self._flag(sign, read)
            if flag and (known is None or _weight(flag) > _weight(known)):
                found[sign.kind] = flag
        return sorted(found.values(), key=lambda flag: self._order[flag.kind])

    # --- reading --------------------------------------------------------------------------

    def _read(self, text: str) -> _Read:
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
        found = triggers(words)
        _drop_past_people(mentions, found)
        about = people(text, words, mentions)
        return _Read(text, words, spans, kept, mentions, about, found)

    def _spelt(self, typed: str) -> str:
        word = typed.replace("'", "")
        if not word:
            return typed
        known = self._speller.read(word)
        return known[0] if known else word

    def _mentions(self, words: Sequence[str], kept: Sequence[int]) -> dict[str, list[_Mention]]:
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
        mentions: dict[str, list[_Mention]] = {}
        for key, first, past in matches:
            # What is not meant swallows what lies in it.
            if any(s <= first and past <= e and e - s > past - first for s, e in swallowed):
                continue
            at, until = bisect_left(kept, first), bisect_left(kept, past)
            for name in self._names[key]:
                mentions.setdefault(name, []).append(_Mention(name, at, until, first, past))
        mentions.pop(SWALLOWED, None)
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
        mentions: dict[str, list[_Mention]],
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
                mention = _Mention(name, at, until, kept[at], kept[until - 1] + 1)
                mentions.setdefault(name, []).append(mention)
        if temperatures and not any(t.is_fever or t.is_cold for t in temperatures):
            mentions.pop("fever", None)

    # --- the signs ---------------------------------------------------------------------------

    def _flag(self, sign: Sign, read: _Read) -> RedFlag | None:
        if not sign.people <= read.people:
            return None
        best: RedFlag | None = None
        for mentions in self._together(sign, read):
            if _spoilt(sign, mentions, read):
                continue
            there = self._is_there(sign, mentions, read)
            if there is None or (best and not there):
                continue
            start = min(read.spans[m.first][0] for m in mentions)
            end = max(read.spans[m.past - 1][1] for m in mentions)
            best = RedFlag(
                sign.kind, sign.intent, there, start, end, sign.source, there and sign.doubtful
            )
            if there:
                break
        return best

    @staticmethod
    def _together(sign: Sign, read: _Read) -> Iterator[tuple[_Mention, ...]]:
        """The ways in which the sign's words stand near each other."""
        listed = [read.mentions[term.name] for term in sign.near]
        for number, mentions in enumerate(product(*listed)):
            if number > MOST_TRIED:
                return
            if len(mentions) == 1 or (_near(mentions, read) and _in_order(sign.near, mentions)):
                yield mentions

    @staticmethod
    def _is_there(sign: Sign, mentions: Sequence[_Mention], read: _Read) -> bool | None:
        """Whether the words mean something that is there; None where they make no sign."""
        used: list[tuple[int, int]] = [(m.first, m.past) for m in mentions]
        for term, mention in zip(sign.near, mentions, strict=True):
            if term.absent:
                unable = term.name in _ABILITIES
                missing = is_absent(read.words, mention.first, mention.past, unable)
                if missing is None:
                    return None
                used.append((missing.start, missing.end))
        for trigger in read.triggers:
            if trigger.meaning in sign.in_spite_of:
                continue
            if any(trigger.overlaps(*span) for span in used):
                continue
            if any(trigger.covers(m.first, m.past) for m in mentions):
                return False
        return True


_ABILITIES = frozenset(["see", "swallow_word"])


def _weight(flag: RedFlag) -> tuple[bool, bool]:
    return flag.there, not flag.doubtful


def _unsays(trigger: Trigger, mention: _Mention, intent: str) -> bool:
    """Whether a trigger makes less of a word of alarm, or is itself the greater part of it."""
    if trigger.meaning is Meaning.SUPPOSED and intent == DISTRESS:
        return False
    if mention.first <= trigger.start and trigger.end <= mention.past:
        return False  # the "can't" of "can't cope"
    span = mention.first, mention.past
    return trigger.covers(*span) or trigger.overlaps(*span)


def _near(mentions: Sequence[_Mention], read: _Read) -> bool:
    ordered = sorted(mentions, key=lambda m: m.at)
    for one, other in pairwise(ordered):
        if not 0 <= other.at - one.until <= GAP:
            return False
        if (BUT - {"now"}).intersection(read.words[one.past : other.first]):
            return False
    return True


def _drop_past_people(mentions: dict[str, list[_Mention]], found: Sequence[Trigger]) -> None:
    """Leaves out the "kid" of "as a kid", who is grown."""
    past = [trigger for trigger in found if trigger.meaning is Meaning.PAST]
    for name in ("baby_word", "child_word", "newborn_word", "older_word") if past else ():
        kept = [
            m for m in mentions.get(name, ()) if not any(t.overlaps(m.first, m.past) for t in past)
        ]
        mentions.pop(name, None)
        if kept:
            mentions[name] = kept


def _spoilt(sign: Sign, mentions: Sequence[_Mention], read: _Read) -> bool:
    """Whether a word nearby makes it something else, or says that a grown-up has it."""
    names = {term.name for term in sign.nowhere}
    if "maybe_baby" in sign.people and read.people.isdisjoint(("baby", "child")):
        names.add("grown_word")
    at, until = min(m.at for m in mentions), max(m.until for m in mentions)
    near = [m for name in names for m in read.mentions.get(name, ())]
    return any(m.at - until <= GAP and at - m.until <= GAP for m in near)


def _in_order(terms: Sequence[Term], mentions: Sequence[_Mention]) -> bool:
    """Whether what must follow the word before it does."""
    return all(
        one.at < other.at
        for (one, other), term in zip(pairwise(mentions), terms[1:], strict=True)
        if term.follows
    )


@cache
def common_words() -> frozenset[str]:
    """English words that are common enough to stand whole in the encoder's vocabulary."""
    path = Path(__file__).parent / "minilm" / "tokenizer.json"
    vocabulary = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) >= 4)


__all__ = ["Meaning", "RedFlag", "RedFlagFinder"]

"""Finds red flags in a message: signs of danger that are there now, and those that are not.

Rules over a readable lexicon, with spaCy's PhraseMatcher; no Rasa, and no model: the same
message always has the same flags, and every flag says by which sign it was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from nlu.red_flags_clauses import BUT
from nlu.red_flags_context import Meaning, Trigger, is_absent
from nlu.red_flags_lexicon import (
    DISTRESS,
    RedFlagLexicon,
    Sign,
    Term,
)
from nlu.red_flags_reader import Mention, Read, Reader

GAP = 5
"""How many words, fillers left out, may stand between two words of a sign."""
MOST_TRIED = 200
TOLD_WHEN = 3
"""Words of an "it is over" that says since when."""


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


class RedFlagFinder:
    """Finds the red flags and the despair of a message, the most pressing kind first."""

    def __init__(self, lexicon: RedFlagLexicon) -> None:
        self._lexicon = lexicon
        self._order = {kind: place for place, kind in enumerate(lexicon.order)}
        self._reader = Reader(lexicon)

    def find(self, text: str) -> list[RedFlag]:
        """Each kind of red flag in ``text`` once: there, if any sign of it is."""
        return self.examine(text).flags

    def examine(self, text: str) -> Examined:
        """The flags of ``text``, and whether anything in it could give cause for alarm."""
        read = self._reader.read(text)
        return Examined(self._flags(read), self._alarms(read))

    def _alarms(self, read: Read) -> frozenset[str]:
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

    def _flags(self, read: Read) -> list[RedFlag]:
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

    # --- the signs ---------------------------------------------------------------------------

    def _flag(self, sign: Sign, read: Read) -> RedFlag | None:
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
    def _together(sign: Sign, read: Read) -> Iterator[tuple[Mention, ...]]:
        """The ways in which the sign's words stand near each other."""
        listed = [read.mentions[term.name] for term in sign.near]
        for number, mentions in enumerate(product(*listed)):
            if number > MOST_TRIED:
                return
            if len(mentions) == 1 or (_near(mentions, read) and _in_order(sign.near, mentions)):
                yield mentions

    @staticmethod
    def _is_there(sign: Sign, mentions: Sequence[Mention], read: Read) -> bool | None:
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
            if not _frames(trigger) and any(trigger.overlaps(*span) for span in used):
                continue
            if any(trigger.covers(m.first, m.past) for m in mentions):
                return False
        return True


def _frames(trigger: Trigger) -> bool:
    """Whether a trigger says what it says though a word in it has a part in the sign: the "hours"
    of "the bleeding stopped hours ago", the needles of "i feel faint when i see needles"."""
    told_when = trigger.meaning is Meaning.OVER and trigger.end - trigger.start >= TOLD_WHEN
    return told_when or trigger.meaning is Meaning.FIGURATIVE


_ABILITIES = frozenset(["see", "swallow_word"])


def _weight(flag: RedFlag) -> tuple[bool, bool]:
    return flag.there, not flag.doubtful


def _unsays(trigger: Trigger, mention: Mention, intent: str) -> bool:
    """Whether a trigger makes less of a word of alarm, or is itself the greater part of it."""
    if trigger.meaning is Meaning.SUPPOSED and intent == DISTRESS:
        return False
    if mention.first <= trigger.start and trigger.end <= mention.past:
        return False  # the "can't" of "can't cope"
    span = mention.first, mention.past
    return trigger.covers(*span) or trigger.overlaps(*span)


def _near(mentions: Sequence[Mention], read: Read) -> bool:
    ordered = sorted(mentions, key=lambda m: m.at)
    for one, other in pairwise(ordered):
        if not 0 <= other.at - one.until <= GAP:
            return False
        if (BUT - {"now"}).intersection(read.words[one.past : other.first]):
            return False
    return True


def _spoilt(sign: Sign, mentions: Sequence[Mention], read: Read) -> bool:
    """Whether a word nearby makes it something else, or says that a grown-up has it."""
    names = {term.name for term in sign.nowhere}
    if "maybe_baby" in sign.people and read.people.isdisjoint(("baby", "child")):
        names.add("grown_word")
    at, until = min(m.at for m in mentions), max(m.until for m in mentions)
    near = [m for name in names for m in read.mentions.get(name, ())]
    return any(m.at - until <= GAP and at - m.until <= GAP for m in near)


def _in_order(terms: Sequence[Term], mentions: Sequence[Mention]) -> bool:
    """Whether what must follow the word before it does."""
    return all(
        one.at < other.at
        for (one, other), term in zip(pairwise(mentions), terms[1:], strict=True)
        if term.follows
    )


__all__ = ["Examined", "Meaning", "RedFlag", "RedFlagFinder"]

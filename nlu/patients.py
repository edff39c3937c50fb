"""Who a message is about: a baby, a child or an adult.

The words for people and the ages in a message are evidence, and one patient comes
of it. Where several are named the youngest counts ("i have milia and so does my
baby" is about a baby), since advice for a baby harms no adult:

    baby > child > adult > the writer's own skin > a condition that only babies have

A word for a person whose age is given does not count by itself: "my daughter is
30" is an adult, "my son is 3 weeks old" a baby.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.ages import Age, patient_of

YOUNGEST_FIRST = ("baby", "child", "adult")


@dataclass(frozen=True)
class Person:
    """Evidence for a patient: ``baby``, ``child`` or ``adult``, and the text that says so."""

    value: str
    start: int
    end: int


def patient(
    named: Sequence[Person], ages: Sequence[Age], writer: Person | None, implied: Sequence[Person]
) -> Person | None:
    """The one patient of a message, or None where nothing says who it is about.

    ``named`` are the words for people in their order, ``writer`` is the writer
    speaking of their own skin, ``implied`` are babies that a condition implies.
    """
    aged = [Person(patient_of(age.months), age.start, age.end) for age in ages]
    people = [*aged, *_without_age(named, ages)]
    for value in YOUNGEST_FIRST:
        if found := [person for person in people if person.value == value]:
            return min(found, key=lambda person: person.start)
    return writer or next(iter(implied), None)


def _without_age(named: Sequence[Person], ages: Sequence[Age]) -> list[Person]:
    """The people among ``named`` whose age is not given."""
    rest = list(named)
    for start, end in (age.subject for age in ages if age.subject):
        rest = [person for person in rest if person.end <= start or end <= person.start]
        if end - start <= len("she"):  # "for my daughter. she is 30": he or she is the last named
            last = next((person for person in reversed(rest) if person.end <= start), None)
            rest = [person for person in rest if person is not last or last.value == "baby"]
    return rest


class Writer:
    """Finds where writers speak of their own skin: "my eyelid", "i keep getting milia".

    ``phrases`` are the lexicon's short ones for a ``condition`` and a ``body_area``.
    """

    def __init__(self, phrases: dict[str, list[str]]) -> None:
        spots = f"(?:{'|'.join([_SPOTS, *phrases['condition']])})"
        areas = f"(?:{'|'.join(['skin', *phrases['body_area']])})"
        self._own_skin = re.compile(
            rf"\bmy (?:{_WHICH} )*{areas}\b(?! {_OF_THE_AREA}s?\b)"
            rf"|\b(?:i|ive|i've|i'm|im)(?: \w+){{0,2}}? {_HAVE} (?:{_SOME} )*{spots}\b"
            rf"(?! {_DONE}\b)"
            r"|\b(?:it|them|this|these|that|those|milia|spots|bumps|appear\w*) on (?:me|myself)\b"
            r"|\b(?:while|when|whilst|im|i'm|i am)(?: still| currently)? "
            r"(?:breastfeeding|breast feeding|nursing|expecting)\b"
            r"|\bin my(?: early| mid| late)? (?:\d\d ?s|thirties|forties|fifties|sixties)\b"
        )

    def find(self, words: Sequence[str]) -> tuple[int, int] | None:
        """The first and last of the words that speak of the writer's own skin, or None.

        None too where the message speaks of someone else, as he or she.
        """
        if _SOMEONE_ELSE.intersection(words):
            return None
        text = " ".join(words)
        match = self._own_skin.search(text)
        if match is None:
            return None
        return text.count(" ", 0, match.start()), text.count(" ", 0, match.end())


_SPOTS = "spots?|bumps?|dots?|lumps?|cysts?|pimples?|seeds?|ones|them"
_SOME = (
    "(?:an?|the|some|these|those|this|that|lots?|of|few|tiny|little|small|big|white|yellow|hard|"
    "raised|red|loads|many|so|such|several|multiple|stubborn|bad|really|what|looks?|like|been|had|"
    "got|getting|one|two|three|four|five|milk|oil|new|more|just|also|now|always|still|suddenly|"
    "all|over)"
)
_HAVE = "(?:have|had|got|get|getting|suffer from|suffering from|suffer with)"
_DONE = "(?:removed|treated|off|out|done|checked|looked|gone|sorted|seen|from)"
_WHICH = "(?:own|left|right|upper|lower|inner|outer|whole|entire|poor|other|both)"
_OF_THE_AREA = "(?:cream|wash|balm|mask|mist|oil|serum|gel|doctor|surgeon|clinic)"
_SOMEONE_ELSE = frozenset(["he", "she", "his", "her", "him", "hes", "shes", "hers"])

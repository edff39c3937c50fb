"""Finds the medical entities of the lexicon in a message: spaCy's EntityRuler, no Rasa."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

import spacy
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc

from nlu.ages import find_ages, patient_of
from nlu.lexicon import NOT_MEANT, Lexicon, Meaning, split_words
from nlu.patients import Person, Writer, patient
from nlu.spelling import Speller

NOT_OURS = "_"
"""Stands in spaCy's document for each word that the lexicon does not know."""
SURE, SLIP = 1.0, 0.9
"""The confidence in a phrase that stands in the lexicon, and in one with a slip of the pen."""


@dataclass(frozen=True)
class Found:
    """An entity of a message: ``text[start:end]`` means ``value``."""

    entity: str
    value: str | float
    start: int
    end: int
    confidence: float = SURE


@dataclass(frozen=True)
class _Read:
    """A word of the message: as the lexicon has it or as it was typed, and where."""

    text: str
    known: bool
    slip: bool
    start: int
    end: int


@dataclass(frozen=True)
class _Phrase:
    """A phrase of the lexicon in the message, from its first to past its last word."""

    meaning: Meaning
    first: int
    past: int
    start: int
    end: int
    confidence: float

    def covers(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


class EntityFinder:
    """Finds a message's conditions, treatments and so on, its ``patient`` and the ``age``.

    The longest phrase wins, then the first. A value is given once, where it first
    stands. There is at most one ``patient`` (see ``nlu.patients``) and one ``age``, in
    months, which is that patient's. "milia" comes first: a slot keeps the last
    condition, and should keep what milia are compared with.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._babies_only = lexicon.babies_only
        self._phrases = lexicon.phrases
        self._speller = Speller(lexicon.vocabulary, lexicon.slips_of, lexicon.not_slips)
        self._writer = Writer(_short_phrases(lexicon, "condition", "body_area"))
        self._nlp = spacy.blank("en")
        self._nlp.tokenizer = lambda text: self._document(self._words(text))
        ruler = cast(EntityRuler, self._nlp.add_pipe("entity_ruler"))
        ruler.add_patterns(
            [
                {"label": meaning.entity, "pattern": " ".join(words), "id": meaning.value}
                for words, meaning in lexicon.phrases.items()
            ]
        )

    def find(self, text: str) -> list[Found]:
        """All entities of ``text``; an empty list where it has none."""
        words = self._words(text)
        phrases = self._find_phrases(words)
        found: dict[Meaning, Found] = {}
        for phrase in phrases:
            if phrase.meaning.entity not in (NOT_MEANT, "patient"):
                found.setdefault(phrase.meaning, _entity(phrase))
        entities = [*found.values(), *self._find_patient(text, words, phrases)]
        return sorted(entities, key=lambda e: (e.value != "milia", e.start, e.end, e.entity))

    def _words(self, text: str) -> list[_Read]:
        read = []
        for word in split_words(text):
            known = self._speller.read(word.text)
            spelt, slip = known or (word.text, False)
            read.append(_Read(spelt, known is not None, slip, word.start, word.end))
        return read

    def _document(self, words: list[_Read]) -> Doc:
        """spaCy's document of the lexicon's words only: its memory keeps no visitor's words."""
        return Doc(self._nlp.vocab, [word.text if word.known else NOT_OURS for word in words])

    def _find_phrases(self, words: list[_Read]) -> list[_Phrase]:
        return [
            _Phrase(
                meaning=Meaning(span.label_, span.id_),
                first=span.start,
                past=span.end,
                start=words[span.start].start,
                end=words[span.end - 1].end,
                confidence=SLIP if any(w.slip for w in words[span.start : span.end]) else SURE,
            )
            for span in self._nlp(self._document(words)).ents
        ]

    # --- the patient and the age -------------------------------------------------

    def _find_patient(self, text: str, words: list[_Read], phrases: list[_Phrase]) -> list[Found]:
        ages = [
            age
            for age in find_ages(text)
            if not any(p.covers(age.start, age.end) for p in phrases if not _about_people(p))
        ]
        person = patient(
            named=[p for phrase in phrases for p in self._people_in(phrase, words)],
            ages=ages,
            writer=self._find_writer(words, phrases),
            implied=[
                Person("baby", phrase.start, phrase.end)
                for phrase in phrases
                if phrase.meaning in self._babies_only
            ],
        )
        if person is None:
            return []
        found = [Found("patient", person.value, person.start, person.end)]
        theirs = [age for age in ages if patient_of(age.months) == person.value]
        if theirs:
            age = min(theirs, key=lambda age: age.months)
            found.append(Found("age", round(age.months, 4), age.start, age.end))
        return found

    def _people_in(self, phrase: _Phrase, words: list[_Read]) -> list[Person]:
        """The people that a phrase names: itself, or the baby of "babys mouth", "my babys acne"."""
        if phrase.meaning.entity == "patient":
            after = " ".join(word.text for word in words[phrase.past : phrase.past + 3])
            if phrase.meaning.value == "adult" and _SAYS.match(after):
                return []
            return [Person(phrase.meaning.value, phrase.start, phrase.end)]
        whose = words[phrase.first - 1].text if phrase.first else ""
        if phrase.meaning.entity != "body_area" and not (
            phrase.meaning in self._babies_only and whose in ("my", "our", "his", "her", "your")
        ):
            return []
        inner = [(w, self._phrases.get((w.text,))) for w in words[phrase.first : phrase.past]]
        return [
            Person(meaning.value, word.start, word.end)
            for word, meaning in inner
            if meaning and meaning.entity == "patient"
        ]

    def _find_writer(self, words: list[_Read], phrases: list[_Phrase]) -> Person | None:
        span = self._writer.find([word.text for word in words])
        if span is None:
            return None
        start, end = words[span[0]].start, words[span[1]].end
        if any(p.covers(start, end) for p in phrases if p.meaning.entity == NOT_MEANT):
            return None
        return Person("adult", start, end)


_SAYS = re.compile(
    r"(?:(?:always|also|just|keeps|has|who) )?(?:say|says|saying|said|thinks?|thought|"
    r"tell(?:s|ing)|told|reckons?|swears?|wants?|suggest(?:s|ed)|recommend(?:s|ed)|mentioned|insists)\b"
)
"""What an adult does in a message that is not about them: "my mum says it is milia"."""


def _about_people(phrase: _Phrase) -> bool:
    return phrase.meaning.entity in ("patient", "body_area")


def _short_phrases(lexicon: Lexicon, *entities: str) -> dict[str, list[str]]:
    return {
        entity: [
            " ".join(words)
            for words, meaning in lexicon.phrases.items()
            if meaning.entity == entity and len(words) <= 2
        ]
        for entity in entities
    }


def _entity(phrase: _Phrase) -> Found:
    return Found(
        phrase.meaning.entity, phrase.meaning.value, phrase.start, phrase.end, phrase.confidence
    )

"""The red flags of a message, as a component of Rasa's pipeline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from nlu.classifier import INTENTS, named
from nlu.danger_reader import Opinion, danger_reader
from nlu.encoder import TUNED, SentenceEncoder
from nlu.featurizer import ENCODED
from nlu.lexicon_component import LexiconComponent
from nlu.red_flags_finder import Examined, RedFlag, RedFlagFinder
from nlu.red_flags_lexicon import DISTRESS, URGENT, RedFlagLexicon

LEXICON_FILE = "red_flags.json"
ENTITY_OF = {URGENT: "red_flag", DISTRESS: "distress"}
HARM_TO_SELF = "self_harm"
LOW_SPIRITS = "low_spirits"
TAKEN_ON_PURPOSE = "poisoning"
A_SIGN, AN_IDIOM, A_WORD, UNSAID, NOTHING = 0.02, 0.05, 0.5, 0.9, 0.75
"""How likely the second opinion must hold danger, for an alarm where the rules find a sign of
it; only signs that may be idioms; only a word of alarm; only signs that are denied, over or
supposed; nothing. The surer the rules, the less it takes."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class RedFlagDetector(LexiconComponent):
    """Makes a message ``urgent`` or ``distress`` where it tells of danger.

    Stands after the intent classifier. Rules look for signs of danger, and a second opinion
    (`nlu.danger_reader`) reads the message as a whole:

    - A sign that is there decides, whatever the classifier says, unless the second opinion is all
      but sure that there is no danger. Each kind becomes an entity ``red_flag`` (or
      ``distress``), the most pressing last, as that is what a slot keeps.
    - Where there is no such sign, the second opinion decides, and names the kind if that is clear.
      How sure it must be depends on what the rules have found: a word of alarm, nothing, or signs
      that are denied, past or supposed.
    - Otherwise a classifier's ``urgent`` or ``distress`` gives way to its next guess. Despair
      without a word of despair ("i feel so ugly") is low spirits: no intent, and an entity from
      which ``SafetyPolicy`` knows to be kind.
    """

    lexicon, finder, packed_as = RedFlagLexicon, RedFlagFinder, LEXICON_FILE

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        danger_reader()  # should its file be missing, that is said now, not at the first message

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the lexicon stands."""
        return {"lexicon": "data/lexicon/red_flags.yml"}

    def process(self, messages: list[Message]) -> list[Message]:
        """The same messages, those with a red flag made urgent.

        Raises:
            RuntimeError: if MiniLMFeaturizer does not stand before it in the pipeline.
        """
        finder = self.trained_finder
        for message in messages:
            if text := message.get(TEXT):
                self._judge(message, finder.examine(text), _second_opinion(message))
        return messages

    def _judge(self, message: Message, examined: Examined, second: Opinion) -> None:
        text = message.get(TEXT)
        there = [flag for flag in examined.flags if flag.there and _stands(flag, text, second)]
        if there:
            found = [
                self._entity(flag.intent, flag.kind, flag.start, flag.end)
                for flag in reversed(there)
            ]
            self._alarm(message, intent_of(there), found)
        elif second.danger >= _enough(examined):
            self._believe(message, second)
        else:
            self._calm(message, examined)

    def _believe(self, message: Message, second: Opinion) -> None:
        intent = DISTRESS if second.kind == DISTRESS else URGENT
        found = []
        if second.kind not in {"", DISTRESS}:
            found.append(self._entity(intent, second.kind, 0, len(message.get(TEXT))))
        self._alarm(message, intent, found)

    @staticmethod
    def _alarm(message: Message, intent: str, entities: list[dict[str, Any]]) -> None:
        message.set(ENTITIES, [*(message.get(ENTITIES) or []), *entities], add_to_output=True)
        _set_intent(message, intent)

    def _calm(self, message: Message, examined: Examined) -> None:
        guess = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
        denied = guess in {flag.intent for flag in examined.flags}
        if guess == DISTRESS and not denied and guess not in examined.alarming:
            self._hear_low_spirits(message)
        elif guess in ENTITY_OF:
            _withdraw_intent(message)

    def _hear_low_spirits(self, message: Message) -> None:
        """Makes despair without a word of despair what it is: no intent, and low spirits."""
        low = self._entity(DISTRESS, LOW_SPIRITS, 0, len(message.get(TEXT)))
        message.set(ENTITIES, [*(message.get(ENTITIES) or []), low], add_to_output=True)
        others = [
            i for i in message.get(INTENT_RANKING_KEY) or [] if i[INTENT_NAME_KEY] != DISTRESS
        ]
        nothing = named(DEFAULT_NLU_FALLBACK_INTENT_NAME, 1.0)
        message.set(INTENT, nothing, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [nothing, *others], add_to_output=True)

    def _entity(self, intent: str, value: str, start: int, end: int) -> dict[str, Any]:
        return {
            "entity": ENTITY_OF[intent],
            "value": value,
            "start": start,
            "end": end,
            "confidence_entity": 1.0,
            "extractor": self.name,
        }


def intent_of(flags: Sequence[RedFlag]) -> str:
    """``urgent`` or ``distress``: danger to life first, but pills taken to die are despair."""
    urgent = {flag.kind for flag in flags if flag.intent == URGENT}
    despair = {flag.kind for flag in flags if flag.intent == DISTRESS}
    if despair and (not urgent or (HARM_TO_SELF in despair and urgent <= {TAKEN_ON_PURPOSE})):
        return DISTRESS
    return URGENT


def _second_opinion(message: Message) -> Opinion:
    encoded = message.get(ENCODED)
    if encoded is None:
        raise RuntimeError(
            "RedFlagDetector reads what the encoder made of a message: put "
            "nlu.featurizer.MiniLMFeaturizer before it in config.yml."
        )
    return danger_reader().read(encoded)


def _stands(flag: RedFlag, text: str, second: Opinion) -> bool:
    """Whether the second opinion leaves a sign alone: on the message, or on its sentence with those
    beside it, as what else a long message says may be all that it sees."""
    enough = AN_IDIOM if flag.doubtful else A_SIGN
    if second.danger >= enough:
        return True
    starts = [0, 0, *(end.end() for end in _SENTENCE_END.finditer(text, 0, flag.start))]
    ends = [*(end.start() for end in _SENTENCE_END.finditer(text, flag.end)), len(text), len(text)]
    around = {text[starts[-1] : ends[0]], text[starts[-2] : ends[1]]} - {text}  # that was read
    encoder = SentenceEncoder(TUNED)
    return any(danger_reader().read(encoder.encode_tokens(t)).danger >= enough for t in around)


_SENTENCE_END = re.compile(r"[.!?]+\s+|\n")  # no figure's point


def _enough(examined: Examined) -> float:
    """How likely the second opinion must hold danger where no sign stands."""
    if any(flag.there for flag in examined.flags):
        return NOTHING  # it has just been overruled
    if examined.flags:
        return UNSAID
    return A_WORD if examined.alarming else NOTHING


def _set_intent(message: Message, name: str) -> None:
    chosen = named(name, 1.0)
    others = [i for i in message.get(INTENT_RANKING_KEY) or [] if i[INTENT_NAME_KEY] != name]
    message.set(INTENT, chosen, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [chosen, *others], add_to_output=True)
    if message.get(INTENTS):
        message.set(INTENTS, [], add_to_output=True)  # danger has a message for itself


def _withdraw_intent(message: Message) -> None:
    """The classifier's next guess that is no alarm, where it has one."""
    ranking = message.get(INTENT_RANKING_KEY) or []
    others = [i for i in ranking if i[INTENT_NAME_KEY] not in ENTITY_OF]
    if others:
        message.set(INTENT, others[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, others, add_to_output=True)

"""The red flags of a message, as a component of Rasa's pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from nlu.classifier import INTENTS, named
from nlu.lexicon_component import LexiconComponent
from nlu.red_flags_finder import Examined, RedFlag, RedFlagFinder
from nlu.red_flags_lexicon import DISTRESS, URGENT, RedFlagLexicon

LEXICON_FILE = "red_flags.json"
ENTITY_OF = {URGENT: "red_flag", DISTRESS: "distress"}
HARM_TO_SELF = "self_harm"
LOW_SPIRITS = "low_spirits"
TAKEN_ON_PURPOSE = "poisoning"
SHORT = 15
"""Words of a message in which the classifier may tell an idiom from a sign."""
SURE = 0.6
"""How likely the classifier must hold danger for its alarm to stand without any sign: higher would
spare a few false alarms, and cost a danger that the rules do not see."""
BEYOND_DOUBT = 0.95
"""How likely it must hold danger, and by ``FAR_BEHIND`` likelier than anything else, to be believed
without so much as a word of alarm, of what is said outright."""
FAR_BEHIND = 0.4
"""It does so where it holds danger for so much less likely than something else. Of the real
dangers in the published set that rest on such a sign alone, none is so far behind."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class RedFlagDetector(LexiconComponent):
    """Makes a message ``urgent`` or ``distress`` where the rules find a sign of danger.

    Stands after the intent classifier, which gives a second opinion:

    - A sign that is there decides, whatever the classifier says. Each kind becomes an entity
      ``red_flag`` (or ``distress``), the most pressing last, as that is what a slot keeps.
      Only a sign that is marked as a frequent idiom gives way, in one short sentence, to a
      classifier that holds something else for far likelier.
    - Where signs are only denied, past or supposed, a classifier's ``urgent`` gives way to its
      next guess.
    - Where there is no sign at all, a classifier's ``urgent`` or ``distress`` stands, without a
      kind, if it is sure and a word of alarm is said of what is there; "three weeks old, with
      spots on her nose" is none. ``urgent`` stands without one, too, where it is beyond doubt and
      nothing in the message is denied, past or supposed. Despair without such a word ("i feel so
      ugly") is low spirits: no intent, and an entity from which ``SafetyPolicy`` knows to be kind.
    """

    lexicon, finder, packed_as = RedFlagLexicon, RedFlagFinder, LEXICON_FILE

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the lexicon stands."""
        return {"lexicon": "data/lexicon/red_flags.yml"}

    def process(self, messages: list[Message]) -> list[Message]:
        """The same messages, those with a red flag made urgent."""
        finder = self.trained_finder
        for message in messages:
            if text := message.get(TEXT):
                self._judge(message, finder.examine(text))
        return messages

    def _judge(self, message: Message, examined: Examined) -> None:
        # Of several sentences, the other may be what the classifier thinks of.
        short = examined.words <= SHORT and examined.sentences == 1
        idiom = short and _is_something_else(message)
        there = [flag for flag in examined.flags if flag.there and not (idiom and flag.doubtful)]
        if there:
            found = [
                self._entity(flag.intent, flag.kind, flag.start, flag.end)
                for flag in reversed(there)
            ]
            message.set(ENTITIES, [*(message.get(ENTITIES) or []), *found], add_to_output=True)
            _set_intent(message, intent_of(there))
            return
        guessed = message.get(INTENT) or {}
        guess = guessed.get(INTENT_NAME_KEY)
        unsure = guessed.get(PREDICTED_CONFIDENCE_KEY, 0.0) < SURE
        denied = guess in {flag.intent for flag in examined.flags}
        if not denied and guess == DISTRESS and guess not in examined.alarming:
            self._hear_low_spirits(message)
        elif denied or (guess in ENTITY_OF and (unsure or guess not in examined.alarming)):
            if examined.outright and _is_beyond_doubt(message):
                _set_intent(message, URGENT)
            else:
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


def _is_something_else(message: Message) -> bool:
    """Whether the classifier holds something else for far likelier than danger."""
    danger, other = _likelihoods(message)
    return other - danger > FAR_BEHIND


def _is_beyond_doubt(message: Message) -> bool:
    """Whether the classifier is sure of danger, and far surer than of anything else."""
    danger, other = _likelihoods(message)
    return danger >= BEYOND_DOUBT and danger - other > FAR_BEHIND


def _likelihoods(message: Message) -> tuple[float, float]:
    """How likely the classifier holds danger, and the likeliest of the rest."""
    danger = other = 0.0
    for guess in message.get(INTENT_RANKING_KEY) or []:
        name, confidence = guess[INTENT_NAME_KEY], guess[PREDICTED_CONFIDENCE_KEY]
        if name in ENTITY_OF:
            danger = max(danger, confidence)
        elif name != DEFAULT_NLU_FALLBACK_INTENT_NAME:
            other = max(other, confidence)
    return danger, other


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

"""Finds two questions in one message: "what causes them and how much is removal?"

A message is divided only where each part reads like a question or a request of its
own, and only if each part, taken alone, is understood, in scope, and about something
else. No Rasa in here, and no model: `understand` is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nlu.intent_model import Prediction

# Ends of sentences, and the words that join two questions.
JOINT = re.compile(
    r"(?<=[?!.;])\s+|\s*\n+\s*|\?(?=\w)|\s*,\s*(?:and\s+|but\s+|also\s+)?"
    r"|\s+(?:and\s+also|and|also|plus|n|&|\+)\s+",
    re.IGNORECASE,
)
# What people say before they come to their question.
PREAMBLE = re.compile(
    r"^(?:\W*(?:and|also|but|so|ok|okay|oh|or|then|plus|hi|hiya|hey|hello|please|pls|thanks|sorry"
    r"|(?:just\s+|was\s+|i'?m\s+|i\s+was\s+|i\s+am\s+)?wondering(?:\s+if)?"
    r"|(?:i\s+)?(?:just\s+)?want(?:ed)?\s+to\s+(?:ask|know)(?:\s+if)?"
    r"|(?:can|could)\s+you\s+(?:tell|let)\s+me(?:\s+know)?)\b)*\W*",
    re.IGNORECASE,
)
OPENER = re.compile(
    r"^(?:(?:what|when|where|who|which|why|how|whose)(?:'?s|'?re|'?d)?"
    r"|is|are|am|was|were|do|does|did|can|could|will|would|should|shall|may|might|must|has|have"
    r"|isn'?t|aren'?t|don'?t|doesn'?t|can'?t|won'?t|wat|wots|hw|r|any|anything|any\s+way"
    r"|cost|price|prices|tell|explain|book|cancel|move|change|ring|call|delete|erase|show|send|give"
    r"|i(?:'?d|\s+would)?\s+(?:also\s+)?(?:like|love|want|need|wanna)|i\s+wanna|need|want)\b",
    re.IGNORECASE,
)
# Verbs that ask only with their subject after them: "have you", not "have white spots".
NEEDS_SUBJECT = re.compile(
    r"^(?:is|are|am|was|were|do|does|did|can|could|will|would|should|shall|may|might|must|has|have)"
    r"\s+(?:i|you|u|he|she|it|we|they|them|these|those|this|that|there|the|my|your|his|her|our|their"
    r"|a|an|any|anyone|milia|milk|baby|babies|adults|children|kids|people|treatment|removal|steam\w*"
    r"|both|all|some|doctors?|nurses?|appointments?|consultations?|\w+s)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """One question of a message: its words and what was understood by them."""

    text: str
    prediction: Prediction


def divisions(text: str) -> Iterator[tuple[str, str]]:
    """The ways to divide a text into two parts that each read like a question."""
    for joint in JOINT.finditer(text):
        first, second = text[: joint.start()].strip(" ,;"), text[joint.end() :].strip(" ,;")
        if joint.group().startswith("?"):
            first += "?"
        if asks(first) and asks(second):
            yield first, second


def asks(part: str) -> bool:
    """Whether words have the form of a question or a request."""
    if len(re.findall(r"\w+", part)) < 2:
        return False
    for clause in re.split(r"[.!?;,\n]+\s*", part):
        core = PREAMBLE.sub("", clause)
        opener = OPENER.match(core)
        if opener and (not _auxiliary(opener.group()) or NEEDS_SUBJECT.match(core)):
            return True
    return False


def _auxiliary(word: str) -> bool:
    return bool(NEEDS_SUBJECT.match(f"{word} i"))


def two_questions(
    text: str,
    understand: Callable[[Sequence[str]], Sequence[Prediction]],
    counts: Callable[[str], bool],
    confidence: float,
    most: int = 4,
) -> list[Part]:
    """The two questions of a text, in order; nothing, if it is one.

    Args:
        text: the message.
        understand: predicts the intents of several texts.
        counts: whether an intent is one that a message can ask two of.
        confidence: how sure both parts have to be.
        most: how many ways to divide the text are tried.
    """
    tried = list(divisions(text))[:most]
    if not tried:
        return []
    predictions = understand([part for pair in tried for part in pair])
    found: list[Part] = []
    surest = confidence
    for (first, second), one, other in zip(tried, predictions[::2], predictions[1::2], strict=True):
        sure = min(one.confidence, other.confidence)
        both = one.understood and other.understood and one.intent != other.intent
        if both and sure >= surest and counts(one.intent or "") and counts(other.intent or ""):
            found, surest = [Part(first, one), Part(second, other)], sure
    return found

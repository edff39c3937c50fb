"""Finds two questions in one message: "what causes them and how much is removal?"

A message is divided only where each part reads like a question or a request of its
own, and only if each part, taken alone, is understood, in scope, and about something
else. Unless they are beyond doubt, the message as a whole has to suggest them both.
No Rasa in here, and no model: `understand` is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nlu.intent_model import Prediction

MOST_DIVISIONS = 4  # ways to divide a message that are tried
SHINE_THROUGH = 5  # first guesses for the whole message, among which both questions must be,
BEYOND_DOUBT = 0.85  # unless each is as sure as this

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
    r"|wat|wots|hw|r|any|anything|any\s+way"
    r"|cost|price|prices|tell|explain|book|cancel|move|change|ring|call|delete|erase|show|send|give"
    r"|i(?:'?d|\s+would)?\s+(?:also\s+)?(?:like|love|want|need|wanna)|i\s+wanna|need|want)\b",
    re.IGNORECASE,
)
# Verbs that ask only with their subject after them: "have you", not "have white spots".
SUBJECT = (
    r"(?:i|you|u|he|she|it|we|they|this|that|there|the|my|your|his|her|our|their|a|an|any"
    r"|any(?:one|body|thing)|some(?:one|body)|people|both|all|children)"
)
NEEDS_SUBJECT = re.compile(
    r"^(?:is|are|am|was|were|can|will|may|might|must|shall|has|have)\b", re.I
)
HAS_SUBJECT = re.compile(
    rf"^(?:(?:has|have|can|will|may|might|must|shall)\s+{SUBJECT}\b"
    rf"|(?:is|are|am|was|were)\s+(?:{SUBJECT}|these|those|\w*milia|milk|bab(?:y|ies)|\w+s)\b"
    r"|(?:can|will)\s+(?:milia|milk|bab(?:y|ies)|these|those|adults|kids|a?\s?doctor)\b)",
    re.I,
)
DENIES = re.compile(r"^\w+\s+(?:not|never|also|be)\b", re.I)  # "does not hurt" asks nothing


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
    return any(_opens(PREAMBLE.sub("", clause)) for clause in re.split(r"[.!?;,\n]+\s*", part))


def _opens(clause: str) -> bool:
    """Whether a clause begins as a question or a request does."""
    if not OPENER.match(clause) or DENIES.match(clause):
        return False
    return not NEEDS_SUBJECT.match(clause) or bool(HAS_SUBJECT.match(clause))


def two_questions(
    text: str,
    whole: Prediction,
    understand: Callable[[Sequence[str]], Sequence[Prediction]],
    counts: Callable[[str], bool],
    confidence: float,
) -> list[Part]:
    """The two questions of a text, in order; nothing, if it is one.

    Args:
        text: the message.
        whole: what is understood by it undivided; both questions must shine through.
        understand: predicts the intents of several texts.
        counts: whether an intent is one that a message can ask two of.
        confidence: how sure both parts have to be.
    """
    tried = list(divisions(text))[:MOST_DIVISIONS]
    if not tried:
        return []
    likely = {intent for intent, _ in whole.ranking[:SHINE_THROUGH]}
    predictions = understand([part for pair in tried for part in pair])
    found: list[Part] = []
    for (first, second), one, other in zip(tried, predictions[::2], predictions[1::2], strict=True):
        sure = min(one.confidence, other.confidence)
        intents = {one.intent or "", other.intent or ""}
        fits = len(intents) == 2 and (intents <= likely or sure >= BEYOND_DOUBT)
        fits = fits and all(map(counts, intents))
        if fits and one.understood and other.understood and sure >= confidence:
            found, confidence = [Part(first, one), Part(second, other)], sure
    return found

"""Messages that mean something only after the one before: "why?", "and for my son?".

No Rasa in here. What such a message asks is decided where the conversation is known, by
``actions/follow_up.py``; here it is only told that it is one, and of which kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

LONGEST = 60  # characters: whoever writes more says what they mean

_START = (
    r"(?:(?:ok|okay|and|but|so|oh|hm+|um+|well|right|yes|no|sorry|then|also|thanks|ah|cool)\W+)*"
)
_END = r"(?:\W+(?:please|pls|plz|then|though|tho|exactly|again|thanks))*"
_THAT = r"(?:it|that|this|they|them|those|these|the (?:treatment|procedure|whole thing))"

_KINDS = {
    "why": r"why|why not|how come|how so|why is (?:it|that|this)(?: so)?|why'?s that"
    rf"|why (?:not|shouldn'?t i|can'?t i|should i|do you say (?:so|that))(?: do {_THAT})?|what for"
    r"|what do you mean(?: by that)?|in what way",
    "more": r"(?:(?:can you |could you |please )?(?:tell|show|give) me )?"
    r"(?:some |a (?:bit|little) )?"
    r"(?:more|more (?:about|on) (?:it|that|this|them)|more (?:info|information|details?))"
    r"|go on|continue|carry on|keep going|and what else|what else|anything else|elaborate"
    r"|(?:can|could) you (?:explain|elaborate)(?: (?:that|more|further))*|explain(?: more| that)?"
    r"|(?:i(?:'d| would) (?:like|love) to|can i|let me) (?:know|hear|read) more"
    rf"(?: about {_THAT})?",
    "sources": r"how do (?:you|u) know(?: (?:that|this|it|all this|all that))?"
    r"|(?:(?:what|where|who)(?:'?s| is| are)|show me|give me) (?:your|the|its|any) "
    r"(?:sources?|references?|evidence)(?: for (?:that|this|it))?"
    r"|sources?|references?|says who|who says(?: so| that)?|according to (?:who|whom|what)"
    r"|where (?:do|did|does) (?:you|u|this|that|it)(?: all)? (?:get|have|find|come|take) "
    r"(?:that|this|it|from)(?: info(?:rmation)?)?(?: from)?|is (?:that|this) (?:really )?true"
    r"|are you sure(?: about (?:that|this|it))?|can i trust (?:that|this|you)"
    r"|where does (?:this|that|the|your) info(?:rmation)? come from",
    "how_long": r"how long|how long(?:'s| is| are| does| do| will| would| did)? "
    rf"{_THAT}(?: usually| normally)?(?: take| last| go on)?"
    r"|for how long|how many (?:days|weeks|months)"
    r"|how (?:quick|fast|soon)(?: is (?:it|that))?",
    "hurt": rf"(?:does|do|did|will|would|can|is|are) {_THAT} (?:really |actually )?"
    r"(?:hurt|sore|painful|ouch)"
    r"(?: (?:much|a lot|me))?|is it painful|painful|any pain|hurts",
    "other_one": r"(?:(?:what|how) (?:about|is|are)|and|or|what'?s) (?:the )?"
    r"(?:other|second|latter) (?:one|ones|thing|option|kind|type|treatment|condition)?"
    r"|(?:the )?other (?:one|ones)|what about the (?:other|others)"
    r"|which (?:is|was) the other(?: one)?",
    "something_else": r"something else|none of (?:these|those|them|the above)"
    r"|neither(?: of (?:these|those|them))?"
    r"|not (?:that|those|these|either)|none",
}
_PATTERNS = {
    kind: re.compile(rf"^\W*{_START}(?:{pattern}){_END}\W*$", re.IGNORECASE)
    for kind, pattern in _KINDS.items()
}

# What is left of "and what about <a baby>?", "ok so for <my 3 week old>", "she is <4>".
_FILLING = frozenset(
    [
        "and",
        "what",
        "about",
        "after",
        "how",
        "for",
        "of",
        "on",
        "in",
        "with",
        "at",
        "but",
        "or",
        "so",
        "then",
        "ok",
        "okay",
        "also",
        "too",
        "same",
        "my",
        "the",
        "a",
        "an",
        "our",
        "it's",
        "its",
        "it",
        "is",
        "i'm",
        "im",
        "i",
        "am",
        "he",
        "she",
        "he's",
        "she's",
        "hes",
        "shes",
        "they're",
        "theyre",
        "they",
        "are",
        "his",
        "her",
        "it'd",
        "be",
        "if",
        "would",
        "using",
        "use",
        "by",
        "as",
        "well",
        "question",
        "mean",
        "meant",
        "was",
        "talking",
        "asking",
        "actually",
        "sorry",
        "no",
        "yes",
        "though",
        "please",
        "pls",
        "me",
        "know",
        "us",
        "little",
        "one",
        "old",
        "now",
        "just",
        "thing",
        "hm",
        "hmm",
        "oh",
        "um",
        "this",
        "that",
    ]
)
# An answer to "who is it for?" may be all filling but for the person; a thing needs a lead.
_LEAD = re.compile(
    r"^\W*(?:(?:ok|okay|so|but|oh|hm+)\W+)*(?:and|or|what about|how about|what if|same for)\b", re.I
)
_PEOPLE = {"patient", "age"}
_THINGS = {"treatment", "condition", "ingredient", "milia_type"}


def follow_up(text: str, entities: Sequence[Mapping[str, Any]] = ()) -> str | None:
    """The kind of follow-up that a message is, or None where it stands by itself.

    ``why``, ``more``, ``sources``, ``how_long``, ``hurt``, ``other_one`` and ``something_else``
    come of its words; ``for_whom`` ("and for my son?") and ``what_about`` ("and laser?") are
    messages that hold nothing but a person or a thing of those in ``entities``.
    """
    text = text.replace("’", "'")
    if not text.strip() or len(text) > LONGEST:
        return None
    for kind, pattern in _PATTERNS.items():
        if pattern.match(text):
            return kind
    found = {entity["entity"] for entity in entities if not _within_a_thing(entity, entities)}
    if found & _PEOPLE and not found & _THINGS and _nothing_but(text, entities, _PEOPLE):
        return "for_whom"
    if len(found & _THINGS) == 1 and not found & _PEOPLE and _LEAD.match(text):
        return "what_about" if _nothing_but(text, entities, _THINGS) else None
    return None


def _within_a_thing(entity: Mapping[str, Any], entities: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a person is only part of a thing's name, as the baby is of baby acne."""
    return entity["entity"] in _PEOPLE and any(
        thing["start"] <= entity["start"] and entity["end"] <= thing["end"]
        for thing in entities
        if thing["entity"] in _THINGS
    )


def _nothing_but(text: str, entities: Sequence[Mapping[str, Any]], kinds: set[str]) -> bool:
    """Whether a text is filling, but for its entities of these kinds."""
    rest = list(text)
    for entity in entities:
        if entity["entity"] in kinds:
            rest[entity["start"] : entity["end"]] = " " * (entity["end"] - entity["start"])
    return set(re.findall(r"[\w']+", "".join(rest).lower())) <= _FILLING

"""Whom a message with a red flag may be about: a young baby, a child, the writer."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from nlu.ages import find_ages

YOUNG_BELOW = 3.0
"""Months below which any fever must be seen at once."""
BABY_BELOW = 6.0
"""Months below which a fever of 39 °C must be seen the same day."""
CHILD_BELOW = 16 * 12

_HE_OR_SHE = frozenset(["he", "she", "hes", "shes", "his", "her", "him", "hers"])
_OF_MINE = re.compile(
    r"\b(?:i have|ive got|i got|i feel|i am|i get|i keep|i woke|i had|i was|"
    r"i cant (?:wake up|eat|sleep|drink)|"
    r"im (?:feverish|running|hot|ill|shivering|burning|\d)|"
    r"my (?:own )?(?:temp|temperature|fever|face|"
    r"cheek|skin|eye|eyes|eyelid|nose|chin|body|husband|wife|mum|dad|mother|father|nan|gran))\b"
)


def people(text: str, words: Sequence[str], mentions: Container[str]) -> frozenset[str]:
    """Whom the message may be about: see ``PEOPLE`` of the lexicon."""
    ages = [age.months for age in find_ages(" ".join(text.split()))]
    newborn = "newborn_word" in mentions and not any(age >= YOUNG_BELOW for age in ages)
    young = newborn or any(age < YOUNG_BELOW for age in ages)
    baby_word, child_word = "baby_word" in mentions, "child_word" in mentions
    older = not young and ("older_word" in mentions or any(age >= YOUNG_BELOW for age in ages))
    baby = young or (baby_word and not ages) or any(age < BABY_BELOW for age in ages)
    child = baby or baby_word or child_word or (older and any(age < CHILD_BELOW for age in ages))
    child = child or "older_word" in mentions
    somebody = baby_word or child_word or not _HE_OR_SHE.isdisjoint(words)
    grown = "grown_word" in mentions and not (baby_word or child_word)
    mine = bool(_OF_MINE.search(" ".join(words))) and not somebody
    found = {
        "young": young,
        "baby": baby,
        "child": child,
        "maybe_baby": young or not (older or mine),
        "writer": mine,
        "anybody_grown": grown or mine,
    }
    return frozenset(name for name, is_so in found.items() if is_so)

"""Figures of speech, and ages long past: what makes a sign no sign by the frame it stands in.

"I choked when I saw the bill", "can't breathe with excitement", "faint at the sight of needles":
it is the bill, the feeling and the sight that tell, whatever the word before them. And "had a
seizure at 2, he's 12 now" tells of ten years ago. Pure functions over words, as in
`nlu.red_flags_context`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlu.red_flags_clauses import BUT, JOINS, SENTENCE_ENDS, clause_end, clause_start, word_set
from nlu.red_flags_context import Meaning, Trigger

_MONEY = word_set(
    "price prices bill bills quote quotes cost costs fee fees invoice receipt pricing"
)
_AT = word_set(
    "at about over saw see seeing seen heard hearing swallow swallowing read reading looked opened"
)
_LIGHT = word_set("the your that those these this how such what of a my our its")
_FEELINGS = word_set(
    "excitement anticipation laughter laughing joy pride embarrassment envy jealousy boredom "
    "curiosity delight happiness glee gratitude nostalgia impatience enthusiasm"
)
_SIGHTS = word_set("sight thought mention idea prospect")
_DREADED = word_set("needle needles blood injection injections syringe syringes spiders")
_SCREENS = word_set("website site page screen phone laptop font text tiktok instagram app ad ads")
_MACHINES = word_set("phone laptop computer app website browser wifi internet keyboard")
_IS = word_set("is was has had keeps having just kept")
OF_A_MACHINE = 5
"""Words after "my phone is" that may be said of it."""
_READING = word_set("scrolling staring reading looking squinting")
# With these somebody begins anew, unless it is told when it was: "when he saw the bill".
_ANEW = word_set("i im ive he hes she shes they theyre we weve")
_WHEN = word_set("when as once after if because cos")

_MONTHS_OF = {"day": 1 / 30, "week": 1 / 4, "month": 1, "year": 12}
_SHORT = {"wk": "week", "mo": "month", "yr": "year", "y": "year", "m": "month"}
MOST_YEARS = 17


def figures(words: Sequence[str]) -> Iterator[Trigger]:
    """The figures of speech among ``words``, and the ages at which something once was."""
    for position, word in enumerate(words):
        before = words[max(0, position - 4) : position]
        if _is_figurative(word, before):
            yield _figure(words, position)
        elif word in _MACHINES and not _IS.isdisjoint(words[position + 1 : position + 2]):
            past = min(clause_end(words, position), position + 1 + OF_A_MACHINE)
            yield Trigger(Meaning.FIGURATIVE, position, position + 1, position + 1, past)
        elif word == "at" and _is_younger(words, position):
            end = position + 2
            first, past = clause_start(words, position), clause_end(words, end)
            yield Trigger(Meaning.PAST, position, end, first, past)


def _is_figurative(word: str, before: Sequence[str]) -> bool:
    """Whether a word and those before it make what is said of them a manner of speaking."""
    return (
        (word in _MONEY and not _AT.isdisjoint(before))
        or (word in _FEELINGS and not {"with", "from", "of", "for"}.isdisjoint(before[-2:]))
        or (word in _SIGHTS and "at" in before[-3:])
        or (word in _SCREENS and not _READING.isdisjoint(before))
        or (word in _DREADED and not {"see", "sees", "saw"}.isdisjoint(before[-3:]))
    )


def _figure(words: Sequence[str], position: int) -> Trigger:
    """The frame around ``position``, over the words of its clause that lead to it."""
    start = position
    while start and words[start - 1] in _LIGHT:
        start -= 1
    first = start
    while first:
        word, before = words[first - 1], words[first - 2] if first > 1 else "."
        if word in SENTENCE_ENDS or word in BUT or word == "," or word in JOINS - {"with"}:
            break
        first -= 1
        if word in _ANEW and before not in _WHEN:
            break
    return Trigger(Meaning.FIGURATIVE, position, position + 1, first, position)


def _is_younger(words: Sequence[str], position: int) -> bool:
    """Whether "at 2" is an age, since an older one follows that is now: "he's 12 now"."""
    then = _months(words, position + 1)
    if then is None:
        return False
    return any(
        (age := _months(words, here)) is not None
        and age > then
        and "now" in words[max(0, here - 2) : here + 4]
        for here in range(position + 2, len(words))
    )


def _months(words: Sequence[str], position: int) -> float | None:
    """An age in figures in months; without a unit, in years. None where there is none."""
    if position >= len(words) or not words[position].isdigit():
        return None
    number = int(words[position])
    unit = words[position + 1].rstrip("s") if position + 1 < len(words) else ""
    unit = _SHORT.get(unit, unit)
    if unit in _MONTHS_OF:
        return number * _MONTHS_OF[unit]
    return number * 12 if number <= MOST_YEARS else None

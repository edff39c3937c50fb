"""Whether what a message speaks of is there now: or denied, past, supposed, or somebody's tale.

After ConText (Harkema et al. 2009): words that change the meaning of what stands near them,
each with a scope that ends where the clause does. Pure functions over words; the words of a
message come in small letters and without apostrophes, its punctuation marks as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from nlu.red_flags_clauses import (
    BUT,
    JOINS,
    PRESENT,
    SENTENCE_ENDS,
    SUBJECTS,
    clause_end,
    clause_start,
    sentence_end,
    word_set,
)
from nlu.red_flags_triggers import DENIED, NOTHING, OVER, PAST, SUPPOSED


class Meaning(Enum):
    """What a trigger says of the words in its scope."""

    DENIED = "denied"
    OVER = "over"
    PAST = "past"
    SUPPOSED = "supposed"
    FIGURATIVE = "figurative"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Trigger:
    """Words ``start`` to ``end`` that change the meaning of words ``first`` to ``past``."""

    meaning: Meaning
    start: int
    end: int
    first: int
    past: int

    def covers(self, start: int, end: int) -> bool:
        return self.first < end and start < self.past

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


def triggers(words: Sequence[str]) -> list[Trigger]:
    """All triggers among ``words`` that mean something, with their scopes."""
    found = []
    position = 0
    while position < len(words):
        match = _phrase_at(words, position)
        if match is None:
            if words[position] == "gone" and _is_gone(words, position):
                found.append(_scoped(words, position, position + 1, Meaning.OVER))
            position += 1
            continue
        end, meaning = match
        if meaning is not Meaning.NOTHING:
            found.append(_scoped(words, position, end, meaning))
        position = end
    return found


def is_absent(words: Sequence[str], start: int, end: int, unable: bool = False) -> Trigger | None:
    """The word that says that ``words[start:end]`` fails or is missing: "won't", "refuses".

    It may stand a few words before, whatever punctuation lies between, or just after ("her
    bottle she refuses"). With ``unable`` only what says that somebody cannot counts.
    """
    lacking = UNABLE if unable else LACKING
    if end < len(words) and words[end] in _TROUBLE:
        return None  # "no breathing problems"
    steps = 0
    listed = False
    for position in range(start - 1, -1, -1):
        word = words[position]
        if word in lacking and not _is_answer(words, position) and not (listed and word in _NONE):
            return Trigger(Meaning.DENIED, position, position + 1, position + 1, end)
        if word in BUT or word in _PLENTY or steps >= 4:
            break
        if word in JOINS and words[position + 1] in _IS:
            break  # "doesn't have a fever and is feeding"
        if word in ("anything", "owt") and words[position - 1] == "or":
            break  # "isn't poorly or anything, feeding every three hours"
        listed = listed or word == "," or word in JOINS
        if word[0].isalnum() and word not in _LIGHT:
            steps += 1
    for position in range(end, min(end + 4, len(words))):
        if words[position] in ("refused", "refuses", "refusing", "untouched"):
            return Trigger(Meaning.DENIED, position, position + 1, start, position)
        pair = (words[position], words[position + 1] if position + 1 < len(words) else "")
        if pair[0] in ("wont", "not", "isnt", "hasnt", "doesnt") and pair[1] in _TAKES:
            return Trigger(Meaning.DENIED, position, position + 2, start, position)
    return None


# --- words -----------------------------------------------------------------------------------

UNABLE = word_set(
    "cant cannot couldnt unable hardly barely struggling struggles struggle trouble difficulty "
    "cnt carnt scarcely difficult hard lost losing"
)
LACKING = UNABLE | word_set(
    "no not never isnt arent wasnt hasnt havent havnt doesnt dosnt dosent dont didnt wont wouldnt "
    "aint nt refuses refusing refused refuse stopped stops stopping off fails failing failed "
    "reluctant without less nothing half zero stop didn doesn hasn isn won nope"
)
NEAR = 3
"""Words of an aside that says when, and words in which a "since" belongs to what is past."""
REACH = 9
"""How many words a denial reaches; a supposition reaches to the end of its clause."""

_NONE = word_set("no not without zero")  # "no fever, plenty of wet nappies": of the fever alone
_PLENTY = word_set("plenty lots loads enough normal usual good regular many")
_SYMPTOMS = word_set(
    "swelling bleeding pus pain fever temperature temp rash blisters redness infection discharge "
    "vomiting sickness itching fevers rashes blister burns numbness bruising wheezing oozing"
)
_STARTED = word_set("since started began appeared keeps still ever ongoing continues worsening")
_CONTROLS = word_set(
    "bringing getting keeping touching stop get bring keep control shift lower reduce calm manage "
    "settle"
)
_DID_NOT = word_set("didnt doesnt never hasnt havent")
_WHERE_TO = word_set("down under out off")
_IS = word_set("is are was has hes shes theyre")
_TROUBLE = word_set(
    "problem problems issue issues difficulty difficulties trouble troubles concerns"
)
_TAKES = word_set("take taking have having want wanting interested touch finish finishing")
_LIGHT = word_set(
    "a an the her his my their to for any of at it him she he i been be even really properly want "
    "wanting take taking taken have having had has is up in"
)
_NOT = word_set(
    "not never no hasnt havent isnt arent wont doesnt dont didnt wasnt werent cant cannot couldnt "
    "wouldnt hardly nothing"
)
_I_WAS = {("i", "was"), ("i", "were"), ("i", "am"), ("when", "im"), ("if", "im"), ("once", "im")}
_OVER_NEXT = word_set("away down , today this since after and thankfully completely by so in")
_LIGHT_OVER = word_set(
    "it its is are has have been all that thats was they theyre theyve since completely totally "
    "mostly pretty much he hes she shes im now then today seems seem looks back thankfully the a "
    "antibiotics cream doctor gp hospital medicine"
)
_ASKED = word_set(
    "worry worried concerned normal ok okay bad serious dangerous alright mean worrying milia"
)
_ABOUT = word_set(
    "about around maybe some like roughly nearly almost over a couple few of two three four five "
    "six seven eight nine ten 2 3 4 5 6 7 8 9 10 11 12 13 14 15 20 30"
)
_THAT_WAS = {("that", "was"), ("thats", "was"), ("which", "was"), ("this", "was")}
_ONGOING = word_set("still started began keeps")
_JUST_NOW = {
    *(("this", "morning"), ("last", "night"), ("hour", "ago"), ("hours", "ago")),
    *(("every", "hour"), ("getting", "worse"), ("had", "it"), ("got", "it")),
}
_OF_THEM = word_set("it its they theyre theyve this these thats")
_TODAY = _ONGOING | word_set("today tonight now yesterday happening")
_UNITS = word_set("day days hour hours week weeks")
_TRIGGERS: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
for _phrases, _meaning in (
    (NOTHING, Meaning.NOTHING),
    (DENIED, Meaning.DENIED),
    (OVER, Meaning.OVER),
    (PAST, Meaning.PAST),
    (SUPPOSED, Meaning.SUPPOSED),
):
    for _phrase in _phrases:
        _TRIGGERS.setdefault(_phrase[0], []).append((_phrase, _meaning))
for _listed in _TRIGGERS.values():
    _listed.sort(key=lambda entry: -len(entry[0]))


# --- scopes ----------------------------------------------------------------------------------


def _phrase_at(words: Sequence[str], position: int) -> tuple[int, Meaning] | None:
    for phrase, meaning in _TRIGGERS.get(words[position], ()):
        end = position + len(phrase)
        if tuple(words[position:end]) == phrase:
            # Of "used to hurt" and "gonna hurt", the last word may itself be a sign.
            return (end - 1 if phrase[:-1] in _OF_ANOTHER_TIME else end), meaning
    return None


def _scoped(words: Sequence[str], start: int, end: int, meaning: Meaning) -> Trigger:
    void = Trigger(meaning, start, end, end, end)
    if meaning is Meaning.OVER:
        clause = clause_start(words, start)
        doubted = _NOT.intersection(words[max(clause, start - 3) : start])
        if doubted or tuple(words[max(0, start - 2) : start]) in _IS_IT:
            return void
        return Trigger(meaning, start, end, _over_from(words, start), start)
    if meaning is Meaning.PAST:
        first, past = _past_from(words, start), clause_end(words, end)
        near = min(past, end + NEAR)
        rest = next((i for i in range(end, near) if words[i] in JOINS or words[i] == ","), near)
        if (
            _STARTED.intersection(words[first:rest])
            or "born" in words[max(0, start - NEAR) : start]
        ):
            return void
        anew = (i for i in range(end, past) if words[i] in JOINS and "now" in words[i:past])
        return Trigger(meaning, start, end, first, next(anew, past))
    if meaning is Meaning.DENIED:
        # "didnt get burnt" is none, "didnt get the fever down" is one
        got = words[start] in _DID_NOT and words[end : end + 1] in (["get"], ["got"])
        controls = _WHERE_TO if got else _CONTROLS
        if _is_answer(words, start) or controls.intersection(words[end : end + 4 + got]):
            return void
        return Trigger(meaning, start, end, end, _denial_end(words, end))
    if words[start] == "if" and _asks_of_the_present(words, start):
        return void
    past = clause_end(words, end)
    asked = tuple(words[start : start + 2]) == ("is", "it")
    if (asked and goes_on(words, end)) or is_answered(words, past):
        return void
    return Trigger(meaning, start, end, end, past)


_OF_ANOTHER_TIME = frozenset([("used", "to"), ("going", "to"), ("gonna",)])
_IS_IT = {(verb, that) for verb in ("is", "are", "was") for that in ("it", "this", "that", "these")}


def _over_from(words: Sequence[str], start: int) -> int:
    """Where what is over begins: a clause before, in "it bled a bit, but it's fine now"."""
    first = clause_start(words, start)
    if (
        first
        and words[first - 1] not in SENTENCE_ENDS
        and _LIGHT_OVER.issuperset(words[first:start])
    ):
        first -= 1
        while first and words[first - 1] not in SENTENCE_ENDS and words[first - 1] not in BUT:
            first -= 1
    return first


def _past_from(words: Sequence[str], start: int) -> int:
    """Where what is past begins: a clause before, in "her lips swelled up, about eight years ago"
    and "he was floppy but that was in 2010"."""
    first = clause_start(words, start)
    said = words[first:start]
    aside = first and words[first - 1] == "," and len(said) <= NEAR and _ABOUT.issuperset(said)
    of_that = first and tuple(said[:2]) in _THAT_WAS
    return clause_start(words, first - 1) if aside or of_that else first


def goes_on(words: Sequence[str], position: int) -> bool:
    """Whether what is asked about is there: "is it usual to swell? it started an hour ago"."""
    rest = words[position:]
    pairs = {*pairwise(rest)}
    return bool(_ONGOING.intersection(rest) or _JUST_NOW & pairs or days_after(rest))


def is_answered(words: Sequence[str], position: int) -> bool:
    """Whether a question that ends there is one about what is there: "how do i look after blisters?
    they popped up today"."""
    if words[position : position + 1] != ["?"]:
        return False
    first = next((i for i in range(position, len(words)) if words[i] not in SENTENCE_ENDS), None)
    if first is None or words[first] not in _OF_THEM:
        return False
    return not _TODAY.isdisjoint(words[first : sentence_end(words, first)])


def days_after(words: Sequence[str]) -> bool:
    """Whether a time since a treatment is said: "four days after"."""
    return any(
        (one.isdigit() or one in _ABOUT) and unit in _UNITS and after == "after"
        for one, unit, after in zip(words, words[1:], words[2:], strict=False)
    )


def _asks_of_the_present(words: Sequence[str], position: int) -> bool:
    """Whether an "if" speaks of what is there: "is it bad if he hasn't had a wet nappy"."""
    asked = _ASKED.intersection(words[max(0, position - 4) : position])
    return bool(asked) and not PRESENT.isdisjoint(words[position + 1 : position + 6])


def _is_gone(words: Sequence[str], position: int) -> bool:
    """Whether "gone" says that it is over: not in "gone floppy", nor in "hasn't gone"."""
    following = words[position + 1] if position + 1 < len(words) else "."
    over = following in SENTENCE_ENDS or following in BUT or following in _OVER_NEXT
    if tuple(words[max(0, position - 2) : position]) in _I_WAS:
        return False  # "if i was gone"
    return over and _NOT.isdisjoint(words[max(0, position - 2) : position])


def _is_answer(words: Sequence[str], position: int) -> bool:
    """Whether "no" answers something, as in "no, he is floppy"."""
    return words[position] in ("no", "nope") and (
        position + 1 < len(words)
        and (words[position + 1] in ",.!" or words[position + 1] in SUBJECTS)
    )


def _denial_end(words: Sequence[str], position: int) -> int:
    for here in range(position, min(position + REACH, len(words))):
        word = words[here]
        following = words[here + 1] if here + 1 < len(words) else ""
        if word in SENTENCE_ENDS or word in BUT or (word in SUBJECTS and here > position):
            return here
        if (word in JOINS or word == ",") and not _listed_on(words, here, following):
            return here
    return min(position + REACH, len(words))


def _listed_on(words: Sequence[str], here: int, following: str) -> bool:
    """Whether a denial goes on after a comma or an "and": "no fever, rash or blisters"."""
    if following in ("no", "or", "nor", "any"):
        return True
    if following not in _SYMPTOMS:
        rest = list(words[here + 1 : here + 6])
        stop = next((i for i, w in enumerate(rest) if w in SENTENCE_ENDS or w in SUBJECTS), 5)
        return bool(words[here] == "," and {"or", "nor"}.intersection(rest[:stop]))
    after = words[here + 2] if here + 2 < len(words) else "."
    return after in SENTENCE_ENDS or after in (",", "or", "nor", "and", "so", "either", "at")

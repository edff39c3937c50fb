"""Where the clauses of a message begin and end, punctuated or not."""

from __future__ import annotations

from collections.abc import Sequence


def word_set(text: str) -> frozenset[str]:
    """The words of ``text``, to look others up in."""
    return frozenset(text.split())


SENTENCE_ENDS = frozenset(".!?;…")
BUT = word_set(
    "but though although however except yet whereas because bc becuz cuz cos coz cus now apart"
)
SUBJECTS = word_set(
    "he she hes shes they theyre i im ive we weve my our its theres there just everything baby "
    "babys mine today tonight only"
)
JOINS = word_set("and & n also plus with")
_ASKING = word_set("can could do does is are should will would what how when am may did")
PRESENT = word_set(
    "has hasnt is isnt wont cant keeps had are arent looks feels have havent doesnt refuses seems "
    "stopped swallowed ate drank licked took its hes shes theyre"
)
_ON = word_set("that if when because whether what where how why as like after before until once")
_WHOSE = word_set("my our")
_CONTRACTED = word_set("hes shes theres ive im theyre theyve weve its")


def clause_end(words: Sequence[str], position: int) -> int:
    """Where the clause that goes on at ``position`` ends."""
    for here in range(position, len(words)):
        word = words[here]
        following = words[here + 1] if here + 1 < len(words) else ""
        if word in SENTENCE_ENDS or (word in BUT and word != "now"):
            return here
        if word in _CONTRACTED and here > position and words[here - 1] not in _ON:
            return here  # "what should i do hes swallowed …": who writes so begins anew
        anew = word in _WHOSE and here > position + 1 and words[here - 1] not in _ON
        if anew and not PRESENT.isdisjoint(words[here + 2 : here + 4]):
            return here  # "is herpes bad for newborns my mum has a cold sore …"
        if (word == "," or word in JOINS) and following in (SUBJECTS | _ASKING | {"now", "then"}):
            return here
    return len(words)


def sentence_end(words: Sequence[str], position: int) -> int:
    """Where the sentence that goes on at ``position`` ends."""
    rest = range(position, len(words))
    return next((here for here in rest if words[here] in SENTENCE_ENDS), len(words))


def clause_start(words: Sequence[str], position: int) -> int:
    """Where the clause before ``position`` begins."""
    for here in range(position - 1, -1, -1):
        word = words[here]
        if word in SENTENCE_ENDS or word in BUT or word == "," or word in JOINS - {"with"}:
            return here + 1
        if word in ("is", "are", "if") and here > 0 and words[here - 1] in SENTENCE_ENDS:
            return here
    return 0

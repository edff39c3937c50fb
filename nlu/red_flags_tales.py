"""Tales, lessons and questions: signs that nobody who writes has.

"My friend had blisters after it", "i read about a baby who …", "why are fevers so serious in
newborns": strangers, books and people in general have them. Pure functions over words, as in
`nlu.red_flags_context`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from nlu.red_flags_clauses import (
    SENTENCE_ENDS,
    clause_end,
    clause_start,
    sentence_end,
    word_set,
)
from nlu.red_flags_context import Meaning, Trigger, days_after, goes_on, is_answered


def tales(words: Sequence[str]) -> list[Trigger]:
    """What among ``words`` is told of others, asked in general, or long ago."""
    return [*_tales(words), *_lessons(words), *_questions(words), *_long_ago(words)]


_TELLERS = word_set(
    "friend friends sister sisters colleague colleagues neighbour neighbours neighbor neighbors "
    "cousin cousins someone somebody people woman lady lass bloke guy man online tiktok instagram "
    "reddit forum youtube influencer coworker mate aunt celeb celebrity blogger youtuber"
)
_TOLD = word_set(
    "had got ended read heard saw went lost suffered developed says said burned burnt died swore "
    "popped squeezed claimed claims wrote posted told used tried swelled reacted"
)
_TOLD_US = {("told", "me"), ("told", "us")}
_SOMEWHERE = {
    (there, where)
    for there in ("at", "from", "in", "on")
    for where in (
        *("work", "school", "nursery", "playgroup", "uni", "church", "gym"),
        *("facebook", "mumsnet", "reddit", "tiktok", "instagram", "youtube"),
    )
}
_SOMEBODY = word_set("girl boy mum mom dad parent kid")
"""Those of whom tales are told only where a place makes them strangers: "a mum at playgroup"."""
_BOYS = word_set("man guy lady lass")
_SEEN = word_set("read heard seen saw watched")
_MEDIA = word_set(
    "online tiktok video videos someone somebody people woman lady post posts forum article "
    "reddit youtube instagram google mumsnet that about of on story stories"
)
_OURS = word_set(
    "my me us our baby newborn babys kissed kissing held touched cuddled today tonight minutes "
    "mins hour hours morning now yesterday help"
)
_HERS = word_set("baby newborn babys")
_NOW = word_set("has is still just")


def _tales(words: Sequence[str]) -> Iterator[Trigger]:
    """What others went through: "my friend had blisters after it", "i read about a baby who …"."""
    for position, word in enumerate(words):
        past = clause_end(words, position)
        somewhere = tuple(words[position + 1 : position + 3]) in _SOMEWHERE
        a_boy = words[position - 1 : position] in (["wee"], ["little"], ["my"]) and word in _BOYS
        if (word in _TELLERS and not a_boy) or (somewhere and word in _SOMEBODY):
            said = position + 1 + 2 * somewhere
            told = words[said : said + 3]
            to_us = tuple(words[said : said + 2]) in _TOLD_US
            ours = _OURS.difference(_HERS if somewhere else ()).intersection(
                words[said + 1 + to_us : past]  # not "her baby"
            )
            if ours == {"me"} and ("put", "me") in pairwise(words[said:past]):
                ours = frozenset()  # "put me right off"
            if _TOLD.intersection(told) and not ours and _NOW.isdisjoint(told):
                yield Trigger(Meaning.PAST, position, position + 1, position + 1, past)
        elif word in _SEEN and _MEDIA.intersection(words[position + 1 : position + 5]):
            before = words[position - 1] if position else "."
            begins = before in SENTENCE_ENDS or before in ("i", "ive", "we", "just", "weve", ",")
            if begins and _DID_SO.isdisjoint(words[position:]):
                yield Trigger(Meaning.SUPPOSED, position, position + 1, position + 1, past)


def _lessons(words: Sequence[str]) -> Iterator[Trigger]:
    """Sentences of books, shows and studies: "for my essay: what causes cellulitis"."""
    first = 0
    while first < len(words):
        past = sentence_end(words, first)
        for position in range(first, past):
            if not _is_lesson(words, position):
                continue
            owned = {"my", "our"}.intersection(words[max(first, position - 3) : position])
            ours = (_OURS_TO_PETS if words[position] in _PETS else _OF_OURS) - owned  # "my essay"
            if ours.isdisjoint(words[first:past]):
                yield Trigger(Meaning.SUPPOSED, position, position + 1, first, past)
        first = past + 1


def _is_lesson(words: Sequence[str], position: int) -> bool:
    """Whether what is said stands there: "in a novel", not "while i read a novel"."""
    word, before = words[position], words[position - 1] if position else "."
    following = words[position + 1 : position + 4]
    after, next_after, *_ = *following, "", ""
    about = after in _OF_WHAT and next_after not in ("and", ",", ".")
    if word == "book" and before not in _A_BOOK:
        return False  # visitors book
    there = about or not _IN_IT.isdisjoint(words[max(0, position - 3) : position])
    says = not _SAYS.isdisjoint(following)
    return (
        word == "statistically"
        or (word in _LESSONS and (there or says))
        or ((before, word) in _COURSES and (there or "doing" in words[:position]))
        or (word in _PRINTED and not _SAYS.isdisjoint(words[position + 1 : position + 7]))
        or (word == "character" and after == "in")
        or ((before, word) == ("the", "paper") and after in ("had", "said", "says"))
        or (word in _SHOWN and about)
        or (word in _FAMOUS and before in ("that", "some"))
        or (word in _PETS and not _ATE.isdisjoint(following[:2]))
    )


def _long_ago(words: Sequence[str]) -> Iterator[Trigger]:
    """Years that are past: "it went septic in like 2010"."""
    for position, word in enumerate(words):
        year = word.isdigit() and FIRST_YEAR <= int(word) < datetime.now(UTC).year
        if (year or word in _DECADES) and not _IN.isdisjoint(
            words[max(0, position - 3) : position]
        ):
            first, end = clause_start(words, position), clause_end(words, position)
            yield Trigger(Meaning.PAST, position, position + 1, first, end)


_LESSONS = word_set(
    "novel novels textbook textbooks essay podcast documentary programme coursework dissertation "
    "book books eastenders corrie"
)
_COURSES = {("aid", "class"), ("aid", "course"), ("antenatal", "class"), ("nct", "class")} | {
    (of, "project") for of in ("school", "science", "college", "uni", "biology")
}
_PRINTED = word_set("book books poster posters newspaper magazine leaflet")
_SHOWN = word_set("tiktok video videos reel post posts article articles story stories piece thread")
_FAMOUS = word_set("influencer celeb celebrity blogger youtuber")
_PETS = word_set("dog dogs cat cats puppy kitten")
_A_BOOK = word_set("a the this that baby aid")
_IN_IT = word_set("in for from of")
_OF_WHAT = word_set("of about where on showing")
_SAYS = word_set("say says said saying show shows showed warns mentions")
_ATE = word_set("ate eaten drank licked swallowed chewed")
_DID_SO = word_set("tried copied followed used help")
_OURS_TO_PETS = _DID_SO | word_set("my our mine ours now just")
_OF_OURS = _OURS_TO_PETS | word_set("his her him hes shes")
FIRST_YEAR = 1940
_DECADES = word_set(
    "fifties sixties seventies eighties nineties noughties 50s 60s 70s 80s 90s 1950s 1960s 1970s "
    "1980s 1990s 2000s 2010s"
)
_IN = word_set("in back around about during circa")
_ASKS = word_set("can could do does will would might may should are is")
_OPENINGS = frozenset([",", "hi", "hello", "hey", "please", "so"])
_OF_SOMEBODY = word_set(
    "my i he she his her you we our someone anyone somebody they this that it there these its "
    # "the head is hot, is very red": whoever writes so leaves out the "it"
    "very so really too not still also always getting going quite extremely"
)
AFTER_GREETING = 3
"""Words of "hi there, is …": what comes after a later comma goes on with a sentence."""
_IS_NORMAL = word_set("normal usual common expected ok okay")
_MEANT = word_set("meant supposed")
_HIS = word_set("hes shes his her my mine hers theyre")


def _questions(words: Sequence[str]) -> Iterator[Trigger]:
    """Questions about things in general: "are blisters normal", "do fevers come with milia"."""
    for position, word in enumerate(words):
        before = words[position - 1] if position else "."
        joined = before in ("and", "but", "also") and word not in ("is", "are")
        begins = before in SENTENCE_ENDS or before in _OPENINGS or joined
        if before == "," and word in ("is", "are") and position > AFTER_GREETING:
            begins = False  # "my grandson, two months, is boiling hot"
        following = words[position + 1] if position + 1 < len(words) else "my"
        figures = any(w.isdigit() for w in words[position : position + 7])  # "is 38.5 dangerous"
        general = following[0].isalpha() and following not in _OF_SOMEBODY and not figures
        # "are milk spots meant to be full of water? hes 5 days"
        meant = _MEANT.intersection(words[position + 1 : position + 6])
        general = general and not (meant and _HIS.intersection(words[position + 6 :]))
        how_much = (
            word == "how" and following == "much" and "is" in words[position + 2 : position + 4]
        )
        if (begins and word in _ASKS and general) or how_much:
            end = position + 1
            past = clause_end(words, end)
            mine = days_after(words[end:past]) and not _IS_NORMAL.isdisjoint(words[end:past])
            if not (mine or goes_on(words, past) or is_answered(words, past)):
                yield Trigger(Meaning.SUPPOSED, position, end, end, past)

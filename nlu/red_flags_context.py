"""Whether what a message speaks of is there now: or denied, past, supposed, or somebody's tale.

After ConText (Harkema et al. 2009): words that change the meaning of what stands near them,
each with a scope that ends where the clause does. Pure functions over words; the words of a
message come in small letters and without apostrophes, its punctuation marks as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum


class Meaning(Enum):
    """What a trigger says of the words in its scope."""

    DENIED = "denied"
    PAST = "past"
    SUPPOSED = "supposed"
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
            if words[position] == "gone" and _is_over(words, position):
                found.append(_scoped(words, position, position + 1, Meaning.DENIED, "before"))
            position += 1
            continue
        end, meaning, reach = match
        if meaning is not Meaning.NOTHING:
            found.append(_scoped(words, position, end, meaning, reach))
        position = end
    return found + list(_questions(words)) + list(_tales(words))


def is_absent(words: Sequence[str], start: int, end: int, unable: bool = False) -> Trigger | None:
    """The word that says that ``words[start:end]`` fails or is missing: "won't", "refuses".

    It may stand a few words before, whatever punctuation lies between, or just after ("her
    bottle she refuses"). With ``unable`` only what says that somebody cannot counts.
    """
    lacking = UNABLE if unable else LACKING
    steps = 0
    for position in range(start - 1, -1, -1):
        word = words[position]
        if word in lacking and not _is_answer(words, position):
            return Trigger(Meaning.DENIED, position, position + 1, position + 1, end)
        if word in BUT or steps >= 4:
            break
        if word[0].isalnum() and word not in _LIGHT:
            steps += 1
    for position in range(end, min(end + 4, len(words))):
        if words[position] in ("refused", "refuses", "refusing", "untouched"):
            return Trigger(Meaning.DENIED, position, position + 1, start, position)
        pair = (words[position], words[position + 1] if position + 1 < len(words) else "")
        if pair[0] in ("wont", "not", "isnt", "hasnt", "doesnt") and pair[1] in _TAKES:
            return Trigger(Meaning.DENIED, position, position + 2, start, position)
    return None


# --- the words -------------------------------------------------------------------------------


def _lines(text: str) -> list[tuple[str, ...]]:
    return [tuple(phrase.split()) for phrase in text.split(",") if phrase.strip()]


# They look like triggers and change nothing of what follows.
_NOTHING = _lines("""
no idea, no worries, no rush, no one, no matter, no doubt, no joke, no problem, no thanks, no
thank, no better, no improvement, no change, no different, no clue, no way, no answer, no reply,
no sleep, no luck, no help, no appointments, no appointment, no appetite, not sure, not a doctor,
not only, not just, not to worry, not right, not well, not better, not good, not getting better,
not improving, not helping, not working, not normal, not himself, not herself, not like him, not
like her, not responding to, not going down, not coming down, not coming off, not going away, not
going, not great, not happy, not long, not feeling well, not feeling right, not looking good, not
looking right, not long ago, not too long ago, not coping, not okay, not ok, not settling, not at
all well, not kidding, not joking, not a joke, not exaggerating, not calming, dont know, dont know
what, dont know why, dont know if its, dont know whether its, dont understand, dont like, dont get
why, dont want to wait, dont want to bother, dont want to be dramatic, dont tell me, dont panic,
dont mean to, dont think its normal, dont think thats normal, dont think i can, dont think this is
normal, dont feel well, dont feel right, dont have a car, dont drive, dont have a gp, dont have a
doctor, dont know who, dont know where, dont wanna wait, isnt right, isnt normal, isnt well, isnt
himself, isnt herself, isnt helping, isnt getting better, isnt improving, isnt good, isnt happy,
isnt coming down, isnt going down, isnt going away, isnt working, isnt shifting, hasnt come down,
hasnt gone down, hasnt gone away, hasnt gone, hasnt improved, hasnt helped, hasnt worked, hasnt
got better, hasnt settled, hasnt broken, wont come down, wont go down, wont go away, wont go, wont
shift, wont break, wont settle, wont budge, wont ease, doesnt go down, doesnt go away, doesnt come
down, doesnt help, doesnt look right, doesnt look good, doesnt look well, doesnt seem right,
doesnt seem well, doesnt feel right, didnt help, didnt work, doesnt go, doesnt stop, didnt know,
didnt realise, didnt realize, didnt notice, didnt see him, didnt see her, didnt mean to, cant get
through, cant bring down, cant control, cant wait, cant believe, cant tell, cant get hold of, cant
tell if, cant work out, couldnt get through, couldnt sleep, cant sleep, cant drive, cant reach,
cant find, if you can, if you could, if you would, if you know, if this is, if its ok, if thats
ok, if possible, if anyone, if someone, if you dont mind, if this sounds, if i should, if i need,
if i have to, if i must, if its anything, if its normal, if its serious, if its an emergency, if
its related, if its linked, if its milia, if its the milk, if its okay, if its bad, if this isnt,
if that helps, if it helps, if you dont, if there is anything, if theres anything, if any, if he
needs, if she needs, if that matters, if it matters, if we should, if we need, if not, if i am
being, if im being, if im overreacting, if thats normal, if that is normal, if it is normal, if
you are, if youre, if he should, if she should, as if, looks as if, even if, only if i, could it
be, could this be, could that be, could these be, how do i stop this bleeding, how do i stop the
bleeding, how do i stop my, how to stop the bleeding, how to stop bleeding, how can i stop the
bleeding, how can i stop it bleeding, how do i stop it bleeding, how do i stop bleeding, how do
you stop bleeding, might be, may be, could be, would be, might have, may have, could have, would
say, would like, would you, will you, would someone, will someone, could you, could someone, can
you, can someone, can anyone, can i, can we, could i, would i need, will i need, would it be best,
can see, can feel, can hear, can hardly, can barely, can only, can still, could barely, could
hardly, could only, could not, can not, will not, would not, may not, might not, will only, never
seen, never been like, never like this, never had this, never happened, never felt, never this,
never so, never stops, never stopped, never settles, never ending, never wakes, is that normal, is
this normal, is it normal, worried about my, worried about his, worried about her, scared about
my, worried about him, concerned about my, concerned about his, concerned about her, was fine,
were fine, was ok, was well, was normal, nothing helps, nothing works, nothing is, nothing stops,
nothing will, nothing calms, nothing settles, nothing seems
""")
_DENIED = _lines("""
no, not, never, without, none, isnt, isn, arent, wasnt, werent, hasnt, hasn, havent, havnt, haven,
hadnt, doesnt, dosnt, dosent, doesn, dont, don, didnt, didn, wont, cant, cannot, couldnt, wouldnt,
shouldnt, aint, nor, neither, could not, can not, will not, would not, may not, might not, denies,
free of, free from, no sign of, no signs of, no longer, zero, rather than, instead of, absence of,
negative for, ruled out, do not have, does not have, anything but, not any, no more, never had,
nothing like, not even, nowhere near, no evidence of, no hint of, not really, not a, other than,
apart from the usual
""")
_DENIED_AFTER = _lines("""
went away, went down, has passed, has settled, have settled, has stopped, have stopped, stopped
now, has eased, is better now, better now, are better now, much better now, all better, all clear,
resolved, cleared up, has cleared, have cleared, went after, stopped after, settled down, has
healed, have healed, healed up, is healed, healed fine, back to normal, is normal, are normal,
seems normal, seem normal, is fine, are fine, seems fine, seem fine, is ok, is okay, are ok, all
fine, all normal, is good, is great, are good, gone today, gone this morning, has calmed down,
calmed down, has died down, came down to normal, is perfect, well controlled, fine, normal,
normally, ruled out, was ruled out, stopped within, stopped in, stopped straight away, stopped
quickly, stopped itself, stopped by itself, stopped on its own, has come down to 37, is under
control, has cleared up, turned out fine, turned out to be nothing, was nothing, absent, negative,
great, perfectly, well, happily, brilliantly
""")
_PAST = _lines("""
my first baby had, my first had, my eldest had, my other baby had, my older, last month, last
year, last summer, last winter, last spring, last autumn, last time, last christmas, last january,
last february, last march, last april, last may, last june, last july, last august, last
september, last october, last november, last december, last decade, last easter, months ago, month
ago, years ago, year ago, ages ago, long ago, a while ago, a while back, decades ago, yrs ago,
months back, years back, few weeks ago, couple of weeks ago, weeks ago, week ago, fortnight ago,
when i was, when he was, when she was, when they were, when we were, when my son was, when my
daughter was, when my kids were, when it was, as a baby, as a child, as a kid, as a teen, as a
teenager, as an infant, as a newborn, used to, back in, in the past, history of, previously, in
childhood, at birth, at school, once had, had once, years before, before birth, previous, previous
treatment, in a previous, as a toddler, at uni, growing up, when younger, in my teens, in my
twenties, in my 20s, in 2010, in 2015, in 2018, in 2019, in 2020, in 2021, in 2022, in 2023, in
2024, in 2025, over the summer, during the summer, in the summer, on holiday last, during my
pregnancy, from childhood, once as, years since, after having had, the other month, the other
year, long since, since recovered, fully recovered, recovered from, recovering from, has
recovered, have recovered, got over, over it now, family history
""")
_SUPPOSED = _lines("""
if, what if, in case, in case of, unless, suppose, supposing, imagine, say she gets, say he gets,
might, may, would, could, will, will it, whether it could, whether it can, whether they can,
whether it will, should it, should he get, should she get, should they, should my baby get, should
i get, risk, risk of, risks of, risk that, chance of, chances of, chance that, chances that,
danger of, likelihood of, possibility of, possible to, odds of, side effect, side effects,
complication, complications, to avoid, to prevent, prevent, prevents, preventing, avoid, avoiding,
reduce the risk, protect against, protects against, guard against, stop it getting, stop them
getting, stop it from getting, keep it from getting, keep it from, so it doesnt, so that it
doesnt, so it wont, so i dont get, so they dont, make sure it doesnt, make sure it isnt, without
causing, without getting, signs of, sign of, symptoms of, symptom of, how do i know, how do you
know, how would i know, how will i know, how can i tell, how can you tell, how do i tell, how do
you tell, how to tell, how to know, how to spot, how to recognise, how to recognize, how do i
recognise, what does, what do, what happens if, what happens when, what should i do if, what do i
do if, what to do if, what to do when, when should i, when should you, when should we, when do i,
when to, when does, at what temperature, what temperature, how high, worried about, worried it,
worried they, worry about, worry that it, scared of, scared it, scared about, afraid of, afraid
it, nervous about, nervous of, fear of, fear it, anxious about, frightened it, terrified of,
concerned it, paranoid about, tend to, tends to, prone to, likely to, meant to, supposed to, known
to, bound to, going to get, going to bleed, going to hurt, going to cause, going to swell, going
to blister, going to burn, going to scar, going to need, gonna bleed, gonna hurt, gonna swell,
gonna get, is it normal to, is it normal for it, is it normal for them, is it normal for the, is
it normal if it, is it ok if it, is it okay if it, is it bad if it, is it dangerous if it, is it
normal that they, is it normal for newborns, is it normal for babies, is it common, is it
possible, is it usual, is it safe, is it true, is it true that, is it dangerous, is there a, is
there any, are there any, are there, any risk, any chance, does it, do they, do milia, do milk, do
these, does this, does that, does the, does cryo, does cryotherapy, does laser, does steam, does
retinol, do babies, do newborns, do people, do adults, do most, do you treat, do you deal with, do
you see, do you do, do you sell, do you offer, do acids, do peels, do chemical, does acid, does
salicylic, does glycolic, does milia, does a, does squeezing, does popping, does removal, does
removing, does extraction, does an, do you ever, does minocycline, does teething, difference
between, different from, versus, vs, compared to, compared with, rather like, information on,
information about, info on, info about, tell me about, read about, heard about, learn about,
article about, article on, leaflet about, leaflet on, leaflet says, what causes, what is, what
are, what counts as, whats, what makes, definition of, the word, explain, causes of, cause of,
linked to, related to, associated with, connected to, due to possible, why do, why does, why
would, how do, how does, how can, how common, how likely, how much would, how much will, how long
does, how long do, how long will, how bad, how painful, how often do, how often does, after the
treatment will, ever get, ever cause, ever cause any, ever turn, ever become, ever bleed, ever
hurt, can lead to, can cause, can cause a, could cause, may cause, might cause, lead to, leads to,
cause, causes, causing any, policy on, advice on preventing, advice for, insurance cover, covered
for, cover, tips for, be careful of, beware, watch out for, look out for, watch for, looking out
for, watching for, things like, stories of, stories about, horror stories, dont want it to, dont
want them to, dont want to get, dont want a, i dont want, wouldnt want, hope it doesnt, hope it
isnt, hoping it doesnt, hope not, hypothetically, in theory, theoretically, for future, in future,
in the future, next time, one day, just in case, before it gets, before they get, before it,
before the, until it, until the, tendency to, when you, when they remove, when its removed, while
you, during the treatment, during treatment, during removal, during the removal, can milia, can
milk, can they, can it, can these, can this, can that, can the, can babies, can newborns, can
adults, can cryotherapy, can cryo, can laser, can steam, can a, can an, can acid, can acids, can
retinol, can squeezing, can popping, can peels, can baby acne, can minocycline, can removal, can
extraction, can milk spots, can teething, can sun, can heat, can stress, can anyone get, can you
get, can you have, can you catch, can you go, can you die, can i get, can i go, can my baby get,
can my baby catch, can my child get, can she get, can he get, can my son get, can my daughter get,
could you get, could i get, will i, will my, will she, will he, would it, would i, would my, would
a, would they, would she, would he, could it get, could it become, could it turn, could it go,
could it cause, could they get, could they become, could this get, could that get, could it start,
could my baby get, could steam, could the, could a
""")
_TRIGGERS: dict[str, list[tuple[tuple[str, ...], Meaning, str]]] = {}
for _phrases, _meaning, _reach in (
    (_NOTHING, Meaning.NOTHING, ""),
    (_DENIED, Meaning.DENIED, "after"),
    (_DENIED_AFTER, Meaning.DENIED, "before"),
    (_PAST, Meaning.PAST, "clause"),
    (_SUPPOSED, Meaning.SUPPOSED, "after"),
):
    for _words in _phrases:
        _TRIGGERS.setdefault(_words[0], []).append((_words, _meaning, _reach))
for _listed in _TRIGGERS.values():
    _listed.sort(key=lambda entry: -len(entry[0]))

SENTENCE_ENDS = frozenset(".!?;…")
BUT = frozenset(
    [
        "but",
        "though",
        "although",
        "however",
        "except",
        "yet",
        "whereas",
        "because",
        "bc",
        "becuz",
        "cuz",
        "cos",
        "coz",
        "cus",
        "now",
    ]
)
SUBJECTS = frozenset(
    [
        "he",
        "she",
        "hes",
        "shes",
        "they",
        "theyre",
        "i",
        "im",
        "ive",
        "we",
        "weve",
        "my",
        "our",
        "its",
        "theres",
        "there",
        "just",
        "everything",
        "baby",
        "babys",
        "mine",
        "today",
        "tonight",
        "only",
    ]
)
_JOINS = frozenset(["and", "&", "n", "also", "plus", "with"])
_SYMPTOMS = frozenset(
    [
        "swelling",
        "bleeding",
        "pus",
        "pain",
        "fever",
        "temperature",
        "temp",
        "rash",
        "blisters",
        "redness",
        "infection",
        "discharge",
        "vomiting",
        "sickness",
        "itching",
        "fevers",
        "rashes",
        "blister",
        "burns",
        "numbness",
        "bruising",
        "wheezing",
        "oozing",
    ]
)
_STARTED = frozenset(
    [
        "since",
        "started",
        "began",
        "appeared",
        "keeps",
        "still",
        "ever",
        "ongoing",
        "continues",
        "worsening",
    ]
)
_CONTROLS = frozenset(
    [
        "bringing",
        "getting",
        "keeping",
        "touching",
        "stop",
        "get",
        "bring",
        "keep",
        "control",
        "shift",
        "lower",
        "reduce",
        "calm",
        "manage",
        "settle",
    ]
)
UNABLE = frozenset(
    [
        "cant",
        "cannot",
        "couldnt",
        "unable",
        "hardly",
        "barely",
        "struggling",
        "struggles",
        "struggle",
        "trouble",
        "difficulty",
        "cnt",
        "carnt",
        "scarcely",
        "difficult",
        "hard",
        "lost",
        "losing",
    ]
)
LACKING = UNABLE | frozenset(
    [
        "no",
        "not",
        "never",
        "isnt",
        "arent",
        "wasnt",
        "hasnt",
        "havent",
        "havnt",
        "doesnt",
        "dosnt",
        "dosent",
        "dont",
        "didnt",
        "wont",
        "wouldnt",
        "aint",
        "nt",
        "refuses",
        "refusing",
        "refused",
        "refuse",
        "stopped",
        "stops",
        "stopping",
        "off",
        "fails",
        "failing",
        "failed",
        "reluctant",
        "without",
        "less",
        "nothing",
        "half",
        "zero",
        "stop",
        "didn",
        "doesn",
        "hasn",
        "isn",
        "won",
        "nope",
    ]
)
_TAKES = frozenset(
    [
        "take",
        "taking",
        "have",
        "having",
        "want",
        "wanting",
        "interested",
        "touch",
        "finish",
        "finishing",
    ]
)
_LIGHT = frozenset(
    [
        "a",
        "an",
        "the",
        "her",
        "his",
        "my",
        "their",
        "to",
        "for",
        "any",
        "of",
        "at",
        "it",
        "him",
        "she",
        "he",
        "i",
        "been",
        "be",
        "even",
        "really",
        "properly",
        "want",
        "wanting",
        "take",
        "taking",
        "taken",
        "have",
        "having",
        "had",
        "has",
        "is",
        "up",
        "in",
    ]
)
REACH = 9
"""How many words a denial reaches; a supposition reaches to the end of its clause."""


def _phrase_at(words: Sequence[str], position: int) -> tuple[int, Meaning, str] | None:
    for phrase, meaning, reach in _TRIGGERS.get(words[position], ()):
        end = position + len(phrase)
        if tuple(words[position:end]) == phrase:
            return end, meaning, reach
    return None


def _scoped(words: Sequence[str], start: int, end: int, meaning: Meaning, reach: str) -> Trigger:
    if reach == "before":
        return Trigger(meaning, start, end, _clause_start(words, start), start)
    if reach == "clause":
        first, past = _clause_start(words, start), _clause_end(words, end)
        if _STARTED.intersection(words[first:past]):
            return Trigger(Meaning.PAST, start, end, end, end)
        return Trigger(meaning, start, end, first, past)
    if meaning is Meaning.DENIED:
        if _is_answer(words, start) or _CONTROLS.intersection(words[end : end + 4]):
            return Trigger(meaning, start, end, end, end)
        return Trigger(meaning, start, end, end, _denial_end(words, end))
    return Trigger(meaning, start, end, end, _clause_end(words, end))


def _is_over(words: Sequence[str], position: int) -> bool:
    """Whether "gone" says that it is over: not in "gone floppy", nor in "hasn't gone"."""
    following = words[position + 1] if position + 1 < len(words) else "."
    over = following in SENTENCE_ENDS or following in BUT or following in _OVER
    return over and not _NOT_OVER.intersection(words[max(0, position - 2) : position])


_OVER = frozenset(
    [
        "away",
        "down",
        ",",
        "today",
        "this",
        "since",
        "after",
        "and",
        "thankfully",
        "completely",
        "by",
        "so",
        "in",
    ]
)
_NOT_OVER = frozenset(["not", "never", "hasnt", "havent", "isnt", "arent", "wont"])


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
        if (word in _JOINS or word == ",") and not _listed_on(words, here, following):
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


def _clause_end(words: Sequence[str], position: int) -> int:
    for here in range(position, len(words)):
        word = words[here]
        following = words[here + 1] if here + 1 < len(words) else ""
        if word in SENTENCE_ENDS or (word in BUT and word != "now"):
            return here
        if (word == "," or word in _JOINS) and following in (SUBJECTS | {"now", "then"}):
            return here
    return len(words)


def _clause_start(words: Sequence[str], position: int) -> int:
    for here in range(position - 1, -1, -1):
        word = words[here]
        if word in SENTENCE_ENDS or word in BUT or word == "," or word in _JOINS:
            return here + 1
        if word in ("is", "are", "if") and here > 0 and words[here - 1] in SENTENCE_ENDS:
            return here
    return 0


_TELLERS = frozenset(
    [
        "friend",
        "friends",
        "sister",
        "colleague",
        "neighbour",
        "neighbor",
        "cousin",
        "someone",
        "somebody",
        "people",
        "woman",
        "lady",
        "man",
        "online",
        "tiktok",
        "instagram",
        "reddit",
        "forum",
        "youtube",
        "influencer",
        "coworker",
        "mate",
        "aunt",
    ]
)
_TOLD = frozenset(
    [
        "had",
        "got",
        "ended",
        "read",
        "heard",
        "saw",
        "went",
        "lost",
        "suffered",
        "developed",
        "says",
        "said",
    ]
)


def _tales(words: Sequence[str]) -> Iterator[Trigger]:
    """What others went through: "my friend had blisters after it", "i read about a baby who …"."""
    for position, word in enumerate(words):
        if word in _TELLERS:
            end = _clause_end(words, position)
            told = words[position + 1 : position + 4]
            if _TOLD.intersection(told) and not {"has", "is", "still"}.intersection(told):
                yield Trigger(Meaning.PAST, position, position + 1, position + 1, end)
        elif word in ("read", "heard", "seen", "saw") and position and words[position - 1] in (
            "i", "ive", "we", "just",
        ):  # fmt: skip
            yield Trigger(
                Meaning.SUPPOSED, position, position + 1, position + 1, _clause_end(words, position)
            )


_ASKS = frozenset(
    ["can", "could", "do", "does", "will", "would", "might", "may", "should", "are", "is"]
)
_OPENINGS = frozenset([",", "hi", "hello", "hey", "please", "so"])
_OF_SOMEBODY = frozenset(
    [
        "my",
        "i",
        "he",
        "she",
        "his",
        "her",
        "you",
        "we",
        "our",
        "someone",
        "anyone",
        "somebody",
        "they",
        "this",
        "that",
        "it",
        "there",
        "these",
        "its",
    ]
)


def _questions(words: Sequence[str]) -> Iterator[Trigger]:
    """Questions about things in general: "are blisters normal", "do fevers come with milia"."""
    for position, word in enumerate(words):
        before = words[position - 1] if position else "."
        joined = before in ("and", "but", "also") and word not in ("is", "are")
        begins = before in SENTENCE_ENDS or before in _OPENINGS or joined
        following = words[position + 1] if position + 1 < len(words) else "my"
        figures = any(w.isdigit() for w in words[position : position + 7])  # "is 38.5 dangerous"
        general = following[0].isalpha() and following not in _OF_SOMEBODY and not figures
        if begins and word in _ASKS and general:
            yield Trigger(
                Meaning.SUPPOSED,
                position,
                position + 1,
                position + 1,
                _clause_end(words, position + 1),
            )

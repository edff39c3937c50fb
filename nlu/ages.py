"""Ages as people write them: "3wk old", "my son is 4", "im 34", "born yesterday".

Pure functions over plain text. A number is read as an age only where the words
around it say that a person is so old: "had it for 3 weeks", "in 2 months", "£5"
and "38.4" are not ages. Of a range ("3-4 weeks old") the younger end counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

DAYS_IN_MONTH = 30.4375
NEWBORN_BELOW = 28 / DAYS_IN_MONTH
"""Months below which a child is a newborn: 28 days."""
BABY_BELOW = 24
"""Months below which the patient is a baby: acids are not for under-twos."""
ADULT_FROM = 18 * 12
"""Months from which the patient is an adult, who consents alone."""
OLDEST = 120 * 12
MIN_WRITER = 10
"""Years below which nobody writes "im 7" of themselves."""
MOST_NUMBERS = 50
"""Only so many numbers of a message are looked at: more of them are no conversation."""


@dataclass(frozen=True)
class Age:
    """An age in months, where it stands in the text, and the word for whom it is the age.

    ``subject`` is the span of "daughter" in "my daughter is 9", or of "im" in
    "im 34"; None where no word next to the age says whose it is.
    """

    months: float
    start: int
    end: int
    subject: tuple[int, int] | None = None


def patient_of(months: float) -> str:
    """``baby`` under 2 years, ``child`` from 2 to 17 years, else ``adult``."""
    if months < BABY_BELOW:
        return "baby"
    return "child" if months < ADULT_FROM else "adult"


def is_newborn(months: float) -> bool:
    """Whether someone of this age is under 28 days old."""
    return months < NEWBORN_BELOW


def find_ages(text: str) -> list[Age]:
    """All ages of people in ``text``, in order.

    "newborn" counts as 0 months where no other age is a baby's; "nearly two" as a day less.
    """
    numbers = islice(_QUANTITY.finditer(text), MOST_NUMBERS)
    ages = [age for number in numbers if (age := _read(text, number))]
    ages += [Age(0.0, *match.span()) for match in _BORN_TODAY.finditer(text)]
    ages += [Age(1 / DAYS_IN_MONTH, *match.span()) for match in _BORN_YESTERDAY.finditer(text)]
    if not any(patient_of(age.months) == "baby" for age in ages):
        ages += [Age(0.0, *match.span()) for match in _NEWBORN.finditer(text)]
    return sorted(ages, key=lambda age: age.start)


def _regex(pattern: str) -> re.Pattern[str]:
    """``pattern`` with any white space where it has a blank, in small or capital letters."""
    return re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE)


# --- numbers and units -------------------------------------------------------

_SMALL = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_VALUES = {word: float(n) for n, word in enumerate(_SMALL.split("|"), 1)}
_VALUES |= {word: 10.0 * n for n, word in enumerate(_TENS.split("|"), 2)}
_VALUES |= {"a": 1.0, "an": 1.0, "½": 0.5}

_SPELT = rf"(?:(?:{_TENS})(?:[\s-](?:{_SMALL}))?|(?:{_SMALL})(?![a-z]))"
_AND_A_HALF = r"(?:\s?½|\s1/2| (?:and|&|n) (?:a )?half| and ½)"
_UNITS = {
    "days?|dys?|d": 1 / DAYS_IN_MONTH,
    "weeks?|weeek?s?|wks?|w": 7 / DAYS_IN_MONTH,
    "months?|mnths?|mths?|mos?|m": 1.0,
    "years?|yrs?|y": 12.0,
}
_UNIT = "(?:" + "|".join(_UNITS) + ")"
_N = (
    rf"(?:\d{{1,3}}(?:\.\d(?!\d))?|{_SPELT}\b|½|"
    rf"(?:(?:half )?an?|half)\b(?=[\s-]{_UNIT}\b))"  # "a week", "half a year"
)
_IN_MONTHS = [(_regex(forms), months) for forms, months in _UNITS.items()]

_QUANTITY = _regex(
    rf"(?<![\w£$€#+@%])(?<!\d[.,:/–-])(?P<n>{_N})(?P<half>{_AND_A_HALF}\b)?"
    rf"(?:(?:\s?[-–/]\s?| to | or )(?:\d{{1,2}}|{_SPELT})(?=\s?-?{_UNIT}))?"  # "3-4 weeks"
    rf"(?:[\s-]?(?P<unit>{_UNIT})(?![a-np-z'’])(?P<half_more> and a half\b)?"
    rf"(?:,? (?:and |& )?(?P<n2>\d{{1,2}}|{_SPELT})\s?(?P<unit2>{_UNIT})\b)?"  # "1 year 2 months"
    r"(?P<old>[\s-]{0,2}olds?\b|[/.]?o\b| o\b(?!['’/]))?"
    r"|\s?/?f\b)?(?!\w)"  # "im 34f"
)
_BORN_TODAY = _regex(
    r"(?<!i\swas\s)(?<!not\s)(?<!n['’]t\s)(?<!nt\s)\bborn (?:(?:earlier )?today|tonight|"
    r"this (?:morning|afternoon|evening)|(?:an?|\d\d?|a few|few) h(?:ou)?rs? ago)\b"
)
_BORN_YESTERDAY = _regex(
    r"(?<!i\swas\s)(?<!not\s)(?<!n['’]t\s)(?<!nt\s)\bborn (?:yesterday|last night)\b"
)
_NEWBORN = _regex(r"\bnew[\s-]?borns?\b")


def _number(text: str) -> float:
    if text.lower().startswith("half"):
        return 0.5
    return sum(_VALUES.get(part) or float(part) for part in re.split(r"[\s-]+", text.lower()))


def _months(number: str, unit: str) -> float:
    return _number(number) * next(m for form, m in _IN_MONTHS if form.fullmatch(unit))


# --- whose age it is ---------------------------------------------------------

_BABY = r"bab(?:y|ies|ys)|bby|bub(?:s|ba)?|lo|(?:little|wee|tiny) one|newborn|infant|preemie"
_YOUNG = (
    r"sons?|daughters?|dd|ds|kids?|child|children|boys?|girls?|toddler|twins?|niece|nephew|"
    r"(?:grand|step)(?:son|daughter|child)|teen(?:ager)?"
)
_GROWN = (
    r"husband|hubby|wife|partner|mum|mom|mother|dad|father|sister|brother|friend|"
    r"boyfriend|girlfriend|patient"
)
_HEDGE = (
    r"(?:(?:now|just|only|about|around|approx|approximately|roughly|nearly|almost|like|exactly|"
    r"already|still|gone|barely|maybe|currently|turned|turning|not|not even|not yet|not quite|"
    r"just under|coming up to|aged?|an?) )*"
)
_IS = r"(?:['’]?s|['’]?re| is| are| who['’]?s| who is| that['’]?s| (?:has |have )?(?:just )?turned)"
_NAME = r"(?: (?-i:[A-Z][a-z]+))?"
_GIRL = r"(?: (?:boy|girl))?"

# What stands before the number; each ends where the number begins.
_SOMEONE_IS = _regex(
    rf"\b(?P<who>{_BABY}|{_YOUNG}|{_GROWN}|he|she|they){_GIRL}{_NAME}{_IS} {_HEDGE}$"
)
_I_AM = _regex(rf"\b(?P<who>i['’]?m|i am) {_HEDGE}$")
_NEXT_TO = _regex(
    rf"\b(?P<who>{_BABY}|{_YOUNG}|{_GROWN}){_GIRL}{_NAME}(?:\s?[(,:–-]\s?| of | ){_HEDGE}$"
)
_BY_COMMA = _regex(rf"\b(?P<who>{_YOUNG}|{_GROWN}){_NAME}(?:\s?\(\s?|,\s?){_HEDGE}$")
_DEAR = _regex(r"\b(?P<who>dd|ds) $")
_AT = _regex(
    rf"\b(?:{_BABY}|{_YOUNG}|he|she|milk spots?|epstein pearls?|gums?)\b[^.?!]{{0,40}}"
    rf"(?<!\bborn) at {_HEDGE}$"
)
_AGED = _regex(rf"\bage[d:=]?[:=]?\s?{_HEDGE}$")
_BORN = _regex(rf"\bborn {_HEDGE}$")
_MY = _regex(r"\b(?:my|our) $")
_NOTHING = _regex(rf"^\W*{_HEDGE}$")
_NEARLY = _regex(
    r"\b(?:nearly|almost|just under|not(?: even| yet| quite)?|coming up to|turning)"
    r"(?: an?)? $"
)
_NOT_NOW = _regex(
    r"\b(?:was|were|wasn['’]?t|since|until|till?|before|after|(?<!just\s)under|over|below|above|"
    r"than|by|turns?|(?<!coming\sup\s)to|least|between|minimum|maximum|limit|from|beyond|every|per)"
    rf" (?:the |(?:my |your )?(?:{_BABY}|{_YOUNG}|he|she|they|i)"
    r"(?:['’]?s|['’]?re|['’]?m| is| are| am)? )?"
    r"(?:age |aged )?(?:of )?"
    r"(?:(?:about|around|only|just|nearly|almost|roughly|like) )*$"
)
_IT_IS = _regex(
    r"\b(?:(?:it|this|that|these|those|(?:spot|bump|dot|lump|cyst|mark|blister|thing|milia|milium)s?)"
    r"(?:['’]?s| is| are)|(?:scar|wound|burn|cream|photo|picture|tattoo|piercing)s?(?: is| are)?)"
    rf" {_HEDGE}$"
)

# What stands after the number and its unit.
_A_PERSON = _regex(rf"[\s-]?(?P<who>{_BABY}|{_YOUNG}|{_GROWN}|male|female|woman|man|lady)\b")
_A_THING = _regex(
    r" (?:scars?|wounds?|burns?|creams?|tubes?|bottles?|pictures?|photos?|pics?|tattoos?|injur|"
    r"prescriptions?|referrals?|clinic|house)\b"
)
_NO_AGE = _regex(
    r"\s?(?:ago|later|earl|late\b|overdue|preg|prem|pre-?term|post|after|before|into\b|away|apart|"
    r"left|to go|wait|until|till|of\b|in\b|since|course|along|from\b|gone|gestation|straight|"
    r"running|without|worth|for\b|per\b|each\b|every|more|between|tall|long|high)"
)
_AGO = _regex(r" ago\b")
_END = _regex(r"\W*$")
_BRACKET_OR_COMMA = _regex(r"\s?(?:[),]|$)")
_BARE_END = _regex(
    r"\s*(?:$|[^\w\s%°/:.,'’+*×£$€-]|[,.](?!\d))|"
    r" (?:and|&|n|but|so|he|hes|she|shes|i|ive|im|we|weve|has|have|had|with|now|today|yes|is|are|"
    r"can|could|do|does|will|would|who|yo|the|my|her|his|wants?|needs?|next|this|soon|if|or|what|"
    r"please|pls|thanks|ty|got|get|should|cos|because|too|as|though|how|when|where|why|just|was|"
    r"lives?|already|last|on|m|male|female)\b(?![/°%])"
)


def _read(text: str, match: re.Match[str]) -> Age | None:
    """The age that the number ``match`` is, or None."""
    before = text[max(0, match.start() - 80) : match.start()]
    after = text[match.end() : match.end() + 40]
    if _NOT_NOW.search(before):
        return None
    who = _SOMEONE_IS.search(before) or _I_AM.search(before) or _NEXT_TO.search(before)
    if not match["unit"]:
        who = who or _BY_COMMA.search(before)
        months = _years(match, before, after)
    elif match["old"]:
        months = None if _IT_IS.search(before) or _A_THING.match(after) else _sum(match)
    else:
        months = _sum(match) if _is_someones(match, before, after) else None
        if months and _I_AM.search(before) and match["unit"] in "mM":  # "im 29m": male
            months *= 12
    if months is None or months > OLDEST:
        return None
    if _NEARLY.search(before):
        months = max(0.0, months - 1 / DAYS_IN_MONTH)
    subject = None
    if who:
        offset = match.start() - len(before)
        subject = who.start("who") + offset, who.end("who") + offset
    elif person := _A_PERSON.match(after):
        subject = person.start("who") + match.end(), person.end("who") + match.end()
    return Age(months, *match.span(), subject)


def _sum(match: re.Match[str]) -> float:
    months = _months(match["n"], match["unit"])
    if match["half"] or match["half_more"]:
        months += _months("½", match["unit"])
    if match["n2"]:
        months += _months(match["n2"], match["unit2"])
    return months


def _is_someones(match: re.Match[str], before: str, after: str) -> bool:
    """Whether "3 weeks", without "old", is an age where it stands."""
    if _BORN.search(before):
        return bool(_AGO.match(after))
    if _NO_AGE.match(after):
        return False
    if _I_AM.search(before):
        return match["unit"][0] in "yY" or (match["unit"] in "mM" and _number(match["n"]) >= 16)
    if match["n"].lower() in ("a", "an"):
        return bool(_SOMEONE_IS.search(before))
    return bool(
        _SOMEONE_IS.search(before)
        or _NEXT_TO.search(before)
        or _A_PERSON.match(after)
        or _AGED.search(before)
        or _AT.search(before)
        or (_NOTHING.search(before) and _END.match(after))
        or (match["unit"].lower() == "mo" and _MY.search(before))
    )


def _years(match: re.Match[str], before: str, after: str) -> float | None:
    """The months in a number without a unit, such as 9 in "she is 9"; None if it is no age."""
    if match["n"] == "½":
        return None
    years = _number(match["n"]) + (0.5 if match["half"] else 0)
    someone = _SOMEONE_IS.search(before)
    if _BY_COMMA.search(before) and _BRACKET_OR_COMMA.match(after):
        is_age = True
    elif not _BARE_END.match(after):
        is_age = False
    elif _I_AM.search(before):
        is_age = MIN_WRITER <= years < 100
    elif someone:
        is_age = _may_be(someone["who"].lower(), years, bool(match["half"]))
    else:
        half_alone = match["half"] and _NOTHING.search(before) and _END.match(after)
        is_age = bool(half_alone or _DEAR.search(before) or _AGED.search(before))
    return 12 * years if is_age else None


def _may_be(who: str, years: float, and_a_half: bool) -> bool:
    """Whether "he is 9" gives an age in years, not a temperature, nor weeks or months."""
    if re.fullmatch(_GROWN, who):
        return True
    if re.fullmatch(_regex(_BABY), who):
        return and_a_half and years < BABY_BELOW / 12 + 1
    return who != "they" and not 35 <= years <= 42 and years < 95 and (years < 18 or years % 1 == 0)

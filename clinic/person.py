"""A person's name, and a way to reach them, as they type them in a chat."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from email_validator import EmailNotValidError, validate_email

from clinic.errors import ContactNotUnderstood
from clinic.telephone import fault_of, numbers_in

__all__ = ["Contact", "ContactNotUnderstood", "read_contact", "read_name"]

LONGEST_NAME = 80
MOST_WORDS = 6

_GREETING = re.compile(r"^(?:hi|hello|hey|hiya|yes|yeah|yep|sure|ok|okay|oh|um|er)\b[\s,.!]+", re.I)
_INTRODUCTION = re.compile(
    r"^(?:(?:my|the|her|his|their|our|(?:my|the|our) (?:baby|son|daughter|child|kid)['’]?s)\s+)?"
    r"(?:(?:full|first|last)\s+)?(?:name(?:\s+is\b|['’]?s\b|\s*[:=])|(?:i\s+am|i['’]?m)\b|"
    r"(?:it\s+is|it['’]?s|that\s+is|that['’]?s|this\s+is)\b|(?:(?:you\s+can\s+)?(?:just\s+)?call\s+me)\b|"
    r"(?:put\s+it\s+)?under\b|(?:she|he)(?:\s+is|['’]s)\s+(?:called|named)\b|i\s+go\s+by\b|"
    r"(?:we\s+)?call(?:ed)?\b)[\s:,]*(?=\S)",
    re.I,
)
_ENDING = re.compile(r"[\s,.!;:]*(?:\b(?:please|pls|thanks|thank you|thx|here))?[\s,.!;:]*$", re.I)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that a question or a sentence has, and a name has not.
_NO_NAME = _words(
    """about am an are at been but could dad did do does dont don't don’t for get got have hello
    help hi how i'd i'm i’m idk is isn't isn’t it it's it’s just know later maybe me mum my need
    never no nobody none nope not nothing of ok okay or please should skip sorry stop than thanks
    that the then there they this to tomorrow today want was what whatever when where which who
    why with would yeah yes you your"""
)
# Some of them are names of people all the same, if they are written as such.
_NAMES_TOO = _words("am an do my")
# After these, a question goes on with a pronoun or the like; a person, with a surname.
_MAY_ASK = _words("am can do i may will")
_GOES_ON = _words("a an he i it my she the they this we you u hurt have need want")
# Between the first name and the surname, these keep their small letters.
_SMALL = _words("van von der den de da di del dos du la bin binti ibn al el y")
_INSIDE = "'’ʼ-‐·\u200c\u200d"
_EMAIL = re.compile(r"[^\s<>()\[\],;:\"“”]+@[^\s<>()\[\],;:\"“”]*")
_DIGITS = re.compile(r"\+?\d[\d\s().\-/]*")


@dataclass(frozen=True)
class Contact:
    """A way to reach somebody: an e-mail address, or a phone number as +44…."""

    kind: Literal["email", "phone"]
    value: str


def read_name(text: str) -> str | None:
    """The name in "my name is asha patel", as "Asha Patel"; None where there is none.

    Takes one to six words in any script; no numbers, addresses, questions or sentences. Capital
    letters stay as they were typed, unless there are none.
    """
    spoken = "".join(c for c in _visible(text) if unicodedata.category(c) != "So" and c != "\ufe0f")
    said = " ".join(spoken.split()).strip('"“”«»()*_ ')
    if "?" in said:
        return None
    said = _ENDING.sub("", _INTRODUCTION.sub("", _GREETING.sub("", said)))
    words = said.split()
    if len(said) > LONGEST_NAME or not 1 <= len(words) <= MOST_WORDS:
        return None
    if not all(_is_name(word) for word in words) or _is_sentence(words):
        return None
    return " ".join(_capital(words)) if said == said.lower() else said


def read_contact(text: str, country: str) -> Contact:
    """The e-mail address or phone number in a message such as "its 07700 900123".

    Normalised: the address with its domain in small letters, the number as +447700900123.
    Numbers without a country code are read as ``country``'s (two letters). Of several, the last
    address counts, else the last number: people correct themselves. Raises ContactNotUnderstood,
    whose words say what is wrong with what was given.
    """
    said = re.sub(r"\s*@\s*", "@", unicodedata.normalize("NFKC", _visible(text)))
    addresses = _EMAIL.findall(said)
    problem = None
    for address in reversed(addresses):
        try:
            return Contact("email", _email(address))
        except EmailNotValidError as error:
            problem = problem or (
                f"That e-mail address does not look complete. {error} It should be like "
                "name@example.org."
            )
    if numbers := list(numbers_in(_EMAIL.sub(" ", said), country)):
        return Contact("phone", numbers[-1])
    raise ContactNotUnderstood(problem or _why_no_number(said, country))


def _email(address: str) -> str:
    # Whether the domain receives mail shows when the mail is sent; nobody waits for that here.
    bare = address.removeprefix("mailto:").strip("'‘’.!?…")
    return validate_email(bare, check_deliverability=False).normalized


def _why_no_number(said: str, country: str) -> str:
    digits = max(_DIGITS.findall(said), key=len, default="").strip(" .-/(")
    if sum(character.isdigit() for character in digits) < 4:
        return (
            "I need an e-mail address or a phone number, so that the clinic can reach you. For "
            "example: name@example.org."
        )
    return (
        f'"{digits}" is not a whole phone number: {fault_of(digits, country).value}. Could you '
        "check it? With the area code, please, or with + and the country code from abroad."
    )


def _visible(text: str) -> str:
    """The text without control characters, and without those that turn the writing round."""
    joiners = "\u200c\u200d"
    kept = (
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or character in joiners or unicodedata.category(character)[0] != "C"
    )
    return "".join(kept)


def _is_name(word: str) -> bool:
    """Letters of any script with their accents, and what joins them; initials end in a dot."""
    word = word.rstrip(",").removesuffix(".")
    return (
        bool(word)
        and word[0].isalpha()
        and any(character.isalpha() for character in word)
        and all(
            character in _INSIDE or character == "." or unicodedata.category(character)[0] in "LM"
            for character in word
        )
    )


def _is_sentence(words: list[str]) -> bool:
    first, *others = (word.lower().strip(".,") for word in words)
    if first in _MAY_ASK and others and others[0] in _GOES_ON:
        return True
    titled = bool(others) and all(word.istitle() for word in words)
    return not (_NO_NAME - _NAMES_TOO if titled else _NO_NAME).isdisjoint([first, *others])


def _capital(words: list[str]) -> Iterator[str]:
    for place, word in enumerate(words):
        if place and word in _SMALL:
            yield word
        else:
            # O'Neil and Ana-María, but not Ma'Amun: an apostrophe counts where it stands second.
            yield re.sub(r"(?:^|(?<=[-‐.])|(?<=^\w['’]))\w", lambda letter: letter[0].title(), word)

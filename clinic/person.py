"""A person's name and contact, as they type them in a chat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email

LONGEST_NAME = 80
MOST_WORDS = 6

_INTRODUCTION = re.compile(
    r"^\W*(?:(?:hi|hello|hey|yes|sure|ok|okay)\b[\s,.!]*)?"
    r"(?:(?:my|the|her|his|full)\s+)*(?:name(?:\s+is|'s|s)?|i\s+am|i['’]?m|it\s+is|it['’]?s|"
    r"this\s+is|call\s+me|under)\b[\s:,]*",
    re.IGNORECASE,
)
_ENDING = re.compile(r"[\s,.!]*(?:\bplease|\bthanks|\bthank you|\bpls)?[\s,.!]*$", re.IGNORECASE)
# Letters of any script, with what stands inside and between the words of a name.
_WORD = r"[^\W\d_](?:[^\W\d_]|['’.\-])*"
_NAME = re.compile(rf"{_WORD}(?:\s+{_WORD})*")
_NO_NAME = re.compile(
    r"\b(?:what|why|how|when|where|who|which|can|could|do|does|is|are|will|would|should|need|want|"
    r"the|your|not|dont|don't|please|no|yes|ok|okay|maybe|nothing|none)\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s<>(),;]+@[^\s<>(),;]*")


@dataclass(frozen=True)
class Contact:
    """A way to reach somebody: an e-mail address, or a phone number as +44…"""

    kind: Literal["email", "phone"]
    value: str


class ContactNotUnderstood(ValueError):
    """No way to reach somebody could be read; ``words`` tell the visitor what is missing."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def read_name(text: str) -> str | None:
    """The name in "my name is asha patel", as "Asha Patel"; None where there is none.

    Names of all scripts are taken, in up to six words; questions, numbers and addresses are not.
    """
    said = _ENDING.sub("", _INTRODUCTION.sub("", text.strip(), count=1)).strip()
    if not said or len(said) > LONGEST_NAME or len(said.split()) > MOST_WORDS:
        return None
    if "?" in text or not _NAME.fullmatch(said) or _NO_NAME.search(said):
        return None
    return said.title() if said.islower() else said


def read_contact(text: str, country: str) -> Contact:
    """The e-mail address or phone number in a message such as "it's 07700 900123".

    Numbers without a country code are read as ``country``'s (two letters). Raises
    ContactNotUnderstood, whose words say what is wrong with what was given.
    """
    if "@" in text:
        return _email(text)
    for match in phonenumbers.PhoneNumberMatcher(
        text, country, leniency=phonenumbers.Leniency.POSSIBLE
    ):
        if _plausible(match.number):
            number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            return Contact("phone", number)
    if sum(character.isdigit() for character in text) >= 5:
        raise ContactNotUnderstood(
            "That does not look like a whole phone number. Could you check it? "
            "With the area code, please."
        )
    raise ContactNotUnderstood(
        "I need an e-mail address or a phone number, so that the clinic can reach you."
    )


def _email(text: str) -> Contact:
    found = _EMAIL.search(text)
    try:
        # Whether the domain receives mail is for the e-mail that is sent to find out.
        given = (found[0] if found else text).rstrip(".")
        address = validate_email(given, check_deliverability=False)
    except EmailNotValidError as error:
        raise ContactNotUnderstood(
            "That e-mail address does not look complete. It should be like name@example.com."
        ) from error
    return Contact("email", address.normalized)


def _plausible(number: phonenumbers.PhoneNumber) -> bool:
    """Valid, or at least as long as a number of its country is.

    The library refuses ranges that it does not know yet, among them the numbers that are kept
    for fiction and tests.
    """
    if phonenumbers.is_valid_number(number):
        return True
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    example = phonenumbers.example_number(region)
    digits = phonenumbers.national_significant_number
    return example is not None and len(digits(number)) == len(digits(example))

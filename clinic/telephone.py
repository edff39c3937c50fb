"""Telephone numbers: found in a sentence, and told apart from what only looks like one."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import phonenumbers
from phonenumbers import Leniency, PhoneNumber, PhoneNumberFormat, PhoneNumberType

_POSSIBLE = phonenumbers.ValidationResult.IS_POSSIBLE


class Fault(Enum):
    """What is wrong with a number that cannot be called."""

    TOO_SHORT = "it is too short"
    TOO_LONG = "it is too long"
    COUNTRY = "I do not know its country code"
    OTHER = "some of its digits cannot be right"


def numbers_in(text: str, country: str) -> Iterator[str]:
    """The numbers in ``text`` that could be called, as +44….

    Those without a country code are read as numbers of ``country`` (two letters).
    """
    for match in phonenumbers.PhoneNumberMatcher(text, country, leniency=Leniency.POSSIBLE):
        if _plausible(match.number):
            yield phonenumbers.format_number(match.number, PhoneNumberFormat.E164)


def fault_of(digits: str, country: str) -> Fault:
    """Why ``digits``, which are no number that could be called, are none."""
    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException as error:
        match error.error_type:
            case error.TOO_LONG:
                return Fault.TOO_LONG
            case error.INVALID_COUNTRY_CODE:
                return Fault.COUNTRY
        return Fault.TOO_SHORT
    length, usual = len(_national(number)), _usual_lengths(number)
    if length < min(usual, default=length):
        return Fault.TOO_SHORT
    return Fault.TOO_LONG if length > max(usual, default=length) else Fault.OTHER


def _plausible(number: PhoneNumber) -> bool:
    """Whether a number could be called: it is valid, or at least as long as they usually are.

    Validity alone would refuse ranges that are newer than the library, and those that are kept
    for fiction and tests, such as Ofcom's 07700 900000 to 900999. Possibility alone would take
    a mobile number that lacks a digit, because some land lines have one less.
    """
    if phonenumbers.is_valid_number(number):
        return True
    if phonenumbers.is_possible_number_with_reason(number) != _POSSIBLE:
        return False
    return len(_national(number)) in _usual_lengths(number)


def _usual_lengths(number: PhoneNumber) -> set[int]:
    """How many digits the land line and mobile numbers of its country have."""
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    kinds = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
    examples = (phonenumbers.example_number_for_type(region, kind) for kind in kinds)
    return {len(_national(example)) for example in examples if example}


def _national(number: PhoneNumber) -> str:
    return str(phonenumbers.national_significant_number(number))


def is_emergency_number(number: str, country: str) -> bool:
    """Whether a telephone in ``country`` (two letters) reaches the emergency services with it."""
    return bool(phonenumbers.is_emergency_number(number.replace(" ", ""), country))

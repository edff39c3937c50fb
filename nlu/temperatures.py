"""Body temperatures as people write them: "38.4", "38 point 4", "100.4F", "temp of 102", "39c".

Pure functions over plain text. A number is read as a temperature where it has a unit, or
where the words around it speak of temperature; a price, an age and a clock time are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FEVER_FROM = 38.0
"""Degrees Celsius from which a temperature is a fever (100.4 °F)."""
COLD_BELOW = 36.0
"""Degrees Celsius below which a baby is too cold."""

_FAHRENHEIT = (93.0, 110.0)
_CELSIUS = (33.0, 43.0)


@dataclass(frozen=True)
class Temperature:
    """A body temperature in degrees Celsius, and where it stands in the text."""

    celsius: float
    start: int
    end: int

    @property
    def is_fever(self) -> bool:
        return self.celsius >= FEVER_FROM

    @property
    def is_cold(self) -> bool:
        return self.celsius < COLD_BELOW


_SPELT = {
    "thirty five": 35, "thirty six": 36, "thirty seven": 37, "thirty eight": 38,
    "thirty nine": 39, "forty": 40, "forty one": 41, "a hundred": 100, "hundred": 100,
    "one hundred": 100, "hundred and one": 101, "a hundred and one": 101, "one hundred one": 101,
    "hundred and two": 102, "a hundred and two": 102, "one hundred and two": 102,
    "hundred and three": 103, "a hundred and three": 103, "one hundred and three": 103,
}  # fmt: skip
_DIGITS = {
    w: n
    for n, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    )
}
_WORD_NUMBER = "|".join(
    name.replace(" ", r"[\s-]+") for name in sorted(_SPELT, key=len, reverse=True)
)
_NUMBER = re.compile(
    rf"""
      (?<![\w£$€#+@.,:/-])
      (?P<n> \d{{2,3}} | \b(?:{_WORD_NUMBER})\b )
      (?: (?: \s*[.,]\s? (?=\d(?!\d\d)) | \s+(?:point|pt)\s+ )
          (?P<decimal> \d{{1,2}} | {"|".join(_DIGITS)} ) )?
      (?P<unit> \s*(?: °\s?[cf]? | º\s?[cf]? | degrees?
                   (?:\s+(?:c|f|celsius|centigrade|fahrenheit)\b)?
                 | degs?\b(?:\s+[cf]\b)? | [cf]\b | celsius | centigrade | fahrenheit ) )?
      (?![\w£$€%]|[:/]\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ABOUT_HEAT = re.compile(
    r"\b(?:temp\w*|tempr\w*|tmp|fever\w*|feaver|thermom\w*|thermometer\w*|reading|reads|"
    r"burning up|hot|forehead|armpit|rectal|degrees|calpol|paracetamol|tylenol|"
    r"(?:running|hitting|spiking|spiked|climbing to|up to|gone to)(?= (?:at |an? |to )?\d))\b",
    re.IGNORECASE,
)
_WEATHER = re.compile(
    r"\b(?:outside|weather|heat ?wave|forecast|humid|humidity|climate|"
    r"(?:it['’]?s|it is|been|so|really) (?:boiling|roasting|baking|scorching|sweltering|hot)"
    r"(?: out| here| today| down here| over here)* in (?!her|him|his|my|the)\w+)\b",
    re.IGNORECASE,
)
_OF_THE_DAY = re.compile(
    r"\b(?:heat ?wave|weather|outside|summer)"
    r"(?:[\s,:-]+(?:here|is|its|of|at|about|around|hitting))*[\s,:-]*$",
    re.IGNORECASE,
)
_NOT_HEAT = re.compile(
    r"^\s*(?:%|weeks?|wks?|days?|months?|mths?|years?|yrs?|yo\b|y/o|min|mins|minutes?|hours?|hrs?|"
    r"pounds?|quid|p\b|kg|lbs?|ml|mg|mm|cm|am|pm|times|spots|bumps|people|milia|st\b|street|road|"
    r"here|outside|out there|in the (?:shade|sun|room|car)|weather|heat ?wave|"
    r"in (?!his|her|hers|the|my|our|their|both|one|each|ears?|armpits?|mouth|an?\b)[a-z]{3,}|"
    r"and a half (?:week|month|year))",
    re.IGNORECASE,
)
_OLD_OR_PAID = re.compile(
    r"(?:\b(?:i['’]?m|i am|aged?|spf|factor|size|nearly|about to be|turn(?:ed|ing)|line|room|bus|"
    r"number|flat|born in|week)|[£$€])\s*$",
    re.IGNORECASE,
)


def find_temperatures(text: str) -> list[Temperature]:
    """All body temperatures in ``text``, in order."""
    found = []
    about_heat = bool(_ABOUT_HEAT.search(text))
    for match in _NUMBER.finditer(text):
        value = _value(match)
        celsius = _celsius(value, match["unit"] or "")
        if celsius is None or _NOT_HEAT.match(text[match.end() :]):
            continue
        before = text[max(0, match.start() - 20) : match.start()]
        if _OLD_OR_PAID.search(before) and not match["unit"]:
            continue
        if _OF_THE_DAY.search(before):
            continue
        sure = match["unit"] or about_heat
        of_a_body = match["decimal"] or re.search(r"[cf]$", match["unit"] or "", re.IGNORECASE)
        if not of_a_body and _WEATHER.search(text[max(0, match.start() - 40) : match.end() + 40]):
            continue
        # "bit snotty, 38.4 just now": nobody is so old, with a decimal.
        if sure or match["decimal"] is not None:
            found.append(Temperature(round(celsius, 2), match.start(), match.end()))
    return found


def _value(match: re.Match[str]) -> float:
    whole = re.sub(r"[\s-]+", " ", match["n"].lower())
    number = float(_SPELT.get(whole) or whole)
    if decimal := match["decimal"]:
        digits = str(_DIGITS.get(decimal.lower(), decimal))
        number += float(f"0.{digits}")
    return number


def _celsius(value: float, unit: str) -> float | None:
    """``value`` in degrees Celsius; None where nobody's body is so warm."""
    unit = unit.lower()
    if "f" in unit or (_FAHRENHEIT[0] <= value <= _FAHRENHEIT[1] and "c" not in unit):
        in_range = _FAHRENHEIT[0] <= value <= _FAHRENHEIT[1]
        return (value - 32) / 1.8 + 1e-6 if in_range else None
    return value if _CELSIUS[0] <= value <= _CELSIUS[1] else None

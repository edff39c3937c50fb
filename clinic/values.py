"""What single values of clinic.yml may be. Each function returns the value, or raises ValueError
with the fix: what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import holidays
import phonenumbers
from email_validator import EmailNotValidError, validate_email

GRIDS = (5, 10, 15, 20, 30, 60)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """'; did you mean "hours"?' where a known word is near, else nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)
    return f'; did you mean "{near[0]}"?' if near else ""


def as_list(value: object) -> object:
    """A list as it is, or the parts of "consultation, curettage"."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def days(value: object) -> tuple[date, date]:
    """The first and the last day of "2026-12-24" or "2026-12-24 to 2027-01-02"."""
    parts = re.split(r"\s+to\s+", str(value).strip())
    try:
        first, last = date.fromisoformat(parts[0]), date.fromisoformat(parts[-1])
    except ValueError:
        parts = []
    if not 1 <= len(parts) <= 2:
        raise ValueError("write a day as 2026-12-24, or several as 2026-12-24 to 2027-01-02")
    if last < first:
        raise ValueError("the last day comes before the first: write the earlier day first")
    return first, last


def five_minutes(value: int) -> int:
    """A number of minutes that appointments can be counted in."""
    if value % 5:
        raise ValueError("take a multiple of 5 minutes, for example 30")
    return value


def grid(value: int) -> int:
    """A number of minutes that divides the hour."""
    if value not in GRIDS:
        raise ValueError(f"take one of {', '.join(map(str, GRIDS))}")
    return value


def email(value: str) -> str:
    """An e-mail address that could exist; whether it does is not looked up."""
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"{error} Write it as name@example.org") from None


def link(value: str) -> str:
    """An address that a browser can open."""
    if not re.fullmatch(r"https?://[^\s/]+\S*", value):
        raise ValueError("write the whole address, for example https://clinic.example")
    return value


def calendar_link(value: str) -> str:
    """The address of a CalDAV calendar; encrypted, unless it is on this machine."""
    parts = urlsplit(value)
    if parts.username or parts.password:
        raise ValueError("leave user and password out of it: they have settings of their own")
    near = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not parts.hostname or parts.scheme not in {"https", "http" if near else "https"}:
        raise ValueError(
            "write the whole address of the calendar, with https, for example "
            "https://calendar.example.org/amara/appointments/"
        )
    return f"{value.rstrip('/')}/"


def variable(value: str) -> str:
    """The name of an environment variable. What is wrong is not repeated: it may be a password."""
    if not re.fullmatch(r"[A-Z][A-Z0-9_]*", value):
        raise ValueError(
            "write the name of the environment variable that holds the password, in capital "
            "letters, for example AMARA_CALENDAR_PASSWORD; the password itself does not belong here"
        )
    return value


def coordinates(value: object) -> tuple[float, float]:
    """Latitude and longitude of "51.5465, -0.1030"."""
    parts = re.fullmatch(r"(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)", str(value).strip())
    if parts is None or abs(float(parts[1])) > 90 or abs(float(parts[2])) > 180:
        raise ValueError("write latitude and longitude in degrees, for example 51.5465, -0.1030")
    return float(parts[1]), float(parts[2])


def origin(value: str) -> str:
    """Where the pages of a site come from, as a browser says it."""
    if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?/?", value.lower()):
        raise ValueError(
            "write scheme and host only, for example https://www.clinic.example (no path)"
        )
    return value.rstrip("/").lower()


def short_number(value: str) -> str:
    """A number to call, as people write it: digits and spaces."""
    if not re.fullmatch(r"\+?\d[\d ]*", value):
        raise ValueError("write digits and spaces only, for example 999")
    return value


def time_zone(value: str) -> str:
    """The name of a zone in the IANA data base."""
    if value not in available_timezones():
        hint = did_you_mean(value, available_timezones()) or "; write it like Europe/London"
        raise ValueError(f"there is no such time zone{hint}")
    return value


def country(value: str) -> str:
    """Two letters for a country whose holidays and telephone numbers are known."""
    if value not in phonenumbers.SUPPORTED_REGIONS or value not in subdivisions():
        raise ValueError(
            "there is no such country: write the two capital letters of ISO 3166, for example GB"
        )
    return value


def subdivisions() -> dict[str, list[str]]:
    """The countries whose holidays are known, each with those of its parts that differ."""
    known: dict[str, list[str]] = holidays.list_supported_countries()
    return known

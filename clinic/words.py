"""Times in words, in the clinic's zone. English names, whatever the machine's language is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic.profile import Clinic
from clinic.spans import WEEKDAYS

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
# Beyond this, a day and a month alone could be taken for those of another year.
YEAR_IS_CLEAR = timedelta(days=183)


def time_in_words(instant: datetime, clinic: Clinic, now: datetime | None = None) -> str:
    """ "Tuesday 24 November at 10:00": day and time of an aware instant, for the clinic.

    With the year where it is more than half a year away from ``now`` (by default the present).
    Raises ValueError for an instant without a zone.
    """
    local = in_zone(instant, clinic)
    far = abs(instant - (now or datetime.now(UTC))) > YEAR_IS_CLEAR
    year = f" {local.year}" if far else ""
    return f"{day_in_words(local)}{year} at {clock(local)}"


def time_elsewhere(instant: datetime, clinic: Clinic, zone: str = "") -> str:
    """The same for somebody in an IANA ``zone``: where clocks there show something else, "Tuesday
    24 November at 10:00, London time". A zone that is none is as good as the clinic's."""
    said = time_in_words(instant, clinic)
    return f"{said}, {zone_in_words(clinic)}" if _clocks_differ(instant, clinic, zone) else said


def zone_in_words(clinic: Clinic) -> str:
    """ "London time"."""
    return f"{clinic.time_zone.rpartition('/')[2].replace('_', ' ')} time"


def _clocks_differ(instant: datetime, clinic: Clinic, zone: str) -> bool:
    try:
        there = aware(instant).astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError):  # no such zone, or none said
        return False
    return there.utcoffset() != in_zone(instant, clinic).utcoffset()


def time_on_button(instant: datetime, clinic: Clinic) -> str:
    """ "Tue 24 Nov, 10:00": the same, for a button."""
    local = in_zone(instant, clinic)
    return f"{weekday(local)[:3]} {local.day} {_month(local)[:3]}, {clock(local)}"


def day_in_words(day: date) -> str:
    """ "Tuesday 24 November"."""
    return f"{weekday(day)} {day.day} {_month(day)}"


def weekday(day: date) -> str:
    """ "Tuesday"."""
    return WEEKDAYS[day.weekday()].capitalize()


def clock(moment: datetime | time) -> str:
    """ "9:00", "14:30"."""
    return f"{moment.hour}:{moment.minute:02}"


def listed(words: Sequence[str], conjunction: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    *others, last = words
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def person_in_words(clinic: Clinic, practitioner: str, otherwise: str | None = None) -> str:
    """A practitioner's name; where they have left since, ``otherwise``, or else their id."""
    known = clinic.practitioners.get(practitioner)
    return known.name if known else otherwise or practitioner


def service_in_words(clinic: Clinic, service: str) -> str:
    """A service's title; its id, where it has been dropped since."""
    known = clinic.services.get(service)
    return known.title if known else service


def in_zone(instant: datetime, clinic: Clinic) -> datetime:
    """What the clinic's calendar and clock show at an aware instant."""
    return aware(instant).astimezone(clinic.zone)


def aware(instant: datetime) -> datetime:
    """The instant, if it has a zone; raises ValueError if it has none."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone: give an aware datetime")
    return instant


def _month(day: date) -> str:
    return MONTHS[day.month - 1]

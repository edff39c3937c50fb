"""Times in words, in the clinic's zone."""

from __future__ import annotations

from datetime import datetime, time

from clinic.profile import Clinic


def clock(moment: datetime | time) -> str:
    """ "9:00", "14:30"."""
    return f"{moment.hour}:{moment.minute:02}"


def time_in_words(instant: datetime, clinic: Clinic) -> str:
    """ "Tuesday 24 November at 10:00": day and time of an aware instant, for the clinic."""
    local = instant.astimezone(clinic.zone)
    return f"{local:%A} {local.day} {local:%B} at {clock(local)}"

"""The clinic's profile: clinic.yml, read and checked."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import holidays
import phonenumbers
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from clinic.errors import ClinicFileError
from clinic.spans import Span, Weekday, read_spans

Words = Annotated[str, Field(min_length=1)]
Spans = Annotated[list[Span], BeforeValidator(read_spans)]
Week = dict[Weekday, Spans]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Closure(_Part):
    """A day on which the clinic is closed besides the public holidays."""

    date: date
    reason: Words


class Service(_Part):
    """What can be booked: its length in minutes, its price in words."""

    title: Words
    minutes: Annotated[int, Field(ge=5, le=480)]
    price: Words


class Practitioner(_Part):
    """Somebody who sees patients: what they do, and when they work (in the clinic's zone)."""

    name: Words
    role: Words
    services: list[str]
    hours: Week


class Booking(_Part):
    """The rules of booking: the grid in minutes, the notice in hours, the horizon in days."""

    grid_minutes: Literal[5, 10, 15, 20, 30, 60] = 15
    notice_hours: Annotated[int, Field(ge=0, le=336)] = 4
    horizon_days: Annotated[int, Field(ge=1, le=366)] = 60


class Emergency(_Part):
    """Numbers to call in the clinic's country."""

    emergency: Words
    advice: Words
    crisis: Words
    crisis_name: Words


class Clinic(_Part):
    """The clinic's own facts. `load_clinic` gives one that has been checked."""

    name: Words
    tagline: Words
    phone: Words
    email: Words
    website: Words
    address: Words
    directions: Words
    country: Words
    subdivision: str | None = None
    time_zone: Words
    hours: Week
    closed_on: list[Closure] = []
    services: dict[str, Service]
    payment: Words
    insurance: Words
    practitioners: dict[str, Practitioner]
    booking: Booking = Booking()
    emergency: Emergency

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def closure(self, day: date) -> str | None:
        """Why the clinic is closed on a day on which it would else be open; None if it is not."""
        for closure in self.closed_on:
            if closure.date == day:
                return closure.reason
        calendar = holidays.country_holidays(self.country, subdiv=self.subdivision, years=day.year)
        holiday: str | None = calendar.get(day)
        return holiday

    @model_validator(mode="after")
    def _consistent(self) -> Clinic:
        faults = [*_unknown_places(self), *_unknown_services(self)]
        if "consultation" not in self.services:
            faults.append("services: add one called consultation; it is what the assistant books")
        for name, service in self.services.items():
            if service.minutes % self.booking.grid_minutes:
                faults.append(
                    f"services.{name}.minutes {service.minutes}: take a multiple of "
                    f"booking.grid_minutes ({self.booking.grid_minutes})"
                )
        if faults:
            raise ValueError("\n".join(faults))
        return self


def load_clinic(path: str | Path = "clinic.yml") -> Clinic:
    """The clinic that the file describes.

    Raises ClinicFileError, one line a fault: the file, the key, the value, and the fix.
    """
    file = Path(path)
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ClinicFileError(
            f"{file}: it could not be read ({error.strerror}). Start the assistant in the folder "
            "that holds it, or name another with CLINIC_FILE."
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise ClinicFileError(
            f"{file}{where}: this is not YAML ({getattr(error, 'problem', error)}). Check the "
            "indentation, and put texts that hold ': ' or '#' in quotes."
        ) from error
    if not isinstance(content, dict):
        raise ClinicFileError(f"{file}: it is empty, or not a list of settings.")
    try:
        return Clinic.model_validate(content)
    except ValidationError as error:
        faults = [line for fault in error.errors() for line in _in_words(fault)]
        raise ClinicFileError("\n".join(f"{file}: {fault}" for fault in faults)) from error


def _in_words(fault: Any) -> list[str]:
    """A fault that pydantic found, as lines for the person who wrote the file."""
    keys = [str(key) for key in fault["loc"] if key != "[key]"]
    key, given = ".".join(keys), fault["input"]
    match fault["type"]:
        case "missing":
            return [
                f"{key}: this setting is missing. Add it; clinic.yml in the repository has one."
            ]
        case "extra_forbidden":
            near = difflib.get_close_matches(keys[-1], _known_keys(), n=1)
            hint = f" Did you mean {near[0]}?" if near else " Remove it."
            return [f"{key}: there is no such setting.{hint}"]
        case "value_error" if not keys:
            return str(fault["ctx"]["error"]).splitlines()
        case "value_error":
            return [f'{key} "{given}": {fault["ctx"]["error"]}']
        case _:
            return [f'{key} "{given}": {fault["msg"]}']


def _known_keys() -> list[str]:
    parts = (Clinic, Closure, Service, Practitioner, Booking, Emergency)
    return [name for part in parts for name in part.model_fields]


def _unknown_places(clinic: Clinic) -> list[str]:
    faults = []
    if clinic.time_zone not in available_timezones():
        near = difflib.get_close_matches(clinic.time_zone, available_timezones(), n=1)
        hint = f"did you mean {near[0]}?" if near else "for example Europe/London"
        faults.append(f'time_zone "{clinic.time_zone}": there is no such zone; {hint}')
    supported = holidays.list_supported_countries()
    if clinic.country not in phonenumbers.SUPPORTED_REGIONS or clinic.country not in supported:
        faults.append(f'country "{clinic.country}": write two capital letters, for example GB')
    elif clinic.subdivision and clinic.subdivision not in supported[clinic.country]:
        known = ", ".join(supported[clinic.country]) or "none"
        faults.append(f'subdivision "{clinic.subdivision}": known for {clinic.country}: {known}')
    return faults


def _unknown_services(clinic: Clinic) -> list[str]:
    return [
        f'practitioners.{name}.services "{service}": there is no such service; services has '
        f"{', '.join(clinic.services)}"
        for name, practitioner in clinic.practitioners.items()
        for service in practitioner.services
        if service not in clinic.services
    ]

"""The clinic's profile: clinic.yml, read and checked."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

import holidays
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from clinic import values
from clinic.errors import ClinicFileError
from clinic.faults import faults_in_words
from clinic.spans import Span, Weekday, read_spans
from clinic.telephone import is_emergency_number, numbers_in
from clinic.yaml_words import NotReadable, read_yaml

# What YAML has for "nothing here".
EMPTY = ("", "~", "null")
CONSULTATION = "consultation"
Patient = Literal["adult", "child", "baby"]
PATIENTS: tuple[Patient, ...] = get_args(Patient)

Words = Annotated[str, Field(min_length=1, max_length=1000)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Week = dict[Weekday, Annotated[list[Span], BeforeValidator(read_spans)]]
ListOf = BeforeValidator(values.as_list)
Number = Annotated[str, AfterValidator(values.short_number)]
Link = Annotated[str, AfterValidator(values.link)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_missing(cls, content: Any) -> Any:
        if not isinstance(content, Mapping):
            return content
        return {key: value for key, value in content.items() if value not in EMPTY}


class Closure(_Part):
    """Days on which the clinic is closed besides the public holidays: first and last."""

    days: Annotated[tuple[date, date], BeforeValidator(values.days)]
    reason: Words


class Service(_Part):
    """What can be booked: how long it takes in minutes, and what it costs, in words."""

    title: Words
    minutes: Annotated[int, Field(ge=5, le=480), AfterValidator(values.five_minutes)]
    price: Words
    description: Words | None = None


class Practitioner(_Part):
    """Somebody who sees patients: whom, for what, and when (in the clinic's zone)."""

    name: Words
    role: Words
    services: Annotated[list[str], ListOf, Field(min_length=1)]
    patients: Annotated[list[Patient], ListOf] = list(PATIENTS)
    hours: Week

    def sees(self, patient: Patient | None) -> bool:
        """Whether they see this kind of patient; true where the kind is not known."""
        return patient is None or patient in self.patients


class Booking(_Part):
    """The rules of booking: the grid in minutes, the notice in hours, the horizon in days."""

    grid_minutes: Annotated[int, AfterValidator(values.grid)] = 15
    notice_hours: Annotated[int, Field(ge=0, le=336)] = 4
    horizon_days: Annotated[int, Field(ge=1, le=366)] = 60


class Emergency(_Part):
    """Numbers to call in the clinic's country."""

    emergency: Number
    advice: Number
    poison: Number
    crisis: Number
    crisis_name: Words
    child_protection: Number | None = None
    child_protection_name: Words | None = None
    domestic_abuse: Number | None = None
    domestic_abuse_name: Words | None = None


class Clinic(_Part):
    """The clinic's own facts. `load_clinic` gives one that has been checked."""

    name: Words
    tagline: Words
    phone: Words
    email: Annotated[str, AfterValidator(values.email)]
    website: Link
    address: Words
    map_link: Link | None = None
    getting_there: Words
    parking: Words
    step_free: Words
    country: Annotated[str, AfterValidator(values.country)]
    subdivision: str | None = None
    time_zone: Annotated[str, AfterValidator(values.time_zone)]
    hours: Week
    closed_on: list[Closure] = []
    services: dict[Id, Service]
    payment: Words
    insurance: Words
    practitioners: Annotated[dict[Id, Practitioner], Field(min_length=1)]
    booking: Booking = Booking()
    emergency: Emergency
    assistant: Literal["on", "off"] = "on"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its hours are written and its times are said."""
        return ZoneInfo(self.time_zone)

    @property
    def directions(self) -> str:
        """How to get there, where to park, and the way in without steps."""
        return f"{self.getting_there} {self.parking} {self.step_free}"

    def practitioner(self, id: str) -> Practitioner:
        """The practitioner called so in clinic.yml; raises KeyError where there is none."""
        return self.practitioners[id]

    def closure(self, day: date) -> str | None:
        """Why the clinic is closed on a day on which it would else be open; None if it is not."""
        for closure in self.closed_on:
            first, last = closure.days
            if first <= day <= last:
                return closure.reason
        return public_holidays(self.country, self.subdivision, day.year).get(day)


def load_clinic(path: str | Path = "clinic.yml") -> Clinic:
    """The clinic that the file describes.

    Raises ClinicFileError, one line a fault: the file, the key, the value, and the fix.
    """
    try:
        return _checked(_content(Path(path)))
    except _Faults as faults:
        raise ClinicFileError(f"{path}: {fault}" for fault in faults.args[0]) from faults.__cause__


@functools.cache
def public_holidays(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """The public holidays of a year with their names.

    A whole year at a time: the library's own calendars, which grow when they are asked, tell one
    thread that there is no holiday while another is still filling in the year.
    """
    return dict(holidays.country_holidays(country, subdivision, years=year, expand=False))


class _Faults(Exception):
    """Lines about what is wrong, without the file's name."""


def _content(file: Path) -> Mapping[str, Any]:
    try:
        content = read_yaml(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _Faults(
            [
                f"it could not be read ({error.strerror}): start the assistant in the folder that "
                "holds it, or name another with CLINIC_FILE"
            ]
        ) from error
    except UnicodeDecodeError as error:
        raise _Faults(["it is not in UTF-8: save it in that encoding"]) from error
    except NotReadable as error:
        raise _Faults([str(error)]) from error
    if not isinstance(content, Mapping):
        raise _Faults(["it is empty, or no list of settings: write lines such as name: Our Clinic"])
    return content


def _checked(content: Mapping[str, Any]) -> Clinic:
    try:
        clinic = Clinic.model_validate(content)
    except ValidationError as error:
        raise _Faults(list(faults_in_words(error, Clinic))) from error
    if found := list(_contradictions(clinic)):
        raise _Faults(found)
    return clinic


def _contradictions(clinic: Clinic) -> Iterator[str]:
    """What is right by itself, but not together with the rest."""
    if not any(numbers_in(clinic.phone, clinic.country)):
        fix = f"this is no number of {clinic.country}: write it with its area code"
        yield f'phone "{clinic.phone}": {fix}'
    if not is_emergency_number(clinic.emergency.emergency, clinic.country):
        fix = f"this is no emergency number of {clinic.country}: write the one that is"
        yield f'emergency.emergency "{clinic.emergency.emergency}": {fix}'
    parts = values.subdivisions()[clinic.country]
    if clinic.subdivision and clinic.subdivision not in parts:
        known = f"take one of {', '.join(parts)}" if parts else "leave it out"
        yield f'subdivision "{clinic.subdivision}": {clinic.country} has no such part: {known}'
    if not any(clinic.hours.values()):
        yield "hours: the clinic never opens: write its hours, for example monday: 09:00-17:30"
    if CONSULTATION not in clinic.services:
        yield f"services: add one called {CONSULTATION}: it is what the assistant books"
    elif not any(CONSULTATION in person.services for person in clinic.practitioners.values()):
        yield f"practitioners: nobody offers a {CONSULTATION}: add it to somebody's services"
    for name, person in clinic.practitioners.items():
        for service in person.services:
            if service not in clinic.services:
                known = ", ".join(clinic.services)
                hint = values.did_you_mean(service, clinic.services) or f": take one of {known}"
                yield f'practitioners.{name}.services "{service}": there is no such service{hint}'

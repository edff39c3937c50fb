"""The clinic's profile: clinic.yml, read and checked."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
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
from clinic.spans import Span, Weekday, on_weekday, read_spans
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
Email = Annotated[str, AfterValidator(values.email)]
Notice = Annotated[int, Field(ge=0, le=336)]
Horizon = Annotated[int, Field(ge=1, le=366)]
Buffer = Annotated[int, Field(ge=0, le=120), AfterValidator(values.five_minutes)]
Kept = Annotated[int, Field(ge=1, le=3650)]


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
    """What is offered: how long it takes and is prepared in minutes, and its price, in words.

    Where ``notice_hours`` or ``horizon_days`` is not given, the clinic's own under ``booking``
    counts. ``daily_cap`` is how many can be booked on a day, with all practitioners together.
    """

    title: Words
    minutes: Annotated[int, Field(ge=5, le=480), AfterValidator(values.five_minutes)]
    price: Words
    description: Words | None = None
    book_online: bool = False
    patients: Annotated[list[Patient], ListOf] = list(PATIENTS)
    buffer_before: Buffer = 0
    buffer_after: Buffer = 0
    notice_hours: Notice | None = None
    horizon_days: Horizon | None = None
    daily_cap: Annotated[int, Field(ge=1, le=200)] | None = None

    @property
    def length(self) -> timedelta:
        """How long the visitor is there."""
        return timedelta(minutes=self.minutes)


class OtherHours(_Part):
    """Days on which somebody works at other hours than usual, or not at all."""

    days: Annotated[tuple[date, date], BeforeValidator(values.days)]
    hours: Annotated[list[Span], BeforeValidator(read_spans)]


class Calendar(_Part):
    """A calendar on a CalDAV server: appointments are pushed there, busy times read from there.

    The password is in the environment, under the name ``password_variable``. An entry ``shows``
    the appointment's reference, or the visitor's name besides.
    """

    url: Annotated[str, AfterValidator(values.calendar_link)]
    user: Words
    password_variable: Annotated[str, AfterValidator(values.variable)]
    shows: Literal["reference", "name"] = "reference"


class Practitioner(_Part):
    """Somebody who sees patients: whom, for what, and when (in the clinic's zone)."""

    name: Words
    role: Words
    services: Annotated[list[str], ListOf, Field(min_length=1)]
    patients: Annotated[list[Patient], ListOf] = list(PATIENTS)
    hours: Week
    exceptions: list[OtherHours] = []
    calendar: Calendar | None = None

    def works_on(self, day: date) -> list[Span]:
        """Their hours on a day: an exception's, else those of the weekday."""
        for exception in self.exceptions:
            first, last = exception.days
            if first <= day <= last:
                return exception.hours
        return on_weekday(self.hours, day)

    def sees(self, patient: Patient | None) -> bool:
        """Whether they see this kind of patient; true where the kind is not known."""
        return patient is None or patient in self.patients


class Booking(_Part):
    """The rules of booking: the grid in minutes, the notice in hours, the horizon in days.

    A chosen time is held for ``hold_minutes``; until ``change_until_hours`` before an appointment
    it can be moved or cancelled without the clinic's people. A freed time is kept for
    ``offer_hours`` for the one on the waiting list to whom it is offered.
    """

    grid_minutes: Annotated[int, AfterValidator(values.grid)] = 15
    notice_hours: Notice = 4
    horizon_days: Horizon = 60
    hold_minutes: Annotated[int, Field(ge=1, le=120)] = 10
    change_until_hours: Annotated[int, Field(ge=0, le=336)] = 24
    offer_hours: Annotated[int, Field(ge=1, le=72)] = 4


class Messages(_Part):
    """Who is written to: the staff's address, and how many hours before a visitor is reminded."""

    staff_email: Email | None = None
    reminder_hours: Annotated[
        list[Annotated[int, Field(ge=1, le=336)]], ListOf, Field(max_length=5)
    ] = [48, 24]


class Retention(_Part):
    """For how many days what visitors have given is kept; see docs/privacy.md."""

    conversations_days: Kept = 30
    appointments_days: Kept = 90
    enquiries_days: Kept = 90
    audit_days: Kept = 730


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


class Chat(_Part):
    """The website's chat: which other sites may show it, and how much one visitor may ask."""

    origins: Annotated[list[Annotated[str, AfterValidator(values.origin)]], ListOf] = []
    longest_message: Annotated[int, Field(ge=100, le=4000)] = 1000
    messages_a_minute: Annotated[int, Field(ge=5, le=100_000)] = 30
    messages_a_minute_from_one_address: Annotated[int, Field(ge=5, le=1_000_000)] = 300
    connections_a_minute_from_one_address: Annotated[int, Field(ge=5, le=1_000_000)] = 300


class Clinic(_Part):
    """The clinic's own facts. `load_clinic` gives one that has been checked."""

    name: Words
    tagline: Words
    phone: Words
    email: Email
    website: Link
    address: Words
    map_link: Link | None = None
    coordinates: Annotated[tuple[float, float], BeforeValidator(values.coordinates)] | None = None
    getting_there: Words
    parking: Words
    step_free: Words
    country: Annotated[str, AfterValidator(values.country)]
    subdivision: str | None = None
    time_zone: Annotated[str, AfterValidator(values.time_zone)]
    spelling: Literal["UK", "US"] = "UK"
    hours: Week
    closed_on: list[Closure] = []
    services: dict[Id, Service]
    payment: Words
    insurance: Words
    practitioners: Annotated[dict[Id, Practitioner], Field(min_length=1)]
    booking: Booking = Booking()
    chat: Chat = Chat()
    messages: Messages = Messages()
    retention: Retention = Retention()
    emergency: Emergency
    assistant: Literal["on", "off"] = "on"

    # A clinic is itself: what is worked out for one is kept for it, and not for its equal.
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its hours are written and its times are said."""
        return ZoneInfo(self.time_zone)

    @property
    def directions(self) -> str:
        """How to get there, where to park, and the way in without steps."""
        return f"{self.getting_there} {self.parking} {self.step_free}"

    @property
    def staff_email(self) -> str:
        """Where the staff's letters go."""
        return self.messages.staff_email or self.email

    def bookable_online(self, patient: Patient | None = None) -> dict[str, Service]:
        """What the assistant itself books for such a patient, the consultation first."""
        return {
            name: service
            for name, service in sorted(
                self.services.items(), key=lambda item: item[0] != CONSULTATION
            )
            if (name == CONSULTATION or service.book_online)
            and (patient is None or patient in service.patients)
        }

    def practitioner(self, id: str) -> Practitioner:
        """The practitioner called so in clinic.yml; raises KeyError where there is none."""
        return self.practitioners[id]

    @property
    def calendars(self) -> dict[str, Calendar]:
        """The practitioners' calendars, of those who have one."""
        people = self.practitioners.items()
        return {name: person.calendar for name, person in people if person.calendar}

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
    for name, offer in clinic.services.items():
        offered = any(name in person.services for person in clinic.practitioners.values())
        if offer.book_online and not offered:
            yield f"services.{name}.book_online: nobody offers it: add it to somebody's services"

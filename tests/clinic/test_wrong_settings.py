"""Every setting of clinic.yml: a wrong value is said with its key, the value and the fix."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from clinic.errors import ClinicFileError
from clinic.profile import Clinic, load_clinic

LONG = "x" * 1001
SHORTER = "write it in at most 1000 characters"
WHOLE = "write a whole number, for example 30"
TIMES = "write times as HH:MM-HH:MM, for example 09:00-13:00"
DAYS = "write a day as 2026-12-24, or several as 2026-12-24 to 2027-01-02"
DIGITS = "write digits and spaces only, for example 999"
YES_OR_NO = "write yes or no"
WHO = "take 'adult', 'child' or 'baby'"
MAIL = "Write it as name@example.org"
ADDRESS = "write the whole address, for example https://clinic.example"
DEGREES = "write latitude and longitude in degrees, for example 51.5465, -0.1030"
FIVE = "take a multiple of 5 minutes, for example 30"


def at_least(number: int) -> str:
    return f"take {number} or more"


def at_most(number: int) -> str:
    return f"take {number} or less"


# The setting, a wrong value, and the fix that is told. A * stands for a name or a place in a list.
WRONG = [
    ("name", LONG, SHORTER),
    ("tagline", LONG, SHORTER),
    ("phone", "12345", "this is no number of GB: write it with its area code"),
    ("email", "hello", MAIL),
    ("website", "larkfield.example", ADDRESS),
    ("address", LONG, SHORTER),
    ("map_link", "the map", ADDRESS),
    ("coordinates", "51.5465", DEGREES),
    ("coordinates", "91.0, 0.1", DEGREES),
    ("coordinates", "north, west", DEGREES),
    ("getting_there", LONG, SHORTER),
    ("parking", LONG, SHORTER),
    ("step_free", LONG, SHORTER),
    ("country", "England", "write the two capital letters of ISO 3166, for example GB"),
    ("subdivision", "LND", "GB has no such part: take one of ENG, NIR, SCT, WLS"),
    ("time_zone", "Europe/Londn", 'did you mean "Europe/London"?'),
    ("spelling", "AU", "take 'UK' or 'US'"),
    ("hours", "always", "write settings under it, each on a line of its own"),
    ("hours.monday", "9-5", TIMES),
    ("closed_on.*.days", "Christmas", DAYS),
    ("closed_on.*.reason", LONG, SHORTER),
    ("services.*.title", LONG, SHORTER),
    ("services.*.minutes", "half an hour", WHOLE),
    ("services.*.minutes", "33", FIVE),
    ("services.*.minutes", "0", at_least(5)),
    ("services.*.minutes", "485", at_most(480)),
    ("services.*.price", LONG, SHORTER),
    ("services.*.description", LONG, SHORTER),
    ("services.*.book_online", "maybe", YES_OR_NO),
    ("services.*.patients", "adult, dog", WHO),
    ("services.*.buffer_before", "-5", at_least(0)),
    ("services.*.buffer_before", "7", FIVE),
    ("services.*.buffer_after", "125", at_most(120)),
    ("services.*.notice_hours", "337", at_most(336)),
    ("services.*.horizon_days", "0", at_least(1)),
    ("services.*.daily_cap", "0", at_least(1)),
    ("services.*.daily_cap", "201", at_most(200)),
    ("payment", LONG, SHORTER),
    ("insurance", LONG, SHORTER),
    ("practitioners.*.name", LONG, SHORTER),
    ("practitioners.*.role", LONG, SHORTER),
    ("practitioners.*.services", "consultatoin", 'did you mean "consultation"?'),
    ("practitioners.*.patients", "dog", WHO),
    ("practitioners.*.hours", "always", "write settings under it, each on a line of its own"),
    ("practitioners.*.exceptions.*.days", "soon", DAYS),
    ("practitioners.*.exceptions.*.hours", "nine", TIMES),
    ("practitioners.*.calendar.url", "http://c.example/a", "with https"),
    ("practitioners.*.calendar.user", LONG, SHORTER),
    ("practitioners.*.calendar.password_variable", "hunter2", "name of the environment variable"),
    ("practitioners.*.calendar.shows", "all", "take 'reference' or 'name'"),
    ("booking.grid_minutes", "7", "take one of 5, 10, 15, 20, 30, 60"),
    ("booking.notice_hours", "-1", at_least(0)),
    ("booking.notice_hours", "soon", WHOLE),
    ("booking.horizon_days", "367", at_most(366)),
    ("booking.hold_minutes", "0", at_least(1)),
    ("booking.change_until_hours", "337", at_most(336)),
    ("booking.offer_hours", "0", at_least(1)),
    ("booking.offer_hours", "73", at_most(72)),
    ("chat.origins", "www.example.org", "write scheme and host only"),
    ("chat.origins", "https://example.org/page", "write scheme and host only"),
    ("chat.longest_message", "99", at_least(100)),
    ("chat.messages_a_minute", "4", at_least(5)),
    ("chat.messages_a_minute_from_one_address", "4", at_least(5)),
    ("chat.connections_a_minute_from_one_address", "1000001", at_most(1_000_000)),
    ("messages.staff_email", "reception", MAIL),
    ("messages.reminder_hours", "48, 0", at_least(1)),
    ("messages.reminder_hours", "48, a day", WHOLE),
    ("retention.conversations_days", "0", at_least(1)),
    ("retention.appointments_days", "3651", at_most(3650)),
    ("retention.enquiries_days", "for ever", WHOLE),
    ("retention.audit_days", "0", at_least(1)),
    ("emergency.emergency", "112233", "this is no emergency number of GB"),
    ("emergency.emergency", "call us", DIGITS),
    ("emergency.advice", "NHS", DIGITS),
    ("emergency.poison", "?", DIGITS),
    ("emergency.crisis", "Samaritans", DIGITS),
    ("emergency.crisis_name", LONG, SHORTER),
    ("emergency.child_protection", "the NSPCC", DIGITS),
    ("emergency.child_protection_name", LONG, SHORTER),
    ("emergency.domestic_abuse", "helpline", DIGITS),
    ("emergency.domestic_abuse_name", LONG, SHORTER),
    ("assistant", "of", "take 'on' or 'off'"),
]
CALENDAR = {"url": "https://c.example/a", "user": "amara", "password_variable": "AMARA"}
# What is given for these may be a password in the wrong place: it is not said again.
NOT_REPEATED = ("url", "password_variable")
IN_THE_FILE = {
    "services.*": "services.extraction",
    "practitioners.*": "practitioners.amara-osei",
    "closed_on.*": "closed_on.0",
    "exceptions.*": "exceptions.0",
}


@pytest.fixture
def faults(tmp_path):
    """What is said of clinic.yml with one setting changed."""

    def said(key: str, value: str) -> list[str]:
        content = yaml.load(Path("clinic.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
        exception = {"days": "2026-12-28", "hours": "10:00-14:00"}
        content["practitioners"]["amara-osei"]["exceptions"] = [exception]
        content["practitioners"]["amara-osei"]["calendar"] = dict(CALENDAR)
        *above, last = key.split(".")
        part: Any = content
        for name in above:
            part = part[int(name)] if name.isdigit() else part[name]
        part[last] = value
        (tmp_path / "clinic.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
        with pytest.raises(ClinicFileError) as error:
            load_clinic(tmp_path / "clinic.yml")
        return [fault.removeprefix(f"{tmp_path}/") for fault in error.value.faults]

    return said


@pytest.mark.parametrize(("setting", "value", "fix"), WRONG)
def test_a_wrong_value_is_said_with_its_key_the_value_and_the_fix(faults, setting, value, fix):
    key = setting
    for pattern, name in IN_THE_FILE.items():
        key = key.replace(pattern, name)
    (fault,) = faults(key, value)
    place = key.replace(".0.", ".1.")  # places are counted from one, as people count
    wrong = [part for part in (value, *value.split(", ")) if f'"{part}": ' in fault]
    assert fault.startswith(f"clinic.yml: {place}")
    if ".calendar." in setting and setting.endswith(NOT_REPEATED):
        assert value not in fault
    else:
        assert wrong, fault
    assert fix in fault


@pytest.mark.parametrize(
    ("setting", "value", "fault"),
    [
        ("messages.reminder_hours", "1, 2, 3, 4, 5, 6", "write at most 5"),
        ("services.extraction.book_online", ["yes"], "write yes or no"),
        ("services.extraction.minutes", "9" * 5000, "write a smaller number"),
        ("closed_on", "never", "write a list, for example [one, two]"),
    ],
)
def test_a_value_of_a_wrong_kind_or_size_is_said_with_its_key_and_the_fix(
    faults, setting, value, fault
):
    (said,) = faults(setting, value)
    assert said.startswith(f"clinic.yml: {setting}")
    assert said.endswith(f": {fault}")


def test_every_setting_that_there_is_has_its_wrong_value():
    tried = {setting for setting, _, _ in WRONG}
    assert sorted(set(settings(Clinic)) - tried) == []


def settings(model: type[BaseModel]) -> Iterator[str]:
    """The names of all settings in a part of the profile."""
    for name, field in model.model_fields.items():
        parts, several = parts_in(field.annotation)
        if not parts:
            yield name
        for part in parts:
            yield from (f"{name}.{'*.' if several else ''}{below}" for below in settings(part))


def parts_in(annotation: Any) -> tuple[list[type[BaseModel]], bool]:
    """The parts that a setting consists of, and whether it holds several of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation], False
    found = [parts_in(one)[0] for one in typing.get_args(annotation)]
    several = typing.get_origin(annotation) in {list, dict}
    return [part for parts in found for part in parts], several

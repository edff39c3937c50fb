"""clinic.yml: what is right is read, and what is wrong is said with its key, value and fix."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from clinic.errors import ClinicFileError
from clinic.profile import load_clinic

GOOD = Path("clinic.yml").read_text(encoding="utf-8")


@pytest.fixture
def load(tmp_path):
    """Reads a clinic.yml of the given words; its faults are said without the folder's name."""

    def read(text):
        file = tmp_path / "clinic.yml"
        file.write_text(text, encoding="utf-8")
        try:
            return load_clinic(file)
        except ClinicFileError as error:
            raise ClinicFileError(
                fault.removeprefix(f"{tmp_path}/") for fault in error.faults
            ) from error

    return read


@pytest.fixture
def faults(load):
    """What is said of clinic.yml with some things changed (None takes one out)."""

    def said(changes):
        content = yaml.load(GOOD, yaml.BaseLoader)
        for keys, value in changes.items():
            *above, last = keys.split(".")
            part = content
            for key in above:
                part = part[key]
            if value is None:
                del part[last]
            else:
                part[last] = value
        with pytest.raises(ClinicFileError) as error:
            load(yaml.safe_dump(content))
        return list(error.value.faults)

    return said


TIMES = "write times as HH:MM-HH:MM, for example 09:00-13:00"
MISSING = "this setting is missing: add it, as the clinic.yml that came with the assistant has it"
INDENTED = "write settings under it, each on a line of its own, indented by two spaces"


@pytest.mark.parametrize(
    ("keys", "value", "fault"),
    [
        ("hours.saturday", "9-13", f'hours.saturday "9-13": {TIMES}'),
        ("hours.saturday", ["09:00"], f"hours.saturday: {TIMES}"),
        (
            "hours.monday",
            "13:00-09:00",
            'hours.monday "13:00-09:00": the end must come after the beginning, '
            "for example 09:00-13:00",
        ),
        (
            "hours.monday",
            "09:00-24:00",
            'hours.monday "09:00-24:00": there is no such time: hours go to 23, minutes to 59',
        ),
        (
            "hours.monday",
            "09:00-13:00, 12:00-14:00",
            'hours.monday "09:00-13:00, 12:00-14:00": the times overlap: write them one after '
            "the other",
        ),
        (
            "hours.monday",
            "09:00-13:00, 13:00-14:00",
            'hours.monday "09:00-13:00, 13:00-14:00": the times touch: write them as one, from '
            "the first to the last",
        ),
        (
            "hours.mondy",
            "09:00-13:00",
            'hours.mondy: there is no such setting; did you mean "monday"?',
        ),
        (
            "hours.xyz",
            "09:00-13:00",
            "hours.xyz: there is no such setting: take 'monday', 'tuesday', 'wednesday', "
            "'thursday', 'friday', 'saturday' or 'sunday'",
        ),
        (
            "hours",
            {"monday": "closed"},
            "hours: the clinic never opens: write its hours, for example monday: 09:00-17:30",
        ),
        ("hours", "always", f'hours "always": {INDENTED}'),
        ("phone", None, f"phone: {MISSING}"),
        ("phone", "", f"phone: {MISSING}"),
        (
            "phone",
            "12345",
            'phone "12345": this is no number of GB: write it with its area code',
        ),
        ("nmae", "x", 'nmae: there is no such setting; did you mean "name"?'),
        ("vibes", "good", "vibes: there is no such setting: remove it"),
        ("name", ["a"], "name: write words after the colon, on the same line"),
        (
            "website",
            "larkfield.example",
            'website "larkfield.example": write the whole address, for example '
            "https://clinic.example",
        ),
        (
            "email",
            "hello",
            'email "hello": An email address must have an @-sign. Write it as name@example.org',
        ),
        (
            "time_zone",
            "Europe/Londn",
            'time_zone "Europe/Londn": there is no such time zone; did you mean "Europe/London"?',
        ),
        (
            "time_zone",
            "GB time",
            'time_zone "GB time": there is no such time zone; write it like Europe/London',
        ),
        (
            "country",
            "England",
            'country "England": there is no such country: write the two capital letters of '
            "ISO 3166, for example GB",
        ),
        (
            "subdivision",
            "LND",
            'subdivision "LND": GB has no such part: take one of ENG, NIR, SCT, WLS',
        ),
        (
            "services.consultation.minutes",
            "half an hour",
            'services.consultation.minutes "half an hour": write a whole number, for example 30',
        ),
        (
            "services.consultation.minutes",
            "33",
            'services.consultation.minutes "33": take a multiple of 5 minutes, for example 30',
        ),
        (
            "services.consultation.pricee",
            "£5",
            'services.consultation.pricee: there is no such setting; did you mean "price"?',
        ),
        ("services.consultation.price", None, f"services.consultation.price: {MISSING}"),
        (
            "services.Big Laser",
            {"title": "x", "minutes": "30", "price": "x"},
            'services.Big Laser "Big Laser": write a short name of small letters, digits and '
            "hyphens",
        ),
        (
            "practitioners.amara-osei.services",
            ["consultatoin"],
            'practitioners.amara-osei.services "consultatoin": there is no such service; '
            'did you mean "consultation"?',
        ),
        (
            "practitioners.amara-osei.services",
            "botox",
            'practitioners.amara-osei.services "botox": there is no such service: take one of '
            "consultation, cryotherapy, curettage, extraction",
        ),
        (
            "practitioners.amara-osei.patients",
            "adult, dog",
            "practitioners.amara-osei.patients.2 \"dog\": take 'adult', 'child' or 'baby'",
        ),
        (
            "practitioners.amara-osei.hours.friday",
            "nine",
            f'practitioners.amara-osei.hours.friday "nine": {TIMES}',
        ),
        ("practitioners", {}, "practitioners: write at least one"),
        (
            "booking.grid_minutes",
            "7",
            'booking.grid_minutes "7": take one of 5, 10, 15, 20, 30, 60',
        ),
        ("booking.notice_hours", "-1", 'booking.notice_hours "-1": take 0 or more'),
        ("booking.horizon_days", "1000", 'booking.horizon_days "1000": take 366 or less'),
        (
            "closed_on",
            [{"days": "2026-12-24", "reason": "x"}, {"days": "Christmas", "reason": "x"}],
            'closed_on.2.days "Christmas": write a day as 2026-12-24, or several as 2026-12-24 '
            "to 2027-01-02",
        ),
        (
            "closed_on",
            [{"days": "2027-01-02 to 2026-12-24", "reason": "x"}],
            'closed_on.1.days "2027-01-02 to 2026-12-24": the last day comes before the first: '
            "write the earlier day first",
        ),
        (
            "closed_on",
            [{"dyas": "2026-12-24", "days": "2026-12-24", "reason": "x"}],
            'closed_on.1.dyas: there is no such setting; did you mean "days"?',
        ),
        ("closed_on", "never", 'closed_on "never": write a list, for example [one, two]'),
        (
            "emergency.crisis",
            "Samaritans",
            'emergency.crisis "Samaritans": write digits and spaces only, for example 999',
        ),
        ("tagline", "x" * 1001, f'tagline "{"x" * 1001}": write it in at most 1000 characters'),
    ],
)
def test_a_fault_names_the_file_the_key_the_value_and_the_fix(faults, keys, value, fault):
    assert faults({keys: value}) == [f"clinic.yml: {fault}"]


CALENDAR = {"url": "https://c.example/a", "user": "amara", "password_variable": "AMARA_PASSWORD"}


def test_a_practitioner_may_have_a_calendar(load):
    content = yaml.load(GOOD, yaml.BaseLoader)
    content["practitioners"]["amara-osei"]["calendar"] = CALENDAR
    settings = load(yaml.safe_dump(content)).calendars["amara-osei"]
    assert (settings.url, settings.shows) == ("https://c.example/a/", "reference")


@pytest.mark.parametrize(
    ("setting", "value", "fault"),
    [
        ("url", "http://c.example/a", "url: write the whole address of the calendar, with https"),
        ("url", "https://me:secret@c.example/a", "url: leave user and password out of it"),
        ("password_variable", "secret", "password_variable: write the name of the environment"),
        ("password", "secret", "password: there is no such setting"),
        ("shows", "all", "shows \"all\": take 'reference' or 'name'"),
    ],
)
def test_a_fault_of_a_calendar_is_said_without_its_password(faults, setting, value, fault):
    (said,) = faults({"practitioners.amara-osei.calendar": {**CALENDAR, setting: value}})
    assert said.startswith(f"clinic.yml: practitioners.amara-osei.calendar.{fault}")
    assert "secret" not in said


def test_a_clinic_in_which_nobody_does_consultations_is_refused(faults):
    changes = {
        f"practitioners.{name}.services": "extraction" for name in ("amara-osei", "tomasz-nowak")
    }
    assert faults(changes) == [
        "clinic.yml: practitioners: nobody offers a consultation: add it to somebody's services"
    ]


def test_a_clinic_without_a_consultation_is_refused(faults):
    assert faults({"services.consultation": None})[0] == (
        "clinic.yml: services: add one called consultation: it is what the assistant books"
    )


def test_every_fault_has_a_line(faults):
    said = faults({"hours.monday": "9-5", "hours.friday": "nine", "phone": None})
    assert [line.split('"')[0] for line in sorted(said)] == [
        "clinic.yml: hours.friday ",
        "clinic.yml: hours.monday ",
        f"clinic.yml: phone: {MISSING}",
    ]


def test_a_missing_file_is_named_with_the_way_out(tmp_path):
    with pytest.raises(ClinicFileError) as error:
        load_clinic(tmp_path / "clinic.yml")
    assert str(error.value) == (
        f"{tmp_path}/clinic.yml: it could not be read (No such file or directory): start the "
        "assistant in the folder that holds it, or name another with CLINIC_FILE"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: A\nphone: [\n", "clinic.yml: line 3: this is not YAML"),
        ("name: A\n\tphone: 1\n", "clinic.yml: line 2: this is not YAML"),
        ("tagline: Milia: treated\n", "clinic.yml: line 1: this is not YAML"),
        (
            "",
            "clinic.yml: it is empty, or no list of settings: write lines such as name: Our Clinic",
        ),
        ("- a\n- b\n", "clinic.yml: it is empty, or no list of settings"),
        (
            "name: A\nphone: B\nname: C\n",
            'clinic.yml: line 3: "name" stands here a second time, after line 1: keep one of the '
            "two, or rename one",
        ),
    ],
    ids=["bracket", "tab", "colon", "empty", "list", "twice"],
)
def test_what_is_not_yaml_is_named_with_its_line(load, text, words):
    with pytest.raises(ClinicFileError) as error:
        load(text)
    assert str(error.value).startswith(words)


def test_two_practitioners_with_one_id_are_refused(load):
    with pytest.raises(ClinicFileError, match='"amara-osei" stands here a second time'):
        load(GOOD.replace("  tomasz-nowak:", "  amara-osei:"))


def test_a_file_in_another_encoding_is_refused(tmp_path):
    file = tmp_path / "clinic.yml"
    file.write_bytes("name: Säntis".encode("latin-1"))
    with pytest.raises(ClinicFileError, match="it is not in UTF-8: save it in that encoding"):
        load_clinic(file)


def test_numbers_are_read_as_they_are_written(load):
    # YAML itself would take 0116 for the octal 78, and 9:30 for 570.
    assert load(GOOD.replace("advice: 111 ", "advice: 0116 ")).emergency.advice == "0116"


def test_an_optional_setting_may_be_empty_or_null(load):
    assert load(GOOD.replace("subdivision: ENG ", "subdivision: ")).subdivision is None
    assert load(GOOD.replace("subdivision: ENG ", "subdivision: null ")).subdivision is None


def test_lists_may_be_written_in_a_row(load):
    clinic = load(GOOD.replace("[consultation, extraction]", "consultation, extraction"))
    assert clinic.practitioner("tomasz-nowak").services == ["consultation", "extraction"]


def test_another_country_has_its_own_holidays_and_numbers(load):
    irish = (
        GOOD.replace("country: GB", "country: IE")
        .replace("subdivision: ENG", "subdivision:")
        .replace("Europe/London", "Europe/Dublin")
        .replace("020 7946 0112", "01 234 5678")
    )
    assert load(irish).closure(date(2027, 3, 17)) == "Saint Patrick's Day"


def test_public_holidays_and_own_closures_close_the_clinic(clinic):
    assert clinic.closure(date(2026, 12, 25)) == "Christmas Day"
    assert clinic.closure(date(2026, 12, 28)) == "Boxing Day (observed)"
    assert clinic.closure(date(2026, 12, 24)) == "Christmas Eve"
    assert clinic.closure(date(2026, 12, 23)) is None


def test_a_closure_of_several_days_closes_each_of_them(load):
    clinic = load(GOOD.replace("days: 2027-06-18", "days: 2027-06-17 to 2027-06-19"))
    closed = [clinic.closure(date(2027, 6, day)) for day in range(16, 21)]
    assert closed == [None, *["staff training"] * 3, None]


def test_the_holidays_of_a_part_of_the_country_are_its_own(load):
    scottish = load(GOOD.replace("subdivision: ENG", "subdivision: SCT"))
    assert scottish.closure(date(2026, 11, 30)) == "Saint Andrew's Day"
    assert scottish.closure(date(2026, 4, 6)) is None


def test_what_the_clinic_gives_away_is_kept_for_fiction(clinic):
    assert clinic.phone.startswith("020 7946 0")
    assert clinic.email.endswith(".example")
    assert ".example" in clinic.website


def test_the_emergency_numbers_are_those_of_the_country(clinic):
    numbers = clinic.emergency
    assert (numbers.emergency, numbers.advice, numbers.poison) == ("999", "111", "111")
    assert (numbers.crisis_name, numbers.crisis) == ("Samaritans", "116 123")


def test_the_zone_is_one_to_reckon_with(clinic):
    assert clinic.zone == ZoneInfo("Europe/London")


def test_directions_say_how_to_come_where_to_park_and_the_way_without_steps(clinic):
    assert clinic.directions == f"{clinic.getting_there} {clinic.parking} {clinic.step_free}"


def test_an_unknown_practitioner_is_a_key_error(clinic):
    with pytest.raises(KeyError):
        clinic.practitioner("nobody")

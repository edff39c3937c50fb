"""clinic.yml: what is right is read, and what is wrong is said with its key, value and fix."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from clinic.errors import ClinicFileError
from clinic.profile import load_clinic

GOOD = yaml.safe_load(Path("clinic.yml").read_text())


@pytest.fixture
def fault(tmp_path):
    """Writes clinic.yml with one thing changed and returns what is said of it."""

    def said(keys, value):
        content = yaml.safe_load(yaml.safe_dump(GOOD))
        *above, last = keys.split(".")
        part = content
        for key in above:
            part = part[key]
        if value is None:
            del part[last]
        else:
            part[last] = value
        file = tmp_path / "clinic.yml"
        file.write_text(yaml.safe_dump(content))
        with pytest.raises(ClinicFileError) as error:
            load_clinic(file)
        return str(error.value).replace(f"{tmp_path}/", "")

    return said


@pytest.mark.parametrize(
    ("keys", "value", "words"),
    [
        (
            "hours.saturday",
            "9-13",
            'clinic.yml: hours.saturday "9-13": write times as HH:MM-HH:MM, for example 09:00-13:00',
        ),
        ("hours.monday", "13:00-09:00", "the end must come after the beginning"),
        ("hours.monday", "09:00-13:00, 12:00-14:00", "the times overlap"),
        ("hours.mondy", "09:00-13:00", "hours.mondy"),
        ("phone", None, "clinic.yml: phone: this setting is missing"),
        ("nmae", "x", "clinic.yml: nmae: there is no such setting. Did you mean name?"),
        (
            "time_zone",
            "Europe/Londn",
            'time_zone "Europe/Londn": there is no such zone; did you mean Europe/London?',
        ),
        ("country", "England", 'country "England": write two capital letters, for example GB'),
        ("subdivision", "LND", 'subdivision "LND": known for GB: ENG'),
        (
            "services.consultation.minutes",
            "half an hour",
            'services.consultation.minutes "half an hour"',
        ),
        ("services.consultation.minutes", 40, "take a multiple of booking.grid_minutes (15)"),
        ("services.consultation", None, "services: add one called consultation"),
        (
            "practitioners.amara-osei.services",
            ["botox"],
            "there is no such service; services has consultation",
        ),
        ("booking.notice_hours", -1, 'booking.notice_hours "-1"'),
        ("closed_on", [{"date": "Christmas", "reason": "x"}], "closed_on.0.date"),
    ],
)
def test_a_fault_names_the_file_the_key_the_value_and_the_fix(fault, keys, value, words):
    assert words in fault(keys, value)


def test_two_faults_are_both_said(fault):
    assert len(fault("hours", {"monday": "9-5", "friday": "nine"}).splitlines()) == 2


def test_a_missing_file_is_named_with_the_way_out(tmp_path):
    with pytest.raises(ClinicFileError, match="could not be read.*CLINIC_FILE"):
        load_clinic(tmp_path / "clinic.yml")


def test_what_is_not_yaml_is_named_with_its_line(tmp_path):
    file = tmp_path / "clinic.yml"
    file.write_text("name: A\nphone: [\n")
    with pytest.raises(ClinicFileError, match="line 3: this is not YAML"):
        load_clinic(file)


def test_an_empty_file_is_said_to_be_empty(tmp_path):
    file = tmp_path / "clinic.yml"
    file.write_text("")
    with pytest.raises(ClinicFileError, match="it is empty"):
        load_clinic(file)


def test_public_holidays_and_own_closures_close_the_clinic(clinic):
    assert clinic.closure(date(2026, 12, 25)) == "Christmas Day"
    assert clinic.closure(date(2026, 12, 24)) == "Christmas Eve"
    assert clinic.closure(date(2026, 12, 23)) is None

"""The kill switch: read again when clinic.yml changes, and steady while it cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.kill_switch import KillSwitch

ON = Path("clinic.yml").read_text()
OFF = ON.replace("\nassistant: on", "\nassistant: off")


@pytest.fixture
def clinic_file(tmp_path):
    file = tmp_path / "clinic.yml"
    file.write_text(ON)
    return file


def test_an_assistant_that_is_on_has_no_notice(clinic_file):
    assert KillSwitch(clinic_file).notice() is None


def test_switching_off_needs_no_restart_and_names_the_numbers(clinic_file):
    switch = KillSwitch(clinic_file)
    assert switch.notice() is None
    clinic_file.write_text(OFF)
    notice = switch.notice()
    assert "[999](tel:999)" in notice
    assert "020 7946 0112" in notice


def test_switching_on_again_needs_no_restart(clinic_file):
    clinic_file.write_text(OFF)
    switch = KillSwitch(clinic_file)
    assert switch.notice()
    clinic_file.write_text(ON)
    assert switch.notice() is None


def test_a_file_that_is_being_written_changes_nothing(clinic_file):
    clinic_file.write_text(OFF)
    switch = KillSwitch(clinic_file)
    assert switch.notice()
    clinic_file.write_text("name: [")
    assert switch.notice()

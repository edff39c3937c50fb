"""The kill switch: read again when the file changes, and steady while it cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from channels.kill_switch import KillSwitch

CLINIC = Path("clinic.yml").read_text(encoding="utf-8")
OFF = CLINIC.replace("assistant: on", "assistant: off")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "clinic.yml"
    path.write_text(CLINIC, encoding="utf-8")
    return path


def write(path, text):
    before = path.stat().st_mtime_ns
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_an_assistant_that_is_on_has_no_notice(file):
    assert KillSwitch(file).notice() is None


def test_it_is_switched_off_without_a_restart(file):
    switch = KillSwitch(file)
    switch.notice()
    write(file, OFF)
    assert "switched off" in switch.notice()
    assert "tel:999" in switch.notice()


def test_it_is_switched_on_again(file):
    switch = KillSwitch(file)
    write(file, OFF)
    switch.notice()
    write(file, CLINIC)
    assert switch.notice() is None


def test_while_the_file_is_broken_what_was_read_last_holds(file):
    switch = KillSwitch(file)
    write(file, OFF)
    switch.notice()
    write(file, "name: [")
    assert "switched off" in switch.notice()

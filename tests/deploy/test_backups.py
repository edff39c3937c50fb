"""Backups are taken by themselves, wherever the assistant runs, and kept for as long as is said."""

from __future__ import annotations

import re
import shlex
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml

from clinic.__main__ import _parser

DOCKERFILE = Path("deploy/Dockerfile").read_text()
SERVICES = yaml.safe_load(Path("deploy/compose/compose.yml").read_text())["services"]
CRON_JOB = next(yaml.safe_load_all(Path("deploy/kubernetes/backup.yaml").read_text()))
POD = CRON_JOB["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def unit(name):
    # strict: a unit may say a thing several times.
    parsed = RawConfigParser(strict=False)
    parsed.read(f"deploy/systemd/{name}")
    return parsed


def commands():
    """The backup command of each schedule, as its program is given it."""
    loop = SERVICES["backup"]["command"][-1]
    return {
        "systemd": shlex.split(unit("milia-backup.service")["Service"]["ExecStart"]),
        "compose": shlex.split(re.search(r"python .*?(?=;)", loop)[0]),
        "kubernetes": POD["containers"][0]["args"],
    }


@pytest.mark.parametrize("where", commands())
def test_the_schedule_calls_the_repositorys_own_command(where):
    given = _parser().parse_args(commands()[where][3:])  # after: python -m clinic
    assert commands()[where][1:3] == ["-m", "clinic"]
    assert given.command == "backup"
    assert given.keep_days == 14


def test_privacy_says_for_how_long_backups_are_kept():
    assert "14 days" in Path("docs/privacy.md").read_text().split("## Backups")[1]


def test_the_timer_makes_up_for_a_night_that_was_missed():
    assert unit("milia-backup.timer")["Timer"]["Persistent"] == "true"


def test_the_folder_of_the_backups_is_the_one_that_can_be_written():
    service = unit("milia-backup.service")["Service"]
    assert commands()["systemd"][4] in service["ReadWritePaths"].split()
    assert f"backups:{commands()['compose'][4]}" in SERVICES["backup"]["volumes"]
    mounts = {mount["mountPath"] for mount in POD["containers"][0]["volumeMounts"]}
    assert commands()["kubernetes"][4] in mounts


def test_a_backup_is_never_taken_by_two_at_once():
    assert CRON_JOB["spec"]["concurrencyPolicy"] == "Forbid"


def test_the_images_pg_dump_is_no_older_than_the_server():
    client = int(re.search(r"postgresql-client-(\d+)", DOCKERFILE)[1])
    server = int(re.search(r"postgres:(\d+)", SERVICES["database"]["image"])[1])
    assert client >= server

"""Setting up says what is missing and what to do, before anything is half done."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from scripts.servers import PROJECT

ENOUGH = "echo 'Filesystem 1M-blocks Used Available'; echo 'disk 99999 0 99999 0% /'"
TOO_LITTLE = "echo 'Filesystem 1M-blocks Used Available'; echo 'disk 99999 0 120 0% /'"


@pytest.fixture
def setup(tmp_path):
    """Runs scripts/setup.sh in a folder and with programs of the test's own."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(PROJECT / "scripts/setup.sh", tmp_path / "scripts")
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for program in ("dirname", "awk", "cut", "du", "rm", "sh"):
        (bin_ / program).symlink_to(shutil.which(program))

    def run(**programs):
        for name, script in {"df": ENOUGH, **programs}.items():
            file = bin_ / name.replace("_", ".")
            file.write_text(f"#!/bin/sh\n{script}\n")
            file.chmod(0o755)
        return subprocess.run(
            [shutil.which("sh"), "scripts/setup.sh"],
            check=False,
            cwd=tmp_path,
            env={"PATH": os.fspath(bin_)},
            capture_output=True,
            text=True,
        )

    return run


def test_too_small_a_disk_is_said_before_anything_is_fetched(setup):
    done = setup(df=TOO_LITTLE, uv="echo fetched >&2")
    assert done.returncode == 1
    assert "has 120 MB free" in done.stderr
    assert "Free some space" in done.stderr
    assert "fetched" not in done.stderr


def test_a_python_that_is_too_old_is_named_with_the_one_that_is_needed(setup):
    done = setup(python3="echo Python 3.9.2", uv="exit 1")
    assert done.returncode == 1
    assert "Python 3.11 is needed" in done.stderr
    assert "this machine has Python 3.9.2" in done.stderr
    assert "apt install" in done.stderr


def test_no_python_at_all_is_said(setup):
    done = setup()
    assert done.returncode == 1
    assert "no Python found. Install Python 3.11" in done.stderr


def test_a_python_without_venv_and_pip_is_told_what_to_install(setup):
    done = setup(python3="exit 1")
    assert done.returncode == 1
    assert "neither venv nor pip" in done.stderr
    assert "python3-venv" in done.stderr


def test_packages_that_cannot_be_installed_leave_a_way_out(setup):
    done = setup(python3="exit 0", uv='[ "$1" = python ]')
    assert done.returncode == 1
    assert "run make again" in done.stderr


def test_what_is_installed_is_said_with_its_size(setup, tmp_path):
    (tmp_path / ".venv").mkdir()
    done = setup(python3="exit 0", uv="exit 0")
    assert done.returncode == 0
    assert ".venv takes" in done.stderr

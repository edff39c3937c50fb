"""docs/faults.md: each fault is guarded by a test that exists, and the words are those said."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from channels.words import apology
from clinic.profile import load_clinic
from scripts.soak_page import missed

PAGE = Path("docs/faults.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## How long")[0]
ROWS = [line for line in TABLE.splitlines() if line.startswith("| ")][1:]
GUARDS = sorted(set(re.findall(r"`(tests/[^`]+\.py::[^`]+)`", PAGE)))


def test_every_fault_has_a_guard():
    assert len(ROWS) >= 12
    assert all("`tests/" in row for row in ROWS)


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_exists(guard):
    file, _, test = guard.partition("::")
    assert f"def {test}(" in Path(file).read_text(encoding="utf-8")


def test_the_apology_is_quoted_as_it_is_said():
    quoted = " ".join(line.lstrip("> ") for line in PAGE.splitlines() if line.startswith(">"))
    assert quoted.split() == apology(load_clinic()).split()


def test_the_soak_that_is_kept_found_nothing_amiss():
    assert missed(json.loads(Path("docs/soak.json").read_text(encoding="utf-8"))) == []

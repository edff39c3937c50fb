"""The hazard log: each control is guarded by a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LOG = Path("docs/safety.md").read_text(encoding="utf-8")
GUARDS = re.findall(r"`(tests/[^`]+)`", LOG.partition("## Hazard log")[2])


def test_every_hazard_has_a_guard():
    log = LOG.partition("## Hazard log")[2]
    rows = [line for line in log.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 10
    assert all("`tests/" in row for row in rows)


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_exists(guard):
    file, _, test = guard.partition("::")
    assert Path(file).is_file()
    assert not test or f"def {test}(" in Path(file).read_text(encoding="utf-8")

"""Only a time zone that there is goes on to the assistant."""

from __future__ import annotations

import pytest

from channels.zones import known_zone


def test_a_zone_that_there_is_is_known():
    assert known_zone("America/Argentina/Buenos_Aires") == "America/Argentina/Buenos_Aires"


@pytest.mark.parametrize("said", ["Mars/Base", "../../etc/passwd", "", None, 7, ["UTC"], "x" * 999])
def test_anything_else_is_not(said):
    assert known_zone(said) == ""

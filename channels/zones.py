"""The visitor's time zone, as the browser says it."""

from __future__ import annotations

import functools
from zoneinfo import available_timezones


def known_zone(said: object) -> str:
    """An IANA zone, such as Europe/Paris; "" for anything else, which is then not passed on."""
    return said if isinstance(said, str) and said in _zones() else ""


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())

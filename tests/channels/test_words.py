"""What the gateway says of its own."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from channels.words import open_or_closed
from clinic.profile import load_clinic

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ((2026, 11, 25, 10, 0), "Open until 17:30"),
        ((2026, 11, 25, 20, 0), "Closed, opens tomorrow 9:00. I can still answer and book."),
        ((2026, 11, 25, 7, 0), "Closed, opens today 9:00. I can still answer and book."),
        ((2026, 11, 28, 15, 0), "Closed, opens Monday 9:00. I can still answer and book."),
    ],
)
def test_the_header_says_whether_the_clinic_is_open(at, words):
    assert open_or_closed(load_clinic(), datetime(*at, tzinfo=LONDON)) == words

"""What a calendar's entries say about when its owner is busy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
import structlog
from icalendar import Calendar

from clinic.spans import Interval

log = structlog.get_logger()

# For a time that an entry spends with nobody: it stands in no one's way.
FREE = ("TRANSPARENT", "CANCELLED")


def busy_in(
    calendars: Iterable[str],
    reach: Interval,
    zone: ZoneInfo,
    is_ours: Callable[[str], bool] = lambda uid: False,
) -> list[Interval]:
    """The busy times (UTC) of iCalendar texts that touch ``reach``, in order.

    What repeats is expanded. A whole day is from midnight to midnight in ``zone``, in which times
    without a zone are read too. Left out are entries that are cancelled or marked as free, and
    those whose UID ``is_ours``: the appointments, which the clinic itself knows better.
    """
    found = set()
    for text in calendars:
        for event in _expanded(text, reach):
            if is_ours(str(event.get("UID", ""))) or _leaves_free(event):
                continue
            begins, ends = _instant(event.start, zone), _instant(event.end, zone)
            if begins < ends:
                found.add((begins, ends))
    return sorted(found)


def _expanded(text: str, reach: Interval) -> list[Any]:
    try:
        return recurring_ical_events.of(Calendar.from_ical(text)).between(*reach)
    except ValueError:  # one entry that nobody can read must not hide the others
        log.warning("calendar.entry_not_read")
        return []


def _leaves_free(event: Any) -> bool:
    return any(str(event.get(name, "")).upper() in FREE for name in ("TRANSP", "STATUS"))


def _instant(when: date, zone: ZoneInfo) -> datetime:
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(0))
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)


def around(now: datetime, days: int) -> Interval:
    """From a day before to ``days`` and one more ahead: whatever can be booked lies within."""
    return now - timedelta(days=1), now + timedelta(days=days + 1)

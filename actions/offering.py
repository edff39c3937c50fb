"""Offering times: the nearest free ones, as the visitor wishes for them, and as buttons."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from rasa_sdk import Tracker

from actions.clinic import now, the_clinic, the_storage
from actions.reading import instant, text
from clinic.asked_time import Chosen, Wished, asked_time
from clinic.free_times import FreeTime, Wanted, free_times
from clinic.words import in_zone, time_elsewhere

TIMES_OFFERED = 3
MOST_WORDS_OF_A_TIME = 4


def offers(tracker: Tracker, wanted: Wanted) -> list[FreeTime]:
    """The times on offer: the nearest that the visitor wishes for, else the nearest there are."""
    begins = instant(tracker.get_slot("times_from"))
    wish = wish_from(tracker.get_slot("times_wish"))
    return _free(wanted, begins, wish) or _free(wanted, begins) or _free(wanted)


def asked(tracker: Tracker, wanted: Wanted) -> Chosen | Wished | None:
    """The time that the visitor typed, read against the times on offer."""
    offered = [offer.starts_at for offer in offers(tracker, wanted)]
    clinic = the_clinic()
    found = asked_time(text(tracker), offered, clinic.zone, now(), clinic.country)
    if isinstance(found, Wished) and found.exact and is_free(wanted, found.after):
        return Chosen(found.after)
    return found


def names_only_a_time(tracker: Tracker) -> bool:
    """Whether a short message is a time and no question, whatever the classifier takes it for:
    "in three weeks" looks much like "how long", until one knows what was asked."""
    said = text(tracker)
    short = len(said.split()) <= MOST_WORDS_OF_A_TIME and "?" not in said
    clinic = the_clinic()
    return short and asked_time(said, [], clinic.zone, now(), clinic.country) is not None


def is_free(wanted: Wanted, starts_at: datetime) -> bool:
    """Whether exactly this time can be had."""
    nearest = _free(wanted, starts_at)
    return bool(nearest) and nearest[0].starts_at == starts_at


def slots_for(wished: Wished) -> dict[str, Any]:
    """What is remembered of a wish for other times."""
    hours = [clock.isoformat() for clock in wished.hours]
    return {
        "times_from": wished.after.isoformat(),
        "times_wish": {"hours": hours, "weekdays": sorted(wished.weekdays)},
    }


def wish_from(remembered: Any) -> Wished | None:
    """The wish that `slots_for` remembered; none where nothing is."""
    if not remembered:
        return None
    begins, ends = (time.fromisoformat(clock) for clock in remembered["hours"])
    return Wished(now(), hours=(begins, ends), weekdays=frozenset(remembered["weekdays"]))


def time_buttons(offered: list[FreeTime], slot: str, zone: str = "") -> list[dict[str, str]]:
    """A button for each time, said for a visitor in ``zone``, one for later times and one for
    another day."""
    buttons = [
        button(time_elsewhere(offer.starts_at, the_clinic(), zone), slot, offer.starts_at)
        for offer in offered
    ]
    first_day = in_zone(offered[0].starts_at, the_clinic()).date()
    next_day = datetime.combine(first_day + timedelta(days=1), time(0), the_clinic().zone)
    return [
        *buttons,
        button("Later times", "times_from", offered[-1].ends_at),
        button("Another day", "times_from", next_day),
    ]


def button(title: str, slot: str, value: datetime) -> dict[str, str]:
    """A button that gives a slot an instant."""
    return {"title": title, "payload": f'/inform{{"{slot}": "{value.isoformat()}"}}'}


def _free(
    wanted: Wanted, from_time: datetime | None = None, wish: Wished | None = None
) -> list[FreeTime]:
    return free_times(
        the_storage(),
        the_clinic(),
        wanted,
        now(),
        from_time=from_time,
        limit=TIMES_OFFERED,
        wish=wish.fits if wish else None,
    )

"""A time that somebody has chosen is theirs for some minutes, while they give the rest."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from clinic.appointments import ATTEMPTS, offers_for, refusal
from clinic.diary import NotFree, drop_hold, hold_for
from clinic.errors import Collision, DiaryUnreachable, TimeNotOffered, TimeTaken
from clinic.free_times import FreeTime, Wanted
from clinic.profile import Clinic
from clinic.storage import Storage, writing
from clinic.tables import holds


def hold(
    storage: Storage,
    clinic: Clinic,
    wanted: Wanted,
    starts_at: datetime,
    now: datetime,
    minutes: int | None = None,
) -> FreeTime:
    """Holds a time for ``wanted.holder``, in place of what they held before, and says with whom.

    After ``minutes`` (by default those of clinic.yml) it is free again by itself. Raises
    TimeTaken or TimeNotOffered, with the nearest free times; what was held before is then still
    held.
    """
    if wanted.holder is None:
        raise ValueError("a hold needs a holder")
    offers = offers_for(clinic, wanted, starts_at, now)
    expires = now + timedelta(minutes=minutes or clinic.booking.hold_minutes)
    for offer in offers:
        try:
            return _hold(storage, clinic, wanted, offer, (now, expires))
        except NotFree:
            continue
    raise refusal(TimeTaken if offers else TimeNotOffered, storage, clinic, wanted, starts_at, now)


def let_go(storage: Storage, holder: str) -> None:
    """Frees what somebody holds, if anything."""
    with writing(storage) as transaction:
        drop_hold(transaction, holder)


def forget_expired(storage: Storage, now: datetime) -> None:
    """Deletes the holds that are over. They stand in nobody's way before, either."""
    with writing(storage) as transaction:
        transaction.execute(delete(holds).where(holds.c.expires_at <= now))


def _hold(
    storage: Storage,
    clinic: Clinic,
    wanted: Wanted,
    offer: FreeTime,
    span: tuple[datetime, datetime],
) -> FreeTime:
    now, expires = span
    for _ in range(ATTEMPTS):
        try:
            with writing(storage) as transaction:
                holder = wanted.holder or ""
                drop_hold(transaction, holder)
                hold_for(transaction, clinic, wanted.service, offer, (holder, expires), now)
                return offer
        except Collision:
            continue
    raise DiaryUnreachable

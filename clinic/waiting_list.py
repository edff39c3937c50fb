"""The waiting list: who would like a time that is not free, in the order in which they came.

To join is to be written to when a time becomes free, so it takes an e-mail address; not so on
Telegram, where the offer comes in the chat. How a freed time goes along the list is in
`clinic.waiting_offers`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from clinic.appointments import ATTEMPTS, new_reference
from clinic.asked_time import ALL_DAY, Wished
from clinic.audit import record
from clinic.errors import DiaryUnreachable
from clinic.letters import clinic_words, filled, on_telegram
from clinic.outbox import put
from clinic.person import Contact
from clinic.profile import Clinic, Patient
from clinic.storage import Storage, reading, writing
from clinic.tables import wait_list
from clinic.words import clock, day_in_words, in_zone, listed

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True)
class WaitingRequest:
    """What a visitor waits for: a service, for a kind of patient, at times that suit.

    Raises ValueError for who can be written to neither by e-mail nor on Telegram.
    """

    service: str
    patient: Patient
    suits: Wished
    name: str
    contact: Contact
    sender: str
    consented_at: datetime

    def __post_init__(self) -> None:
        if self.contact.kind != "email" and not on_telegram(self.sender):
            raise ValueError("the waiting list writes letters: it needs an e-mail address")


@dataclass(frozen=True)
class Wish:
    """An entry of the waiting list; its times are aware, in UTC."""

    id: int
    reference: str
    service: str
    patient: Patient
    from_time: datetime
    until_time: datetime
    name: str
    contact: Contact
    sender: str
    created_at: datetime
    consented_at: datetime | None
    suits: Wished

    def fits(self, starts_at: datetime, clinic: Clinic) -> bool:
        """Whether a time is one that this visitor waits for."""
        within = self.from_time <= starts_at <= self.until_time
        return within and self.suits.fits(in_zone(starts_at, clinic))


def join(storage: Storage, clinic: Clinic, request: WaitingRequest, now: datetime) -> Wish:
    """Puts somebody on the list, and writes to them that they are, if they left an address.

    Who is on it for the same already keeps their place, and waits for the times named now.
    Raises DiaryUnreachable where the database does not answer.
    """
    horizon = clinic.services[request.service].horizon_days or clinic.booking.horizon_days
    suits = {
        "hours": [at.isoformat() for at in request.suits.hours],
        "weekdays": sorted(request.suits.weekdays),
    }
    values = {
        "from_time": max(request.suits.after, now),
        "until_time": now + timedelta(days=horizon),
        "wish": suits,
        "name": request.name,
        "sender": request.sender,
        "consented_at": request.consented_at,
    }
    for _ in range(ATTEMPTS):
        try:
            return _save(storage, clinic, request, values, now)
        except IntegrityError:  # the same visitor in another tab, or by chance the same reference
            continue
    raise DiaryUnreachable


def waiting(storage: Storage, sender: str | None = None) -> list[Wish]:
    """The list, whoever came first first; or what is on it from one conversation."""
    query = select(wait_list).order_by(wait_list.c.id)
    if sender is not None:
        query = query.where(wait_list.c.sender == sender)
    with reading(storage) as connection:
        return [as_wish(row) for row in connection.execute(query)]


def wish_of(storage: Storage, reference: str) -> Wish | None:
    """The entry of a reference, if it is on the list."""
    query = select(wait_list).where(wait_list.c.reference == reference)
    with reading(storage) as connection:
        row = connection.execute(query).one_or_none()
    return as_wish(row) if row else None


def as_wish(row: Any) -> Wish:
    """The entry of a row of the table."""
    known = row.wish or {"hours": [at.isoformat() for at in ALL_DAY], "weekdays": range(7)}
    begins, ends = (time.fromisoformat(at) for at in known["hours"])
    suits = Wished(row.from_time, hours=(begins, ends), weekdays=frozenset(known["weekdays"]))
    values = {
        field.name: getattr(row, field.name) for field in fields(Wish) if field.name != "suits"
    }
    return Wish(**values | {"contact": Contact(row.contact_kind, row.contact), "suits": suits})


def suits_in_words(clinic: Clinic, suits: Wished, now: datetime) -> str:
    """ "any time", "from Monday 30 November on, from 17:00, on Saturdays and Sundays"."""
    begins, ends = suits.hours
    words = []
    if suits.after > now:
        words.append(f"from {day_in_words(in_zone(suits.after, clinic))} on")
    if begins > time(0):
        words.append(f"from {clock(begins)}")
    if ends < time(23, 59):
        words.append(f"until {clock(ends)}")
    if len(suits.weekdays) < 7:
        words.append(f"on {listed([WEEKDAYS[number] for number in sorted(suits.weekdays)])}")
    return ", ".join(words) or "any time"


def _save(
    storage: Storage,
    clinic: Clinic,
    request: WaitingRequest,
    values: dict[str, Any],
    now: datetime,
) -> Wish:
    same = (
        wait_list.c.contact == request.contact.value,
        wait_list.c.service == request.service,
        wait_list.c.patient == request.patient,
    )
    with writing(storage) as transaction:
        if not transaction.execute(update(wait_list).where(*same).values(values)).rowcount:
            new = {
                "reference": new_reference("WL"),
                "service": request.service,
                "patient": request.patient,
                "contact_kind": request.contact.kind,
                "contact": request.contact.value,
                "created_at": now,
            }
            transaction.execute(insert(wait_list).values(values | new))
        wish = as_wish(transaction.execute(select(wait_list).where(*same)).one())
        record(transaction, now, "visitor", "waits", wish.reference)
        if wish.contact.kind == "email":
            key, letter = f"{wish.reference} joined {now.isoformat()}", _letter(clinic, wish, now)
            put(transaction, key, "email", letter, now, wish_id=wish.id)
    return wish


def _letter(clinic: Clinic, wish: Wish, now: datetime) -> dict[str, Any]:
    values = clinic_words(clinic) | {
        "name": wish.name,
        "suits": suits_in_words(clinic, wish.suits, now),
        "hours": clinic.booking.offer_hours,
        "reference": wish.reference,
    }
    until = wish.until_time.isoformat()
    link = {"page": "waiting-list", "about": wish.reference, "until": until}
    return filled("waiting", values) | {"to": wish.contact.value, "link": link}

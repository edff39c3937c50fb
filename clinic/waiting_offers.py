"""A freed time on its way along the waiting list.

It is offered to the first whom it suits, in the transaction that frees it, and held for them: so
nobody else can take it in between, and no two people ever have it. Who declines it or lets the
hours pass keeps their place for other times, and the time goes to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from clinic.appointments import BOOKED, Appointment, BookingRequest, book, booked_with, offers_for
from clinic.audit import Who, record
from clinic.diary import NotFree, drop_hold, hold_for
from clinic.errors import OfferOver, TimeTaken
from clinic.free_times import Wanted, bookable
from clinic.letters import clinic_words, filled, offer_on_telegram, on_telegram
from clinic.outbox import put
from clinic.profile import Clinic
from clinic.storage import Storage, reading, writing
from clinic.tables import appointments, wait_list, waiting_offers
from clinic.waiting_list import Wish, as_wish
from clinic.words import in_zone, time_in_words

OPEN, ACCEPTED, DECLINED, EXPIRED = "open", "accepted", "declined", "expired"
# Nobody is asked to answer in the night.
MORNING, EVENING = time(8), time(21)
# A time that leaves less to answer in is offered to nobody.
SHORTEST = timedelta(minutes=30)
# Held for a little longer than it is offered, until the worker has passed it on.
PASSING = timedelta(minutes=5)


@dataclass(frozen=True)
class Offer:
    """A freed time that was offered to somebody: held for them until ``expires_at`` if open."""

    id: int
    practitioner: str
    starts_at: datetime
    expires_at: datetime
    state: str
    wish: Wish | None

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.state == OPEN and self.wish is not None and now < self.expires_at


def pass_along(
    transaction: Connection,
    clinic: Clinic,
    practitioner: str,
    starts_at: datetime,
    now: datetime,
    given_up_by: str | None = None,
) -> None:
    """Offers a time that is free to the next whom it suits, if there is one.

    Nobody is offered the same time twice, more than one at once, or what they have just
    ``given_up`` themselves (a contact).
    """
    for wish in _next(transaction, practitioner, starts_at):
        if wish.contact.value == given_up_by or not wish.fits(starts_at, clinic):
            continue
        until = answer_by(clinic, wish.service, starts_at, now)
        if until is None:
            continue
        try:
            with transaction.begin_nested():
                _offer(transaction, clinic, wish, (practitioner, starts_at, until), now)
            return
        except (NotFree, IntegrityError):  # their service takes longer, or they have an offer
            continue


def pass_on(storage: Storage, clinic: Clinic, now: datetime) -> int:
    """Passes on the times whose hours are over, and those of people who were erased; returns how
    many."""
    query = select(waiting_offers).where(
        waiting_offers.c.state == OPEN,
        (waiting_offers.c.expires_at <= now) | waiting_offers.c.wish_id.is_(None),
    )
    with reading(storage) as connection:
        over = connection.execute(query).all()
    for row in over:
        with writing(storage) as transaction:
            _close(transaction, clinic, row, EXPIRED, now, "worker")
    return len(over)


def accept(
    storage: Storage, clinic: Clinic, number: int, now: datetime, who: Who = "visitor"
) -> Appointment:
    """Books the time that was offered; who accepts twice books once. They leave the list.

    Raises OfferOver where it is no longer kept for them, and TimeNotOffered where the clinic no
    longer offers the time.
    """
    key = offer_key(number)
    if earlier := booked_with(storage, key):
        return earlier
    offer = offer_of(storage, number)
    if offer is None or offer.wish is None or not offer.is_open(now):
        raise OfferOver
    wish = offer.wish
    request = BookingRequest(
        service=wish.service,
        starts_at=offer.starts_at,
        patient=wish.patient,
        name=wish.name,
        contact=wish.contact,
        idempotency_key=key,
        sender=wish.sender,
        practitioner=offer.practitioner,
        consented_at=wish.consented_at,
        holder=key,
    )
    try:
        return book(storage, clinic, request, now, also=partial(_accepted, number, wish, now, who))
    except TimeTaken as error:  # declined in another tab just now, and held for the next
        raise OfferOver from error


def offer_key(number: int) -> str:
    """The idempotency key with which an offer is booked, and who holds its time until then."""
    return f"offer {number}"


def decline(
    storage: Storage, clinic: Clinic, number: int, now: datetime, who: Who = "visitor"
) -> bool:
    """Gives the time to the next; false where it is no longer theirs to give."""
    with writing(storage) as transaction:
        query = select(waiting_offers).where(waiting_offers.c.id == number)
        row = transaction.execute(query).one_or_none()
        return row is not None and _close(transaction, clinic, row, DECLINED, now, who)


def leave(
    storage: Storage, clinic: Clinic, reference: str, now: datetime, who: Who = "visitor"
) -> bool:
    """Takes somebody off the list, and passes on what they were offered; false where nobody of
    this reference is on it."""
    with writing(storage) as transaction:
        found = select(wait_list.c.id).where(wait_list.c.reference == reference)
        number = transaction.execute(found).scalar_one_or_none()
        if number is None:
            return False
        theirs = select(waiting_offers).where(waiting_offers.c.wish_id == number)
        for row in transaction.execute(theirs).all():
            _close(transaction, clinic, row, DECLINED, now, who)
        transaction.execute(delete(wait_list).where(wait_list.c.id == number))
        record(transaction, now, who, "left", reference)
    return True


def offer_of(storage: Storage, number: int) -> Offer | None:
    """The offer of a number, if there is one."""
    return next(iter(_offers(storage, waiting_offers.c.id == number)), None)


def open_offers(storage: Storage) -> dict[int, Offer]:
    """What is offered just now, by the id of the entry on the list."""
    offers = _offers(storage, waiting_offers.c.state == OPEN)
    return {offer.wish.id: offer for offer in offers if offer.wish}


def free_what_is_erased(transaction: Connection, which: Any, now: datetime) -> None:
    """Has the worker pass on the times of the appointments that are about to be erased."""
    query = select(appointments.c.practitioner, appointments.c.starts_at).where(
        which, appointments.c.status == BOOKED, appointments.c.starts_at > now
    )
    for practitioner, starts_at in transaction.execute(query).all():
        values = {"practitioner": practitioner, "starts_at": starts_at, "expires_at": now}
        transaction.execute(insert(waiting_offers).values(values))


def answer_by(clinic: Clinic, service: str, starts_at: datetime, now: datetime) -> datetime | None:
    """Until when a time is kept for the one it is offered to now; None where that is too short.

    The hours of the night do not count, and the service's notice must be left.
    """
    begins = _by_day(clinic, now)
    notice = bookable(clinic, now, service)[0] - now
    ends = min(begins + timedelta(hours=clinic.booking.offer_hours), starts_at - notice)
    return ends if ends - begins >= SHORTEST else None


def _by_day(clinic: Clinic, now: datetime) -> datetime:
    """Now, or where it is night, the morning."""
    local = in_zone(now, clinic)
    if MORNING <= local.time() < EVENING:
        return now
    day = local.date() + timedelta(days=local.time() >= EVENING)
    return datetime.combine(day, MORNING, clinic.zone).astimezone(now.tzinfo)


def _offers(storage: Storage, which: Any) -> list[Offer]:
    with reading(storage) as connection:
        rows = connection.execute(select(waiting_offers).where(which)).all()
        theirs = select(wait_list).where(wait_list.c.id.in_([row.wish_id for row in rows]))
        wishes = {row.id: as_wish(row) for row in connection.execute(theirs)}
    return [
        Offer(
            id=row.id,
            practitioner=row.practitioner,
            starts_at=row.starts_at,
            expires_at=row.expires_at,
            state=row.state,
            wish=wishes.get(row.wish_id),
        )
        for row in rows
    ]


def _next(transaction: Connection, practitioner: str, starts_at: datetime) -> list[Wish]:
    """Who waits and has neither had this time nor another just now; whoever came first first."""
    offered = select(waiting_offers.c.id).where(
        waiting_offers.c.wish_id == wait_list.c.id,
        (waiting_offers.c.state == OPEN)
        | (
            (waiting_offers.c.practitioner == practitioner)
            & (waiting_offers.c.starts_at == starts_at)
        ),
    )
    query = select(wait_list).where(
        wait_list.c.from_time <= starts_at,
        wait_list.c.until_time >= starts_at,
        ~offered.exists(),
    )
    return [as_wish(row) for row in transaction.execute(query.order_by(wait_list.c.id))]


def _offer(
    transaction: Connection,
    clinic: Clinic,
    wish: Wish,
    what: tuple[str, datetime, datetime],
    now: datetime,
) -> None:
    practitioner, starts_at, until = what
    wanted = Wanted(wish.service, wish.patient, practitioner)
    offered = offers_for(clinic, wanted, starts_at, now)
    if not offered:  # nobody works then any more, or not for this service
        raise NotFree
    values = {"practitioner": practitioner, "starts_at": starts_at, "expires_at": until}
    row = insert(waiting_offers).values(**values, wish_id=wish.id)
    number = transaction.execute(row).inserted_primary_key[0]
    holder = (offer_key(number), until + PASSING)
    hold_for(transaction, clinic, wish.service, offered[0], holder, now)
    record(transaction, now, "worker", "offered", wish.reference)
    _write(transaction, clinic, wish, what, number, now)


def _write(
    transaction: Connection,
    clinic: Clinic,
    wish: Wish,
    what: tuple[str, datetime, datetime],
    number: int,
    now: datetime,
) -> None:
    """Tells of the offer by letter, and in the chat of who joined the list on Telegram."""
    key, words = f"{wish.reference} offer {number}", _words(clinic, wish, what, now)
    passed_on = {"too_late": what[2].isoformat()}
    if wish.contact.kind == "email":
        # Until then, and not until it is answered: the page says what has become of it.
        link = {"page": "offer", "about": str(number), "until": what[1].isoformat()}
        letter = filled("offer", words) | {"to": wish.contact.value, "link": link} | passed_on
        put(transaction, key, "email", letter, now, wish_id=wish.id)
    if on_telegram(wish.sender):  # where it would ring: not in the night
        chat = offer_on_telegram(wish.sender, words, number) | passed_on
        morning = _by_day(clinic, now)
        key = f"{key} in the chat"
        put(transaction, key, "telegram", chat, now, due_at=morning, wish_id=wish.id)


def _accepted(number: int, wish: Wish, now: datetime, who: Who, transaction: Connection) -> None:
    still_open = (waiting_offers.c.id == number, waiting_offers.c.state == OPEN)
    change = update(waiting_offers).where(*still_open).values(state=ACCEPTED)
    if not transaction.execute(change).rowcount:
        raise OfferOver
    transaction.execute(delete(wait_list).where(wait_list.c.id == wish.id))
    record(transaction, now, who, "accepted", wish.reference)


def _close(
    transaction: Connection, clinic: Clinic, row: Any, state: str, now: datetime, who: Who
) -> bool:
    """Ends an open offer and offers the time to the next; false where it was not open."""
    still_open = (waiting_offers.c.id == row.id, waiting_offers.c.state == OPEN)
    if not transaction.execute(
        update(waiting_offers).where(*still_open).values(state=state)
    ).rowcount:
        return False
    drop_hold(transaction, offer_key(row.id))
    query = select(wait_list.c.reference).where(wait_list.c.id == row.wish_id)
    if reference := transaction.execute(query).scalar_one_or_none():
        record(transaction, now, who, state, reference)
    pass_along(transaction, clinic, row.practitioner, row.starts_at, now)
    return True


def _words(
    clinic: Clinic, wish: Wish, what: tuple[str, datetime, datetime], now: datetime
) -> dict[str, str]:
    practitioner, starts_at, until = what
    return clinic_words(clinic) | {
        "name": wish.name,
        "when": time_in_words(starts_at, clinic, now),
        "practitioner": clinic.practitioners[practitioner].name,
        "until": time_in_words(until, clinic, now),
        "reference": wish.reference,
    }

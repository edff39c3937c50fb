"""What the clinic's people look at: bookings, enquiries, the wait list, the outbox, the changes.

Each list is rows of words under columns, in the clinic's time. A row whose ``act`` says something
can be acted upon, by its ``key``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, case, select
from sqlalchemy.engine import Row as Record

from clinic.appointments import BOOKED
from clinic.enquiries import KIND_IN_WORDS, OPEN
from clinic.outbox import DEAD, SENT
from clinic.profile import Clinic
from clinic.storage import Storage, reading
from clinic.tables import appointments, audit_trail, enquiries, outbox
from clinic.waiting_list import suits_in_words, waiting
from clinic.waiting_offers import open_offers
from clinic.words import person_in_words, service_in_words, time_in_words


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    cells: tuple[str, ...]
    key: str
    act: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Listing:
    """A list: its columns, and the rows in the order in which they matter."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def with_words(self, search: str) -> Listing:
        """The rows in which every word of ``search`` is found, in any column."""
        words = search.casefold().split()
        found = (row for row in self.rows if _has(row, words))
        return Listing(self.columns, tuple(found))


@dataclass(frozen=True)
class _In:
    """What a list is made of."""

    clinic: Clinic
    storage: Storage
    now: datetime

    def when(self, instant: datetime | None) -> str:
        return time_in_words(instant, self.clinic, self.now) if instant else ""

    def service(self, name: str) -> str:
        return service_in_words(self.clinic, name)

    def rows(self, table: Table, *order: Any) -> list[Record]:
        with reading(self.storage) as connection:
            return list(connection.execute(select(table).order_by(*order)))


def _bookings(at: _In, past_too: bool) -> Listing:
    columns = ("when", "with", "service", "for", "name", "contact", "reference", "status")
    found = []
    for one in at.rows(appointments, appointments.c.starts_at):
        to_come = one.status == BOOKED and one.ends_at > at.now
        if to_come or past_too:
            who = (one.patient, one.name, one.contact, one.reference)
            what = (
                at.when(one.starts_at),
                person_in_words(at.clinic, one.practitioner),
                at.service(one.service),
            )
            act = "cancel" if to_come else ""
            found.append(Row((*what, *who, one.status), one.reference, act))
    return Listing(columns, tuple(found))


def _enquiries(at: _In, past_too: bool) -> Listing:
    columns = ("since", "kind", "name", "contact", "best time", "question", "said before")
    found = []
    closed_last = case((enquiries.c.status == OPEN, 0), else_=1)
    order = (closed_last, enquiries.c.urgent.desc(), enquiries.c.created_at)
    for one in at.rows(enquiries, *order):
        waits = one.status == OPEN
        if waits or past_too:
            kind = f"{'URGENT: ' if one.urgent else ''}{KIND_IN_WORDS.get(one.kind, one.kind)}"
            who = (one.name, one.contact, one.best_time, one.question, one.said_before)
            cells = (at.when(one.created_at), kind, *who, one.reference, one.status)
            found.append(Row(cells, one.reference, "close" if waits else "", one.urgent and waits))
    return Listing((*columns, "reference", "status"), tuple(found))


def _wait_list(at: _In, past_too: bool) -> Listing:
    columns = ("since", "service", "for", "suits", "until", "name", "contact", "offered")
    offers = open_offers(at.storage)
    found = []
    for one in waiting(at.storage):
        if one.until_time > at.now or past_too:
            suits = suits_in_words(at.clinic, one.suits, at.now)
            wish = (at.service(one.service), one.patient, suits, at.when(one.until_time))
            offered = at.when(offers[one.id].starts_at) if one.id in offers else ""
            who = (one.name, one.contact.value, offered, one.reference)
            found.append(Row((at.when(one.created_at), *wish, *who), one.reference))
    return Listing((*columns, "reference"), tuple(found))


def _outbox(at: _In, past_too: bool) -> Listing:
    columns = ("due", "message", "kind", "to", "subject", "state", "attempts", "problem")
    found = []
    dead_first = case((outbox.c.state == DEAD, 0), else_=1)
    for one in at.rows(outbox, dead_first, outbox.c.due_at):
        if one.state != SENT or past_too:
            content = one.content or {}
            # The key of a conversation to be forgotten names the conversation.
            number = f"{one.id}"
            letter = (content.get("to", ""), content.get("subject", ""), one.state)
            cells = (at.when(one.due_at), number, one.kind, *letter)
            act = "send again" if one.state == DEAD else ""
            found.append(Row((*cells, f"{one.attempts}", one.problem or ""), number, act))
    return Listing(columns, tuple(found))


def _changes(at: _In, past_too: bool) -> Listing:
    columns = ("when", "who", "what", "of", "details")
    found = at.rows(audit_trail, audit_trail.c.id.desc())
    shown = found if past_too else found[:200]
    rows = (
        Row((at.when(one.at), one.who, one.did, one.subject, one.details), f"{one.id}")
        for one in shown
    )
    return Listing(columns, tuple(rows))


LISTS: dict[str, Callable[[_In, bool], Listing]] = {
    "bookings": _bookings,
    "enquiries": _enquiries,
    "wait-list": _wait_list,
    "outbox": _outbox,
    "changes": _changes,
}


def listing(
    name: str, storage: Storage, clinic: Clinic, now: datetime, *, past_too: bool = False
) -> Listing:
    """One of ``LISTS``, of what is still to be done or to come; with ``past_too`` all of it."""
    return LISTS[name](_In(clinic, storage, now), past_too)


def _has(row: Row, words: list[str]) -> bool:
    text = "\n".join(row.cells).casefold()
    return all(word in text for word in words)

"""The tables of the clinic's database.

An appointment, or the hold of a time that somebody is about to book, owns one row of
``booked_cells`` for each five minutes with its practitioner, and one row of ``day_places`` where
the service has a daily cap. Those rows are unique, so the database itself forbids a double
booking. A cell is five minutes whatever the grid of clinic.yml is: changing the grid cannot let
appointments overlap.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Instant(TypeDecorator):
    """An aware datetime, kept in UTC in every database."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: give an aware datetime")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


tables = MetaData()

appointments = Table(
    "appointments",
    tables,
    Column("id", Integer, primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("idempotency_key", String(160), nullable=False, unique=True),
    Column("service", String(40), nullable=False),
    Column("practitioner", String(40), nullable=False),
    Column("starts_at", Instant, nullable=False, index=True),
    Column("ends_at", Instant, nullable=False),
    Column("patient", String(8), nullable=False),
    Column("name", String(100), nullable=False),
    Column("contact_kind", String(8), nullable=False),
    Column("contact", String(254), nullable=False),
    Column("sender", String(80), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("status", String(16), nullable=False, server_default="booked"),
    # How often it was changed: a calendar takes the entry with the highest.
    Column("sequence", Integer, nullable=False, server_default="0"),
    # When the visitor agreed that the clinic keeps their name and contact.
    Column("consented_at", Instant),
)

# A time that somebody has chosen and not yet confirmed. One a holder.
holds = Table(
    "holds",
    tables,
    Column("id", Integer, primary_key=True),
    Column("holder", String(80), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False, index=True),
)


def _owner() -> list[Any]:
    """A row belongs to an appointment or to a hold, and goes with it."""
    return [
        Column("appointment_id", ForeignKey("appointments.id", ondelete="CASCADE"), index=True),
        Column("hold_id", ForeignKey("holds.id", ondelete="CASCADE"), index=True),
        CheckConstraint("(appointment_id IS NULL) <> (hold_id IS NULL)", name="one_owner"),
    ]


booked_cells = Table(
    "booked_cells",
    tables,
    Column("practitioner", String(40), primary_key=True),
    Column("starts_at", Instant, primary_key=True),
    *_owner(),
)

day_places = Table(
    "day_places",
    tables,
    Column("service", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    *_owner(),
)

# What a practitioner's own calendar says they are doing.
busy_times = Table(
    "busy_times",
    tables,
    Column("id", Integer, primary_key=True),
    Column("practitioner", String(40), nullable=False, index=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
)

# What must reach somebody outside. Written with what it is about, sent by the worker.
outbox = Table(
    "outbox",
    tables,
    Column("id", Integer, primary_key=True),
    # The same key is the same message, however often it is put here.
    Column("message_key", String(120), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("content", JSON, nullable=False),
    Column("state", String(8), nullable=False, server_default="waiting"),
    Column("due_at", Instant, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("claimed_until", Instant),
    Column("problem", String(300)),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    # When it was to be sent at first; due_at moves with each failure.
    Column("first_due_at", Instant),
    # The visitor's message that it came of (clinic/request_id.py).
    Column("request_id", String(36)),
    Column("appointment_id", ForeignKey("appointments.id", ondelete="CASCADE"), index=True),
    Column("enquiry_id", ForeignKey("enquiries.id", ondelete="CASCADE"), index=True),
    Column("wish_id", ForeignKey("wait_list.id", ondelete="CASCADE"), index=True),
)

# What a visitor wants of the clinic's people.
enquiries = Table(
    "enquiries",
    tables,
    Column("id", Integer, primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("idempotency_key", String(160), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(100), nullable=False),
    Column("contact_kind", String(8), nullable=False),
    Column("contact", String(254), nullable=False),
    Column("best_time", String(200), nullable=False),
    Column("question", Text, nullable=False),
    Column("said_before", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("sender", String(80), nullable=False, index=True),
    Column("created_at", Instant, nullable=False, index=True),
    Column("status", String(16), nullable=False, server_default="open"),
    Column("closed_at", Instant),
)

# Who would like a time that is not free yet.
wait_list = Table(
    "wait_list",
    tables,
    Column("id", Integer, primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("service", String(40), nullable=False),
    Column("patient", String(8), nullable=False),
    Column("from_time", Instant, nullable=False),
    Column("until_time", Instant, nullable=False),
    Column("name", String(100), nullable=False),
    Column("contact_kind", String(8), nullable=False),
    Column("contact", String(254), nullable=False),
    Column("sender", String(80), nullable=False, index=True),
    Column("created_at", Instant, nullable=False, index=True),
    # The hours and weekdays that suit; none where any do.
    Column("wish", JSON),
    Column("consented_at", Instant),
    Index("one_wish_each", "contact", "service", "patient", unique=True),
)

# A freed time on its way along the waiting list: to whom it was offered, and what came of it. An
# open one without a wish (nobody has it yet, or who had it was erased) is passed on by the worker.
waiting_offers = Table(
    "waiting_offers",
    tables,
    Column("id", Integer, primary_key=True),
    Column("wish_id", ForeignKey("wait_list.id", ondelete="SET NULL"), index=True),
    Column("practitioner", String(40), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("state", String(8), nullable=False, server_default="open"),
)
Index(
    "one_open_offer_each",
    waiting_offers.c.wish_id,
    unique=True,
    sqlite_where=waiting_offers.c.state == "open",
    postgresql_where=waiting_offers.c.state == "open",
)

# Who changed what, and when. References, no names.
audit_trail = Table(
    "audit_trail",
    tables,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("who", String(80), nullable=False),
    Column("did", String(40), nullable=False),
    Column("subject", String(40), nullable=False, index=True),
    Column("details", String(300), nullable=False, server_default=""),
    Column("request_id", String(36)),
)

# Failed attempts to prove that an appointment is one's own.
failed_proofs = Table(
    "failed_proofs",
    tables,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("sender", String(80), nullable=False),
    Column("reference", String(16), nullable=False),
)

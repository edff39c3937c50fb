"""What waits to be sent, as figures: how many and how old, and nothing of what stands in it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from clinic.audit import counted, record
from clinic.outbox import claim, failed, overdue, put, sent
from clinic.storage import writing
from clinic.tables import outbox

BOTH_DATABASES = True


def test_what_is_due_is_counted_with_the_age_of_the_oldest(storage, now):
    with writing(storage) as transaction:
        for key, age in (("a", 60), ("b", 5)):
            put(transaction, key, "email", {"text": "x"}, now - timedelta(minutes=age))
        put(transaction, "later", "email", {"text": "x"}, now, due_at=now + timedelta(days=1))
    assert overdue(storage, now) == {("email", "waiting"): (2, 3600.0)}


def test_what_was_given_up_is_counted_and_what_was_sent_is_not(storage, now):
    with writing(storage) as transaction:
        for key in ("a", "b"):
            put(transaction, key, "email", {"text": "x"}, now)
    sent(storage, claim(storage, now), now)
    failed(storage, claim(storage, now), now, "no such address", for_good=True)
    assert overdue(storage, now) == {("email", "dead"): (1, 0.0)}


def test_what_was_written_long_before_it_is_due_is_as_old_as_it_is_late(storage, now):
    with writing(storage) as transaction:
        written = now - timedelta(days=2)
        put(transaction, "reminder", "email", {"text": "x"}, written, due_at=now)
    later = now + timedelta(seconds=30)
    assert overdue(storage, later) == {("email", "waiting"): (1, 30.0)}


def test_a_retry_makes_nothing_younger(storage, now):
    with writing(storage) as transaction:
        put(transaction, "letter", "email", {"text": "x"}, now)
    failed(storage, claim(storage, now), now, "busy")
    later = now + timedelta(minutes=1)
    assert overdue(storage, later) == {("email", "waiting"): (1, 60.0)}


def test_a_message_of_the_version_before_is_as_old_as_it_was_due_and_its_retries(storage, now):
    with writing(storage) as transaction:
        put(transaction, "letter", "email", {"text": "x"}, now - timedelta(days=1), due_at=now)
        transaction.execute(update(outbox).values(first_due_at=None))
    failed(storage, claim(storage, now), now, "busy")
    later = now + timedelta(minutes=1)
    assert overdue(storage, later) == {("email", "waiting"): (1, 60.0)}


def test_the_deeds_of_the_audit_trail_are_counted(storage, now):
    with writing(storage) as transaction:
        for did in ("booked", "booked", "cancelled"):
            record(transaction, now, "visitor", did, "MS-7K4QP")
    assert counted(storage) == {"booked": 2, "cancelled": 1}

"""What waits to be sent, as figures: how many and how old, and nothing of what stands in it."""

from __future__ import annotations

from datetime import timedelta

from clinic.audit import counted, record
from clinic.outbox import claim, failed, overdue, put, sent
from clinic.storage import writing

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


def test_the_deeds_of_the_audit_trail_are_counted(storage, now):
    with writing(storage) as transaction:
        for did in ("booked", "booked", "cancelled"):
            record(transaction, now, "visitor", did, "MS-7K4QP")
    assert counted(storage) == {"booked": 2, "cancelled": 1}

"""A process that is killed between any two statements leaves nothing half-done.

A child process does one thing and kills itself before its first statement, then another before
its second, and so on, the COMMIT included, until one comes through. After each, the database
must be whole; and the same thing done again must come out as if nothing had happened.
"""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from clinic.appointments import book, upcoming
from clinic.asked_time import Wished
from clinic.changes import cancel, reschedule
from clinic.errors import TimeTaken
from clinic.free_times import Wanted, cells, free_times
from clinic.holds import hold
from clinic.outbox import messages
from clinic.person import Contact
from clinic.storage import open_storage, reading
from clinic.tables import appointments, booked_cells, holds
from clinic.waiting_list import WaitingRequest, join, waiting
from clinic.waiting_offers import accept, open_offers

BOTH_DATABASES = True
FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MOST_STATEMENTS = 60
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BO = Contact("email", "bo@example.org")
WAITS = WaitingRequest("consultation", "adult", Wished(NOW), "Bo", BO, "web:2", NOW)


def killed_before(number, url, deed):
    """Does the deed in a process that kills itself before its statement of that number.

    Returns whether it was killed, or came to its end.
    """
    child = os.fork()
    if child == 0:
        try:
            storage = open_storage(url)
            left = [number]

            def count(*_):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            for moment in ("before_cursor_execute", "commit"):
                event.listen(storage, moment, count)
            deed(storage)
            os._exit(0)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL, "the deed failed by itself"
    return status != 0


def check_is_whole(storage):
    """Every appointment has all its cells, and every cell an owner."""
    with reading(storage) as connection:
        booked = connection.execute(select(appointments)).all()
        held = connection.execute(select(holds)).all()
        owned = connection.execute(select(booked_cells)).all()
    by_owner = {}
    for cell in owned:
        by_owner.setdefault((cell.appointment_id, cell.hold_id), []).append(cell.starts_at)
    for row in booked:
        expected = 6 if row.status == "booked" else 0
        assert len(by_owner.pop((row.id, None), [])) == expected
    for row in held:
        assert len(by_owner.pop((None, row.id), [])) == 6
    assert not by_owner


def every_kill(url, deed):
    """One storage for each statement that the deed can be killed before."""
    for number in range(1, MOST_STATEMENTS):
        killed = killed_before(number, url, deed)
        storage = open_storage(url)
        check_is_whole(storage)
        yield storage
        storage.dispose()
        if not killed:
            assert number > 4, "the deed made hardly a statement"
            return
    pytest.fail("the deed makes more statements than this test kills")


def test_a_booking_is_there_as_a_whole_or_not_at_all(url, clinic, request_, now):
    for storage in every_kill(url, lambda storage: book(storage, clinic, request_, now)):
        booked = upcoming(storage, now)
        assert len(booked) <= 1
    assert [book(storage, clinic, request_, now)] == booked == upcoming(storage, now)


def test_a_booking_out_of_a_hold_loses_neither(url, clinic, request_, now):
    storage = open_storage(url)
    mine = Wanted("consultation", "adult", holder=request_.sender)
    hold(storage, clinic, mine, TEN, now)
    for storage in every_kill(url, lambda storage: book(storage, clinic, request_, now)):
        free = free_times(storage, clinic, "consultation", now, from_time=TEN, limit=1)
        assert free[0].starts_at > TEN, "neither held nor booked"


def test_a_hold_is_there_as_a_whole_or_not_at_all(url, clinic, now):
    mine = Wanted("consultation", "adult", holder="web:1")
    for storage in every_kill(url, lambda storage: hold(storage, clinic, mine, TEN, now)):
        with reading(storage) as connection:
            held = connection.execute(select(holds)).all()
    assert len(held) == 1
    with pytest.raises(TimeTaken):
        hold(storage, clinic, Wanted("consultation", holder="web:2"), TEN, now)
    assert len(cells(hold(storage, clinic, mine, TEN, now))) == 6


def test_a_cancellation_happens_as_a_whole_or_not_at_all(url, clinic, request_, now):
    booked = book(open_storage(url), clinic, replace(request_, starts_at=FRIDAY), now)
    for storage in every_kill(url, lambda storage: cancel(storage, clinic, booked, now)):
        told = {message.message_key for message in messages(storage, "waiting")}
        reminders = [key for key in told if "reminder" in key]
        cancelled = upcoming(storage, now) == []
        assert (f"{booked.reference} cancelled 1" in told, reminders == []) == (cancelled,) * 2
        if cancelled:  # killed after the COMMIT: the same again has nothing to do
            return


def test_a_move_happens_as_a_whole_or_not_at_all(url, clinic, request_, now):
    booked = book(open_storage(url), clinic, replace(request_, starts_at=FRIDAY), now)
    later = FRIDAY + timedelta(days=7)
    for storage in every_kill(url, lambda storage: reschedule(storage, clinic, booked, later, now)):
        (appointment,) = upcoming(storage, now)
        told = {message.message_key for message in messages(storage, "waiting")}
        moved = appointment.starts_at == later
        assert moved or appointment == booked
        assert (f"{booked.reference} moved 1" in told) == moved
        if moved:
            return


def test_a_freed_time_is_offered_as_a_whole_or_stays_booked(url, clinic, request_, now):
    storage = open_storage(url)
    booked = book(storage, clinic, replace(request_, starts_at=FRIDAY), now)
    wish = join(storage, clinic, WAITS, now)
    for storage in every_kill(url, lambda storage: cancel(storage, clinic, booked, now)):
        cancelled = upcoming(storage, now) == []
        offers = open_offers(storage)
        told = [one for one in messages(storage, "waiting") if " offer " in one.message_key]
        assert (len(offers), len(told)) == (cancelled, cancelled)
        if cancelled:
            assert offers[wish.id].starts_at == FRIDAY
            return


def test_an_offer_is_accepted_as_a_whole_or_not_at_all(url, clinic, request_, now):
    storage = open_storage(url)
    booked = book(storage, clinic, replace(request_, starts_at=FRIDAY), now)
    join(storage, clinic, WAITS, now)
    cancel(storage, clinic, booked, now)
    (offer,) = open_offers(storage).values()
    for storage in every_kill(url, lambda storage: accept(storage, clinic, offer.id, now)):
        accepted = len(upcoming(storage, now))
        assert len(waiting(storage)) == 1 - accepted
        assert len(open_offers(storage)) == 1 - accepted
    assert [accept(storage, clinic, offer.id, now)] == upcoming(storage, now)

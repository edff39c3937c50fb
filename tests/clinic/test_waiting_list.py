"""The waiting list: a freed time goes to the next whom it suits, and never to two people."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from clinic.appointments import book, upcoming
from clinic.asked_time import Wished
from clinic.audit import trail
from clinic.changes import cancel, reschedule
from clinic.conversations import Conversations
from clinic.errors import OfferOver, TimeTaken
from clinic.free_times import free_times
from clinic.holds import forget_expired
from clinic.outbox import messages
from clinic.person import Contact
from clinic.personal_data import erase, export
from clinic.retention import carry_out
from clinic.storage import reading
from clinic.tables import booked_cells, waiting_offers
from clinic.waiting_list import WaitingRequest, join, suits_in_words, waiting
from clinic.waiting_offers import (
    accept,
    answer_by,
    decline,
    leave,
    offer_of,
    open_offers,
    pass_on,
)

BOTH_DATABASES = True
THURSDAY = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
NOWHERE = Conversations("sqlite:///nowhere/none.db")


@pytest.fixture
def booked(storage, clinic, request_, now):
    return book(storage, clinic, replace(request_, starts_at=THURSDAY), now)


@pytest.fixture
def joins(storage, clinic, now):
    """Puts somebody on the list, by their first name."""

    def joins(name, suits=None, at=now, **others):
        request = WaitingRequest(
            service="consultation",
            patient="adult",
            suits=suits or Wished(at),
            name=name,
            contact=Contact("email", f"{name.lower()}@example.org"),
            sender=f"web:{name}",
            consented_at=at,
        )
        return join(storage, clinic, replace(request, **others), at)

    return joins


def offered(storage):
    """Who is offered something just now, by their names."""
    return sorted(offer.wish.name for offer in open_offers(storage).values())


def offer_to(storage, wish):
    return open_offers(storage)[wish.id]


def letters_to(storage, address):
    return [m for m in messages(storage, "waiting") if m.content.get("to") == address]


def test_who_joins_is_told_so(storage, joins):
    wish = joins("Bo")
    (letter,) = letters_to(storage, "bo@example.org")
    assert letter.content["subject"] == "You are on our waiting list"
    assert wish.reference in letter.content["text"] and "any time" in letter.content["text"]
    assert waiting(storage) == [wish]


def test_who_joins_again_keeps_the_place_and_changes_the_times(storage, joins, now):
    first, _ = joins("Bo"), joins("Cy")
    again = joins("Bo", Wished(now, weekdays=frozenset({5})), at=now + timedelta(hours=1))
    assert again.reference == first.reference
    assert [wish.name for wish in waiting(storage)] == ["Bo", "Cy"]
    assert waiting(storage)[0].suits.weekdays == {5}


def test_two_who_join_at_once_are_both_on_it_and_one_who_does_is_once(storage, joins):
    names = ["Bo", "Bo", "Bo", "Cy", "Cy"]
    threads = [threading.Thread(target=joins, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wish.name for wish in waiting(storage)) == ["Bo", "Cy"]


def test_the_list_takes_an_address_to_write_to_and_no_telephone(joins):
    with pytest.raises(ValueError, match="e-mail address"):
        joins("Bo", contact=Contact("phone", "+447700900123"))


@pytest.mark.parametrize(
    ("contact", "kinds"),
    [
        (Contact("phone", "+447700900123"), ["telegram"]),
        (Contact("email", "bo@example.org"), ["email", "telegram"]),
    ],
    ids=["number", "address"],
)
def test_who_joined_on_telegram_is_offered_a_time_there_and_by_letter_if_they_left_an_address(
    storage, clinic, booked, joins, now, contact, kinds
):
    bo = joins("Bo", sender="tg:5", contact=contact)
    cancel(storage, clinic, booked, now)
    offers = [m for m in messages(storage, "waiting") if m.message_key.startswith(bo.reference)]
    told = [m for m in offers if " offer " in m.message_key]
    assert sorted(m.kind for m in told) == kinds
    chat = next(m for m in told if m.kind == "telegram")
    assert chat.content["sender"] == "tg:5"
    assert "Thursday 26 November at 14:00" in chat.content["text"]
    assert [button["payload"] for button in chat.content["buttons"]] == [
        f"/offer accept {offer_to(storage, bo).id}",
        f"/offer decline {offer_to(storage, bo).id}",
    ]


def test_an_offer_rings_on_no_telephone_in_the_night(storage, clinic, booked, joins, now):
    joins("Bo", sender="tg:5")
    night = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    cancel(storage, clinic, booked, night)
    (chat,) = [m for m in messages(storage, "waiting") if m.kind == "telegram"]
    assert chat.due_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_what_was_to_be_said_in_the_chat_goes_with_who_leaves(storage, clinic, booked, joins, now):
    bo = joins("Bo", sender="tg:5")
    cancel(storage, clinic, booked, now)
    leave(storage, clinic, bo.reference, now)
    assert [m for m in messages(storage, "waiting") if m.kind == "telegram"] == []


def test_a_cancelled_time_is_offered_to_the_first_and_held(
    storage, clinic, booked, joins, request_, now
):
    bo, _ = joins("Bo"), joins("Cy")
    cancel(storage, clinic, booked, now)
    assert offered(storage) == ["Bo"]
    letter = letters_to(storage, "bo@example.org")[-1]
    assert letter.content["subject"] == "A time has become free: Thursday 26 November at 14:00"
    assert "until Monday 23 November at 13:00" in letter.content["text"]
    assert letter.content["link"]["about"] == str(offer_to(storage, bo).id)
    with pytest.raises(TimeTaken):
        book(storage, clinic, replace(request_, starts_at=THURSDAY, idempotency_key="2"), now)


def test_a_moved_appointments_old_time_is_offered(storage, clinic, booked, joins, now):
    joins("Bo")
    reschedule(storage, clinic, booked, FRIDAY, now)
    (offer,) = open_offers(storage).values()
    assert (offer.starts_at, offer.practitioner) == (THURSDAY, "amara-osei")


def test_nobody_is_offered_what_they_gave_up_themselves(storage, clinic, booked, joins, now):
    joins("Asha", contact=booked.contact)
    cancel(storage, clinic, booked, now)
    assert offered(storage) == []


@pytest.mark.parametrize(
    "suits",
    [
        Wished(THURSDAY + timedelta(days=1)),
        Wished(THURSDAY - timedelta(days=5), hours=(time(17), time(23, 59))),
        Wished(THURSDAY - timedelta(days=5), weekdays=frozenset({5, 6})),
    ],
    ids=["later", "evenings", "weekends"],
)
def test_a_time_that_does_not_suit_goes_to_the_next(storage, clinic, booked, joins, now, suits):
    joins("Bo", suits)
    joins("Cy", Wished(now, hours=(time(12), time(17)), weekdays=frozenset({3})))
    cancel(storage, clinic, booked, now)
    assert offered(storage) == ["Cy"]


def test_another_service_is_offered_only_if_it_fits_into_the_time(
    storage, clinic, booked, joins, request_, now
):
    """A removal takes five minutes more than was freed, and they are booked."""
    next_one = replace(request_, starts_at=THURSDAY + timedelta(minutes=30), idempotency_key="next")
    book(storage, clinic, next_one, now)
    joins("Bo", service="extraction")
    joins("Cy")
    cancel(storage, clinic, booked, now)
    assert offered(storage) == ["Cy"]


def test_accepting_books_it_once_and_leaves_the_list(storage, clinic, booked, joins, now):
    bo = joins("Bo")
    cancel(storage, clinic, booked, now)
    offer = offer_to(storage, bo)
    appointment = accept(storage, clinic, offer.id, now)
    assert accept(storage, clinic, offer.id, now) == appointment
    assert (appointment.name, appointment.starts_at) == ("Bo", THURSDAY)
    assert (appointment.sender, appointment.consented_at) == ("web:Bo", now)
    assert upcoming(storage, now) == [appointment]
    assert waiting(storage) == []
    assert offer_of(storage, offer.id).state == "accepted"
    assert [entry.did for entry in trail(storage, bo.reference)] == ["waits", "offered", "accepted"]
    (letter,) = letters_to(storage, "bo@example.org")[:1]
    assert letter.content["subject"].startswith("Your appointment on Thursday")


def test_declining_gives_it_to_the_next_and_keeps_the_place(storage, clinic, booked, joins, now):
    bo, _ = joins("Bo"), joins("Cy")
    cancel(storage, clinic, booked, now)
    first = offer_to(storage, bo)
    assert decline(storage, clinic, first.id, now)
    assert not decline(storage, clinic, first.id, now)
    assert offered(storage) == ["Cy"]
    assert [wish.name for wish in waiting(storage)] == ["Bo", "Cy"]
    with pytest.raises(OfferOver):
        accept(storage, clinic, first.id, now)


def test_a_time_that_everybody_declined_is_free_for_all(storage, clinic, booked, joins, now):
    bo = joins("Bo")
    cancel(storage, clinic, booked, now)
    decline(storage, clinic, offer_to(storage, bo).id, now)
    assert offered(storage) == []
    free = free_times(storage, clinic, "consultation", now, from_time=THURSDAY, limit=1)
    assert free[0].starts_at == THURSDAY


def test_when_the_hours_are_over_it_goes_to_the_next(storage, clinic, booked, joins, now):
    bo, _ = joins("Bo"), joins("Cy")
    cancel(storage, clinic, booked, now)
    first = offer_to(storage, bo)
    assert pass_on(storage, clinic, first.expires_at - timedelta(seconds=1)) == 0
    late = first.expires_at
    with pytest.raises(OfferOver):
        accept(storage, clinic, first.id, late)
    forget_expired(storage, late)
    free = free_times(storage, clinic, "consultation", late, from_time=THURSDAY, limit=1)
    assert free[0].starts_at > THURSDAY, "held until it is passed on"
    assert pass_on(storage, clinic, late) == 1
    assert offered(storage) == ["Cy"]
    assert offer_of(storage, first.id).state == "expired"


def test_who_has_one_offer_open_gets_no_second(storage, clinic, booked, joins, request_, now):
    other = book(storage, clinic, replace(request_, starts_at=FRIDAY, idempotency_key="other"), now)
    joins("Bo")
    cancel(storage, clinic, booked, now)
    cancel(storage, clinic, other, now)
    assert offered(storage) == ["Bo"]


def test_leaving_passes_on_what_was_offered(storage, clinic, booked, joins, now):
    bo, _ = joins("Bo"), joins("Cy")
    cancel(storage, clinic, booked, now)
    assert leave(storage, clinic, bo.reference, now)
    assert not leave(storage, clinic, bo.reference, now)
    assert offered(storage) == ["Cy"]
    assert [wish.name for wish in waiting(storage)] == ["Cy"]
    assert "bo@" not in str(messages(storage, "waiting"))


def test_an_offer_to_somebody_who_is_erased_goes_on(storage, clinic, booked, joins, now):
    joins("Bo")
    joins("Cy")
    cancel(storage, clinic, booked, now)
    assert export(storage, "bo@example.org", NOWHERE)["wait_list"][0]["name"] == "Bo"
    assert erase(storage, "web:Bo", now, "visitor", NOWHERE)["wait_list"] == 1
    assert pass_on(storage, clinic, now) == 1
    assert offered(storage) == ["Cy"]


def test_the_time_of_an_appointment_that_is_erased_goes_to_the_list(
    storage, clinic, booked, joins, now
):
    joins("Bo")
    erase(storage, booked.sender, now, "visitor", NOWHERE)
    pass_on(storage, clinic, now)
    assert offered(storage) == ["Bo"]


def test_nobody_is_asked_to_answer_in_the_night(clinic, now):
    def until(at):
        return answer_by(clinic, "consultation", THURSDAY, at)

    assert until(now) == now + timedelta(hours=4)
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert until(datetime(2026, 11, 23, 23, 0, tzinfo=UTC)) == noon
    assert until(datetime(2026, 11, 24, 5, 0, tzinfo=UTC)) == noon


def test_a_time_too_near_to_be_answered_is_offered_to_nobody(storage, clinic, booked, joins, now):
    joins("Bo")
    late = THURSDAY - timedelta(hours=clinic.booking.notice_hours, minutes=20)
    assert answer_by(clinic, "consultation", THURSDAY, late) is None
    cancel(storage, clinic, booked, late, who="staff")
    assert offered(storage) == []


def test_a_time_at_which_nobody_works_any_more_is_offered_to_nobody(
    storage, clinic, booked, joins, now
):
    joins("Bo")
    ill = clinic.practitioners["amara-osei"].model_copy(update={"hours": {}})
    people = {**clinic.practitioners, "amara-osei": ill}
    cancel(storage, clinic.model_copy(update={"practitioners": people}), booked, now, who="staff")
    assert offered(storage) == []


def test_accepted_and_declined_fifty_times_at_once_it_is_one_persons(
    storage, clinic, booked, joins, now
):
    wishes = [joins(f"V{number}") for number in range(10)]
    cancel(storage, clinic, booked, now)
    number = offer_to(storage, wishes[0]).id
    got, over = [], []

    def act(what):
        try:
            if what:
                got.append(accept(storage, clinic, number, now))
            else:
                decline(storage, clinic, number, now)
        except OfferOver:
            over.append(1)

    threads = [threading.Thread(target=act, args=(turn % 2,)) for turn in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(storage) as connection:
        cells = connection.execute(select(func.count()).select_from(booked_cells)).scalar_one()
        open_now = connection.execute(
            select(func.count()).where(waiting_offers.c.state == "open")
        ).scalar_one()
    assert cells == 6, "one appointment, or one hold for the next: never both"
    assert len(upcoming(storage, now)) + open_now == 1
    assert len({one.reference for one in got}) <= 1
    assert len(got) + len(over) == 25, "whoever did not get it was told so"


def test_the_list_is_kept_for_as_long_as_said(storage, clinic, joins, now):
    joins("Bo")
    assert carry_out(storage, clinic, now + timedelta(days=59), NOWHERE)["wait_list"] == 0
    assert carry_out(storage, clinic, now + timedelta(days=61), NOWHERE)["wait_list"] == 1


@pytest.mark.parametrize(
    ("suits", "words"),
    [
        ({}, "any time"),
        ({"hours": (time(17), time(23, 59))}, "from 17:00"),
        ({"hours": (time(0), time(12))}, "until 12:00"),
        ({"weekdays": frozenset({5, 6})}, "on Saturdays and Sundays"),
        ({"after": FRIDAY, "hours": (time(12), time(17))},
         "from Friday 27 November on, from 12:00, until 17:00"),
    ],
)  # fmt: skip
def test_what_suits_is_said_in_words(clinic, now, suits, words):
    assert suits_in_words(clinic, Wished(**{"after": now, **suits}), now) == words

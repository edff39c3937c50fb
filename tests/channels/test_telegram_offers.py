"""A freed time is offered to who waits on Telegram, and answered by a button in the chat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels.telegram_offers import OfferAnswers
from channels.telegram_outbox import Diary
from clinic.appointments import BookingRequest, book, upcoming
from clinic.asked_time import Wished
from clinic.changes import cancel
from clinic.free_times import Wanted, nearest_times
from clinic.person import Contact
from clinic.profile import load_clinic
from clinic.storage import open_storage
from clinic.waiting_list import WaitingRequest, join, waiting
from clinic.waiting_offers import open_offers, pass_on
from clinic.words import in_zone
from scripts.telegram_visitor import TelegramVisitor


@pytest.fixture
def storage(bot):
    opened = open_storage()
    yield opened
    opened.dispose()


@pytest.fixture
def clinic():
    """It keeps a time for longer than the night lasts, whenever the test runs."""
    clinic = load_clinic()
    booking = clinic.booking.model_copy(update={"offer_hours": 48})
    return clinic.model_copy(update={"booking": booking})


@pytest.fixture
def noon(clinic):
    """The last one, so that what is offered then need not wait for the morning."""
    local = in_zone(datetime.now(UTC), clinic)
    day = local.date() - timedelta(days=local.hour < 13)
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def frees_a_time(storage, clinic, at):
    """Books a time of next week and cancels it; returns when it is."""
    soon = nearest_times(
        storage, clinic, Wanted("consultation", "adult"), at, at + timedelta(days=7)
    )
    request = BookingRequest(
        service="consultation",
        starts_at=soon[-1].starts_at,
        patient="adult",
        name="Cy Dee",
        contact=Contact("email", "cy@example.org"),
        idempotency_key="one",
        sender="web:cy",
    )
    cancel(storage, clinic, book(storage, clinic, request, at), at)
    return soon[-1].starts_at


def waits(storage, clinic, visitor, at):
    request = WaitingRequest(
        service="consultation",
        patient="adult",
        suits=Wished(at),
        name="Asha Patel",
        contact=Contact("phone", "+447911123456"),
        sender=f"tg:{visitor.id}",
        consented_at=at,
    )
    return join(storage, clinic, request, at)


@pytest.fixture
def offered(storage, clinic, asha, noon):
    """Asha is offered a time; when it is."""
    waits(storage, clinic, asha, noon)
    return frees_a_time(storage, clinic, noon)


async def test_who_takes_it_is_booked_and_gets_the_calendar_file(bot, storage, asha, offered):
    offer = await asha.answer()
    assert "A time has become free" in offer.text
    booked = await asha.press("Take it")
    (appointment,) = upcoming(storage, datetime.now(UTC))
    assert (appointment.starts_at, appointment.sender) == (offered, f"tg:{asha.id}")
    assert f"Your reference is {appointment.reference}" in booked.text
    assert asha.sent()[-1].method == "sendDocument"
    assert waiting(storage) == []
    assert bot.echo.texts == [], "the gateway answers it by itself"


async def test_who_declines_keeps_the_place(storage, asha, offered):
    await asha.answer()
    assert "keep your place" in (await asha.press("No, thank you")).text
    assert len(waiting(storage)) == 1 and open_offers(storage) == {}
    assert upcoming(storage, datetime.now(UTC)) == []


async def test_too_late_is_said(storage, clinic, asha, offered):
    await asha.answer()
    later = datetime.now(UTC) + timedelta(days=3)
    pass_on(storage, clinic, later)
    assert "no longer kept for you" in (await asha.press("Take it")).text
    assert upcoming(storage, datetime.now(UTC)) == []


async def test_who_was_not_offered_it_cannot_take_it(bot, api, storage, clinic, asha, offered):
    await asha.answer()
    (offer,) = open_offers(storage).values()
    stranger = TelegramVisitor(api, asha.id + 1)
    await stranger.say(f"/offer accept {offer.id}")
    assert bot.echo.texts == [f"offer accept {offer.id}"], "what is typed is text"
    diary = Diary(clinic)
    answer = await OfferAnswers(clinic, diary).to("tg:502", f"/offer accept {offer.id}")
    diary.close()
    assert "no longer kept for you" in answer.text
    assert upcoming(storage, datetime.now(UTC)) == []

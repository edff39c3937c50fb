"""What the clinic tells people on Telegram by itself, through the same sender."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clinic.appointments import BookingRequest, book
from clinic.free_times import Wanted, nearest_times
from clinic.outbox import DEAD, SENT, claim, messages, put
from clinic.person import Contact
from clinic.profile import load_clinic
from clinic.storage import open_storage, writing
from tests.channels.telegram_bot import until

BUTTONS = [{"title": "Cancel it", "payload": "cancel my appointment MS-7K4QP"}]


@pytest.fixture
def storage(bot):
    opened = open_storage()
    yield opened
    opened.dispose()


def tell(storage, chat, text, key="MS-7K4QP reminder 48 0", buttons=BUTTONS):
    with writing(storage) as transaction:
        content = {"sender": f"tg:{chat}", "text": text, "buttons": buttons}
        put(transaction, key, "telegram", content, datetime.now(UTC))


async def test_it_is_sent_with_buttons_that_may_be_pressed(bot, storage, asha):
    tell(storage, asha.id, "A reminder.")
    assert (await asha.answer()).texts == ["A reminder."]
    await asha.press("Cancel it")
    assert bot.echo.texts == ["cancel my appointment MS-7K4QP"]
    await until(lambda: messages(storage, SENT))
    assert messages(storage, SENT)[0].content == {}


async def test_where_the_bot_is_blocked_people_see_to_it(bot, api, storage, asha):
    api.blocked.add(asha.id)
    tell(storage, asha.id, "A reminder.")
    await until(lambda: messages(storage, DEAD))
    assert messages(storage, DEAD)[0].problem == "the chat is closed to the bot"


async def test_the_worker_leaves_it_to_the_gateway(storage, asha):
    later = datetime.now(UTC) + timedelta(hours=1)
    with writing(storage) as transaction:
        content = {"sender": f"tg:{asha.id}", "text": "x"}
        put(transaction, "key", "telegram", content, later)
    assert claim(storage, later) is None
    assert claim(storage, later, kind="telegram").message_key == "key"


@pytest.mark.parametrize(
    ("sender", "kinds"), [("tg:5", {"telegram"}), ("web:5", set())], ids=["telegram", "website"]
)
async def test_who_booked_on_telegram_with_a_number_is_reminded_there(storage, sender, kinds):
    clinic, now = load_clinic(), datetime.now(UTC)
    in_a_week = nearest_times(
        storage, clinic, Wanted("consultation", "adult"), now, now + timedelta(days=7)
    )[-1]
    request = BookingRequest(
        service="consultation",
        starts_at=in_a_week.starts_at,
        patient="adult",
        name="Asha Patel",
        contact=Contact("phone", "+447911123456"),
        idempotency_key="one",
        sender=sender,
    )
    booked = book(storage, clinic, request, now)
    waiting = messages(storage, "waiting")
    assert {message.kind for message in waiting} == kinds
    for message in waiting:
        assert message.content["sender"] == sender
        assert booked.reference in message.content["text"]
        assert "consultation" not in message.content["text"].lower()
        assert [button["title"] for button in message.content["buttons"]] == [
            "Move it",
            "Cancel it",
        ]

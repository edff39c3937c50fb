"""Buttons on Telegram: their rows, and tokens that mean something in one conversation only."""

from __future__ import annotations

import pytest
from telegram import InlineKeyboardButton

from channels.telegram_keyboards import Tokens, inline, rows

LONG = '/inform{"appointment_time": "2026-11-26T10:00:00+00:00", "booking_service": "extraction"}'


def answer(*payloads, seq=2, reply_to="7.1"):
    buttons = [{"title": f"Title {n}", "payload": payload} for n, payload in enumerate(payloads)]
    return {"author": "assistant", "seq": seq, "reply_to": reply_to, "quick_replies": buttons}


def data(keyboard):
    return [button.callback_data for row in keyboard.inline_keyboard for button in row]


def test_a_token_is_short_whatever_the_button_sends():
    token = data(inline("tg:1", answer(LONG), Tokens("secret")))[0]
    assert len(token.encode()) <= 64
    assert "inform" not in token


def test_a_token_is_read_in_its_conversation():
    tokens = Tokens("secret")
    message = answer("/affirm", LONG)
    pressed = tokens.pressed("tg:1", data(inline("tg:1", message, tokens))[1], [message])
    assert (pressed.payload, pressed.title) == (LONG, "Title 1")


@pytest.mark.parametrize(
    ("sender", "secret", "message"),
    [
        ("tg:2", "secret", answer("/affirm")),
        ("tg:1", "another secret", answer("/affirm")),
        ("tg:1", "secret", answer("/affirm", seq=3)),
        ("tg:1", "secret", answer("/affirm", reply_to="8.1")),
        ("tg:1", "secret", answer("/deny")),
    ],
)
def test_a_token_means_nothing_elsewhere(sender, secret, message):
    token = data(inline("tg:1", answer("/affirm"), Tokens("secret")))[0]
    assert Tokens(secret).pressed(sender, token, [message]) is None


def test_a_button_that_is_an_address_opens_it():
    keyboard = inline("tg:1", answer("https://t.me/a_bot?start=book"), Tokens("secret"))
    assert keyboard.inline_keyboard[0][0].url == "https://t.me/a_bot?start=book"


def test_an_answer_without_buttons_has_no_keyboard():
    assert inline("tg:1", answer(), Tokens("secret")) is None


@pytest.mark.parametrize(
    ("titles", "lengths"),
    [
        (["Yes, book it", "No, leave it"], [2]),
        (["For me", "For my child", "For my baby"], [3]),
        (["Thursday 26 November, 10:00", "Friday 27 November, 9:00"], [1, 1]),
        (["Thu 26 Nov 10:00", "Thu 26 Nov 10:15", "Later times"], [2, 1]),
        (["a", "b", "c", "d"], [3, 1]),
    ],
)
def test_short_titles_stand_side_by_side_and_long_ones_alone(titles, lengths):
    laid = rows([InlineKeyboardButton(title, callback_data="x") for title in titles])
    assert [len(row) for row in laid] == lengths
    assert [button.text for row in laid for button in row] == titles

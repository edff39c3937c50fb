"""Buttons on Telegram: rows that fit a telephone, and what pressing one means.

A button carries a short token, since Telegram takes no more than 64 bytes and anybody with a
client of their own may send any. The token is worked out of the answer that the button stands
under: it means something only in that conversation, and while the answer is remembered.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from channels.message_log import ASSISTANT, OFFERS_REMEMBERED

USED = "used"  # the token of a button that has been pressed: it says so, and does nothing
MOST_IN_A_ROW = 3
CHARACTERS_IN_A_ROW = 36


@dataclass(frozen=True)
class Press:
    """A button that was pressed: what it sends and says, and which keyboard it is of."""

    payload: str
    title: str
    keyboard: str


class Tokens:
    """Gives buttons their tokens, and reads them; ``secret`` is the gateway's."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(secret.encode()).digest()

    def of(self, sender: str, answer: str, payload: str) -> str:
        """The token of a button under an answer: sixteen letters."""
        text = "\n".join((sender, answer, payload))
        digest = hashlib.blake2b(text.encode(), key=self._key, digest_size=12).digest()
        return base64.urlsafe_b64encode(digest).decode()

    def pressed(self, sender: str, token: str, said: Sequence[dict[str, Any]]) -> Press | None:
        """What a token means in a conversation; None where its answer is no longer remembered."""
        answers = [message for message in said if message["author"] == ASSISTANT]
        for message in reversed(answers[-OFFERS_REMEMBERED:]):
            answer = name_of(message)
            for button in message.get("quick_replies", []):
                if self.of(sender, answer, button["payload"]) == token:
                    keyboard = self.of(sender, answer, "")
                    return Press(button["payload"], button["title"], keyboard)
        return None


def name_of(message: dict[str, Any]) -> str:
    """What an answer is called in its conversation, for good: it outlives the numbering."""
    return f"{message['seq']} to {message['reply_to']}"


def inline(sender: str, message: dict[str, Any], tokens: Tokens) -> InlineKeyboardMarkup | None:
    """The keyboard under an answer; None where it has no buttons."""
    buttons = [
        InlineKeyboardButton(button["title"], url=button["payload"])
        if button["payload"].startswith("https://")
        else InlineKeyboardButton(
            button["title"],
            callback_data=tokens.of(sender, name_of(message), button["payload"]),
        )
        for button in message.get("quick_replies", [])
    ]
    return InlineKeyboardMarkup(rows(buttons)) if buttons else None


def rows(buttons: Sequence[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """The buttons in rows whose titles can be read: short ones side by side, in their order."""
    laid: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        row = [*laid[-1], button] if laid else [button]
        # In a row all are as wide as the widest.
        widest = max(len(each.text) for each in row)
        if laid and len(row) <= MOST_IN_A_ROW and len(row) * widest <= CHARACTERS_IN_A_ROW:
            laid[-1] = row
        else:
            laid.append([button])
    return laid


def used(title: str) -> InlineKeyboardMarkup:
    """What is left of a keyboard once a button was pressed: which one, and nothing to press."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(f"✓ {title}", callback_data=USED)]])


def ask_for_contact(words: str) -> ReplyKeyboardMarkup:
    """A keyboard that gives the visitor's own telephone number, if they agree."""
    return ReplyKeyboardMarkup(
        [[KeyboardButton(words, request_contact=True)]],
        resize_keyboard=True,
        one_time_keyboard=True,
    )


NO_KEYBOARD = ReplyKeyboardRemove()

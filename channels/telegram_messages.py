"""An answer as the messages that Telegram is sent: text, buttons, drawing, map, calendar file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram import ReplyParameters
from telegram.constants import ParseMode

from channels.telegram_keyboards import NO_KEYBOARD, Tokens, ask_for_contact, inline
from channels.telegram_text import as_html
from channels.telegram_updates import in_group, message_answered
from channels.telegram_words import CALENDAR, SHARE_NUMBER, THANKS
from clinic.profile import Clinic

# scripts/draw_pictures.py makes the PNG files there out of the SVG ones.
PICTURES = Path(__file__).parent.parent / "widget/pictures"


@dataclass(frozen=True)
class Part:
    """One call of Telegram's: the method of the bot, and what it takes besides the chat."""

    method: str
    arguments: dict[str, Any]


def parts_of(
    sender: str,
    message: dict[str, Any],
    before: str,
    clinic: Clinic,
    tokens: Tokens,
    calendar: str | None = None,
) -> list[Part]:
    """The calls that send a message of the log, in order.

    ``before`` is the kind of the assistant's message before it; ``calendar`` the calendar file
    of the appointment that it tells of.
    """
    keyboard: Any = inline(sender, message, tokens)
    kind = message.get("kind", "")
    parts = []
    if kind == "contact" and not in_group(sender):
        keyboard = ask_for_contact(SHARE_NUMBER)
    elif before == "contact":
        # The button for the number goes. A message has one keyboard, so it goes with another one.
        if keyboard is None:
            keyboard = NO_KEYBOARD
        elif kind != "emergency":
            parts.append(_text(THANKS, NO_KEYBOARD))
    if picture := _picture(message):
        parts.append(picture)
    texts = as_html(message["text"]) or ["…"]
    parts += [_text(text) for text in texts[:-1]] + [_text(texts[-1], keyboard)]
    if message.get("topic") == "location" and clinic.coordinates:
        latitude, longitude = clinic.coordinates
        place = {"latitude": latitude, "longitude": longitude, "title": clinic.name}
        parts.append(Part("send_venue", {**place, "address": clinic.address}))
    if calendar:
        file = {"document": calendar.encode(), "filename": "appointment.ics", "caption": CALENDAR}
        parts.append(Part("send_document", file))
    if in_group(sender) and (answered := message_answered(message.get("reply_to") or "")):
        to = ReplyParameters(answered, allow_sending_without_reply=True)
        parts[0].arguments["reply_parameters"] = to
    return parts


def _picture(message: dict[str, Any]) -> Part | None:
    """The drawing that goes with an answer, as a PNG: Telegram takes no SVG."""
    source = message.get("attachment", {}).get("payload", {}).get("src", "")
    drawing = PICTURES / f"{Path(source).stem}.png"
    if not source.startswith("/pictures/") or not drawing.is_file():
        return None
    return Part("send_photo", {"photo": drawing.read_bytes(), "caption": message.get("alt", "")})


def in_plain_text(part: Part) -> Part:
    """The part without markup, for when Telegram cannot read ours."""
    return Part(part.method, {**part.arguments, "parse_mode": None})


def _text(html: str, keyboard: Any = None) -> Part:
    words = {"text": html, "parse_mode": ParseMode.HTML}
    return Part("send_message", {**words, "reply_markup": keyboard} if keyboard else words)

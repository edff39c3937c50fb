"""The clinic's letters: words out of data/letters.yml, and a calendar file."""

from __future__ import annotations

import functools
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

from clinic.calendar_file import Method, calendar_file
from clinic.links import Links
from clinic.profile import Clinic
from clinic.words import person_in_words, time_in_words

if TYPE_CHECKING:
    from clinic.appointments import Appointment

LETTERS = Path(__file__).parent.parent / "data/letters.yml"
About = Literal["booked", "moved", "cancelled", "reminder"]


def letter(about: About, clinic: Clinic, appointment: Appointment, now: datetime) -> dict[str, Any]:
    """What the outbox keeps of a letter to a visitor about their appointment."""
    values = appointment_words(clinic, appointment, now)
    values["change"] = words()["change"].format(hours=clinic.booking.change_until_hours, **values)
    content = filled(about, values) | {"to": appointment.contact.value}
    if about != "cancelled":
        until = appointment.ends_at.isoformat()
        content["link"] = {"page": "appointment", "about": appointment.reference, "until": until}
    if about != "reminder":
        method: Method = "CANCEL" if about == "cancelled" else "REQUEST"
        content |= {"calendar": calendar_file(clinic, appointment, now, method), "method": method}
    return content


def on_telegram(sender: str) -> bool:
    """Whether somebody wrote on Telegram, where they can be written to."""
    return sender.startswith("tg:")


def reminder_on_telegram(clinic: Clinic, appointment: Appointment, now: datetime) -> dict[str, Any]:
    """What the outbox keeps of a reminder in the chat on Telegram: words and buttons."""
    values = appointment_words(clinic, appointment, now)
    return _in_the_chat("reminder_on_telegram", appointment.sender, values)


def offer_on_telegram(sender: str, values: dict[str, str], number: int) -> dict[str, Any]:
    """What the outbox keeps of an offer of a time in the chat on Telegram: words and buttons."""
    return _in_the_chat("offer_on_telegram", sender, values | {"number": str(number)})


def _in_the_chat(name: str, sender: str, values: dict[str, str]) -> dict[str, Any]:
    parts = words()[name]
    buttons = [
        {"title": button["title"], "payload": button["payload"].format(**values)}
        for button in parts["buttons"]
    ]
    return {"sender": sender, "text": parts["text"].format(**values).strip(), "buttons": buttons}


def filled(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Subject and text of a letter, with its placeholders filled in."""
    parts = words()[name]
    return {part: parts[part].format(**values).strip() for part in ("subject", "text")}


def with_link(content: dict[str, Any], links: Links | None) -> str:
    """The text of a letter that is about to be sent, its link made now."""
    text = str(content["text"])
    if not links or not (known := content.get("link")):
        return text
    until = datetime.fromisoformat(known["until"])
    link = links.link(known["page"], known["about"], until)
    return f"{text}\n\n{words()['links'][known['page']].format(link=link)}\n"


def appointment_words(clinic: Clinic, appointment: Appointment, now: datetime) -> dict[str, str]:
    """What a message may say of an appointment, and of the clinic."""
    return clinic_words(clinic) | {
        "name": appointment.name,
        "when": time_in_words(appointment.starts_at, clinic, now),
        "practitioner": person_in_words(clinic, appointment.practitioner, clinic.name),
        "reference": appointment.reference,
    }


def clinic_words(clinic: Clinic) -> dict[str, str]:
    """What every letter may say of the clinic."""
    return {
        "clinic_name": clinic.name,
        "clinic_address": clinic.address,
        "clinic_phone": clinic.phone,
        "clinic_website": clinic.website,
    }


@functools.cache
def words() -> dict[str, Any]:
    """data/letters.yml."""
    found: dict[str, Any] = yaml.safe_load(LETTERS.read_text(encoding="utf-8"))
    return found

"""What the gateway itself says: when there is no assistant to say it, or before there is."""

from __future__ import annotations

from datetime import datetime

from clinic.help_lines import calls
from clinic.hours import is_open, next_closing, next_opening
from clinic.profile import Clinic
from clinic.words import clock, day_in_words, in_zone, weekday


def apology(clinic: Clinic) -> str:
    """For a turn that failed or took too long: says so, and how to reach the clinic."""
    lines = calls(clinic)
    return (
        "Sorry, something went wrong on our side and I could not answer.\n\n"
        f"**If somebody may be in danger, call {lines['emergency_call']} now**: trouble breathing, "
        "a swelling face, a fit, heavy bleeding, a rash that stays under a glass, or a baby who is "
        "floppy, hard to wake or not feeding. For a baby under 3 months with a fever, a newborn "
        f"with blisters, or anything else that cannot wait, call {lines['advice_call']}.\n\n"
        f"Otherwise please try again in a minute, or call us on {clinic.phone}."
    )


def switched_off(clinic: Clinic) -> str:
    """For every message while the assistant is switched off in clinic.yml."""
    lines = calls(clinic)
    return (
        f"The assistant of {clinic.name} is switched off for now. Please call us on "
        f"[{clinic.phone}]({telephone_link(clinic.phone)}) or write to {clinic.email}.\n\n"
        f"**In an emergency call {lines['emergency_call']}.** For medical advice at any hour call "
        f"{lines['advice_call']}."
    )


def too_fast() -> str:
    """For messages that come faster than they can be answered."""
    return "One moment please: I am still answering your earlier messages."


def too_many_pages() -> str:
    """For pages that are asked for faster than people do."""
    return "There were very many requests from your address. Please wait a minute and try again."


def too_long(longest: int) -> str:
    """For a message over the limit."""
    return f"That message is too long. Please keep it under {longest} characters."


def nothing_said() -> str:
    """For a message without words."""
    return "There was nothing in that message."


def open_or_closed(clinic: Clinic, at: datetime) -> str:
    """One short line: "Open until 17:30", or "Closed, opens Monday 9:00. I can still answer and
    book."."""
    closes, opens = next_closing(clinic, at), next_opening(clinic, at)
    if closes and is_open(clinic, at):
        return f"Open until {clock(in_zone(closes, clinic))}"
    if opens is None:
        return "Closed. I can still answer."
    today, local = in_zone(at, clinic).date(), in_zone(opens, clinic)
    days = (local.date() - today).days
    near = {0: "today", 1: "tomorrow"}.get(days) or weekday(local.date())
    day = near if days < 7 else day_in_words(local.date())
    return f"Closed, opens {day} {clock(local)}. I can still answer and book."


def greeting(clinic: Clinic) -> str:
    """What the visitor reads on opening the chat."""
    return (
        f"Hello, I am the automated assistant of {clinic.name}: not a doctor. I can tell you about "
        "milia (milk spots) and their treatment, and book a consultation for you."
    )


def telephone_link(phone: str) -> str:
    """A ``tel:`` link for a number written for people."""
    return "tel:" + "".join(character for character in phone if character in "+0123456789")

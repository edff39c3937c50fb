"""What the gateway itself says: when there is no assistant to say it, or before there is."""

from __future__ import annotations

from clinic.profile import Clinic


def apology(clinic: Clinic) -> str:
    """For a turn that failed or took too long: says so, and how to reach the clinic."""
    return (
        "Sorry, something went wrong on our side and I could not answer. Please try again in a "
        f"minute, or call us on {clinic.phone}. "
        f"In an emergency call {clinic.emergency.emergency}."
    )


def too_fast() -> str:
    """For messages that come faster than they can be answered."""
    return "One moment please: I am still answering your earlier messages."


def greeting(clinic: Clinic) -> str:
    """What the visitor reads on opening the chat."""
    return (
        f"Hello, I am the automated assistant of {clinic.name}: not a doctor. I can tell you about "
        "milia (milk spots) and their treatment, and book a consultation for you."
    )


def telephone_link(phone: str) -> str:
    """A ``tel:`` link for a number written for people."""
    return "tel:" + "".join(character for character in phone if character in "+0123456789")

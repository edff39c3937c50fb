"""The numbers to call in an emergency, as links that a telephone dials when they are pressed."""

from __future__ import annotations

from clinic.profile import Clinic


def calls(clinic: Clinic) -> dict[str, str]:
    """The placeholders of the emergency cards, with the numbers of clinic.yml as links.

    A line that clinic.yml does not name gives way to the emergency number: nobody is left
    without a number to call.
    """
    lines = clinic.emergency
    emergency = link(lines.emergency)
    return {
        "emergency_call": emergency,
        "advice_call": link(lines.advice),
        "poison_call": link(lines.poison),
        "crisis_call": _named(lines.crisis_name, lines.crisis) or emergency,
        "child_protection_call": _named(lines.child_protection_name, lines.child_protection)
        or emergency,
        "domestic_abuse_call": _named(lines.domestic_abuse_name, lines.domestic_abuse) or emergency,
    }


def link(number: str) -> str:
    """``[116 123](tel:116123)``"""
    return f"[{number}](tel:{number.replace(' ', '')})"


def _named(name: str | None, number: str | None) -> str | None:
    if number is None:
        return None
    return f"{name} on {link(number)}" if name else link(number)

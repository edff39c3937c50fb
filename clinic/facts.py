"""The clinic's facts as words, for the answers that have placeholders for them."""

from __future__ import annotations

from datetime import datetime

from clinic.hours import now_in_words, week_in_words
from clinic.profile import Clinic


def facts(clinic: Clinic, now: datetime) -> dict[str, str]:
    """Every placeholder that an answer about the clinic may use, with its words at ``now``."""
    consultation = clinic.services["consultation"]
    return {
        "clinic_name": clinic.name,
        "clinic_phone": clinic.phone,
        "clinic_email": clinic.email,
        "clinic_website": clinic.website,
        "clinic_address": clinic.address,
        "directions": clinic.directions,
        "week_hours": week_in_words(clinic),
        "open_now": now_in_words(clinic, now),
        "prices": "\n".join(
            f"- {service.title}: {service.price}" for service in clinic.services.values()
        ),
        "payment": clinic.payment,
        "insurance": clinic.insurance,
        "consultation_price": consultation.price,
        "consultation_minutes": str(consultation.minutes),
        "practitioners": ", ".join(
            f"{person.name} ({person.role})" for person in clinic.practitioners.values()
        ),
        "emergency_number": clinic.emergency.emergency,
        "advice_number": clinic.emergency.advice,
        "poison_number": clinic.emergency.poison,
        "crisis_number": clinic.emergency.crisis,
        "crisis_name": clinic.emergency.crisis_name,
    }

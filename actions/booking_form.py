"""The booking form: what the visitor's answers mean."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.booking import wanted
from actions.clinic import now, the_clinic, the_storage
from actions.offering import asked, names_only_a_time, slots_for
from actions.person_questions import PersonQuestions, Slots, as_extracted
from actions.reading import (
    ANSWERS,
    asked_for,
    contact_in,
    elsewhere,
    entity,
    instant,
    intent,
    text,
    unclear,
)
from actions.waiting import WAITING, joins, reaches, waits
from actions.words import say
from clinic.asked_time import Chosen, Wished
from clinic.errors import BookingError
from clinic.holds import hold, let_go
from clinic.profile import CONSULTATION

MYSELF = re.compile(r"\b(me|myself|self|mine|i)\b", re.IGNORECASE)
# The lexicon's name of a treatment, where clinic.yml calls the service otherwise.
SERVICE_OF_TREATMENT = {"deroofing": "extraction"}
FOR_MYSELF = re.compile(r"\bfor (me|myself)\b", re.IGNORECASE)


class ValidateBookingForm(PersonQuestions):
    """Reads the visitor's answers to the questions of a booking."""

    last_slot = "booking_confirmed"

    def name(self) -> str:
        return "validate_booking_form"

    def extract_booking_for(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        begins = intent(tracker) == "book_appointment"
        if tracker.get_slot("booking_for") or (elsewhere(tracker) and not begins):
            return {}
        patient = entity(tracker, "patient")
        myself = FOR_MYSELF if begins else MYSELF
        if patient is None and myself.search(text(tracker)):
            patient = "adult"
        if patient == "baby":
            say(dispatcher, "booking_baby_note")
        service = tracker.get_slot("booking_service")
        if patient and service and service not in the_clinic().bookable_online(patient):
            return {"booking_for": patient, "booking_service": CONSULTATION}
        asked_again = asked_for(tracker, "booking_for") and not unclear(tracker)
        return {"booking_for": patient} if patient or asked_again else {}

    def extract_booking_service(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """Which service: one that is named or pressed, else the consultation. It is never asked:
        the question for the time says which it is, and offers the others."""
        chosen = tracker.get_slot("booking_service")
        about_it = intent(tracker) in {"book_appointment", "inform"}
        named = entity(tracker, "booking_service") or (about_it and entity(tracker, "treatment"))
        if not named:
            return {} if chosen else {"booking_service": CONSULTATION}
        named = SERVICE_OF_TREATMENT.get(named, named)
        if named in the_clinic().bookable_online(tracker.get_slot("booking_for")):
            if named == chosen:
                return {}
            return {"booking_service": named, "appointment_time": None, "booking_confirmed": None}
        if chosen is None:
            say(dispatcher, "consultation_first")
        return {} if chosen else {"booking_service": CONSULTATION}

    def extract_times_from(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        return {} if tracker.get_slot("times_from") else {"times_from": now().isoformat()}

    def extract_times_wish(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        return {"times_wish": {}} if tracker.get_slot("times_wish") is None else {}

    def extract_appointment_time(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if joins(text(tracker)):
            return {"appointment_time": WAITING, "booking_confirmed": None}
        if pressed := entity(tracker, "appointment_time"):
            return {"appointment_time": pressed, "booking_confirmed": None}
        if later := entity(tracker, "times_from"):
            return {"times_from": later, "appointment_time": None, "booking_confirmed": None}
        if entity(tracker, "booking_service"):  # another service was pressed
            return {}
        asked_for_time = asked_for(tracker, "appointment_time")
        correcting = asked_for(tracker, "booking_confirmed")
        about_time = not elsewhere(tracker) or names_only_a_time(tracker)
        if not ((asked_for_time or correcting) and about_time):
            return {}
        match asked(tracker, wanted(tracker)):
            case Chosen(starts_at):
                return {"appointment_time": starts_at.isoformat(), "booking_confirmed": None}
            case Wished() as wished:
                # Who waits says so what they wait for; but an exact time is one to be booked.
                time = WAITING if waits(tracker) and not wished.exact else None
                return slots_for(wished) | {"appointment_time": time, "booking_confirmed": None}
        if correcting:
            return {}
        say(dispatcher, "time_not_understood")
        return {"appointment_time": None}

    def validate_appointment_time(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if value is None:
            return {}
        if value == WAITING:
            return self._waits(tracker)
        starts_at = instant(value)
        if starts_at is None:
            return {"appointment_time": None}
        try:
            hold(the_storage(), the_clinic(), wanted(tracker), starts_at, now())
        except BookingError as refused:
            dispatcher.utter_message(text=refused.words)
            return {"appointment_time": None}
        return {"appointment_time": starts_at.isoformat()}

    def _waits(self, tracker: Tracker) -> Slots:
        """Frees what was held; a telephone number given before may be no way to write to them."""
        let_go(the_storage(), tracker.sender_id)
        known = tracker.get_slot("contact")
        return {"appointment_time": WAITING, "contact": known if reaches(tracker, known) else None}

    def validate_contact(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if value and waits(tracker) and not reaches(tracker, value):
            say(dispatcher, "waiting_needs_email", {"clinic_phone": the_clinic().phone})
            return {"contact": None}
        return {}

    def extract_booking_confirmed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if not asked_for(tracker, "booking_confirmed") or elsewhere(tracker):
            return {}
        if corrects(tracker):  # "yes, but at ten": the summary is said again
            return {"booking_confirmed": None}
        if unclear(tracker):
            return {}
        return {"booking_confirmed": ANSWERS.get(intent(tracker) or "")}

    validate_booking_for = as_extracted
    validate_booking_service = as_extracted
    validate_times_from = as_extracted
    validate_times_wish = as_extracted
    validate_booking_confirmed = as_extracted


def corrects(tracker: Tracker) -> bool:
    """Whether the answer to the summary changes it, whatever else it says."""
    return bool(
        entity(tracker, "times_from") or asked(tracker, wanted(tracker)) or contact_in(tracker)
    )

"""Booking: the appointment that the form's answers make, or none."""

from __future__ import annotations

from datetime import datetime

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.clinic import now, the_clinic, the_storage
from actions.reading import zone
from actions.words import say
from clinic.appointments import BookingRequest, book
from clinic.errors import BookingError
from clinic.free_times import Wanted
from clinic.holds import let_go
from clinic.person import read_contact
from clinic.profile import CONSULTATION
from clinic.words import time_elsewhere

FORM_SLOTS = (
    "booking_for",
    "booking_service",
    "times_from",
    "times_wish",
    "appointment_time",
    "visitor_name",
    "contact",
    "booking_confirmed",
)
PATIENT_IN_WORDS = {"adult": "you", "child": "your child", "baby": "your baby"}
LETTER_COMES = "An e-mail with a calendar file is on its way to you. "


def service_of(tracker: Tracker) -> str:
    """The service that is being booked."""
    return tracker.get_slot("booking_service") or CONSULTATION


def wanted(tracker: Tracker) -> Wanted:
    """What free times are looked for in this booking."""
    return Wanted(service_of(tracker), tracker.get_slot("booking_for"), holder=tracker.sender_id)


class ActionBookAppointment(Action):
    """Books what was agreed, or says that nothing was booked."""

    def name(self) -> str:
        return "action_book_appointment"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        if not tracker.get_slot("booking_confirmed"):
            return left(dispatcher, tracker)
        try:
            appointment = book(the_storage(), the_clinic(), _request(tracker), now())
        except BookingError as refused:
            dispatcher.utter_message(text=refused.words)
            again = [SlotSet("appointment_time", None), SlotSet("booking_confirmed", None)]
            return [*again, FollowupAction("booking_form")]
        say(
            dispatcher,
            "booked",
            {
                "when": time_elsewhere(appointment.starts_at, the_clinic(), zone(tracker)),
                "practitioner": the_clinic().practitioners[appointment.practitioner].name,
                "reference": appointment.reference,
                "clinic_address": the_clinic().address,
                "clinic_phone": the_clinic().phone,
                "letter": LETTER_COMES if appointment.contact.kind == "email" else "",
            },
            kind="booked",
        )
        return [*forgotten(), SlotSet("last_reference", appointment.reference)]


class ActionLeaveBooking(Action):
    """Leaves the booking and forgets what was given for it."""

    def name(self) -> str:
        return "action_leave_booking"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        return left(dispatcher, tracker)


def left(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Nothing is booked: the time that was held is free again, what was given is forgotten."""
    let_go(the_storage(), tracker.sender_id)
    say(dispatcher, "stopped")
    return forgotten()


def forgotten() -> list[EventType]:
    """Empties the form's slots."""
    return [SlotSet(slot, None) for slot in FORM_SLOTS]


def _request(tracker: Tracker) -> BookingRequest:
    starts_at = tracker.get_slot("appointment_time")
    return BookingRequest(
        service=service_of(tracker),
        starts_at=datetime.fromisoformat(starts_at),
        patient=tracker.get_slot("booking_for"),
        name=tracker.get_slot("visitor_name"),
        contact=read_contact(tracker.get_slot("contact"), the_clinic().country),
        # Pressing "yes" twice, or a turn sent again, must not make a second appointment.
        idempotency_key=f"{tracker.sender_id} {starts_at}",
        sender=tracker.sender_id,
        consented_at=now(),
    )

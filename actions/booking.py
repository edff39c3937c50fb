"""Booking a consultation: the form's questions, its answers, and the appointment."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.clinic import now, the_clinic, the_storage
from actions.words import say
from clinic.appointments import BookingRequest, book
from clinic.asked_time import Chosen, Wished, asked_time
from clinic.errors import BookingError, ContactNotUnderstood
from clinic.free_times import FreeTime, free_times
from clinic.person import read_contact, read_name
from clinic.words import time_in_words

SERVICE = "consultation"
FORM_SLOTS = (
    "booking_for",
    "times_from",
    "appointment_time",
    "visitor_name",
    "contact",
    "booking_confirmed",
)
ANSWERS = {"affirm": True, "deny": False}
TIMES_OFFERED = 3

# A message with one of these intents is about something else than the form's question.
# The others may well be a name, a number or a time that the classifier has never seen.
ELSEWHERE = {
    "faq",
    "book_appointment",
    "reschedule_appointment",
    "cancel_appointment",
    "check_appointment",
    "request_callback",
    "talk_to_human",
    "erase_my_data",
    "complaint",
    "urgent",
    "distress",
    "bot_challenge",
    "help",
    "stop",
    "greet",
    "goodbye",
    "thank",
}
MYSELF = re.compile(r"\b(me|myself|self|mine|i)\b", re.IGNORECASE)
FOR_MYSELF = re.compile(r"\bfor (me|myself)\b", re.IGNORECASE)

Slots = dict[str, Any]


class ValidateBookingForm(FormValidationAction):
    """Reads the visitor's answers to the form's questions.

    Returning a slot as None makes the form ask again; returning nothing lets the
    conversation's rules answer a question in the middle, after which the form goes on.
    """

    def name(self) -> str:
        return "validate_booking_form"

    def extract_booking_for(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        begins = _intent(tracker) == "book_appointment"
        if tracker.get_slot("booking_for") or (_elsewhere(tracker) and not begins):
            return {}
        patient = _entity(tracker, "patient")
        myself = FOR_MYSELF if begins else MYSELF
        if patient is None and myself.search(_text(tracker)):
            patient = "adult"
        if patient == "baby":
            say(dispatcher, "booking_baby_note")
        return {"booking_for": patient} if patient or _asked_for(tracker, "booking_for") else {}

    def extract_times_from(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        return {} if tracker.get_slot("times_from") else {"times_from": now().isoformat()}

    def extract_appointment_time(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if pressed := _entity(tracker, "appointment_time"):
            return {"appointment_time": pressed, "booking_confirmed": None}
        if later := _entity(tracker, "times_from"):
            return {"times_from": later, "appointment_time": None, "booking_confirmed": None}
        asked_for_time = _asked_for(tracker, "appointment_time")
        correcting = _asked_for(tracker, "booking_confirmed")
        if not (asked_for_time or correcting) or _elsewhere(tracker):
            return {}
        match _asked_time(tracker):
            case Chosen(starts_at):
                return {"appointment_time": starts_at.isoformat(), "booking_confirmed": None}
            case Wished(after):
                return {
                    "times_from": after.isoformat(),
                    "appointment_time": None,
                    "booking_confirmed": None,
                }
        if correcting:
            return {}
        say(dispatcher, "time_not_understood")
        return {"appointment_time": None}

    def validate_appointment_time(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if value is None:
            return {}
        starts_at = _instant(value)
        if starts_at and _is_free(tracker, starts_at):
            return {"appointment_time": starts_at.isoformat()}
        say(dispatcher, "time_taken")
        return {"appointment_time": None}

    def extract_visitor_name(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if not _asked_for(tracker, "visitor_name") or _elsewhere(tracker):
            return {}
        name = read_name(_text(tracker))
        if name is None:
            say(dispatcher, "name_not_understood")
        return {"visitor_name": name}

    def extract_contact(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        correcting = _asked_for(tracker, "booking_confirmed")
        if not (_asked_for(tracker, "contact") or correcting):
            return {}
        try:
            contact = read_contact(_text(tracker), the_clinic().country)
        except ContactNotUnderstood as problem:
            if correcting or _elsewhere(tracker):
                return {}
            dispatcher.utter_message(text=problem.words)
            return {"contact": None}
        return {"contact": contact.value, "booking_confirmed": None}

    def extract_booking_confirmed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if not _asked_for(tracker, "booking_confirmed") or _elsewhere(tracker):
            return {}
        if _corrects(tracker):  # "yes, but at ten": the summary is said again
            return {"booking_confirmed": None}
        return {"booking_confirmed": ANSWERS.get(_intent(tracker) or "")}

    def _as_extracted(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """What was extracted needs no further check."""
        return {}

    validate_booking_for = _as_extracted
    validate_times_from = _as_extracted
    validate_visitor_name = _as_extracted
    validate_contact = _as_extracted
    validate_booking_confirmed = _as_extracted


class ActionAskBookingFor(Action):
    """Asks for whom the appointment is."""

    def name(self) -> str:
        return "action_ask_booking_for"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        say(dispatcher, "ask_booking_for")
        return []


class ActionAskVisitorName(Action):
    """Asks for a name."""

    def name(self) -> str:
        return "action_ask_visitor_name"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        say(dispatcher, "ask_visitor_name")
        return []


class ActionAskContact(Action):
    """Asks for a way to be reached."""

    def name(self) -> str:
        return "action_ask_contact"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        say(dispatcher, "ask_contact")
        return []


class ActionAskAppointmentTime(Action):
    """Offers the nearest free times as buttons."""

    def name(self) -> str:
        return "action_ask_appointment_time"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        offers = _offers(tracker)
        if not offers:
            say(dispatcher, "no_free_times", {"clinic_phone": the_clinic().phone})
            return []
        buttons = [
            _button(time_in_words(offer.starts_at, the_clinic()), "appointment_time", offer)
            for offer in offers
        ]
        more = _button("Later times", "times_from", offers[-1])
        say(dispatcher, "ask_appointment_time", buttons=[*buttons, more])
        return []


class ActionAskBookingConfirmed(Action):
    """Says back what is about to be booked, and asks for a yes."""

    def name(self) -> str:
        return "action_ask_booking_confirmed"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        starts_at = datetime.fromisoformat(tracker.get_slot("appointment_time"))
        say(
            dispatcher,
            "ask_booking_confirmed",
            {
                "when": time_in_words(starts_at, the_clinic()),
                "patient_in_words": PATIENT_IN_WORDS[tracker.get_slot("booking_for")],
                "visitor_name": tracker.get_slot("visitor_name"),
                "contact": tracker.get_slot("contact"),
            },
        )
        return []


class ActionBookAppointment(Action):
    """Books what was agreed, or says that nothing was booked."""

    def name(self) -> str:
        return "action_book_appointment"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        if not tracker.get_slot("booking_confirmed"):
            say(dispatcher, "stopped")
            return _forgotten()
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
                "when": time_in_words(appointment.starts_at, the_clinic()),
                "practitioner": the_clinic().practitioners[appointment.practitioner].name,
                "reference": appointment.reference,
                "clinic_address": the_clinic().address,
                "clinic_phone": the_clinic().phone,
            },
        )
        return _forgotten()


class ActionLeaveBooking(Action):
    """Leaves the booking and forgets what was given for it."""

    def name(self) -> str:
        return "action_leave_booking"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        say(dispatcher, "stopped")
        return _forgotten()


PATIENT_IN_WORDS = {"adult": "you", "child": "your child", "baby": "your baby"}


def _request(tracker: Tracker) -> BookingRequest:
    starts_at = tracker.get_slot("appointment_time")
    return BookingRequest(
        service=SERVICE,
        starts_at=datetime.fromisoformat(starts_at),
        patient=tracker.get_slot("booking_for"),
        name=tracker.get_slot("visitor_name"),
        contact=read_contact(tracker.get_slot("contact"), the_clinic().country),
        # Pressing "yes" twice, or a turn sent again, must not make a second appointment.
        idempotency_key=f"{tracker.sender_id} {starts_at}",
        sender=tracker.sender_id,
    )


def _free_times(tracker: Tracker, from_time: datetime | None = None) -> list[FreeTime]:
    return free_times(
        the_storage(),
        the_clinic(),
        SERVICE,
        now(),
        patient=tracker.get_slot("booking_for"),
        from_time=from_time,
        limit=TIMES_OFFERED,
    )


def _is_free(tracker: Tracker, instant: datetime) -> bool:
    nearest = _free_times(tracker, instant)
    return bool(nearest) and nearest[0].starts_at == instant


def _offers(tracker: Tracker) -> list[FreeTime]:
    """The times on offer: the nearest from the time on that the visitor asked for."""
    times_from = _instant(tracker.get_slot("times_from"))
    return _free_times(tracker, times_from) or _free_times(tracker)


def _asked_time(tracker: Tracker) -> Chosen | Wished | None:
    """The time that the visitor typed, read against the times on offer."""
    offered = [offer.starts_at for offer in _offers(tracker)]
    asked = asked_time(_text(tracker), offered, the_clinic().zone, now())
    if isinstance(asked, Wished) and asked.exact and _is_free(tracker, asked.after):
        return Chosen(asked.after)
    return asked


def _corrects(tracker: Tracker) -> bool:
    """Whether the answer to the summary changes it, whatever else it says."""
    if _entity(tracker, "times_from") or _asked_time(tracker):
        return True
    try:
        read_contact(_text(tracker), the_clinic().country)
    except ContactNotUnderstood:
        return False
    return True


def _button(title: str, slot: str, offer: FreeTime) -> dict[str, str]:
    instant = offer.starts_at if slot == "appointment_time" else offer.ends_at
    return {"title": title, "payload": f'/inform{{"{slot}": "{instant.isoformat()}"}}'}


def _instant(value: Any) -> datetime | None:
    """An aware instant out of a slot or a payload; None where it is none."""
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return instant if instant.tzinfo else None


def _forgotten() -> list[EventType]:
    return [SlotSet(slot, None) for slot in FORM_SLOTS]


def _asked_for(tracker: Tracker, slot: str) -> bool:
    return bool(tracker.get_slot("requested_slot") == slot)


def _intent(tracker: Tracker) -> str | None:
    """The intent of the message; where it was not understood, that, and no guess."""
    intent: str | None = tracker.get_intent_of_latest_message(skip_fallback_intent=False)
    return intent


def _elsewhere(tracker: Tracker) -> bool:
    """Whether the message is about something else; "for my son" may well answer a question."""
    follows_up = _entity(tracker, "follow_up") not in {None, "for_whom", "something_else"}
    return follows_up or _intent(tracker) in ELSEWHERE


def _text(tracker: Tracker) -> str:
    return tracker.latest_message.get("text") or ""


def _entity(tracker: Tracker, name: str) -> Any:
    return next(tracker.get_latest_entity_values(name), None)

"""What a booking asks."""

from __future__ import annotations

from datetime import datetime

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.booking import PATIENT_IN_WORDS, service_of, wanted
from actions.clinic import the_clinic
from actions.offering import offers, time_buttons
from actions.reading import zone
from actions.unsure import button_for
from actions.waiting import JOIN, in_this_chat, may_want_to_wait, suits_said, waits
from actions.words import say
from clinic.words import time_elsewhere


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
        if waits(tracker) and not in_this_chat(tracker):
            say(dispatcher, "ask_waiting_contact")
        else:
            say(dispatcher, "ask_contact", kind="contact")
        return []


class ActionAskAppointmentTime(Action):
    """Offers the nearest free times as buttons."""

    def name(self) -> str:
        return "action_ask_appointment_time"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        offered = offers(tracker, wanted(tracker))
        if not offered:
            instead = [JOIN, button_for("request_callback")]
            say(dispatcher, "no_free_times", {"clinic_phone": the_clinic().phone}, instead)
            return []
        name = service_of(tracker)
        service = the_clinic().services[name]
        others = [
            {"title": f"{other.title} instead", "payload": f'/inform{{"booking_service": "{id}"}}'}
            for id, other in the_clinic().bookable_online(tracker.get_slot("booking_for")).items()
            if id != name
        ]
        wait = [JOIN] if may_want_to_wait(tracker) else []
        say(
            dispatcher,
            "ask_appointment_time",
            {
                "service": service.title,
                "minutes": str(service.minutes),
                "price": service.price,
            },
            buttons=[*time_buttons(offered, "appointment_time", zone(tracker)), *wait, *others],
            kind="times",
        )
        return []


class ActionAskBookingConfirmed(Action):
    """Says back what is about to be booked, and asks for a yes."""

    def name(self) -> str:
        return "action_ask_booking_confirmed"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        values = {
            "service": the_clinic().services[service_of(tracker)].title,
            "patient_in_words": PATIENT_IN_WORDS[tracker.get_slot("booking_for")],
            "visitor_name": tracker.get_slot("visitor_name"),
            "contact": tracker.get_slot("contact"),
        }
        if waits(tracker):
            values["suits"] = suits_said(tracker)
            name = "ask_waiting_confirmed"
            name += "_in_this_chat" if in_this_chat(tracker) else ""
            say(dispatcher, name, values, kind="summary")
            return []
        starts_at = datetime.fromisoformat(tracker.get_slot("appointment_time"))
        values["when"] = time_elsewhere(starts_at, the_clinic(), zone(tracker))
        say(dispatcher, "ask_booking_confirmed", values, kind="summary")
        return []

"""Looking up, moving and cancelling one's own appointment, by its reference and a second proof."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.clinic import now, the_clinic, the_storage
from actions.form import Form
from actions.offering import asked, names_only_a_time, offers, slots_for, time_buttons
from actions.person_questions import Slots, as_extracted
from actions.reading import (
    ANSWERS,
    asked_for,
    elsewhere,
    entity,
    instant,
    intent,
    text,
    unclear,
    zone,
)
from actions.waiting import leave_list, leaves, say_place, speaks_of_list
from actions.words import say
from clinic.appointments import Appointment
from clinic.asked_time import Chosen, Wished
from clinic.changes import can_be_changed, cancel, reschedule
from clinic.errors import BookingError, NotProven, NotToBeChanged, TooManyAttempts
from clinic.free_times import Wanted
from clinic.holds import hold, let_go
from clinic.own_appointment import appointment_of, find_own, read_reference
from clinic.words import person_in_words, time_elsewhere

TASKS = {
    "check_appointment": "check",
    "reschedule_appointment": "move",
    "cancel_appointment": "cancel",
}
SLOTS = (
    "own_task",
    "own_reference",
    "own_proof",
    "times_from",
    "times_wish",
    "own_time",
    "own_confirmed",
)
# Who joined the waiting list in this very conversation needs no proof.
OF_THE_LIST = {"leave": leave_list, "place": say_place}
# What own_proof says once the proof was looked at; what was typed is not kept.
PROVEN, REFUSED, FIXED = "proven", "refused", "fixed"


class ValidateOwnAppointmentForm(Form):
    """Reads the reference and the proof, then what is to be done."""

    def name(self) -> str:
        return "validate_own_appointment_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,
    ) -> list[str]:
        if tracker.get_slot("own_task") in OF_THE_LIST:
            return ["own_task"]
        asked_first = ["own_task", "own_reference", "own_proof"]
        if tracker.get_slot("own_proof") not in {None, PROVEN}:
            return asked_first
        match tracker.get_slot("own_task"):
            case "move":
                return [*asked_first, "times_from", "times_wish", "own_time", "own_confirmed"]
            case "cancel":
                return [*asked_first, "own_confirmed"]
        return asked_first

    def extract_own_task(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        # "I need to reschedule", in the middle of a look-up, changes what is to be done.
        if of_the_list := _of_the_list(tracker):
            return {"own_task": of_the_list}
        if task := TASKS.get(intent(tracker) or ""):
            return {"own_task": task}
        return {} if tracker.get_slot("own_task") else {"own_task": "check"}

    def extract_own_reference(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if tracker.get_slot("own_reference"):
            return {}
        if reference := read_reference(text(tracker)):
            return {"own_reference": reference}
        if not asked_for(tracker, "own_reference"):
            return {"own_reference": tracker.get_slot("last_reference")}
        if elsewhere(tracker):
            return {}
        say(dispatcher, "reference_not_understood", {"clinic_phone": the_clinic().phone})
        return {"own_reference": None}

    def extract_own_proof(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        said = text(tracker)
        is_contact = "@" in said or any(character.isdigit() for character in said)
        if not asked_for(tracker, "own_proof") or (elsewhere(tracker) and not is_contact):
            return {}
        return {"own_proof": said}

    def validate_own_proof(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        reference = tracker.get_slot("own_reference")
        try:
            found = find_own(the_storage(), reference, value, tracker.sender_id, now())
        except NotProven as refused:
            dispatcher.utter_message(text=refused.words)
            return {"own_proof": None, "own_reference": None}
        except TooManyAttempts:
            return {"own_proof": REFUSED}
        wants_change = tracker.get_slot("own_task") != "check"
        if wants_change and not can_be_changed(the_clinic(), found, now()):
            return {"own_proof": FIXED}
        return {"own_proof": PROVEN, "times_from": now().isoformat(), "times_wish": {}}

    def extract_own_time(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if pressed := entity(tracker, "own_time"):
            return {"own_time": pressed, "own_confirmed": None}
        if later := entity(tracker, "times_from"):
            return {"times_from": later, "own_time": None, "own_confirmed": None}
        correcting = asked_for(tracker, "own_confirmed")
        moves = intent(tracker) == "reschedule_appointment"
        about_time = moves or not elsewhere(tracker) or names_only_a_time(tracker)
        if not ((asked_for(tracker, "own_time") or correcting) and about_time):
            return {}
        match asked(tracker, wanted(tracker)):
            case Chosen(starts_at):
                return {"own_time": starts_at.isoformat(), "own_confirmed": None}
            case Wished() as wished:
                return slots_for(wished) | {"own_time": None, "own_confirmed": None}
        if correcting:
            return {}
        say(dispatcher, "time_not_understood")
        return {"own_time": None}

    def validate_own_time(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        starts_at = instant(value)
        if starts_at is None:
            return {"own_time": None}
        try:
            hold(the_storage(), the_clinic(), wanted(tracker), starts_at, now())
        except BookingError as refused:
            dispatcher.utter_message(text=refused.words)
            return {"own_time": None}
        return {"own_time": starts_at.isoformat()}

    def extract_own_confirmed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if not asked_for(tracker, "own_confirmed"):
            return {}
        if tracker.get_slot("own_task") == "move" and asked(tracker, wanted(tracker)):
            return {"own_confirmed": None}
        # "cancel it", in answer to "shall I cancel it?", is a yes.
        if TASKS.get(intent(tracker) or "") == tracker.get_slot("own_task"):
            return {"own_confirmed": True}
        if elsewhere(tracker) or unclear(tracker):
            return {}
        return {"own_confirmed": ANSWERS.get(intent(tracker) or "")}

    validate_own_task = as_extracted
    validate_own_reference = as_extracted
    validate_own_confirmed = as_extracted


class ActionAskOwnReference(Action):
    """Asks for the reference."""

    def name(self) -> str:
        return "action_ask_own_reference"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        say(dispatcher, "ask_own_reference")
        return []


class ActionAskOwnProof(Action):
    """Asks for the second proof."""

    def name(self) -> str:
        return "action_ask_own_proof"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        say(dispatcher, "ask_own_proof", {"reference": tracker.get_slot("own_reference")})
        return []


class ActionAskOwnTime(Action):
    """Offers other times."""

    def name(self) -> str:
        return "action_ask_own_time"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        offered = offers(tracker, wanted(tracker))
        if not offered:
            say(dispatcher, "no_free_times", {"clinic_phone": the_clinic().phone})
            return []
        values = {"when": when(own(tracker).starts_at, tracker)}
        say(
            dispatcher,
            "ask_own_time",
            values,
            time_buttons(offered, "own_time", zone(tracker)),
            kind="times",
        )
        return []


class ActionAskOwnConfirmed(Action):
    """Says back what is about to be done, and asks for a yes."""

    def name(self) -> str:
        return "action_ask_own_confirmed"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        values = {"when": when(own(tracker).starts_at, tracker)}
        if tracker.get_slot("own_task") == "move":
            new = instant(tracker.get_slot("own_time"))
            values["new"] = when(new, tracker) if new else ""
            say(dispatcher, "ask_move_confirmed", values, kind="summary")
        else:
            say(dispatcher, "ask_cancel_confirmed", values, kind="summary")
        return []


class ActionOwnAppointment(Action):
    """Does what was agreed: says when it is, moves it, or cancels it."""

    def name(self) -> str:
        return "action_own_appointment"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        if tell := OF_THE_LIST.get(tracker.get_slot("own_task")):
            tell(dispatcher, tracker)
            return forgotten()
        if tracker.get_slot("own_proof") == REFUSED:
            dispatcher.utter_message(text=f"{TooManyAttempts().words} {the_clinic().phone}.")
            return forgotten()
        task, appointment = tracker.get_slot("own_task"), own(tracker)
        confirmed = task == "check" or tracker.get_slot("own_confirmed")
        if tracker.get_slot("own_proof") == PROVEN and not confirmed:
            let_go(the_storage(), tracker.sender_id)
            say(dispatcher, "own_unchanged", in_words(appointment, tracker))
            return forgotten()
        try:
            if task == "cancel":
                say(
                    dispatcher,
                    "own_cancelled",
                    in_words(cancel(*ours(appointment), now()), tracker),
                )
            elif task == "move":
                to = instant(tracker.get_slot("own_time")) or appointment.starts_at
                holder = tracker.sender_id
                moved = reschedule(*ours(appointment), to, now(), holder=holder)
                say(dispatcher, "own_moved", in_words(moved, tracker), kind="booked")
            else:
                status = "own_checked" if appointment.status == "booked" else "own_is_cancelled"
                say(dispatcher, status, in_words(appointment, tracker))
        except NotToBeChanged as fixed:
            dispatcher.utter_message(text=fixed.words)
        except BookingError as refused:
            dispatcher.utter_message(text=refused.words)
            again = [SlotSet("own_time", None), SlotSet("own_confirmed", None)]
            return [*again, FollowupAction("own_appointment_form")]
        return [*forgotten(), SlotSet("last_reference", appointment.reference)]


class ActionLeaveOwnAppointment(Action):
    """Leaves the appointment as it is."""

    def name(self) -> str:
        return "action_leave_own_appointment"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        let_go(the_storage(), tracker.sender_id)
        say(dispatcher, "own_left")
        return forgotten()


def _of_the_list(tracker: Tracker) -> str | None:
    """What is to be done about the waiting list, if the message is about it."""
    if leaves(text(tracker)):
        return "leave"
    return "place" if speaks_of_list(text(tracker)) else None


def ours(appointment: Appointment) -> tuple[Any, Any, Appointment]:
    """Storage, clinic and appointment, as the changes take them."""
    return the_storage(), the_clinic(), appointment


def own(tracker: Tracker) -> Appointment:
    """The appointment whose owner has proven to be it."""
    return appointment_of(the_storage(), tracker.get_slot("own_reference"))


def wanted(tracker: Tracker) -> Wanted:
    """What free times are looked for, to move the appointment."""
    appointment = own(tracker)
    return Wanted(appointment.service, appointment.patient, holder=tracker.sender_id)


def when(instant: datetime, tracker: Tracker) -> str:
    """A time, as it is said to this visitor."""
    return time_elsewhere(instant, the_clinic(), zone(tracker))


def in_words(appointment: Appointment, tracker: Tracker) -> dict[str, str]:
    """What is said of an appointment."""
    return {
        "when": when(appointment.starts_at, tracker),
        "practitioner": person_in_words(the_clinic(), appointment.practitioner, the_clinic().name),
        "reference": appointment.reference,
        "clinic_address": the_clinic().address,
        "clinic_phone": the_clinic().phone,
    }


def forgotten() -> list[EventType]:
    """Empties the form's slots."""
    return [SlotSet(slot, None) for slot in SLOTS]

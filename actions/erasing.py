"""Deleting what is kept about the visitor of this conversation."""

from __future__ import annotations

from datetime import timedelta

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, Restarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.clinic import now, the_clinic, the_storage
from actions.form import Form
from actions.person_questions import Slots, as_extracted
from actions.reading import ANSWERS, asked_for, elsewhere, intent, unclear
from actions.words import say
from clinic.personal_data import erase_in_clinic, forget_conversation

# Rasa writes this very turn down after the action; then the worker deletes the conversation.
AFTER_THIS_TURN = timedelta(minutes=1)


class ValidateErasingForm(Form):
    """Reads the yes or no."""

    def name(self) -> str:
        return "validate_erasing_form"

    def extract_erasing_confirmed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if not asked_for(tracker, "erasing_confirmed"):
            return {}
        if intent(tracker) == "erase_my_data":  # "delete it", in answer, is a yes
            return {"erasing_confirmed": True}
        if elsewhere(tracker) or unclear(tracker):
            return {}
        return {"erasing_confirmed": ANSWERS.get(intent(tracker) or "")}

    validate_erasing_confirmed = as_extracted


class ActionAskErasingConfirmed(Action):
    """Says what will be deleted, and asks for a yes."""

    def name(self) -> str:
        return "action_ask_erasing_confirmed"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        say(dispatcher, "ask_erasing_confirmed")
        return []


class ActionErase(Action):
    """Deletes what is kept, or leaves it."""

    def name(self) -> str:
        return "action_erase"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        if not tracker.get_slot("erasing_confirmed"):
            say(dispatcher, "not_erased")
            return [SlotSet("erasing_confirmed", None)]
        gone = erase_in_clinic(the_storage(), tracker.sender_id, now(), "visitor")
        forget_conversation(the_storage(), tracker.sender_id, now() + AFTER_THIS_TURN)
        say(
            dispatcher,
            "erased",
            {
                "appointments": str(gone["appointments"]),
                "enquiries": str(gone["enquiries"]),
                "waiting": str(gone["wait_list"]),
                "clinic_email": the_clinic().email,
            },
            kind="erased",
        )
        return [Restarted()]

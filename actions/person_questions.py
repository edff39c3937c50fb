"""Reading a name and a way to be reached, for every form that asks for them."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.clinic import the_clinic
from actions.form import Form
from actions.reading import asked_for, elsewhere, may_be_a_name, text
from actions.words import say
from clinic.errors import ContactNotUnderstood
from clinic.person import read_contact, read_name

Slots = dict[str, Any]


def as_extracted(
    form: Form,
    value: Any,
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    domain: DomainDict,
) -> Slots:
    """What was extracted needs no further check."""
    return {}


class PersonQuestions(Form):
    """A form with the slots ``visitor_name`` and ``contact``.

    Returning a slot as None makes the form ask again; returning nothing lets the
    conversation's rules answer a question in the middle, after which the form goes on.
    """

    # In answer to this question, too, a new contact corrects the one that was given.
    last_slot = ""

    @abstractmethod
    def name(self) -> str:
        """Which form it is; without it, this class is none that Rasa would register."""

    def extract_visitor_name(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        about_it = not elsewhere(tracker) or may_be_a_name(tracker)
        if not (asked_for(tracker, "visitor_name") and about_it):
            return {}
        name = read_name(text(tracker))
        if name is None:
            say(dispatcher, "name_not_understood")
        return {"visitor_name": name}

    def extract_contact(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        correcting = asked_for(tracker, self.last_slot)
        if not (asked_for(tracker, "contact") or correcting):
            return {}
        try:
            contact = read_contact(text(tracker), the_clinic().country)
        except ContactNotUnderstood as problem:
            if correcting or elsewhere(tracker):
                return {}
            dispatcher.utter_message(text=problem.words)
            return {"contact": None}
        return {"contact": contact.value, self.last_slot: None}

    validate_visitor_name = as_extracted
    validate_contact = as_extracted

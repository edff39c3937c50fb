"""An enquiry: somebody of the clinic's people shall get in touch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.clinic import now, the_clinic, the_storage
from actions.person_questions import PersonQuestions, Slots, as_extracted
from actions.reading import asked_for, intent, text
from actions.words import say
from clinic.enquiries import EnquiryRequest, Kind, ask, promise
from clinic.facts import facts
from clinic.hours import is_open
from clinic.person import read_contact

KINDS: dict[str, Kind] = {
    "request_callback": "callback",
    "talk_to_human": "person",
    "complaint": "complaint",
}
SLOTS = ("enquiry_kind", "visitor_name", "contact", "enquiry_time", "enquiry_question")
DANGER = {"urgent", "distress"}
# So much of what was said before goes with an enquiry.
TURNS_BEFORE = 12


class ValidateEnquiryForm(PersonQuestions):
    """Reads what the clinic's people need to get in touch."""

    last_slot = "enquiry_question"

    def name(self) -> str:
        return "validate_enquiry_form"

    def extract_enquiry_kind(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if tracker.get_slot("enquiry_kind"):
            return {}
        return {"enquiry_kind": KINDS.get(intent(tracker) or "", "callback")}

    def extract_contact(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        found = super().extract_contact(dispatcher, tracker, domain)
        # A question may well have a number in it: here it corrects nothing.
        return {} if asked_for(tracker, self.last_slot) else found

    def extract_enquiry_time(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if not asked_for(tracker, "enquiry_time") or intent(tracker) in {"faq", *DANGER}:
            return {}
        return {"enquiry_time": text(tracker)}

    def extract_enquiry_question(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        # Whatever it is about, it is the question; but danger is never only written down.
        if not asked_for(tracker, "enquiry_question") or intent(tracker) in {"stop", *DANGER}:
            return {}
        return {"enquiry_question": text(tracker)}

    validate_enquiry_kind = as_extracted
    validate_enquiry_time = as_extracted
    validate_enquiry_question = as_extracted


class _Asks(Action, ABC):
    """Asks one of the form's questions."""

    @property
    @abstractmethod
    def slot(self) -> str:
        """Which."""

    def name(self) -> str:
        return f"action_ask_enquiry_form_{self.slot}"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        values = {"promise": promise(the_clinic(), now())}
        kind = "contact" if self.slot == "contact" else None
        say(dispatcher, f"enquiry_{self.slot}", values, kind=kind)
        return []


class ActionAskEnquiryName(_Asks):
    """Asks for a name, and says by when somebody will be in touch."""

    slot = "visitor_name"


class ActionAskEnquiryContact(_Asks):
    """Asks for a way to be reached."""

    slot = "contact"


class ActionAskEnquiryTime(_Asks):
    """Asks when it suits."""

    slot = "enquiry_time"


class ActionAskEnquiryQuestion(_Asks):
    """Asks what it is about."""

    slot = "enquiry_question"


class ActionTalkToPerson(Action):
    """Says how to reach the clinic's people; while it is closed, takes an enquiry at once."""

    def name(self) -> str:
        return "action_talk_to_person"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        kind = intent(tracker) or "talk_to_human"
        say(dispatcher, kind, facts(the_clinic(), now()), kind="handover")
        if is_open(the_clinic(), now()) or tracker.active_loop.get("name"):
            return []
        return [
            SlotSet("enquiry_kind", KINDS.get(kind, "person")),
            FollowupAction("enquiry_form"),
        ]


class ActionSendEnquiry(Action):
    """Keeps the enquiry, and gives its receipt and an honest promise."""

    def name(self) -> str:
        return "action_send_enquiry"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        enquiry = ask(the_storage(), the_clinic(), _request(tracker), now())
        say(
            dispatcher,
            "enquiry_sent",
            facts(the_clinic(), now())
            | {
                "reference": enquiry.reference,
                "promise": promise(the_clinic(), now()),
                "contact": enquiry.contact.value,
            },
            kind="handover",
        )
        return forgotten()


class ActionLeaveEnquiry(Action):
    """Leaves the enquiry and forgets what was given for it."""

    def name(self) -> str:
        return "action_leave_enquiry"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        say(dispatcher, "enquiry_left")
        return forgotten()


def forgotten() -> list[EventType]:
    """Empties the form's slots."""
    return [SlotSet(slot, None) for slot in SLOTS]


def _request(tracker: Tracker) -> EnquiryRequest:
    said = [
        (event["event"], event.get("text") or "", event)
        for event in tracker.events
        if event["event"] in {"user", "bot"} and event.get("text")
    ]
    intents = {
        event.get("parse_data", {}).get("intent", {}).get("name")
        for kind, _, event in said
        if kind == "user"
    }
    lines = [f"{'visitor' if kind == 'user' else 'assistant'}: {words}" for kind, words, _ in said]
    contact = tracker.get_slot("contact")
    question = tracker.get_slot("enquiry_question")
    return EnquiryRequest(
        kind=tracker.get_slot("enquiry_kind"),
        name=tracker.get_slot("visitor_name"),
        contact=read_contact(contact, the_clinic().country),
        best_time=tracker.get_slot("enquiry_time"),
        question=question,
        said_before="\n".join(lines[-TURNS_BEFORE:]),
        urgent=not DANGER.isdisjoint(intents),
        sender=tracker.sender_id,
        # The same answers given again, as a turn that is sent twice, are the same enquiry.
        idempotency_key=f"{tracker.sender_id} {_number_of_turns(tracker)}",
    )


def _number_of_turns(tracker: Tracker) -> int:
    events: list[dict[str, Any]] = tracker.events
    return sum(event["event"] == "user" for event in events)

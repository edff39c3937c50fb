"""Answers whose facts stand in clinic.yml: hours, place, prices, people and numbers to call."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.clinic import now, the_clinic
from actions.words import say
from clinic.facts import facts


class ActionAboutClinic(Action):
    """Answers the question asked, with the clinic's own facts."""

    def name(self) -> str:
        return "action_about_clinic"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        topic = tracker.get_slot("topic")
        dispatcher.utter_message(response=f"utter_faq/{topic}", **facts(the_clinic(), now()))
        return []


class ActionSayHowToReachUs(Action):
    """Says how to reach the clinic's people for what only they can do."""

    def name(self) -> str:
        return "action_say_how_to_reach_us"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        say(dispatcher, tracker.get_intent_of_latest_message(), facts(the_clinic(), now()))
        return []

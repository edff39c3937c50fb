"""Two questions in one message are taken as two messages; of two requests the first is done."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.asked import asked
from actions.unsure import button_for
from actions.words import say


class ActionNextQuestion(Action):
    """Goes on to the question that is still open.

    After an answered question that is the second. What is no question ("can i book, and what
    does it cost") waits until the question with it has been answered. Of two that are none
    ("cancel it and delete my data") the first is done, and there is a button for the second.
    """

    def name(self) -> str:
        return "action_next_question"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        message = tracker.latest_message
        first, second = message["intents"]
        if first["name"].startswith("faq/"):
            return asked(tracker, second["name"], second["text"], second.get("entities", []))
        marks = {"second_question", "topic"}
        own = [one for one in message["entities"] if one["entity"] not in marks]
        mark = [one for one in message["entities"] if one["entity"] == "second_question"]
        if not second["name"].startswith("faq/"):
            say(dispatcher, "one_at_a_time", buttons=[button_for(second["name"])])
            return asked(tracker, first["name"], first["text"], own)
        waiting = {**first, "entities": own}
        return asked(
            tracker,
            second["name"],
            second["text"],
            [*second.get("entities", []), *mark],
            intents=[second, waiting],
        )

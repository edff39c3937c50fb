"""Two questions in one message are taken as two messages, and a booking is the last."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.asked import asked


class ActionNextQuestion(Action):
    """Goes on to the question that is still open.

    After an answered question that is the second. What is no question ("can i book, and what
    does it cost") waits until the question with it has been answered.
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
        waiting = {**first, "entities": own}
        return asked(
            tracker,
            second["name"],
            second["text"],
            [*second.get("entities", []), *mark],
            intents=[second, waiting],
        )

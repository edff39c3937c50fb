"""When a message was not understood: two guesses, then other words, then a person."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.words import say

TITLES = Path("data/guesses.yml")
GUESSES = 2
SOMETHING_ELSE = {"title": "Something else", "payload": "something else"}


class ActionUnsure(Action):
    """Offers what may have been meant; the second time asks for other words, then offers people.

    In the middle of a form it asks for other words, and the form asks its question again.
    """

    def name(self) -> str:
        return "action_unsure"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        if tracker.active_loop.get("name"):  # the form's question is the next step
            say(dispatcher, "not_understood")
            return []
        missed = misses(tracker)
        guesses = guessed(tracker.latest_message)
        if missed == 1 and guesses:
            say(dispatcher, "two_guesses", buttons=[*guesses, SOMETHING_ELSE])
        else:
            ask_for_other_words(dispatcher, tracker)
        return []


def ask_for_other_words(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Asks to say it differently; the third time in a row it offers people."""
    say(dispatcher, "say_it_differently" if misses(tracker) <= 2 else "offer_a_person")


def misses(tracker: Tracker) -> int:
    """How many messages up to the latest, one after the other, were not understood."""
    count = 0
    for event in reversed(tracker.events):
        if event["event"] == "user":
            data = event.get("parse_data") or {}
            marked = {one["entity"]: one["value"] for one in data.get("entities") or []}
            intent = (data.get("intent") or {}).get("name")
            refused = marked.get("follow_up") == "something_else"
            if intent != "nlu_fallback" and not refused:
                break
            count += 1
    return count


def guessed(message: dict[str, Any]) -> list[dict[str, str]]:
    """Buttons for the two likeliest things that a message may have meant."""
    likely = {
        one["name"]: one["confidence"]
        for one in message.get("intent_ranking", [])
        if one["name"] not in (message.get("response_selector") or {})
    }
    for selected in (message.get("response_selector") or {}).values():
        if isinstance(selected, dict):
            for one in selected.get("ranking", []):
                likely[one["intent_response_key"]] = one["confidence"]
    ranked = sorted(likely, key=lambda name: likely[name], reverse=True)
    return [button_for(name) for name in ranked if name in _titles()][:GUESSES]


def button_for(intent: str) -> dict[str, str]:
    """A button that asks for this full intent, which is one of data/guesses.yml."""
    guess = _titles()[intent]
    return {"title": guess["title"], "payload": guess["ask"]}


@functools.cache
def _titles() -> dict[str, dict[str, str]]:
    titles: dict[str, dict[str, str]] = yaml.safe_load(TITLES.read_text("utf-8"))["guesses"]
    return titles

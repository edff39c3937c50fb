"""Follow-ups: "why?", "and for my son?", "tell me more", "how do you know?"."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.asked import asked, without, written
from actions.said import answers_said, source_lines
from actions.unsure import ask_for_other_words
from actions.words import say

CONTEXTS = Path("data/follow_ups.yml")
# These say nothing by themselves; the others may still be understood without a context.
ASK_BACK = {"why", "more", "other_one"}
# What a comparison compares milia with, where its topic says so.
COMPARED = {"milia_vs_baby_acne": "baby_acne", "milia_vs_epstein_pearls": "epstein_pearls"}


class ActionFollowUp(Action):
    """Answers a follow-up by what was talked of before; asks back where that was nothing."""

    def name(self) -> str:
        return "action_follow_up"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        kind = next(tracker.get_latest_entity_values("follow_up"))
        said = answers_said(tracker)
        if kind == "something_else":
            ask_for_other_words(dispatcher, tracker)
            return []
        if kind == "sources":
            return _sources(dispatcher, said)
        topic = said[-1]["topic"] if said else None
        if topic is None:
            if kind in ASK_BACK:
                say(dispatcher, f"{kind}_without_context")
                return []
            return written(tracker, without(tracker.latest_message, "follow_up"))
        return _ANSWERS[kind](dispatcher, tracker, topic)


def _more(dispatcher: CollectingDispatcher, tracker: Tracker, topic: str) -> list[EventType]:
    """What else there is to say, once; then the nearest of the next steps."""
    said = answers_said(tracker)
    last = said[-1]
    if text := last["metadata"].get("more"):
        rest = {key: value for key, value in last["metadata"].items() if key != "more"}
        told = {**rest, "kind": "answer", "topic": topic, "said": "more"}
        dispatcher.utter_message(text=text, metadata=told, buttons=last["next_steps"])
        return []
    if last["next_steps"]:
        say(dispatcher, "no_more", buttons=last["next_steps"])
    else:
        say(dispatcher, "no_more")
    return []


def _by_topic(kind: str) -> Callable[..., list[EventType]]:
    def answer(dispatcher: CollectingDispatcher, tracker: Tracker, topic: str) -> list[EventType]:
        if kind == "why" and answers_said(tracker)[-1]["metadata"].get("more"):
            return _more(dispatcher, tracker, topic)
        asks = _contexts()["follow_ups"][kind]
        return _ask(tracker, asks.get(topic, asks["any"]))

    return answer


def _for_whom(dispatcher: CollectingDispatcher, tracker: Tracker, topic: str) -> list[EventType]:
    """The same again, for the person now named: the slot `patient` is set already."""
    return _ask(tracker, topic)


def _what_about(dispatcher: CollectingDispatcher, tracker: Tracker, topic: str) -> list[EventType]:
    """The same of the thing now named, or the thing itself."""
    things = _contexts()["things"]
    entity = next(one for one in tracker.latest_message["entities"] if one["entity"] in things)
    context = things[entity["entity"]]
    if topic in context["again"]:
        return _ask(tracker, topic)
    if topic in context.get("compared", []):
        vs = {condition: topic for topic, condition in COMPARED.items()}
        return _ask(tracker, vs.get(entity["value"], "milia_vs_other"))
    own = context.get("own", {})
    return _ask(tracker, next((of for of in own if entity["value"] in own[of]), context["any"]))


def _other_one(dispatcher: CollectingDispatcher, tracker: Tracker, topic: str) -> list[EventType]:
    """The other of two: the condition compared with milia, or the treatment named before."""
    condition = _compared(tracker) or COMPARED.get(topic) or tracker.get_slot("condition")
    if topic.startswith("milia_vs_") and condition not in (None, "milia"):
        return _ask(tracker, "about_lookalike", condition=condition)
    if topic == "about_lookalike":
        return _ask(tracker, "what_are_milia")
    now = tracker.get_slot("treatment")
    before = [
        event["value"]
        for event in tracker.events
        if event["event"] == "slot" and event["name"] == "treatment" and event["value"]
    ]
    others = [treatment for treatment in before if treatment != now]
    if others:
        again = topic in _contexts()["things"]["treatment"]["again"]
        return _ask(tracker, topic if again else "about_treatment", treatment=others[-1])
    say(dispatcher, "other_one_without_context")
    return []


def _compared(tracker: Tracker) -> str | None:
    """What the last question named beside milia: of two the one that was not answered for."""
    messages: list[dict[str, Any]] = [one for one in tracker.events if one["event"] == "user"]
    asked_last = messages[-2] if len(messages) > 1 else {}
    entities = (asked_last.get("parse_data") or {}).get("entities") or []
    named = [one["value"] for one in entities if one["entity"] == "condition"]
    others = [one for one in named if one not in (None, "milia")]
    answered_for = tracker.get_slot("condition")
    return next((one for one in others if one != answered_for), next(iter(others), None))


def _sources(dispatcher: CollectingDispatcher, said: list[dict[str, Any]]) -> list[EventType]:
    """Where the last answer comes from."""
    metadata = said[-1]["metadata"] if said else {}
    if not metadata.get("sources"):
        say(dispatcher, "sources_in_general")
        return []
    words = {"sources": source_lines(metadata["sources"]), "reviewed": metadata["reviewed"]}
    say(dispatcher, "sources", words, metadata={"kind": "sources"})
    return []


_ANSWERS: dict[str, Callable[..., list[EventType]]] = {
    "why": _by_topic("why"),
    "how_long": _by_topic("how_long"),
    "hurt": _by_topic("hurt"),
    "more": _more,
    "for_whom": _for_whom,
    "what_about": _what_about,
    "other_one": _other_one,
}


def _ask(tracker: Tracker, topic: str, **slots: str) -> list[EventType]:
    """The question, with what the message named and what it left out."""
    message = without(tracker.latest_message, "follow_up")
    named = [
        {"entity": name, "value": value, "start": 0, "end": 0} for name, value in slots.items()
    ]
    return asked(tracker, f"faq/{topic}", message["text"], [*message["entities"], *named])


@functools.cache
def _contexts() -> dict[str, Any]:
    contexts: dict[str, Any] = yaml.safe_load(CONTEXTS.read_text(encoding="utf-8"))
    return contexts

"""What is guessed when the assistant is unsure, and where follow-ups lead."""

from __future__ import annotations

from pathlib import Path

import yaml

from nlu.next_steps import next_steps

ROOT = Path(__file__).parents[2]
GUESSES = yaml.safe_load((ROOT / "data/guesses.yml").read_text())["guesses"]
CONTEXTS = yaml.safe_load((ROOT / "data/follow_ups.yml").read_text())
TOPICS = set(yaml.safe_load((ROOT / "domain.yml").read_text())["slots"]["topic"]["values"])
# Nothing without their conversation: "Something else" stands for them.
TURNS = {"affirm", "deny", "inform", "greet", "goodbye", "thank", "stop"}


def examples():
    found = {}
    for file in (ROOT / "data/nlu").glob("*.yml"):
        for block in yaml.safe_load(file.read_text())["nlu"]:
            for line in block["examples"].splitlines():
                found[line.strip().removeprefix("- ").lower()] = block["intent"]
    return found


EXAMPLES = examples()


def test_every_intent_but_the_turns_of_a_conversation_can_be_guessed_by_name():
    inside = {intent for intent in EXAMPLES.values() if not intent.startswith("out_of_scope/")}
    assert GUESSES.keys() == inside - TURNS


def test_a_guess_asks_what_it_says():
    asked = {intent: next_steps().get(guess["ask"]) for intent, guess in GUESSES.items()}
    assert asked == {intent: intent for intent in GUESSES}


def test_no_two_guesses_have_the_same_title():
    titles = [guess["title"] for guess in GUESSES.values()]
    assert len(set(titles)) == len(titles)
    assert all(len(title) <= 40 for title in titles)


def test_follow_ups_lead_from_topics_to_topics():
    for leads in CONTEXTS["follow_ups"].values():
        assert leads.keys() <= TOPICS | {"any"}
        assert set(leads.values()) <= TOPICS
    for context in CONTEXTS["things"].values():
        assert {context["any"], *context["again"], *context.get("compared", [])} <= TOPICS
        assert context.get("own", {}).keys() <= TOPICS

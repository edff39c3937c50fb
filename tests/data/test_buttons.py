"""The buttons under the answers, understood by the trained model: each leads on."""

from __future__ import annotations

import pytest
from rasa.core.agent import Agent
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.model import get_latest_model

from nlu.next_steps import next_steps
from scripts.answers import all_answers

ANSWERS = all_answers()
# A form's questions: their buttons answer, and lead nowhere.
ASKS = ("ask_", "enquiry_", "utter_form_waits")
PAYLOADS = sorted(
    {
        button["payload"]
        for answer in ANSWERS
        if not answer.response.startswith(ASKS)
        for button in answer.buttons
        if not button["payload"].startswith("/")
    }
)


@pytest.fixture(scope="module")
def agent():
    return Agent.load(get_latest_model("models"))


@pytest.fixture(scope="module")
async def understood(agent):
    """Each payload as the model reads it: the intent in full, and the slots that it fills."""
    found = {}
    for payload in PAYLOADS:
        read = await agent.parse_message(payload)
        intent = read["intent"]["name"]
        if intent == "faq":
            intent = read["response_selector"]["faq"]["response"]["intent_response_key"]
        slots = {entity["entity"]: entity["value"] for entity in read["entities"]}
        found[payload] = intent, slots
    return found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_button_sends_is_said_in_the_file_of_next_steps(understood, payload):
    intent, _ = understood[payload]
    assert next_steps().get(payload) == intent


@pytest.mark.parametrize("answer", [a for a in ANSWERS if a.response.startswith("utter_")], ids=str)
def test_no_button_leads_back_to_the_answer_it_stands_under(agent, understood, answer):
    if answer.response.startswith(ASKS):
        return
    words = TemplatedNaturalLanguageGenerator(agent.domain.responses)
    for remembered in answer.cases():
        for payload in (button["payload"] for button in answer.buttons):
            if payload.startswith("/"):
                continue
            intent, named = understood[payload]
            if f"utter_{intent}" != answer.response:
                continue
            ingredient = {"ingredient": "not_named"} if intent.startswith("faq/") else {}
            slots = remembered | ingredient | named
            said = words.generate_from_slots(f"utter_{intent}", slots, "web")
            assert said["text"] != answer.text, f"{payload!r} after {remembered}"

"""How responses are said, given what has been said before."""

from __future__ import annotations

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.replies import Replies

DOMAIN = Domain.from_yaml(
    """
    responses:
      utter_introduction: [{text: "I am an assistant."}]
      utter_greet: [{text: "Hello."}]
      utter_faq/causes:
        - text: "Nobody knows."
          buttons:
            - {title: "How long?", payload: "how long do milia last", topic: how_long}
            - {title: "Book", payload: "book a consultation"}
    """
)
ASKED = UserUttered(
    "how long will they be there", {"name": "faq"}, [{"entity": "topic", "value": "how_long"}]
)


@pytest.fixture
def say():
    async def said(response, *events):
        tracker = DialogueStateTracker.from_events("web:1", list(events))
        return await Replies(None, DOMAIN).generate(response, tracker, "web")

    return said


async def test_the_first_answer_is_introduced(say):
    assert (await say("utter_faq/causes"))["text"] == "I am an assistant.\n\nNobody knows."


async def test_a_later_answer_is_not(say):
    assert (await say("utter_faq/causes", BotUttered("Hello.")))["text"] == "Nobody knows."


async def test_a_greeting_introduces_itself(say):
    assert (await say("utter_greet"))["text"] == "Hello."


async def test_a_next_step_leads_on(say):
    message = await say("utter_faq/causes")
    assert message["buttons"][0] == {"title": "How long?", "payload": "how long do milia last"}


async def test_what_was_asked_in_other_words_is_not_offered_again(say):
    message = await say("utter_faq/causes", ASKED)
    assert [button["title"] for button in message["buttons"]] == ["Book"]


async def test_where_every_step_was_taken_there_is_another(say):
    message = await say("utter_faq/causes", ASKED, UserUttered("book a consultation"))
    assert [button["payload"] for button in message["buttons"]] == ["what can you do"]


async def test_in_a_form_there_are_no_next_steps(say):
    message = await say("utter_faq/causes", ActiveLoop("booking_form"))
    assert message["buttons"] == []


async def test_an_unknown_response_is_none(say):
    assert await say("utter_no_such") is None

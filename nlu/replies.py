"""How the assistant's responses are said: Rasa's own, with an eye on the conversation so far."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

INTRODUCTION = "utter_introduction"
# They say who is speaking themselves, or cannot wait.
INTRODUCE = {"utter_greet", "utter_bot_challenge", "utter_urgent", "utter_distress", INTRODUCTION}
# Their buttons answer a question: they are no next steps.
ASK = {"utter_form_waits"}
WHAT_ELSE = {"title": "What else can you tell me?", "payload": "what can you do"}

Message = dict[str, Any]


class Replies(TemplatedNaturalLanguageGenerator):
    """Rasa's response generator, which also remembers what has been said.

    - The first answer of a conversation is introduced: by an assistant, not a doctor.
    - A next step that the visitor has taken already is not offered again.
    - In the middle of a form no next steps are offered: the form's question is the next step.

    channels/responses.py adds the clinic's numbers; endpoints.yml names that (``nlg: type``).
    """

    def __init__(self, endpoint_config: EndpointConfig | None, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> Message | None:
        """The response, as it is to be said now."""
        message = await super().generate(utter_action, tracker, output_channel, **kwargs)
        if message is None:
            return None
        if (buttons := message.get("buttons")) and utter_action not in ASK:
            message["buttons"] = [] if tracker.active_loop_name else self._new(buttons, tracker)
        if utter_action not in INTRODUCE and not tracker.get_last_event_for(BotUttered):
            introduction = await super().generate(INTRODUCTION, tracker, output_channel, **kwargs)
            if introduction:
                message["text"] = f"{introduction['text']}\n\n{message['text']}"
        return message

    def _new(self, buttons: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """The buttons that do not lead to what was asked before; one at least."""
        asked = [event for event in tracker.events if isinstance(event, UserUttered)]
        said = {(event.text or "").casefold() for event in asked}
        topics = {
            entity["value"]
            for event in asked
            for entity in event.entities
            if entity["entity"] == "topic"
        }
        fresh = [
            {key: value for key, value in button.items() if key != "topic"}
            for button in buttons
            if button["payload"].casefold() not in said and button.get("topic") not in topics
        ]
        return fresh or [WHAT_ELSE]

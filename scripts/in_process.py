"""The assistant in this process: the trained model and its actions, with no server between."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.model import get_latest_model
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from channels.private_rest import Collected, spare_what_is_loaded
from nlu.conversation_store import ConversationStore
from nlu.turns import Turns

WORDS = "channels.responses.ResponsesWithNumbers"


class ActionsHere(EndpointConfig):
    """Rasa's line to its action server, with the same actions run at this end of it."""

    def __init__(self) -> None:
        super().__init__(url="the actions of this process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, json: Any = None, **kwargs: Any) -> Any:
        """What the action says. It goes through JSON, as it would on the line."""
        return _through_json(await self._executor.run(_through_json(json)))


class AssistantHere:
    """The newest model with its actions; conversations and bookings are kept in ``folder``.

    Sets DATABASE_URL, as the actions open the clinic's storage once a process.
    """

    def __init__(self, folder: Path) -> None:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'clinic.db'}"
        self.actions = ActionsHere()
        self.agent = Agent.load(
            get_latest_model("models"),
            generator=EndpointConfig(type=WORDS),
            action_endpoint=self.actions,
            tracker_store=ConversationStore(Domain.empty(), db=str(folder / "conversations.db")),
        )
        self.agent.processor = Turns.in_place_of(self.agent.processor)
        spare_what_is_loaded()

    async def turn(self, sender: str, text: str) -> list[dict[str, Any]]:
        """What the assistant says to ``text``: messages with text, buttons, kind and topic."""
        output = Collected()
        message = UserMessage(text, output, sender, input_channel="web")
        await self.agent.handle_message(message)
        return output.messages


def without_logs() -> None:
    """Lets nothing be logged in this process but errors."""
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def _through_json(value: Any) -> Any:
    return json.loads(json.dumps(value))

"""Rasa's end of what is said: its own responses, with the clinic's numbers in them."""

from __future__ import annotations

import os
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from clinic.help_lines import calls
from clinic.profile import load_clinic
from nlu.replies import Replies


class ResponsesWithNumbers(Replies):
    """The assistant's replies, to which every response's ``{emergency_call}`` and so on are known.

    endpoints.yml names it (``nlg``). The numbers are read out of clinic.yml when Rasa starts,
    not when it is trained, so that a model moved to another country cannot tell the old
    country's numbers; and no action server is needed to say them.
    """

    def __init__(self, endpoint_config: EndpointConfig | None, domain: Domain) -> None:
        super().__init__(endpoint_config, domain)
        self._calls = calls(load_clinic(os.environ.get("CLINIC_FILE", "clinic.yml")))

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The response, its placeholders filled in with slots, numbers, and ``kwargs``."""
        return await super().generate(
            utter_action, tracker, output_channel, **{**self._calls, **kwargs}
        )

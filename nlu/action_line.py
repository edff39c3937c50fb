"""Rasa's line to the action server: an answer that is one, or the turn is undone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from nlu.undone import TurnUndone

# What Rasa asks of an answer, and that it has both.
SCHEMA = {**RemoteAction.action_response_format_spec(), "required": ["events", "responses"]}
ANSWER = validator_for(SCHEMA)(SCHEMA)  # made once: that takes longer than to use it
REJECTED = 400
# How long a connection is kept for the next action. rasa_sdk's server closes it after five, and
# what is sent while it does is lost: a busy machine may take its time.
KEPT = 1.0  # seconds


class ActionLine(EndpointConfig):
    """endpoints.yml's ``action_endpoint``, for an action server that may be down or confused.

    Raises TurnUndone where Rasa would log the failure and go on without what the action had to do
    or say. An action that is rejected, as forms do, is an answer like others. How long a turn may
    wait for its actions is up to whoever hands Rasa the turn.
    """

    @classmethod
    def in_place_of(cls, endpoint: EndpointConfig) -> ActionLine:
        """The line that goes where ``endpoint`` says."""
        line = cls()
        line.__dict__.update(endpoint.__dict__)
        return line

    _kept: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:  # type: ignore[override]
        """A session whose connections are kept: Rasa makes a new one for each action."""
        if self._kept is None:
            self._kept = aiohttp.ClientSession(
                headers=self.headers, connector=aiohttp.TCPConnector(keepalive_timeout=KEPT)
            )
        yield self._kept

    async def close(self) -> None:
        """Closes the connections."""
        if self._kept:
            await self._kept.close()

    async def request(self, *given: Any, **named: Any) -> Any:
        """The action server's answer. Raises TurnUndone, or ClientResponseError if it rejects."""
        try:
            answer = await super().request(*given, **named)
            ANSWER.validate(answer)
        except ClientResponseError as error:
            if error.status == REJECTED and _is_rejection(error.text):
                raise
            raise TurnUndone(f"the action server answered with {error.status}") from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise TurnUndone("the action server cannot be reached") from error
        except (ValueError, ValidationError) as error:
            raise TurnUndone("the action server's answer is none") from error
        return answer


def _is_rejection(body: str | bytes) -> bool:
    try:
        return "action_name" in json.loads(body)
    except (ValueError, TypeError):
        return False

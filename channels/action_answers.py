"""Rasa's check of what an action answers, with a validator made once.

Rasa hands ``jsonschema.validate`` its schema with every answer, which then checks the schema as
well, against the rules for schemas: 15 ms each time, and a form's turn has two or three answers.
The schema never changes, so it is checked when this is first used.
"""

from __future__ import annotations

import functools
from typing import Any

from jsonschema import Draft202012Validator, ValidationError  # type: ignore[import-untyped]
from rasa.core.actions.action import RemoteAction


def check_answers_quickly() -> None:
    """Lets Rasa check every action's answer as it does, but not its own schema each time."""
    RemoteAction._validate_action_result = _validate


@functools.cache
def _validator() -> Draft202012Validator:
    schema = RemoteAction.action_response_format_spec()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _validate(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Whether an answer has the form of one. Raises ValidationError, naming the action."""
    try:
        _validator().validate(result)
    except ValidationError as error:
        error.message += f" {action.name()}: an action's answer has to have the form of one."
        raise
    return True

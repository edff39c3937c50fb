"""The forms' own list of questions, so that Rasa need not send its domain with each of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache
from pathlib import Path

import yaml
from rasa_sdk import FormValidationAction
from rasa_sdk.types import DomainDict

DOMAIN = Path("domain.yml")


class Form(FormValidationAction, ABC):
    """Rasa's form validation, which knows by itself what its form asks.

    endpoints.yml tells Rasa to leave the domain out of what it sends (half a megabyte, in
    every call); this is all that the actions need of it.
    """

    @abstractmethod
    def name(self) -> str:
        """``validate_`` and the form's name."""

    def domain_slots(self, domain: DomainDict) -> list[str]:
        """The slots that domain.yml lists for this form, in order."""
        return _required_slots()[self.form_name()]


@cache
def _required_slots() -> dict[str, list[str]]:
    forms = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))["forms"]
    return {name: list(form["required_slots"]) for name, form in forms.items()}

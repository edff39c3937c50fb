"""What the actions say, out of data/answers.

Rasa's own responses serve what rules say. What only an action says stands beside them in
data/answers under ``said_by_actions``, in the same form: Rasa's validator takes every response
that no rule names for a forgotten one.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk.executor import CollectingDispatcher

from actions.clinic import the_clinic
from nlu.house_spelling import house_spelling, spelt

ANSWERS = Path("data/answers")


def say(
    dispatcher: CollectingDispatcher,
    name: str,
    values: Mapping[str, str] | None = None,
    buttons: list[dict[str, str]] | None = None,
    metadata: Mapping[str, Any] | None = None,
    kind: str | None = None,
) -> None:
    """Sends the words called ``name``, with ``values`` for their ``{placeholders}``.

    Buttons are those given, else those that stand with the words. A ``kind`` tells the channels
    what sort of message it is. Raises KeyError for a name or placeholder that there is not.
    """
    words = _words()[name]
    dispatcher.utter_message(
        text=words["text"].format(**(values or {})),
        buttons=buttons or words.get("buttons", []),
        metadata={**(metadata or {}), **({"kind": kind} if kind else {}), "said": name},
    )


@functools.cache
def _words() -> dict[str, dict[str, Any]]:
    said: dict[str, dict[str, Any]] = {}
    for file in sorted(ANSWERS.glob("*.yml")):
        said |= yaml.safe_load(file.read_text(encoding="utf-8")).get("said_by_actions", {})
    spelling = house_spelling(the_clinic().spelling)
    return {name: spelt(words, spelling) for name, words in said.items()}

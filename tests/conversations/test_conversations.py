"""Whole conversations over the running servers, one file a conversation.

Each file is a list of turns. A turn has what the visitor does (`says` a text or `presses`
a button by its title) and what must be in the answer, its texts and its buttons' titles:
`answer` lists phrases that all occur (in any case), `never` phrases that do not, `buttons`
whole titles. In `says`, {reference} is the reference that the assistant gave last.

Those under after_hours/ are held with a clinic that is closed just now, whenever that is.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from scripts.visitor import Visitor

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.yml"))
REFERENCE = re.compile(r"\b(?:MS|EN)-\w{5}\b")
KEYS = {"says", "presses", "answer", "never", "buttons"}


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(HERE)) for file in FILES])
async def test_the_conversation_goes_as_written(request, file):
    closed = file.parent.name == "after_hours"
    servers = request.getfixturevalue("closed_servers" if closed else "servers")
    reference = ""
    turns = yaml.safe_load(file.read_text())
    async with Visitor(servers.url) as visitor:
        for number, turn in enumerate(turns, 1):
            assert turn.keys() <= KEYS, f"turn {number}: unknown keys {turn.keys() - KEYS}"
            if "says" in turn:
                answer = await visitor.say(turn["says"].replace("{reference}", reference))
            else:
                answer = await visitor.press(turn["presses"])
            where = f"{file.name}, turn {number} ({turn.get('says') or turn['presses']!r})"
            said = "\n".join([*answer.texts, *answer.buttons]).lower()
            assert said.strip(), f"{where}: silence"
            reference = next(iter(REFERENCE.findall(answer.text)), reference)
            for phrase in turn.get("answer", []):
                assert phrase.lower() in said, f"{where}: {phrase!r} is missing in {answer.text!r}"
            for phrase in turn.get("never", []):
                assert phrase.lower() not in said, f"{where}: {phrase!r} stands in {answer.text!r}"
            for title in turn.get("buttons", []):
                assert title in answer.buttons, f"{where}: no button {title!r}: {answer.buttons}"


def test_there_are_conversations():
    assert FILES

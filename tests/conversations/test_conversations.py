"""Whole conversations over the running servers, one file a conversation.

Each file is a list of 3 to 15 turns. A turn has what the visitor does (`says` a text or `presses`
a button by its title) and what must be in the answer, its texts and its buttons' titles:
`answer` lists phrases that all occur (in any case), `never` phrases that do not, `buttons`
whole titles, `no_buttons` titles that are not there. `said` names what is said, in order: a
response of data/answers (`faq/hours` for utter_faq/hours); `not_said` what is not. `intent` is how
the message is understood, and `slots` what is known after it.
In `says`, {reference} is the reference that the assistant gave last.

Those under after_hours/ are held with a clinic that is closed just now, whenever that is.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from scripts.load import REFERENCE
from scripts.visitor import Visitor
from tests.conversations.coverage import Coverage
from tests.conversations.recorded import Recorded

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.yml"))
EXPECTED = {"answer", "never", "buttons", "no_buttons", "said", "not_said", "intent", "slots"}
LENGTHS = range(3, 16)

visited = Coverage()


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(HERE)) for file in FILES])
async def test_the_conversation_goes_as_written(request, file):
    closed = file.parent.name == "after_hours"
    servers = request.getfixturevalue("closed_servers" if closed else "servers")
    reference = ""
    turns = yaml.safe_load(file.read_text())
    answers = []
    async with Visitor(servers.url) as visitor:
        for turn in turns:
            if "says" in turn:
                answers.append(await visitor.say(turn["says"].replace("{reference}", reference)))
            else:
                answers.append(await visitor.press(turn["presses"]))
            reference = next(iter(REFERENCE.findall(answers[-1].text)), reference)
        recorded = Recorded.of(servers.folder / "conversations.db", visitor.token)
    visited.add(recorded)
    for number, (turn, answer) in enumerate(zip(turns, answers, strict=True), 1):
        did = turn.get("says") or turn.get("presses")
        said = recorded.said[number - 1] if number <= len(recorded.said) else []
        where = f"{file.name}, turn {number} ({did!r}), which said {said}"
        check(turn, answer, said, where)
        if "intent" in turn:
            assert recorded.intents[number - 1] == turn["intent"], where
        for slot, value in turn.get("slots", {}).items():
            assert recorded.slots[number - 1].get(slot) == value, f"{where}: slot {slot}"


def check(turn, answer, said, where):
    """Whether an answer is what a turn expects."""
    words = "\n".join([*answer.texts, *answer.buttons]).lower()
    assert words.strip(), f"{where}: silence"
    for phrase in turn.get("answer", []):
        assert phrase.lower() in words, f"{where}: {phrase!r} is missing in {answer.text!r}"
    for phrase in turn.get("never", []):
        assert phrase.lower() not in words, f"{where}: {phrase!r} stands in {answer.text!r}"
    for title in turn.get("buttons", []):
        assert title in answer.buttons, f"{where}: no button {title!r}: {answer.buttons}"
    for title in turn.get("no_buttons", []):
        assert title not in answer.buttons, f"{where}: a button {title!r}"
    expected = turn.get("said", [])
    assert [name for name in said if name in expected] == expected, f"{where}: not {expected}"
    for name in turn.get("not_said", []):
        assert name not in said, where


def test_there_are_150_conversations():
    assert len(FILES) >= 150


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(HERE)) for file in FILES])
def test_a_conversation_is_whole_and_every_turn_of_it_expects_something(file):
    turns = yaml.safe_load(file.read_text())
    assert len(turns) in LENGTHS
    for turn in turns:
        does = turn.keys() & {"says", "presses"}
        assert len(does) == 1 and turn.keys() - does <= EXPECTED, turn
        assert any(turn[key] for key in turn.keys() & EXPECTED), turn


def test_together_they_visit_everything():
    if visited.conversations < len(FILES):
        pytest.skip("only some conversations were held")
    print(visited.report())
    for kind, names in visited.unvisited().items():
        assert not names, f"{kind}: add conversations that visit these"

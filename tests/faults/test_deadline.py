"""A turn that takes too long is broken off by Rasa before the gateway gives it up."""

from __future__ import annotations

from pathlib import Path

from channels.assistant import Assistant
from channels.private_rest import PART_OF_THE_WAIT, seconds_for
from tests.faults.said import turns_in_rasa
from tests.faults.test_action_server import QUESTION, slow


async def test_rasa_breaks_a_turn_off_before_the_gateway_gives_it_up(failing, visitor, is_apology):
    before = turns_in_rasa(failing, visitor)
    log = failing.folder / "rasa.log"
    lines = len(log.read_text().splitlines())
    with slow(failing):
        assert is_apology(await visitor.say(QUESTION))
        # Still in the apology: nothing of it goes on behind.
        assert any("turn_failed" in line for line in log.read_text().splitlines()[lines:])
    assert turns_in_rasa(failing, visitor) == before


def test_rasa_is_told_by_the_gateway_how_long_it_waits():
    assert 0 < PART_OF_THE_WAIT < 1
    assert seconds_for({"seconds": 6.0}) == 6.0 * PART_OF_THE_WAIT
    assert Assistant("http://rasa", "a secret", 6.0).timeout == 6.0


def test_no_way_of_starting_it_sets_another_wait_for_rasa():
    """The gateway's setting is the only one: nothing in Procfile or deploy/ can disagree."""
    files = [Path("Procfile"), *(file for file in Path("deploy").rglob("*") if file.is_file())]
    named = {file.name for file in files if "TURN_TIMEOUT" in file.read_text(encoding="utf-8")}
    assert named <= {"milia-gateway.service", "gateway.yaml"}

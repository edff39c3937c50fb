"""Measures a turn without any network: the conversations of tests/, held in process."""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from scripts.bench import asked, described, timed
from scripts.environment import environment
from scripts.in_process import AssistantHere, without_logs
from scripts.load import CONVERSATIONS, REFERENCE

SLOWEST = 5
LONG = 500  # turns


class Turn(NamedTuple):
    """One turn: what was said, and the milliseconds until its whole answer was there."""

    text: str
    milliseconds: float


async def conversation(assistant: AssistantHere, sender: str, file: Path) -> list[Turn]:
    """The turns of a conversation, up to a button that is not there: some depend on the hour."""
    turns: list[Turn] = []
    said: list[dict[str, Any]] = []
    reference = ""
    for wanted in yaml.safe_load(file.read_text(encoding="utf-8")):
        buttons = {one["title"]: one["payload"] for words in said for one in words["buttons"]}
        text = wanted.get("says") or buttons.get(wanted["presses"])
        if text is None:
            break
        began = time.perf_counter()
        answer = await assistant.turn(sender, text.replace("{reference}", reference))
        turns.append(Turn(text, (time.perf_counter() - began) * 1000))
        said = [{"buttons": [], **message} for message in answer]
        found = REFERENCE.findall("\n".join(str(message.get("text")) for message in answer))
        reference = next(iter(found), reference)
    return turns


async def long_conversation(assistant: AssistantHere, sender: str, turns: int) -> list[float]:
    """The milliseconds of each turn of a conversation that asks the same again and again."""
    return await timed(partial(assistant.turn, sender), asked(turns))


async def understanding(assistant: AssistantHere, turns: list[Turn]) -> list[float]:
    """The milliseconds that it takes to understand each message, without answering it."""
    return await timed(assistant.agent.parse_message, [turn.text for turn in turns])


async def measured(assistant: AssistantHere) -> None:
    """Holds the conversations and prints the figures."""
    await conversation(assistant, "web:warm", CONVERSATIONS[0])
    turns = [
        turn
        for number, file in enumerate(CONVERSATIONS)
        for turn in await conversation(assistant, f"web:{number}", file)
    ]
    print(f"a turn in process, {len(turns)} turns of {len(CONVERSATIONS)} conversations:")
    print(f"  {described([turn.milliseconds for turn in turns])}")
    parsed = await understanding(assistant, turns)
    print(f"  of which understanding takes a median of {statistics.median(parsed):.0f} ms")
    for turn in sorted(turns, key=lambda turn: -turn.milliseconds)[:SLOWEST]:
        print(f"  slowest: {turn.milliseconds:.0f} ms for {turn.text[:60]!r}")


def main() -> None:
    """Prints the figures."""
    os.environ.update(environment())
    without_logs()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measured(AssistantHere(Path(folder))))


if __name__ == "__main__":
    main()

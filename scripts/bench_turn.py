"""Measures a turn without any network: the conversations of tests/, held in process."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import structlog
import yaml

from scripts.bench import described
from scripts.environment import environment
from scripts.in_process import AssistantHere

CONVERSATIONS = sorted(Path("tests/conversations").glob("*/*.yml"))
REFERENCE = re.compile(r"\b(?:MS|EN)-\w{5}\b")
SLOWEST = 5
LONG = 500  # turns
ASKED = (
    *("what are milia", "how long do they last", "does it hurt?", "my baby is 3 weeks old"),
    *("how much is it", "what time do you open", "can i pop them", "thanks"),
)


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
    taken = []
    for number in range(turns):
        began = time.perf_counter()
        await assistant.turn(sender, ASKED[number % len(ASKED)])
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def understanding(assistant: AssistantHere, turns: list[Turn]) -> list[float]:
    """The milliseconds that it takes to understand each message, without answering it."""
    taken = []
    for turn in turns:
        began = time.perf_counter()
        await assistant.agent.parse_message(turn.text)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


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
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measured(AssistantHere(Path(folder))))


if __name__ == "__main__":
    main()

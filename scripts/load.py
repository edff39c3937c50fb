"""Load: visitors who hold whole conversations of tests/conversations/, and think in between.

A line is how they reach an assistant: the gateway's socket, Rasa's private channel, or stock
Rasa's REST channel. Whoever measures gives every line the same visitors: who says what, and when,
comes out of a seed.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
import yaml
from socketio.exceptions import SocketIOError

from scripts.visitor import Answer, Visitor

CONVERSATIONS = sorted(Path("tests/conversations").glob("*/*.yml"))
REFERENCE = re.compile(r"\b(?:MS|EN)-\w{5}\b")
Step = dict[str, Any]
Buttons = dict[str, str]


class Silence(Exception):
    """A turn that was answered with nothing."""


FAILURES = (httpx.HTTPError, SocketIOError, TimeoutError, Silence)


class Line(Protocol):
    """One visitor's line to an assistant."""

    async def __aenter__(self) -> Line: ...

    async def __aexit__(self, *exception: object) -> None: ...

    async def say(self, text: str) -> Answer:
        """Says something and waits for the whole answer. Raises one of FAILURES."""


class SocketLine:
    """As the widget does: through the gateway, over Socket.IO."""

    def __init__(self, url: str) -> None:
        self._visitor = Visitor(url)

    async def __aenter__(self) -> SocketLine:
        await self._visitor.connect()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._visitor.__aexit__()

    async def say(self, text: str) -> Answer:
        answer = await self._visitor.say(text)
        if not answer.texts:
            raise Silence
        return answer


class RestLine:
    """Straight to Rasa, by HTTP: the private channel with its ``secret``, or stock REST."""

    def __init__(self, url: str, sender: str, client: httpx.AsyncClient, secret: str = "") -> None:
        channel = "private_rest" if secret else "rest"
        self._url = f"{url}/webhooks/{channel}/webhook"
        self._headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self._sender, self._client = sender, client

    async def __aenter__(self) -> RestLine:
        return self

    async def __aexit__(self, *exception: object) -> None:
        return None

    async def say(self, text: str) -> Answer:
        said = {"sender": self._sender, "message": text}
        answer = await self._client.post(self._url, json=said, headers=self._headers)
        told = answer.raise_for_status().json()
        messages = told["messages"] if isinstance(told, dict) else told
        if not messages:
            raise Silence
        buttons = {b["title"]: b["payload"] for m in messages for b in m.get("buttons") or []}
        return Answer([str(m.get("text") or "") for m in messages], buttons=buttons)


@dataclass
class Taken:
    """What a load measured: the milliseconds of each turn, how many were answered within its
    ``seconds``, and how many failed or were met with silence."""

    milliseconds: list[float] = field(default_factory=list)
    in_time: int = 0
    failed: int = 0
    seconds: float = 0.0

    @property
    def turns_a_second(self) -> float:
        """How many turns were answered a second, over all visitors."""
        return self.in_time / self.seconds


def conversations() -> list[list[Step]]:
    """The conversations, in a stable order."""
    return [yaml.safe_load(file.read_text(encoding="utf-8")) for file in CONVERSATIONS]


async def visited(
    line: Callable[[int], Line],
    visitors: int,
    seconds: float,
    thinking: float,
    held: Sequence[list[Step]],
    seed: int = 0,
) -> Taken:
    """Lets visitors talk for some seconds, each of them thinking for ``thinking`` on average.

    ``line`` gives the line of a conversation's number. A turn that has begun is waited for.
    """
    taken = Taken(seconds=seconds)
    end = time.perf_counter() + seconds
    numbers = iter(range(10**9))
    await asyncio.gather(
        *(
            _visitor(line, numbers, end, thinking, held, random.Random(1000 * seed + v), taken)  # noqa: S311
            for v in range(visitors)
        )
    )
    return taken


def _payload(buttons: Buttons, title: str) -> str:
    """What a button sends; its title where it is not there, as who types it would."""
    return buttons.get(title, title)


async def _visitor(
    line: Callable[[int], Line],
    numbers: Iterator[int],
    end: float,
    thinking: float,
    held: Sequence[list[Step]],
    chance: random.Random,
    taken: Taken,
) -> None:
    await asyncio.sleep(chance.uniform(0, thinking))
    while time.perf_counter() < end:
        try:
            async with line(next(numbers)) as open_line:
                await hold(open_line, chance.choice(held), end, thinking, chance, taken)
        except FAILURES:  # no line was to be had
            taken.failed += 1


async def hold(
    line: Line,
    steps: list[Step],
    end: float,
    thinking: float,
    chance: random.Random,
    taken: Taken,
) -> None:
    """Holds one conversation on an open line; after the ``end`` no more is said."""
    answer, reference = Answer(), ""
    for step in steps:
        if time.perf_counter() >= end:
            return
        text = step["says"] if "says" in step else _payload(answer.buttons, step["presses"])
        began = time.perf_counter()
        try:
            answer = await line.say(text.replace("{reference}", reference))
            reference = next(iter(REFERENCE.findall(answer.text)), reference)
            taken.milliseconds.append((time.perf_counter() - began) * 1000)
            taken.in_time += time.perf_counter() <= end
        except FAILURES:
            taken.failed += 1
        if thinking:
            await asyncio.sleep(chance.expovariate(1 / thinking))

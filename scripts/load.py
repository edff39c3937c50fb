"""Load: visitors who hold whole conversations of tests/conversations/, and think in between.

A line is how they reach an assistant: the gateway's socket, Rasa's private channel, or stock
Rasa's REST channel. Whoever measures gives every line the same visitors: who says what, and when,
comes out of a seed.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
import yaml

from scripts.visitor import Visitor

CONVERSATIONS = Path("tests/conversations")
Step = dict[str, Any]
Buttons = dict[str, str]


class Line(Protocol):
    """One visitor's line to an assistant."""

    async def __aenter__(self) -> Line: ...

    async def __aexit__(self, *exception: object) -> None: ...

    async def say(self, text: str) -> Buttons:
        """Says something and waits for the whole answer; returns its buttons by their titles."""


class SocketLine:
    """As the widget does: through the gateway, over Socket.IO."""

    def __init__(self, url: str) -> None:
        self._visitor = Visitor(url)

    async def __aenter__(self) -> SocketLine:
        await self._visitor.connect()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._visitor.__aexit__()

    async def say(self, text: str) -> Buttons:
        return (await self._visitor.say(text)).buttons


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

    async def say(self, text: str) -> Buttons:
        said = {"sender": self._sender, "message": text}
        answer = await self._client.post(self._url, json=said, headers=self._headers)
        told = answer.raise_for_status().json()
        messages = told["messages"] if isinstance(told, dict) else told
        return {b["title"]: b["payload"] for m in messages for b in m.get("buttons") or []}


@dataclass
class Taken:
    """What a load measured: the milliseconds of each turn, those that failed, and how long."""

    milliseconds: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0

    @property
    def turns_a_second(self) -> float:
        """How many turns were answered a second, over all visitors."""
        return len(self.milliseconds) / self.seconds


def conversations(folder: Path = CONVERSATIONS) -> list[list[Step]]:
    """The conversations, in a stable order."""
    files = sorted(folder.glob("*/*.yml"))
    return [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]


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
    taken = Taken()
    began = time.perf_counter()
    end = began + seconds
    numbers = iter(range(10**9))
    await asyncio.gather(
        *(
            _visitor(line, numbers, end, thinking, held, random.Random(1000 * seed + v), taken)  # noqa: S311
            for v in range(visitors)
        )
    )
    taken.seconds = time.perf_counter() - began
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
        async with line(next(numbers)) as open_line:
            buttons: Buttons = {}
            for step in chance.choice(held):
                if time.perf_counter() >= end:
                    return
                text = step["says"] if "says" in step else _payload(buttons, step["presses"])
                began = time.perf_counter()
                try:
                    buttons = await open_line.say(text)
                    taken.milliseconds.append((time.perf_counter() - began) * 1000)
                except (httpx.HTTPError, TimeoutError):
                    taken.failed += 1
                if thinking:
                    await asyncio.sleep(chance.expovariate(1 / thinking))

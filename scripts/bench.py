"""Measures the assistant on this machine: the start, and a turn over the socket."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from scripts.servers import Servers
from scripts.visitor import Visitor

VISITORS = 25
LONG_CONVERSATION = 200
# One in four asks for facts of clinic.yml, which the action server answers.
MESSAGES = (
    "what are milia",
    "is it milia or baby acne?",
    "what about epstein pearls",
    "are you open on saturday",
    "how do you treat it?",
    "does freezing hurt",
    "where are you",
    "thanks",
)


async def timed(say: Callable[[str], Awaitable[Any]], texts: Iterable[str]) -> list[float]:
    """The milliseconds that each of the texts takes, said one after the other."""
    taken = []
    for text in texts:
        began = time.perf_counter()
        await say(text)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def asked(turns: int) -> Iterable[str]:
    """What somebody asks in so many turns: the same again and again."""
    return islice(cycle(MESSAGES), turns)


async def conversation(url: str, turns: int) -> list[float]:
    """Milliseconds from sending each message to having its whole answer."""
    async with Visitor(url) as visitor:
        return await timed(visitor.say, asked(turns))


def described(taken: list[float], digits: int = 0) -> str:
    """The median, the 95th percentile and the slowest, in words."""
    ranked = sorted(taken)
    figures = statistics.median(ranked), ranked[int(0.95 * len(ranked)) - 1], ranked[-1]
    median, p95, slowest = (f"{figure:.{digits}f} ms" for figure in figures)
    return f"median {median}, p95 {p95}, slowest {slowest}"


def main() -> None:
    """Prints the figures."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with Servers(Path(folder)) as servers:
            print(f"warm start, until ready: {time.perf_counter() - began:.1f} s")
            asyncio.run(conversation(servers.url, len(MESSAGES)))  # warms up
            short = [
                milliseconds
                for _ in range(VISITORS)
                for milliseconds in asyncio.run(conversation(servers.url, len(MESSAGES)))
            ]
            long = asyncio.run(conversation(servers.url, LONG_CONVERSATION))
    print(f"a turn over the socket, {VISITORS} visitors of {len(MESSAGES)} turns each, one after")
    print(f"the other: {described(short)}")
    print(f"a turn of one conversation of {LONG_CONVERSATION} turns: {described(long)}")


if __name__ == "__main__":
    main()

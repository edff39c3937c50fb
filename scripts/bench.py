"""Measures the assistant on this machine: the start, and a turn over the socket."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from scripts.servers import Servers
from scripts.visitor import Visitor

TURNS = 200
MESSAGES = (
    "what are milia",
    "is it milia or baby acne?",
    "what about epstein pearls",
    "how do you treat it?",
    "does freezing hurt",
    "are you open on saturday",
    "where are you",
    "thanks",
)


async def turns(url: str, count: int) -> list[float]:
    """Milliseconds from sending a message to having its whole answer, one after the other."""
    taken = []
    async with Visitor(url) as visitor:
        for number in range(count):
            began = time.perf_counter()
            await visitor.say(MESSAGES[number % len(MESSAGES)])
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def main() -> None:
    """Prints the figures."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with Servers(Path(folder)) as servers:
            print(f"warm start, until ready: {time.perf_counter() - began:.1f} s")
            asyncio.run(turns(servers.url, len(MESSAGES)))
            taken = sorted(asyncio.run(turns(servers.url, TURNS)))
    print(
        f"a turn over the socket, one visitor, {TURNS} turns: "
        f"median {statistics.median(taken):.1f} ms, "
        f"p95 {taken[int(0.95 * TURNS) - 1]:.1f} ms, slowest {taken[-1]:.1f} ms"
    )


if __name__ == "__main__":
    main()

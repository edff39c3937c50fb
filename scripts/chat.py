"""Talks to the assistant in the terminal, over the same socket as the website."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import httpx

from clinic.storage import DEFAULT_URL
from scripts.servers import Servers
from scripts.visitor import Answer, Visitor


async def talk(url: str) -> None:
    """One conversation, until the visitor ends the input; a number presses a button."""
    print("Type a message, or the number of a button. Ctrl-D ends the chat.\n")
    async with Visitor(url) as visitor:
        answer = Answer()
        while line := await asyncio.to_thread(read_line):
            payloads = list(answer.buttons.values())
            chosen = line.isdigit() and 1 <= int(line) <= len(payloads)
            answer = await visitor.say(payloads[int(line) - 1] if chosen else line)
            print("\n" + "\n\n".join(answer.texts))
            for number, title in enumerate(answer.buttons, 1):
                print(f"  {number}. {title}")
            print()


def read_line() -> str:
    """The next line with something on it; empty at the end of the input."""
    while True:
        try:
            line = input("you: ").strip()
        except EOFError:
            print()
            return ""
        if line:
            return line


def main() -> None:
    """Joins the assistant that `make run` started, or else starts one for this chat."""
    running = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    with contextlib.ExitStack() as stack:
        try:
            ready = httpx.get(f"{running}/readyz", timeout=2, trust_env=False).is_success
        except httpx.HTTPError:
            ready = False
        if not ready:
            print("Starting the assistant ...", flush=True)
            # What is booked here is booked: in the clinic's own database, as on the website.
            database = os.environ.get("DATABASE_URL", DEFAULT_URL)
            running = stack.enter_context(Servers(Path("var/chat"), database)).url
        asyncio.run(talk(running))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)

"""Measures the website's chat: how soon it is there, and whether anything is lost in a crowd.

``python -m scripts.bench_web`` prints the figures: the first message painted after opening, in a
real browser; then 500 sockets open and 20 of them talking, while the gateway is restarted.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import statistics
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import socketio
from playwright.async_api import async_playwright

from scripts.bench import MESSAGES, described
from scripts.servers import Servers

SOCKETS, TALKING = 500, 20
# As people talk: they read an answer, and type the next question, for seconds.
TURNS_EACH = 20
THINKING = 4.0
OPENINGS = 15
RESTART_AFTER = 30.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking"

FIRST_PAINT = """() => new Promise((done) => {
    const chat = document.querySelector('milia-chat');
    const began = performance.now();
    const look = () => {
        if (chat.shadowRoot.querySelector('.bubble.assistant:not(.typing)')) {
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
        } else requestAnimationFrame(look);
    };
    chat.shadowRoot.querySelector('.launcher').click();
    look();
})"""


async def first_paint(url: str) -> list[float]:
    """Milliseconds from pressing the launcher to the greeting's being painted, each time in a
    browser context that has cached nothing."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    taken = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        for _ in range(OPENINGS):
            context = await browser.new_context()
            page = await context.new_page()
            await page.goto(url)
            await page.get_by_role("button", name="Chat with us").wait_for()
            taken.append(await page.evaluate(FIRST_PAINT))
            await context.close()
        await browser.close()
    return taken


@dataclass
class Talker:
    """A visitor who comes back after a lost connection, as the widget does, and counts."""

    url: str
    token: str | None = None
    answers: dict[str, list[int]] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    taken: list[float] = field(default_factory=list)
    repeated: int = 0

    def __post_init__(self) -> None:
        self._socket = socketio.AsyncClient(reconnection=False)
        self._answered = asyncio.Event()
        self._waiting_for = ""
        self._socket.on("bot_uttered", self._entry)

    async def connect(self) -> None:
        """Opens the connection and takes in what was said meanwhile; tries until it can."""
        delay = 0.5
        while True:
            try:
                await self._socket.connect(self.url, transports=["websocket"])
                known = {"session_id": self.token, "after": self._up_to()}
                told = await self._socket.call("session_request", known, timeout=10)
                self.token = told["token"]
                for entry in told["messages"]:
                    self._entry(entry)
                return
            except (socketio.exceptions.SocketIOError, TimeoutError, KeyError):
                await self._leave()
                # The widget waits as long, and by chance a little less, lest all come at once.
                await asyncio.sleep(delay * (0.5 + (id(self) % 97) / 194))
                delay = min(delay * 1.5, 5)

    async def say(self, text: str) -> None:
        """Says something and waits for its answer, over as many connections as it takes."""
        message_id = uuid.uuid4().hex
        self._waiting_for = message_id
        self._answered.clear()
        began = time.perf_counter()
        heard = False
        while True:
            if not self._socket.connected:
                await self.connect()
            try:
                if not heard:
                    told = await self._socket.call(
                        "user_uttered", {"message": text, "id": message_id}, timeout=10
                    )
                    heard = told["ok"]
                await asyncio.wait_for(self._answered.wait(), 1)
                break
            except (socketio.exceptions.SocketIOError, TimeoutError):
                continue
        self.taken.append((time.perf_counter() - began) * 1000)

    async def talk(self) -> None:
        """A conversation."""
        await asyncio.sleep((id(self) % 89) / 89 * THINKING)
        for number in range(TURNS_EACH):
            await self.say(MESSAGES[number % len(MESSAGES)])
            await asyncio.sleep(THINKING)

    async def stay(self) -> None:
        """Keeps a connection open and says nothing."""
        while True:
            if not self._socket.connected:
                await self.connect()
            await asyncio.sleep(0.5)

    async def log(self) -> list[dict[str, Any]]:
        """The whole conversation as the gateway has it."""
        if not self._socket.connected:
            await self.connect()
        asked = {"session_id": self.token, "after": 0}
        told = await self._socket.call("session_request", asked, timeout=30)
        return list(told["messages"])

    async def leave(self) -> None:
        await self._leave()

    def _entry(self, entry: dict[str, Any]) -> None:
        seq = entry.get("seq")
        if not seq or entry.get("author") != "assistant":
            return
        if seq in self.known:
            self.repeated += 1
            return
        self.known.add(seq)
        self.answers.setdefault(entry["reply_to"], []).append(seq)
        if entry["reply_to"] == self._waiting_for:
            self._answered.set()

    def _up_to(self) -> int:
        return max(self.known, default=0)

    async def _leave(self) -> None:
        with contextlib.suppress(socketio.exceptions.SocketIOError, OSError):  # gone already
            await self._socket.disconnect()


async def crowd(servers: Servers) -> None:
    """Prints how a crowd fared while the gateway was restarted."""
    quiet = [Talker(servers.url) for _ in range(SOCKETS - TALKING)]
    talking = [Talker(servers.url) for _ in range(TALKING)]
    for at in range(0, SOCKETS, 50):
        await asyncio.gather(*(talker.connect() for talker in [*quiet, *talking][at : at + 50]))
    staying = [asyncio.create_task(talker.stay()) for talker in quiet]
    talks = [asyncio.create_task(talker.talk()) for talker in talking]
    await asyncio.sleep(RESTART_AFTER)
    began = time.perf_counter()
    await asyncio.to_thread(servers.stop, "gateway")
    servers.start("gateway")
    await asyncio.to_thread(servers.wait_until_ready)
    away = time.perf_counter() - began
    await asyncio.gather(*talks)
    open_now = sum(talker._socket.connected for talker in [*quiet, *talking])
    for task in staying:
        task.cancel()
    lost = doubled = 0
    for talker in talking:
        said = await talker.log()
        asked = [entry["id"] for entry in said if entry["author"] == "visitor"]
        turns: dict[str, int] = dict.fromkeys(asked, 0)
        for entry in said:
            if entry["author"] == "assistant":
                turns[entry["reply_to"]] += 1
        lost += TURNS_EACH - len(asked) + sum(not count for count in turns.values())
        lost += sum(not talker.answers.get(message) for message in asked)
        doubled += len(asked) - len(set(asked))
        doubled += sum(len(talker.answers.get(id, [])) != count for id, count in turns.items())
    taken = [milliseconds for talker in talking for milliseconds in talker.taken]
    await asyncio.gather(*(talker.leave() for talker in [*quiet, *talking]))
    print(
        f"{SOCKETS} sockets open ({open_now} at the end), {TALKING} talking "
        f"({THINKING:.0f} s between an answer and the next question), {len(taken)} turns, "
        f"the gateway restarted once (away for {away:.1f} s):"
    )
    print(f"  a reply: {described(taken)}; lost {lost}, doubled {doubled}")


def main() -> None:
    """Prints the figures."""
    # The clients' complaints of the connections that the restart takes from them.
    for name in ("engineio.client", "socketio.client", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with tempfile.TemporaryDirectory() as folder, Servers(Path(folder)) as servers:
        painted = asyncio.run(first_paint(servers.url))
        print(
            f"first message painted after opening, {OPENINGS} times: median "
            f"{statistics.median(painted):.0f} ms, slowest {max(painted):.0f} ms"
        )
        asyncio.run(crowd(servers))


if __name__ == "__main__":
    main()

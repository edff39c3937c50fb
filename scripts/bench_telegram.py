"""Measures what Telegram adds to a turn: all that is not the assistant's own thinking.

``python -m scripts.bench_telegram`` runs the real gateway between a server that speaks the Bot API
and one that stands for Rasa and answers at once, and prints the milliseconds from an update's
being there to Rasa's being asked, and from Rasa's answer to the message's arrival; the same over
the website's socket, and the difference: what Telegram itself adds.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aiohttp import web

from scripts.bench import described
from scripts.bot_api import TOKEN, BotApi
from scripts.environment import environment
from scripts.servers import PROJECT, free_ports, without_limits
from scripts.telegram_visitor import TelegramVisitor
from scripts.visitor import Visitor

TURNS, WARM_UP = 200, 30


class InstantRasa:
    """Answers every turn at once, and remembers when."""

    def __init__(self) -> None:
        self.asked = self.answered = 0.0

    async def start(self, port: int) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/webhooks/private_rest/", self.ready)
        app.router.add_post("/webhooks/private_rest/webhook", self.turn)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return runner

    async def ready(self, request: web.Request) -> web.Response:
        """Always."""
        return web.json_response({"status": "ok"})

    async def turn(self, request: web.Request) -> web.Response:
        """One turn."""
        self.asked = time.perf_counter()
        await request.json()
        buttons = [{"title": "Tell me more", "payload": "tell me more"}]
        answer = {"messages": [{"text": "Small **cysts**.", "buttons": buttons, "kind": "answer"}]}
        self.answered = time.perf_counter()
        return web.json_response(answer)

    def added(self, began: float, ended: float) -> float:
        """The milliseconds of a turn that were not its own."""
        return (self.asked - began + ended - self.answered) * 1000


async def on_telegram(rasa: InstantRasa, api: BotApi) -> list[float]:
    """What each of the turns took besides Rasa."""
    visitor = TelegramVisitor(api, 1)
    taken = []
    for number in range(WARM_UP + TURNS):
        before = len(visitor.sent())
        began = time.perf_counter()
        visitor.write(f"what are milia {number}")
        while len(visitor.sent()) == before:
            await asyncio.sleep(0.01)
        taken.append(rasa.added(began, visitor.sent()[-1].at))
        await asyncio.sleep(1 / 25)  # Telegram takes 30 messages a second of a bot
    return taken[WARM_UP:]


async def on_the_website(rasa: InstantRasa, url: str) -> list[float]:
    """The same over the widget's socket."""
    taken = []
    async with Visitor(url) as visitor:
        for number in range(WARM_UP + TURNS):
            began = time.perf_counter()
            await visitor.say(f"what are milia {number}")
            taken.append(rasa.added(began, time.perf_counter()))
    return taken[WARM_UP:]


async def measured(folder: Path) -> tuple[list[float], list[float]]:
    """Both, against one gateway."""
    port, rasa_port = free_ports(2)
    rasa = InstantRasa()
    with BotApi() as api:
        settings = {
            "PORT": str(port),
            "RASA_URL": f"http://127.0.0.1:{rasa_port}",
            "MESSAGES_URL": f"sqlite:///{folder / 'messages.db'}",
            "DATABASE_URL": f"sqlite:///{folder / 'clinic.db'}",
            "CLINIC_FILE": os.fspath(without_limits(folder)),
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API": api.url,
        }
        server = await rasa.start(rasa_port)
        gateway = subprocess.Popen(
            [sys.executable, "-m", "channels"],
            cwd=PROJECT,
            env={**environment(), **settings},
            stdout=subprocess.DEVNULL,
        )
        try:
            while not any(method == "getupdates" for method, _ in api.calls):
                if gateway.poll() is not None:
                    sys.exit("bench: the gateway ended: see above")
                await asyncio.sleep(0.1)
            telegram = await on_telegram(rasa, api)
            website = await on_the_website(rasa, f"http://127.0.0.1:{port}")
        finally:
            gateway.terminate()
            gateway.wait()
            await server.cleanup()
    return telegram, website


def main() -> None:
    """Prints the figures."""
    with tempfile.TemporaryDirectory() as folder:
        telegram, website = asyncio.run(measured(Path(folder)))
    print(f"what the gateway adds to a turn, {TURNS} turns one after the other:")
    print(f"  on Telegram: {described(telegram, digits=1)}")
    print(f"  on the website: {described(website, digits=1)}")
    more = statistics.median(telegram) - statistics.median(website)
    print(f"  so Telegram adds {more:.1f} ms (median) to the same turn on the website")


if __name__ == "__main__":
    main()

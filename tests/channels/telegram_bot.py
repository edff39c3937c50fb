"""The Telegram channel at work in this process, with an assistant behind it that does as told."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from channels.assistant import AssistantUnavailable, Reply
from channels.delivery_log import DeliveryLog
from channels.kill_switch import KillSwitch
from channels.limits import Limits
from channels.telegram import TelegramChannel
from channels.telegram_setup import WEBHOOK_PATH
from clinic.profile import load_clinic
from scripts.bot_api import TOKEN

SECRET = "the-secret-of-the-tests"


class Echo:
    """Says back what it hears, or what `replies` has for it; remembers who said what."""

    timeout = 5.0

    def __init__(self):
        self.heard: list[tuple[str, str]] = []
        self.replies: dict[str, list[Reply]] = {}
        self.forgotten: list[str] = []
        self.slow = 0.0
        self.fails = False

    async def turn(self, sender, text, message_id="", again=False, zone=""):
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.fails:
            raise AssistantUnavailable("ConnectError")
        self.heard.append((sender, text))
        return self.replies.get(text, [Reply(f"You said: {text}")])

    async def forget(self, sender):
        self.forgotten.append(sender)

    @property
    def texts(self):
        return [text for _, text in self.heard]


class Bot:
    """A running channel; it may be stopped and started again on the same log."""

    def __init__(self, api, folder: Path, webhook: bool = False, clinic_file: Path | None = None):
        self.api = api
        self.echo = Echo()
        self.folder = folder
        self.clinic_file = clinic_file or Path("clinic.yml")
        self._webhook = webhook
        self._port = _free_port()
        self.messages_a_minute = 100_000

    async def start(self):
        clinic = load_clinic(self.clinic_file)
        limits = {"messages_a_minute": self.messages_a_minute}
        limits["messages_a_minute_from_one_address"] = 100_000
        chat = clinic.chat.model_copy(update=limits)
        self.clinic = clinic.model_copy(update={"chat": chat})
        self.log = DeliveryLog(f"sqlite:///{self.folder / 'messages.db'}")
        self.public_url = f"http://127.0.0.1:{self._port}" if self._webhook else ""
        self.channel = TelegramChannel(
            token=TOKEN,
            api=self.api.url,
            public_url=self.public_url,
            secret=SECRET,
            assistant=self.echo,
            messages=self.log,
            limits=Limits(self.clinic.chat),
            switch=KillSwitch(self.clinic_file),
            clinic=self.clinic,
        )
        self._site = None
        if self._webhook:
            routes = [Route(WEBHOOK_PATH, self.channel.webhook, methods=["POST"])]
            config = uvicorn.Config(
                Starlette(routes=routes),
                port=self._port,
                log_level="warning",
                lifespan="off",
                ws="none",
            )
            self._site = uvicorn.Server(config)
            self._site.install_signal_handlers = lambda: None
            self._serving = asyncio.create_task(self._site.serve())
        self._running = asyncio.create_task(self.channel.run())

    async def stop(self):
        if self._site:
            self._site.should_exit = True
            await self._serving
        self._running.cancel()
        await self.channel.close()
        self.log.close()

    async def kill(self):
        """Ends it at once, as a crash would: nothing is finished."""
        self._running.cancel()
        turns = self.channel._turns
        tasks = [*turns._working.values(), *self.channel._asides]
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self._running, *tasks, return_exceptions=True)
        await self.channel._bot.shutdown()
        self.log.close()


async def until(condition, seconds=20.0):
    """Waits until something is so; fails the test if it does not become so."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

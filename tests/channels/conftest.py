"""A message log of its own for each test, and for Telegram a server, a bot and a visitor."""

from __future__ import annotations

import pytest

from channels.message_log import MessageLog
from scripts.bot_api import BotApi
from scripts.telegram_visitor import TelegramVisitor
from tests.channels.telegram_bot import Bot


@pytest.fixture
def messages(tmp_path):
    log = MessageLog(f"sqlite:///{tmp_path / 'messages.db'}")
    yield log
    log.close()


@pytest.fixture
def api():
    """A server that speaks Telegram's Bot API."""
    with BotApi() as running:
        yield running


@pytest.fixture
async def bot(api, tmp_path, monkeypatch):
    """The Telegram channel, asking for its updates."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'clinic.db'}")
    running = Bot(api, tmp_path)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def asha(api):
    """Somebody in a chat with the bot alone."""
    return TelegramVisitor(api, 501)

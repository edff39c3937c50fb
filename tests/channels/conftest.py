"""A message log for each test, on SQLite and PostgreSQL; a browser; a bot on Telegram."""

from __future__ import annotations

import pytest

from channels.message_log import MessageLog
from scripts.bot_api import BotApi
from scripts.telegram_visitor import TelegramVisitor
from tests.channels.telegram_bot import Bot
from tests.widget.conftest import browser

__all__ = ["browser"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def messages_url(request, tmp_path):
    """The address of an empty database, of either kind."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_database()
    return f"sqlite:///{tmp_path / 'messages.db'}"


@pytest.fixture
def messages(messages_url):
    log = MessageLog(messages_url)
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

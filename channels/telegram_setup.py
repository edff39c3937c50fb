"""What Telegram is told about the bot when it starts: the commands of its menu, and its webhook."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.ext import ExtBot

from channels.telegram_commands import COMMANDS
from channels.telegram_sender import patiently
from channels.telegram_updates import UPDATES

WEBHOOK_PATH = "/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def webhook_secret(secret: str) -> str:
    """What Telegram shows with each update, worked out of the gateway's secret."""
    return hmac.new(secret.encode(), b"telegram-webhook", hashlib.sha256).hexdigest()


async def choose_way_in(bot: ExtBot[Any], public_url: str, secret: str) -> str:
    """Has updates brought to the public address, or without one lets the bot ask for them;
    returns which, in words. Raises BadRequest where Telegram refuses the address."""
    if not public_url:
        await patiently("delete_webhook", bot.delete_webhook)
        return "by polling"
    url = f"{public_url}{WEBHOOK_PATH}"
    # One connection: then updates come one after the other, in their order.
    await patiently(
        "set_webhook",
        lambda: bot.set_webhook(
            url, secret_token=secret, allowed_updates=UPDATES, max_connections=1
        ),
    )
    return f"by webhook at {url}"


async def set_commands(bot: ExtBot[Any]) -> None:
    """Puts the commands into the menu: all in private, a few in groups."""
    in_groups = [name for name, command in COMMANDS.items() if command.in_groups]
    await _set_menu(bot, BotCommandScopeAllPrivateChats(), list(COMMANDS))
    await _set_menu(bot, BotCommandScopeAllGroupChats(), in_groups)


async def _set_menu(bot: ExtBot[Any], scope: BotCommandScope, names: list[str]) -> None:
    menu = [BotCommand(name, COMMANDS[name].description) for name in names]
    await patiently("set_my_commands", lambda: bot.set_my_commands(menu, scope))

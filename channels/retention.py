"""Conversations end: what is kept of them is deleted once nobody can come back to it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from channels.message_log import MessageLog
from channels.sessions import LIFETIME

log = structlog.get_logger()

EVERY = 15 * 60


async def keep_no_longer(messages: MessageLog) -> None:
    """For ever: deletes conversations that have been quiet for as long as a session lives."""
    while True:
        try:
            await asyncio.to_thread(messages.forget_older_than, timedelta(seconds=LIFETIME))
        except Exception:
            log.exception("retention.failed")
        await asyncio.sleep(EVERY)

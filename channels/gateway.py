"""The gateway: the only process that faces the internet."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import socketio
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from channels.appointment_pages import AppointmentPages
from channels.assistant import Assistant
from channels.delivery_log import DeliveryLog
from channels.health import Health
from channels.kill_switch import KillSwitch
from channels.letter_pages import STYLES, LetterPages
from channels.limits import Limits
from channels.metrics import Metrics
from channels.origins import Origins
from channels.retention import keep_no_longer
from channels.sessions import Sessions
from channels.settings import Settings
from channels.site import CheckedFiles, Site
from channels.staff import Staff
from channels.staff_login import Login
from channels.telegram import TelegramChannel
from channels.telegram_setup import WEBHOOK_PATH
from channels.turns import uncounted
from channels.waiting_pages import WaitingPages
from channels.web import WebChannel, socket_server
from channels.words import apology
from clinic.links import Links
from clinic.profile import Clinic, load_clinic
from clinic.storage import open_storage


def create_app(settings: Settings) -> Starlette:
    """The gateway as an ASGI application."""
    clinic = load_clinic(settings.clinic_file)
    assistant = Assistant(settings.rasa_url, settings.secret, settings.turn_timeout)
    messages = DeliveryLog(settings.messages_url)
    health = Health(assistant, settings.actions_url, messages)
    limits = Limits(clinic.chat, settings.redis_url)
    switch = KillSwitch(settings.clinic_file)
    letters = LetterPages(clinic, Links(settings.secret), limits, settings.database_url)
    metrics = None
    if settings.metrics_token:
        metrics = Metrics(settings.metrics_token, lambda: letters.storage)
    count = metrics.turn if metrics else uncounted
    web = WebChannel(
        sessions=Sessions(settings.secret),
        assistant=assistant,
        messages=messages,
        limits=limits,
        apology=apology(clinic),
        switch=switch,
        longest=clinic.chat.longest_message,
        count=count,
    )
    telegram = None
    if not settings.telegram_token:
        print("telegram: off, since TELEGRAM_TOKEN is not set", flush=True)
    else:
        telegram = TelegramChannel(
            token=settings.telegram_token,
            api=settings.telegram_api,
            public_url=settings.telegram_webhook,
            secret=settings.secret,
            assistant=assistant,
            messages=messages,
            limits=limits,
            switch=switch,
            clinic=clinic,
            count=count,
        )
    sockets = socket_server(web, Origins(clinic.chat.origins), settings.redis_url)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        running = [
            asyncio.create_task(task)
            for task in (
                health.announce(settings.address),
                web.turns.watch(),
                keep_no_longer(messages),
                *([telegram.run()] if telegram else []),
            )
        ]
        yield
        for task in running:
            task.cancel()
        if telegram:
            await telegram.close()
        messages.close()
        await health.close()
        await assistant.close()

    return Starlette(
        routes=[
            Route("/healthz", health.healthz),
            Route("/readyz", health.readyz),
            *([Route("/metrics", metrics.page)] if metrics else []),
            Mount("/socket.io", socketio.ASGIApp(sockets, socketio_path="")),
            *AppointmentPages(letters).routes(),
            *WaitingPages(letters).routes(),
            Mount("/styles", CheckedFiles(directory=STYLES)),
            *([Route(WEBHOOK_PATH, telegram.webhook, methods=["POST"])] if telegram else []),
            *Site(clinic).routes(),
            *_staff(settings, clinic),
        ],
        lifespan=lifespan,
    )


def _staff(settings: Settings, clinic: Clinic) -> list[BaseRoute]:
    """The staff's page, where a password is set."""
    if not settings.staff_password_hash:
        return []
    login = Login(settings.staff_password_hash, settings.secret, settings.redis_url)
    return Staff(clinic, open_storage(), login).routes()

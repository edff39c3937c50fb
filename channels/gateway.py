"""The gateway: the only process that faces the internet."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import socketio
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from channels.assistant import Assistant
from channels.health import Health
from channels.kill_switch import KillSwitch
from channels.sessions import Sessions
from channels.settings import Settings
from channels.site import Site
from channels.turns import Turns
from channels.web import WebChannel, socket_server
from channels.words import apology, too_fast
from clinic.profile import load_clinic


def create_app(settings: Settings) -> Starlette:
    """The gateway as an ASGI application."""
    clinic = load_clinic(settings.clinic_file)
    assistant = Assistant(settings.rasa_url, settings.secret, settings.turn_timeout)
    health = Health(assistant, settings.actions_url)
    turns = Turns(assistant, apology(clinic), too_fast(), KillSwitch(settings.clinic_file))
    web = socket_server(WebChannel(Sessions(settings.secret), turns))

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        announcing = asyncio.create_task(health.announce(settings.address))
        yield
        announcing.cancel()
        await health.close()
        await assistant.close()

    return Starlette(
        routes=[
            Route("/healthz", health.healthz),
            Route("/readyz", health.readyz),
            Mount("/socket.io", socketio.ASGIApp(web, socketio_path="")),
            *Site(clinic).routes(),
        ],
        lifespan=lifespan,
    )

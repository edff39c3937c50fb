"""Each action in the log, under the request id of the turn that it belongs to.

rasa_sdk's own way to add to its server: it calls ``attach_sanic_app_extensions`` of the plugins
that the package ``rasa_sdk_plugins`` registers.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import pluggy
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from clinic.private_logs import own_log
from clinic.request_id import NAME, take_up

PLUGIN = pluggy.HookimplMarker("rasa_sdk")


def init_hooks(manager: pluggy.PluginManager) -> None:
    """Registers what stands here; called by rasa_sdk."""
    manager.register(sys.modules[__name__])


@PLUGIN
def attach_sanic_app_extensions(app: Sanic) -> None:
    """Puts each action under the id of its turn, and logs what came of it."""
    log = own_log("actions")

    @app.middleware("request")
    async def begin(request: Request) -> None:
        if request.path == "/webhook":
            request.ctx.began, request.ctx.call = time.monotonic(), _call(request)
            take_up(request_of(request.ctx.call))

    @app.middleware("response")
    async def end(request: Request, response: HTTPResponse) -> None:
        if not hasattr(request.ctx, "began"):
            return
        name = request.ctx.call.get("next_action")
        seconds = time.monotonic() - request.ctx.began
        outcome = {200: "done", 400: "rejected"}.get(response.status, "failed")
        say = log.error if outcome == "failed" else log.info
        say("action", action_name=name, outcome=outcome, milliseconds=round(seconds * 1000))


def _call(request: Request) -> dict[str, Any]:
    """What Rasa asks for; nothing of it where that is compressed, which it is not by default."""
    call = None if "content-encoding" in request.headers else request.json
    return call if isinstance(call, dict) else {}


def request_of(call: Any) -> Any:
    """The request id that a call of Rasa's carries with the message in hand; None without."""
    found = call
    for name in ("tracker", "latest_message", "metadata", NAME):
        found = found.get(name) if isinstance(found, dict) else None
    return found

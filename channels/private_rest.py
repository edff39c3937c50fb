"""Rasa's end of the private line: the only channel through which Rasa is reached."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

log = structlog.get_logger()

SENDER = re.compile(r"(web|tg):[A-Za-z0-9-]{1,64}")
CHANNELS = {"web": "web", "tg": "telegram"}


class PrivateRest(InputChannel):
    """Takes the gateway's turns at ``POST /webhooks/private_rest/webhook``.

    The request carries ``Authorization: Bearer <secret>`` and
    ``{"sender": "web:<uuid>", "message": "..."}``; the response is
    ``{"messages": [{"text": ..., "buttons": [...]}, ...]}``. A wrong secret gives 403,
    a body of another form 400, and a turn that failed 500: unlike Rasa's own REST
    channel, which answers 200 with an empty list, so that nobody can tell.
    """

    def __init__(self, secret: str) -> None:
        self._expected = f"Bearer {secret}".encode()

    @classmethod
    def name(cls) -> str:
        return "private_rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        secret = (credentials or {}).get("secret") or ""
        if len(secret) < 16 or secret.startswith("${"):
            raise InvalidConfigException(
                "credentials.yml: channels.private_rest.PrivateRest: secret is missing or shorter "
                "than 16 characters. Set ASSISTANT_SECRET to the gateway's secret; `make run` "
                "makes one by itself."
            )
        return cls(secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        webhook = Blueprint("private_rest", __name__)

        @webhook.route("/", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            """Rasa opens its port once the model is loaded, so an answer means ready."""
            return json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            """One turn of one conversation."""
            given = request.headers.get("authorization", "").encode()
            if not hmac.compare_digest(given, self._expected):
                return json({"error": "wrong secret"}, status=403)
            body = request.json if isinstance(request.json, dict) else {}
            sender, text = body.get("sender"), body.get("message")
            if not (isinstance(sender, str) and SENDER.fullmatch(sender)):
                return json({"error": "sender: expected web:<uuid> or tg:<chat id>"}, status=400)
            if not (isinstance(text, str) and text.strip()):
                return json({"error": "message: expected text"}, status=400)

            channel = CHANNELS[sender.partition(":")[0]]
            output = CollectingOutputChannel()
            # Rasa picks the answers written for a channel by its output's name.
            output.name = lambda: channel  # type: ignore[method-assign]
            try:
                await on_new_message(UserMessage(text, output, sender, input_channel=channel))
            except Exception:
                log.exception("private_rest.turn_failed")
                return json({"error": "the turn failed"}, status=500)
            return json({"messages": output.messages})

        return webhook

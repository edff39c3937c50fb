"""Rasa's end of the private line: the only channel through which Rasa is reached."""

from __future__ import annotations

import asyncio
import gc
import hmac
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from clinic.private_logs import keep_logs_private

log = structlog.get_logger()

SENDER = re.compile(r"(web|tg):[A-Za-z0-9-]{1,64}")
CHANNELS = {"web": "web", "tg": "telegram"}
TURNS_REMEMBERED = 1_000

Messages = list[dict[str, Any]]
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class Collected(CollectingOutputChannel):
    """Collects what is said, each message whole: its text, buttons, picture and kind in one."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(as_told(message))


class PrivateRest(InputChannel):
    """Takes the gateway's turns at ``POST /webhooks/private_rest/webhook``.

    The request carries ``Authorization: Bearer <secret>`` and
    ``{"sender": "web:<uuid>", "message": "..."}``, perhaps with a ``time_zone``; the response is
    ``{"messages": [{"text": ..., "buttons": [...]}, ...]}``, each with ``image``, ``alt``,
    ``kind`` and ``topic`` where it has them. A wrong secret gives 403, a body of another form
    400, and a turn that failed 500: unlike Rasa's own REST channel, which answers 200 with an
    empty list, so that nobody can tell.

    A turn with an ``id`` is taken once. Sent again, it gets the same answer: the one still being
    made, the one remembered, or (``again``: true) the one that Rasa's tracker holds.
    """

    def __init__(self, secret: str) -> None:
        self._expected = f"Bearer {secret}".encode()
        self._turns: OrderedDict[tuple[str, str], asyncio.Task[Messages]] = OrderedDict()

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

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        webhook = Blueprint("private_rest", __name__)

        @webhook.listener("after_server_start")
        async def visitors_may_come(app: Any, loop: Any) -> None:
            """Until now the log may say all that helps to start; from now on, nothing of theirs."""
            keep_logs_private()
            spare_what_is_loaded()

        @webhook.route("/", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            """Rasa opens its port once the model is loaded, so an answer means ready."""
            return json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            """One turn of one conversation."""
            body, refused = self._body(request)
            if refused:
                return refused
            sender, text, message_id = body["sender"], body.get("message"), body.get("id") or ""
            if not (isinstance(text, str) and text.strip()):
                return json({"error": "message: expected text"}, status=400)
            if not isinstance(message_id, str):
                return json({"error": "id: expected text"}, status=400)
            try:
                task = self._turns.get((sender, message_id))
                if task is None and message_id and body.get("again") is True:
                    tracker = await request.app.ctx.agent.tracker_store.retrieve(sender)
                    said = said_in_answer_to(message_id, tracker.events if tracker else [])
                    if said is not None:
                        return json({"messages": said})
                if task is None:
                    known = metadata_of(body)
                    task = asyncio.create_task(
                        _turn(on_new_message, sender, text, message_id, known)
                    )
                    if message_id:
                        self._remember((sender, message_id), task)
                # The turn ends even if the gateway hangs up: half a turn would be worse.
                return json({"messages": await asyncio.shield(task)})
            except Exception:
                self._turns.pop((sender, message_id), None)
                log.exception("private_rest.turn_failed")
                return json({"error": "the turn failed"}, status=500)

        @webhook.route("/forget", methods=["POST"])
        async def forget(request: Request) -> HTTPResponse:
            """Deletes what the tracker store holds of a conversation."""
            body, refused = self._body(request)
            if refused:
                return refused
            sender = body["sender"]
            for known in [key for key in self._turns if key[0] == sender]:
                del self._turns[known]
            agent = request.app.ctx.agent
            async with agent.lock_store.lock(sender):
                await asyncio.to_thread(delete_tracker, agent.tracker_store, sender)
            return json({"status": "ok"})

        return webhook

    def _body(self, request: Request) -> tuple[dict[str, Any], HTTPResponse | None]:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, self._expected):
            return {}, json({"error": "wrong secret"}, status=403)
        body = request.json if isinstance(request.json, dict) else {}
        sender = body.get("sender")
        if not (isinstance(sender, str) and SENDER.fullmatch(sender)):
            error = "sender: expected web:<uuid> or tg:<chat id>"
            return {}, json({"error": error}, status=400)
        return body, None

    def _remember(self, key: tuple[str, str], task: asyncio.Task[Messages]) -> None:
        self._turns[key] = task
        if len(self._turns) > TURNS_REMEMBERED:
            self._turns.popitem(last=False)


def spare_what_is_loaded() -> None:
    """Takes all that is in memory now out of Python's search for what is no longer used: the
    model stays to the end, and a search through it made a visitor wait for a third of a second."""
    gc.collect()
    gc.freeze()


async def _turn(
    on_new_message: OnNewMessage,
    sender: str,
    text: str,
    message_id: str,
    metadata: dict[str, str],
) -> Messages:
    channel = CHANNELS[sender.partition(":")[0]]
    output = Collected()
    # Rasa picks the answers written for a channel by its output's name.
    output.name = lambda: channel  # type: ignore[method-assign]
    message = UserMessage(
        text,
        output,
        sender,
        input_channel=channel,
        message_id=message_id or None,
        metadata=metadata,
    )
    await on_new_message(message)
    return output.messages


def metadata_of(body: dict[str, Any]) -> dict[str, str]:
    """What a turn says besides the message: the visitor's time zone, if the gateway knows it."""
    zone = body.get("time_zone")
    return {"time_zone": zone} if isinstance(zone, str) and len(zone) <= 64 else {}


def as_told(message: dict[str, Any]) -> dict[str, Any]:
    """One message of Rasa's as the gateway is told it.

    An answer of ``utter_faq`` is of the kind "answer", and its topic is the question's name,
    unless the response says otherwise under ``metadata``.
    """
    told = {name: message[name] for name in ("text", "buttons", "image") if message.get(name)}
    action = str(message.get("utter_action") or "")
    if action.startswith("utter_faq/"):
        told |= {"kind": "answer", "topic": action.partition("/")[2]}
    if action:
        told["said"] = action
    metadata = message.get("metadata")
    for name in ("kind", "topic", "alt", "said"):
        value = message.get(name) or (metadata.get(name) if isinstance(metadata, dict) else None)
        if isinstance(value, str):
            told[name] = value
    return told


def said_in_answer_to(message_id: str, events: Any) -> Messages | None:
    """What a tracker's events hold as the answer to a message; None where it was never taken."""
    answers: Messages | None = None
    for event in events:
        if isinstance(event, UserUttered):
            if answers is not None:
                break
            if event.message_id == message_id:
                answers = []
        elif answers is not None and isinstance(event, BotUttered):
            answers.append(as_told(event.message()))
    return answers


def delete_tracker(store: Any, sender: str) -> None:
    """Deletes a conversation's events; Rasa's SQL store has no way of its own to."""
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    with store.session_scope() as session:
        session.query(store.SQLEvent).filter_by(sender_id=sender).delete()
        session.commit()

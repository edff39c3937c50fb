"""Rasa's end of the private line: the only channel through which Rasa is reached."""

from __future__ import annotations

import asyncio
import gc
import hmac
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from channels.seldom import Seldom
from clinic.private_logs import keep_logs_private, own_log
from clinic.request_id import NAME, is_request_id, working_on
from nlu.action_line import ActionLine
from nlu.conversation_store import ConversationStore
from nlu.turns import Turns
from nlu.undone import TurnUndone

log = structlog.get_logger()

SENDER = re.compile(r"(web|tg):[A-Za-z0-9-]{1,64}")
CHANNELS = {"web": "web", "tg": "telegram"}
# Of the seconds that the gateway waits, the part after which Rasa breaks a turn off: one that the
# gateway has given up must not go on here.
PART_OF_THE_WAIT = 0.9

Messages = list[dict[str, Any]]
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class TurnFailed(Exception):
    """A turn that was broken off and undone."""


class Collected(CollectingOutputChannel):
    """Collects what is said, each message whole: its text, buttons, picture and kind in one."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(as_told(message))


class PrivateRest(InputChannel):
    """Takes the gateway's turns at ``POST /webhooks/private_rest/webhook``.

    The request carries ``Authorization: Bearer <secret>`` and
    ``{"sender": "web:<uuid>", "message": "..."}``, perhaps with a ``time_zone``, and with the
    ``seconds`` that the gateway waits, before which a turn is broken off; the response is
    ``{"messages": [{"text": ..., "buttons": [...]}, ...]}``, each with ``image``, ``alt``,
    ``kind`` and ``topic`` where it has them. A wrong secret gives 403, a body of another form
    400, and a turn that failed 500: unlike Rasa's own REST channel, which answers 200 with an
    empty list, so that nobody can tell.

    A turn with an ``id`` is taken once. Sent ``again`` (true), it gets the answer that Rasa's
    tracker holds, once that is made, at whichever Rasa server: the tracker is looked at under the
    conversation's lock.
    """

    def __init__(self, secret: str) -> None:
        self._expected = f"Bearer {secret}".encode()
        self._under_way: set[asyncio.Task[Messages]] = set()
        self._own_log = own_log("rasa")
        self._keeps: Seldom | None = None

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
            keep_logs_private("rasa")
            mind_the_actions(app.ctx.agent)
            spare_what_is_loaded()

        @webhook.listener("after_server_stop")
        async def hang_up(app: Any, loop: Any) -> None:
            await app.ctx.agent.action_endpoint.close()

        @webhook.route("/", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            """200 when a turn would be taken and kept, else 503. Rasa opens its port once the
            model is loaded."""
            if await self._would_keep(request.app.ctx.agent):
                return json({"status": "ok"})
            return json({"error": "no turn could be kept"}, status=503)

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
            known = metadata_of(body)
            message = message_of(sender, text, message_id, known)
            again = bool(message_id) and body.get("again") is True
            taken = whole(_turn(request.app.ctx.agent, message, again), message, seconds_for(body))
            task = asyncio.create_task(self._logged(taken, known.get(NAME)))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            try:
                # The turn ends even if the gateway hangs up: half a turn would be worse.
                return json({"messages": await asyncio.shield(task)})
            except Exception:
                log.exception("private_rest.turn_failed")
                return json({"error": "the turn failed"}, status=500)

        @webhook.route("/forget", methods=["POST"])
        async def forget(request: Request) -> HTTPResponse:
            """Deletes what the tracker store holds of a conversation."""
            body, refused = self._body(request)
            if refused:
                return refused
            sender = body["sender"]
            agent = request.app.ctx.agent
            async with agent.lock_store.lock(sender):
                await asyncio.to_thread(delete_tracker, agent.tracker_store, sender)
            return json({"status": "ok"})

        return webhook

    async def _would_keep(self, agent: Agent) -> bool:
        """Whether a turn gets its conversation's lock, and its events are stored."""
        store = store_beneath(agent.tracker_store)
        if self._keeps is None and isinstance(store, ConversationStore):
            self._keeps = Seldom(store.takes_events)
        try:
            async with agent.lock_store.lock(f"nobody {uuid.uuid4().hex}"):
                return self._keeps is None or await self._keeps.answer()
        except LockError:
            return False

    async def _logged(self, taken: Awaitable[Messages], request: str | None) -> Messages:
        """Takes a turn, all of whose log lines have its request id; the last says what came of
        it."""
        began, outcome = time.monotonic(), "failed"
        with working_on(request):
            try:
                said = await taken
                outcome = "answered" if said else "silent"
                return said
            finally:
                milliseconds = round((time.monotonic() - began) * 1000)
                self._own_log.info("turn", outcome=outcome, milliseconds=milliseconds)

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


def spare_what_is_loaded() -> None:
    """Takes all that is in memory now out of Python's search for what is no longer used: the
    model stays to the end, and a search through it made a visitor wait for a third of a second."""
    gc.collect()
    gc.freeze()


def mind_the_actions(agent: Agent) -> None:
    """Has an action that fails undo its turn, rather than be left out of it, and the turns taken
    by our processor."""
    line = ActionLine.in_place_of(agent.action_endpoint)
    agent.action_endpoint = agent.processor.action_endpoint = line
    agent.processor = Turns.in_place_of(agent.processor)


def message_of(sender: str, text: str, message_id: str, metadata: dict[str, str]) -> UserMessage:
    """A visitor's message as Rasa takes it; what is said in answer is collected beside it."""
    channel = CHANNELS[sender.partition(":")[0]]
    output = Collected()
    # Rasa picks the answers written for a channel by its output's name.
    output.name = lambda: channel  # type: ignore[method-assign]
    return UserMessage(
        text,
        output,
        sender,
        input_channel=channel,
        message_id=message_id or None,
        metadata=metadata,
    )


async def _turn(agent: Agent, message: UserMessage, again: bool) -> Messages:
    """What is said in answer to a message; said ``again``, perhaps what was said before.

    As Rasa's ``Agent.handle_message``, but for the look under the same lock.
    """
    async with agent.lock_store.lock(message.sender_id):
        if again:
            tracker = await agent.tracker_store.retrieve(message.sender_id)
            said = said_in_answer_to(message.message_id, tracker.events if tracker else [])
            if said is not None:
                return said
        await agent.processor.handle_message(message)
    return message.output_channel.messages


async def whole(
    turn: Awaitable[Messages], message: UserMessage, seconds: float | None = None
) -> Messages:
    """What is said in a turn, once it is stored. Raises TurnFailed where it could not be, or took
    longer than so many ``seconds``: then nothing of it is.

    Where to get help in an emergency is told even so.
    """
    try:
        async with asyncio.timeout(seconds):
            return await turn
    except (TurnUndone, TimeoutError) as error:
        said = message.output_channel.messages
        if alarm := [one for one in said if one.get("kind") == "emergency"]:
            log.error("private_rest.undone_but_for_the_alarm", exc_info=error)
            return alarm
        raise TurnFailed from error


def seconds_for(body: dict[str, Any]) -> float | None:
    """How long a turn may take here; None where the gateway does not say how long it waits."""
    waits = body.get("seconds")
    return waits * PART_OF_THE_WAIT if isinstance(waits, int | float) and waits > 0 else None


def metadata_of(body: dict[str, Any]) -> dict[str, str]:
    """What a turn says besides the message: the visitor's time zone, if the gateway knows it, and
    the id by which the turn is found in the logs."""
    zone, request = body.get("time_zone"), body.get(NAME)
    known = {"time_zone": zone} if isinstance(zone, str) and len(zone) <= 64 else {}
    return {**known, NAME: str(request)} if is_request_id(request) else known


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
        # One without an id is the second question of a message: an action put it to Rasa.
        if isinstance(event, UserUttered) and event.message_id:
            if answers is not None:
                break
            if event.message_id == message_id:
                answers = []
        elif answers is not None and isinstance(event, BotUttered):
            answers.append(as_told(event.message()))
    return answers


def store_beneath(store: Any) -> Any:
    """The tracker store that endpoints.yml names, out of what Rasa wraps around it."""
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    return store


def delete_tracker(store: Any, sender: str) -> None:
    """Deletes a conversation's events; Rasa's SQL store has no way of its own to."""
    store = store_beneath(store)
    with store.session_scope() as session:
        session.query(store.SQLEvent).filter_by(sender_id=sender).delete()
        session.commit()

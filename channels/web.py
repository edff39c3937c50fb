"""The website's chat: Socket.IO, with Rasa's event names."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import socketio
import structlog
from sqlalchemy.exc import SQLAlchemyError

from channels.assistant import Assistant, AssistantUnavailable
from channels.kill_switch import KillSwitch
from channels.limits import Limits
from channels.message_log import ASSISTANT, MessageLog
from channels.origins import Origins
from channels.sessions import Sessions
from channels.turns import Count, TooManyWaiting, Turns, uncounted
from channels.words import nothing_said, too_fast, too_long
from channels.zones import known_zone

log = structlog.get_logger()

LARGEST_FRAME = 16_384
LONGEST_ID = 64
LONGEST_WORD = 300
THUMBS = ("up", "down")

Answer = dict[str, Any]


class WebChannel(socketio.AsyncNamespace):
    """``session_request`` gives ``session_confirm``; ``user_uttered`` gives ``bot_uttered``.

    The session belongs to the connection: what a later message says of it is ignored. What the
    clinic's own widget uses besides is in docs/widget.md.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        assistant: Assistant,
        messages: MessageLog,
        limits: Limits,
        apology: str,
        switch: KillSwitch,
        longest: int,
        count: Count = uncounted,
    ) -> None:
        super().__init__("/")
        self.turns = Turns(assistant, messages, apology, self.show, switch, count=count)
        self._sessions = sessions
        self._assistant = assistant
        self._log = messages
        self._limits = limits
        self._longest = longest
        self._apology = apology

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> bool:
        """Somebody opens a connection; refused where an address opens too many."""
        address = _address(environ)
        await self.save_session(sid, {"address": address})
        return await self._limits.connection(address)

    async def on_session_request(self, sid: str, data: Any = None) -> Answer:
        """The visitor opens the chat, perhaps with the token of an earlier visit, and perhaps
        knowing what was said up to a number (``after``): acknowledged with what was said since."""
        if not await self._limits.frame(sid):
            return _refused(too_fast())
        resumed = self._sessions.proves(_member(data, "session_id"))
        sender, token = self._sessions.open(_member(data, "session_id"))
        await self._join(sid, sender, known_zone(_member(data, "time_zone")))
        await self.emit("session_confirm", token, to=sid)
        after = _member(data, "after")
        if not _is_seq(after):
            return {"ok": True, "token": token, "resumed": resumed}
        said = await asyncio.to_thread(self._log.after, sender, after)
        answered = {message["reply_to"] for message in said if message["author"] == ASSISTANT}
        heard = [message["id"] for message in said if message["author"] != ASSISTANT]
        typing = bool(heard) and heard[-1] not in answered
        told = {"ok": True, "token": token, "resumed": resumed}
        return {**told, "messages": said, "typing": typing}

    async def on_user_uttered(self, sid: str, data: Any = None) -> Answer:
        """The visitor says something. Acknowledged once it is kept; answered when there is an
        answer. With an ``id``, it is heard once however often it is sent."""
        message, message_id = _member(data, "message"), _member(data, "id")
        if not isinstance(message, str) or not message.strip():
            return _refused(nothing_said())
        if len(message) > self._longest:
            await self._tell(sid, too_long(self._longest))
            return _refused(too_long(self._longest))
        kept = await self.get_session(sid)
        sender = kept.get("sender")
        if sender is None:
            # Clients written for Rasa's own channel may talk without asking for a session.
            sender, _ = self._sessions.open(_member(data, "session_id"))
            await self._join(sid, sender)
        if not (isinstance(message_id, str) and 0 < len(message_id) <= LONGEST_ID):
            message_id = uuid.uuid4().hex
        try:
            if not await self._limits.message(sender, kept.get("address", "")):
                raise TooManyWaiting
            zone = _zone_said(data) or kept.get("zone", "")
            heard = await self.turns.hear(sender, message_id, message, zone)
        except TooManyWaiting:
            await self._tell(sid, too_fast())
            return _refused(too_fast())
        except SQLAlchemyError:  # what cannot be kept is not taken: the visitor is told so
            log.exception("web.not_kept")
            await self._tell(sid, self._apology)
            return _refused(self._apology)
        if heard is None:
            return {"ok": True}  # sent again because the first acknowledgement was lost
        await self.emit("user_said", heard, room=sender, skip_sid=sid)
        await self.emit("bot_typing", {"on": True}, room=sender)
        self.turns.begin(sender)
        return {"ok": True, "seq": heard["seq"]}

    async def on_rate(self, sid: str, data: Any = None) -> Answer:
        """A thumb for an answer, perhaps with a word."""
        sender = (await self.get_session(sid)).get("sender")
        seq, thumb = _member(data, "seq"), _member(data, "thumb")
        word = _member(data, "word") or ""
        if not sender or not _is_seq(seq) or thumb not in THUMBS or not isinstance(word, str):
            return {"ok": False}
        if not await self._limits.frame(sid):
            return _refused(too_fast())
        word = word.strip()[:LONGEST_WORD]
        return {"ok": await asyncio.to_thread(self._log.rate, sender, seq, thumb, word)}

    async def on_delete_conversation(self, sid: str, data: Any = None) -> Answer:
        """Deletes what was said, here and in Rasa's tracker, and tells the visitor's other tabs.
        Not done (``ok`` false) where Rasa cannot be reached, so that it is not said to be."""
        sender = (await self.get_session(sid)).get("sender")
        if not sender or not await self._limits.frame(sid):
            return _refused(too_fast())
        try:
            await self._assistant.forget(sender)
        except AssistantUnavailable:
            return {"ok": False}
        await asyncio.to_thread(self._log.forget, sender)
        await self.emit("conversation_deleted", {}, room=sender, skip_sid=sid)
        return {"ok": True}

    async def show(self, sender: str, said: list[dict[str, Any]]) -> None:
        """Sends what the assistant said to all of the visitor's tabs."""
        for message in said:
            await self.emit("bot_uttered", message, room=sender)
        await self.emit("bot_typing", {"on": False}, room=sender)

    async def _tell(self, sid: str, words: str) -> None:
        """Says something to one connection that is no part of the conversation."""
        await self.emit("bot_uttered", {"text": words, "kind": "refusal"}, to=sid)

    async def _join(self, sid: str, sender: str, zone: str = "") -> None:
        kept = await self.get_session(sid)
        if kept.get("sender") not in (None, sender):
            await self.leave_room(sid, kept["sender"])
        await self.save_session(sid, {**kept, "sender": sender, "zone": zone})
        await self.enter_room(sid, sender)


def socket_server(
    channel: WebChannel, origins: Origins, redis_url: str = ""
) -> socketio.AsyncServer:
    """A Socket.IO server for the channel; with a Redis, one of several that reach each other's
    visitors."""
    server = socketio.AsyncServer(
        async_mode="asgi",
        client_manager=socketio.AsyncRedisManager(redis_url) if redis_url else None,
        cors_allowed_origins=origins.allow,
        cors_credentials=False,
        max_http_buffer_size=LARGEST_FRAME,
    )
    server.register_namespace(channel)
    return server


def _address(environ: dict[str, Any]) -> str:
    """Whom the connection comes from; uvicorn has looked behind a proxy that it trusts."""
    client = environ.get("asgi.scope", {}).get("client") or ("",)
    return str(client[0])


def _member(data: Any, name: str) -> Any:
    return data.get(name) if isinstance(data, dict) else None


def _zone_said(data: Any) -> str:
    """The zone that a client names as such clients do: under ``metadata`` or ``customData``."""
    besides = _member(data, "metadata") or _member(data, "customData")
    return known_zone(_member(besides, "time_zone"))


def _is_seq(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _refused(words: str) -> Answer:
    return {"ok": False, "words": words}

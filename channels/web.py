"""The website's chat: Socket.IO, with Rasa's event names."""

from __future__ import annotations

from typing import Any

import socketio

from channels.assistant import Reply
from channels.sessions import Sessions
from channels.turns import Turns

LONGEST_MESSAGE = 1_000
LARGEST_FRAME = 16_384


class WebChannel(socketio.AsyncNamespace):
    """``session_request`` gives ``session_confirm``; ``user_uttered`` gives ``bot_uttered``.

    The session belongs to the connection: what a later message says of it is ignored.
    """

    def __init__(self, sessions: Sessions, turns: Turns) -> None:
        super().__init__("/")
        self._sessions = sessions
        self._turns = turns

    async def on_session_request(self, sid: str, data: Any = None) -> None:
        """The visitor opens the chat, perhaps with the token of an earlier visit."""
        sender, token = self._sessions.open(_member(data, "session_id"))
        await self._join(sid, sender)
        await self.emit("session_confirm", token, to=sid)

    async def on_user_uttered(self, sid: str, data: Any = None) -> dict[str, Any]:
        """The visitor says something. Acknowledged at once; answered when there is an answer."""
        message = _member(data, "message")
        if not isinstance(message, str) or not message.strip():
            return {"ok": False, "words": "There was nothing in that message."}
        if len(message) > LONGEST_MESSAGE:
            words = f"That message is too long. Please keep it under {LONGEST_MESSAGE} characters."
            await self.emit("bot_uttered", _utterance(Reply(words)), to=sid)
            return {"ok": False, "words": words}
        sender = (await self.get_session(sid)).get("sender")
        if sender is None:
            # Clients written for Rasa's own channel may talk without asking for a session.
            sender, _ = self._sessions.open(_member(data, "session_id"))
            await self._join(sid, sender)
        message_id = _member(data, "id")
        if isinstance(message_id, str) and self._turns.heard_before(sender, message_id[:64]):
            return {"ok": True}  # sent again because the first acknowledgement was lost
        self.server.start_background_task(self._answer, sender, message)
        return {"ok": True}

    async def _join(self, sid: str, sender: str) -> None:
        earlier = (await self.get_session(sid)).get("sender")
        if earlier not in (None, sender):
            await self.leave_room(sid, earlier)
        await self.save_session(sid, {"sender": sender})
        await self.enter_room(sid, sender)

    async def _answer(self, sender: str, message: str) -> None:
        await self.emit("bot_typing", {"on": True}, room=sender)
        replies = await self._turns.take(sender, message)
        for reply in replies:
            await self.emit("bot_uttered", _utterance(reply), room=sender)
        await self.emit("bot_typing", {"on": False}, room=sender)


def socket_server(channel: WebChannel) -> socketio.AsyncServer:
    """A Socket.IO server for the channel, for pages of the same origin only."""
    server = socketio.AsyncServer(async_mode="asgi", max_http_buffer_size=LARGEST_FRAME)
    server.register_namespace(channel)
    return server


def _member(data: Any, name: str) -> Any:
    return data.get(name) if isinstance(data, dict) else None


def _utterance(reply: Reply) -> dict[str, Any]:
    utterance: dict[str, Any] = {"text": reply.text}
    if reply.buttons:
        utterance["quick_replies"] = [
            {"content_type": "text", "title": button.title, "payload": button.payload}
            for button in reply.buttons
        ]
    return utterance

"""The clinic's site as the widget meets it: pages, facts, and a Socket.IO server with a script."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import socketio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

WIDGET = Path(__file__).parent.parent.parent / "widget"
CONTENT_POLICY = {
    "Content-Security-Policy": (
        "default-src 'self'; connect-src 'self' ws:; style-src 'self'; script-src 'self'; "
        "object-src 'none'; base-uri 'none'"
    )
}
CLINIC = SimpleNamespace(
    name="Larkfield Skin Clinic",
    tagline="We look closely, explain plainly, and treat milia only when it helps.",
    phone="020 7946 0321",
    email="hello@larkfield.example",
    address="4 Larkfield Row\nLondon N1 0XX",
)
HOURS = "Open now until 17:30"
FACTS = {
    "name": CLINIC.name,
    "phone": CLINIC.phone,
    "phone_href": "tel:+442079460321",
    "emergency": {"number": "999", "words": "In an emergency call 999"},
    "privacy": "What you write is used to answer you and to book, and deleted after 30 days.",
    "greeting": "Hello, I am Larkfield's automated assistant: not a doctor. Ask me about milia.",
    "hours": HOURS,
}
DIFFERENCE = """\
They are easy to mix up. **Milia** are hard, pale and quiet; **baby acne** is red.

| | Milia | Baby acne |
|---|---|---|
| Colour | white or yellow | red, some with pus |
| From | birth | 2 to 4 weeks |
| Goes | in weeks | in weeks to 3 months |

Neither should be squeezed. If you are unsure:

- show a doctor, health visitor or midwife
- read [what the NHS says](https://www.nhs.uk/)
"""
HOSTILE = (
    '<img src=x onerror="window.hacked=1"> [press me](javascript:window.hacked=1) '
    "<script>window.hacked=1</script> [data](data:text/html,hello) [good](https://example.com/a)"
)

Script = dict[str, list[dict[str, Any]]]
SCRIPT: Script = {
    "Is it milia or baby acne?": [
        {
            "text": DIFFERENCE,
            "quick_replies": [
                {"title": "For my baby", "payload": '/inform{"patient": "baby"}'},
                {"title": "Book a consultation", "payload": "/book_appointment"},
            ],
        }
    ],
    '/inform{"patient": "baby"}': [{"text": "For a baby: leave them alone."}],
    "two things": [{"text": "The first."}, {"text": "The second."}],
    "leaflet": [
        {"text": "", "attachment": {"payload": {"src": "https://example.com/leaflet.pdf"}}}
    ],
    "bad leaflet": [{"text": "Here.", "attachment": "javascript:alert(1)"}],
    "hostile": [{"text": HOSTILE}],
    "long": [{"text": "\n\n".join(f"Paragraph {number}." for number in range(60))}],
}


class Site:
    """Runs in a thread. Answers from SCRIPT, or echoes; keeps what it was sent in ``uttered``.

    What a test wants to go wrong: ``acks`` and ``answers`` wait while cleared; ``facts`` are None;
    ``refusal`` refuses; ``loses_messages`` neither acks nor answers; ``forgets_sessions``.
    """

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.reset()
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def reset(self) -> None:
        self.acks = threading.Event()
        self.acks.set()
        self.answers = threading.Event()
        self.answers.set()
        self.facts: dict[str, Any] | None = FACTS
        self.refusal = ""
        self.forgets_sessions = False
        self.loses_messages = False
        self.uttered: list[dict[str, Any]] = []
        self.requested: list[Any] = []
        self.connections = 0

    def __enter__(self) -> Site:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        config = uvicorn.Config(
            self._app(),
            host="127.0.0.1",
            port=self.port,
            ws="wsproto",
            log_level="error",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < deadline, "The test's server did not start."
            time.sleep(0.01)

    def stop(self) -> None:
        assert self._server is not None and self._thread is not None
        self._server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive(), "The test's server did not stop."

    def _app(self) -> Starlette:
        templates = Jinja2Templates(WIDGET)

        async def page(request: Request) -> Response:
            words = {"clinic": CLINIC, "hours": HOURS}
            return templates.TemplateResponse(request, "demo.html", words, headers=CONTENT_POLICY)

        async def placed(request: Request) -> Response:
            response = await page(request)
            body = bytes(response.body).replace(b"<main", b"<milia-chat></milia-chat><main")
            return Response(body, media_type="text/html", headers=CONTENT_POLICY)

        async def facts(request: Request) -> Response:
            return JSONResponse(self.facts) if self.facts else Response(status_code=404)

        return Starlette(
            routes=[
                Route("/", page),
                Route("/placed", placed),
                Route("/widget/config.json", facts),
                Mount("/widget", StaticFiles(directory=WIDGET)),
                Mount("/socket.io", socketio.ASGIApp(self._sockets(), socketio_path="")),
            ]
        )

    def _sockets(self) -> socketio.AsyncServer:
        sockets = socketio.AsyncServer(async_mode="asgi")

        @sockets.event
        async def connect(sid: str, environ: dict[str, Any]) -> None:
            self.connections += 1

        @sockets.event
        async def session_request(sid: str, data: dict[str, Any]) -> None:
            self.requested.append(data["session_id"])
            kept = None if self.forgets_sessions else data["session_id"]
            await sockets.emit("session_confirm", kept or f"token-{sid}", to=sid)

        @sockets.event
        async def user_uttered(sid: str, data: dict[str, Any]) -> dict[str, Any]:
            lost = self.loses_messages
            self.uttered.append(data)
            if lost:
                await asyncio.Event().wait()  # for ever
            await _until(self.acks)
            if self.refusal:
                return {"ok": False, "words": self.refusal}
            sockets.start_background_task(answer, sid, data["message"])
            return {"ok": True}

        async def answer(sid: str, message: str) -> None:
            await sockets.emit("bot_typing", {"on": True}, to=sid)
            await _until(self.answers)
            for utterance in SCRIPT.get(message, [{"text": f"You said: {message}"}]):
                await sockets.emit("bot_uttered", utterance, to=sid)
            await sockets.emit("bot_typing", {"on": False}, to=sid)

        return sockets


async def _until(event: threading.Event) -> None:
    while not event.is_set():
        await asyncio.sleep(0.02)

"""The clinic's site as the widget meets it: pages, facts, and a Socket.IO server with a script."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
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

from channels.assistant import AssistantUnavailable, Button, Reply
from channels.kill_switch import KillSwitch
from channels.limits import Limits
from channels.message_log import MessageLog
from channels.origins import Origins
from channels.sessions import Sessions
from channels.web import WebChannel, socket_server
from clinic.profile import Chat

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
HOURS = "Open until 17:30"
FACTS = {
    "name": CLINIC.name,
    "phone": CLINIC.phone,
    "phone_href": "tel:+442079460321",
    "emergency": {"number": "999", "words": "In an emergency call 999"},
    "privacy": "What you write is used to answer you and to book, and deleted after 30 days.",
    "greeting": "Hello, I am Larkfield's automated assistant: not a doctor. Ask me about milia.",
    "hours": HOURS,
    "time_zone": "Europe/London",
    "longest_message": 1_000,
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

TIMES = [
    Button(
        "Thursday 26 November at 9:00", '/inform{"appointment_time": "2026-11-26T09:00:00+00:00"}'
    ),
    Button(
        "Thursday 26 November at 9:30", '/inform{"appointment_time": "2026-11-26T09:30:00+00:00"}'
    ),
    Button(
        "Friday 27 November at 13:30", '/inform{"appointment_time": "2026-11-27T13:30:00+00:00"}'
    ),
    Button("Later times", '/inform{"times_from": "2026-11-27T14:00:00+00:00"}'),
]
BOOKED = "Your consultation is booked: **Thursday 26 November at 9:30** with Dr Amara Osei."
EMERGENCY = """\
A baby under three months with a fever must be seen now. Call [999](tel:999), or [111](tel:111) if \
you cannot get through. Do not wait for an appointment with us."""

SCRIPT: dict[str, list[Reply]] = {
    "Is it milia or baby acne?": [
        Reply(
            DIFFERENCE,
            [
                Button("For my baby", '/inform{"patient": "baby"}'),
                Button("Book a consultation", "/book_appointment"),
            ],
            kind="answer",
            topic="milia_vs_baby_acne",
        )
    ],
    '/inform{"patient": "baby"}': [Reply("For a baby: leave them alone.")],
    "Book a consultation": [Reply("Which time suits you?", TIMES, kind="times")],
    TIMES[1].payload: [Reply(BOOKED, kind="booked")],
    "my newborn has a fever": [Reply(EMERGENCY, kind="emergency")],
    "picture": [Reply("Like this.", image="/widget/milium.svg", alt="A cyst under the skin")],
    "bad picture": [Reply("Here.", image="javascript:alert(1)", alt="Nothing")],
    "two things": [Reply("The first."), Reply("The second.")],
    "hostile": [Reply(HOSTILE)],
    "long": [Reply("\n\n".join(f"Paragraph {number}." for number in range(60)))],
}
LIMITS = Chat(
    messages_a_minute=10_000,
    messages_a_minute_from_one_address=10_000,
    connections_a_minute_from_one_address=10_000,
)


class ScriptedAssistant:
    """Stands where Rasa is: replies from SCRIPT, or echoes, once ``answers`` is set."""

    timeout = 60.0

    def __init__(self, site: Site) -> None:
        self._site = site

    async def turn(
        self, sender: str, text: str, message_id: str = "", again: bool = False, zone: str = ""
    ) -> list[Reply]:
        self._site.zones.append(zone)
        await _until(self._site.answers)
        return SCRIPT.get(text, [Reply(f"You said: {text}")])

    async def forget(self, sender: str) -> None:
        if not self._site.can_forget:
            raise AssistantUnavailable("ConnectError")


class TroubledChannel(WebChannel):
    """The gateway's own channel, with what a test wants to go wrong."""

    site: Site

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> bool:
        self.site.connections += 1
        return await super().on_connect(sid, environ, auth)

    async def on_session_request(self, sid: str, data: Any = None) -> dict[str, Any]:
        self.site.requested.append(data["session_id"])
        if self.site.forgets_sessions:
            data = {**data, "session_id": None}
        return await super().on_session_request(sid, data)

    async def on_user_uttered(self, sid: str, data: Any = None) -> dict[str, Any]:
        self.site.uttered.append(data)
        if self.site.loses_messages:
            await asyncio.Event().wait()  # for ever
        await _until(self.site.acks)
        if self.site.refusal:
            return {"ok": False, "words": self.site.refusal}
        return await super().on_user_uttered(sid, data)


class Site:
    """Runs in a thread: the gateway's own channel and log, with a scripted assistant behind them.

    Keeps what it was sent in ``uttered``. What a test wants to go wrong: ``acks`` and ``answers``
    wait while cleared; ``facts`` are None; ``refusal`` refuses; ``loses_messages`` neither acks nor
    answers; ``forgets_sessions``; not ``can_forget``.
    """

    def __init__(self, folder: Path) -> None:
        self._url = f"sqlite:///{folder / 'messages.db'}"
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
        self.can_forget = True
        self.uttered: list[dict[str, Any]] = []
        self.requested: list[Any] = []
        self.zones: list[str] = []
        self.connections = 0

    def __enter__(self) -> Site:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        self.log = MessageLog(self._url)
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
        self.log.close()

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

        sockets, watch = self._sockets()

        @contextlib.asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            watching = asyncio.create_task(watch())
            yield
            watching.cancel()

        return Starlette(
            routes=[
                Route("/", page),
                Route("/placed", placed),
                Route("/widget/config.json", facts),
                Mount("/widget", StaticFiles(directory=WIDGET)),
                Mount("/socket.io", socketio.ASGIApp(sockets, socketio_path="")),
            ],
            lifespan=lifespan,
        )

    def _sockets(self) -> tuple[socketio.AsyncServer, Callable[[], Awaitable[None]]]:
        channel = TroubledChannel(
            sessions=Sessions("a secret for tests only"),
            assistant=ScriptedAssistant(self),
            messages=self.log,
            limits=Limits(LIMITS),
            apology="Sorry.",
            switch=KillSwitch(Path("clinic.yml")),
            longest=1_000,
        )
        channel.site = self
        return socket_server(channel, Origins([])), channel.turns.watch


async def _until(event: threading.Event) -> None:
    while not event.is_set():
        await asyncio.sleep(0.02)

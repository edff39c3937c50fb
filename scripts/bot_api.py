"""A server that speaks Telegram's Bot API, for tests and benchmarks on this machine.

After the Bot API's description, and the source of Telegram's own server for it in its local mode
(github.com/tdlib/telegram-bot-api: any port, and http): what it refuses and how (token, HTML,
lengths, buttons, blocked and unknown chats), getUpdates with its offset, its long poll and its
conflicts, webhooks with their secret and their retries, and the flood limits. It keeps what a bot
sends, and can lose connections and fail on demand.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from scripts.bot_api_html import CannotParse, units, visible

TOKEN = "1234567890:TEST-token_of_the_bot_for_the_tests-000"  # noqa: S105
BOT = {
    "id": 1234567890,
    "is_bot": True,
    "first_name": "Larkfield Skin Clinic",
    "username": "larkfield_skin_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
MOST_COMMANDS = 100
MOST_UPDATES = 100
MESSAGES_A_SECOND = 30
MESSAGES_A_MINUTE_IN_A_GROUP = 20

DESCRIPTIONS = {400: "Bad Request", 500: "Internal Server Error", 502: "Bad Gateway"}

Json = dict[str, Any]


class Refused(Exception):
    """An answer that is not ok."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass
class Sent:
    """A call that a bot made with success, and what came of it."""

    method: str
    chat: int
    arguments: Json
    message: Json = field(default_factory=dict)
    at: float = 0.0

    @property
    def text(self) -> str:
        """What is read, without markup."""
        return str(self.message.get("text", ""))

    @property
    def buttons(self) -> dict[str, str]:
        """The buttons under it now: titles, and callback data or addresses."""
        keyboard = self.message.get("reply_markup", {}).get("inline_keyboard", [])
        return {
            button["text"]: button.get("callback_data") or button.get("url", "")
            for row in keyboard
            for button in row
        }


class BotApi:
    """The server, in a thread of its own on a free port. Use as a context manager.

    ``limits`` says whether it holds bots to Telegram's flood limits.
    """

    def __init__(self, limits: bool = True) -> None:
        self.limits = limits
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, Json]] = []
        self.commands: dict[str, list[Json]] = {}
        self.webhook: Json = {}
        self.blocked: set[int] = set()
        self.unknown: set[int] = set()
        self.answered: dict[str, Json] = {}
        self._asked: set[str] = set()
        self.drops = 0
        self._numbers = itertools.count(1000)
        self._pending: deque[Json] = deque()
        self._failures: deque[tuple[str, int, int]] = deque()
        self._lose: deque[str] = deque()
        self._poll: asyncio.Future[None] | None = None
        self._news = asyncio.Event()
        self._recent: deque[float] = deque()
        self._in_groups: dict[int, deque[float]] = {}
        self._connections: set[Any] = set()
        self._away_until = 0.0

    def __enter__(self) -> BotApi:
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait()
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    @property
    def url(self) -> str:
        """Its address, for TELEGRAM_API."""
        return f"http://127.0.0.1:{self._port}"

    def update(self, **content: Any) -> int:
        """Something happens in a chat; returns the update's number."""
        number = next(self._numbers)
        self._do(lambda: self._add({"update_id": number, **content}))
        return number

    def repeat(self, update: Json) -> None:
        """Brings an update that was brought before, as Telegram does when in doubt."""
        self._do(lambda: self._add(update))

    def number(self) -> int:
        """A number that nothing has yet."""
        return next(self._numbers)

    def fail(
        self, method: str, status: int, times: int = 1, retry_after: int = 0, after: int = 0
    ) -> None:
        """Answers the next calls of a method with an error, but for the first ``after``."""
        self._failures.extend([(method, 200, 0)] * after)
        self._failures.extend([(method, status, retry_after)] * times)

    def fail_no_more(self) -> None:
        """Takes back what `fail` said."""
        self._failures.clear()

    def lose_answer(self, method: str) -> None:
        """Does what the next call of a method asks, and loses the connection before saying so."""
        self._lose.append(method)

    def drop(self, away: float = 0.0) -> None:
        """Loses all connections; for some seconds there are no new ones."""

        def lose() -> None:
            self.drops += 1
            self._away_until = time.monotonic() + away
            for transport in list(self._connections):
                transport.close()

        self._do(lose)

    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self._pending)

    def _run(self, started: threading.Event) -> None:
        asyncio.run(self._serve(started))

    async def _serve(self, started: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped, self._news = asyncio.Event(), asyncio.Event()
        app = web.Application(client_max_size=60_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self._port = runner.addresses[0][1]
        bringing = asyncio.create_task(self._bring())
        started.set()
        await self._stopped.wait()
        bringing.cancel()
        await runner.cleanup()

    def _do(self, deed: Callable[[], None]) -> None:
        """Does something in the server's own thread, and waits for it."""

        async def doing() -> None:
            deed()

        coroutine: Coroutine[Any, Any, None] = doing()
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def _add(self, update: Json) -> None:
        if query := update.get("callback_query"):
            self._asked.add(query["id"])
        self._pending.append(update)
        self._news.set()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        transport = request.transport
        if time.monotonic() < self._away_until and transport:
            transport.abort()
            return web.Response()
        self._connections.add(transport)
        method = request.match_info["method"].lower()
        try:
            if request.match_info["token"] != TOKEN:
                raise Refused(401, "Unauthorized")
            arguments = await _arguments(request)
            self._fail_if_told(method)
            call = getattr(self, f"_{method}", None)
            if call is None:
                raise Refused(404, "Not Found")
            self.calls.append((method, arguments))
            result = call(arguments)
            result = await result if asyncio.iscoroutine(result) else result
            if self._lose and self._lose[0] == method and transport:
                self._lose.popleft()
                transport.abort()
            return web.json_response({"ok": True, "result": result})
        except Refused as refused:
            body: Json = {
                "ok": False,
                "error_code": refused.status,
                "description": refused.description,
            }
            if refused.parameters:
                body["parameters"] = refused.parameters
            return web.json_response(body, status=refused.status)
        finally:
            if transport is None or transport.is_closing():
                self._connections.discard(transport)

    def _fail_if_told(self, method: str) -> None:
        if self._failures and self._failures[0][0].lower() == method:
            _, status, retry_after = self._failures.popleft()
            if status == 200:
                return
            if status == 429:
                description = f"Too Many Requests: retry after {retry_after}"
                raise Refused(429, description, retry_after=retry_after)
            raise Refused(status, DESCRIPTIONS[status])

    # What a bot may call.

    def _getme(self, arguments: Json) -> Json:
        return BOT

    async def _getupdates(self, arguments: Json) -> list[Json]:
        if self.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook "
                "to delete the webhook first",
            )
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
        mine = self._poll = asyncio.get_running_loop().create_future()
        offset = int(arguments.get("offset") or 0)
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()
        until = time.monotonic() + float(arguments.get("timeout") or 0)
        while not self._pending and time.monotonic() < until and not mine.done():
            self._news.clear()
            news = asyncio.ensure_future(self._news.wait())
            await asyncio.wait(
                [news, mine], timeout=until - time.monotonic(), return_when="FIRST_COMPLETED"
            )
            news.cancel()
        if mine.done():
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot "
                "instance is running",
            )
        mine.cancel()
        wanted = arguments.get("allowed_updates") or []
        for update in [u for u in self._pending if wanted and not _is_wanted(u, wanted)]:
            self._pending.remove(update)
        limit = int(arguments.get("limit") or MOST_UPDATES)
        return list(itertools.islice(self._pending, min(limit, MOST_UPDATES)))

    def _setwebhook(self, arguments: Json) -> bool:
        secret = arguments.get("secret_token", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        if not re.match(r"https?://", arguments.get("url", "")):  # http: for this machine only
            raise Refused(
                400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
            )
        self.webhook = arguments
        self._news.set()
        return True

    def _deletewebhook(self, arguments: Json) -> bool:
        self.webhook = {}
        if arguments.get("drop_pending_updates"):
            self._pending.clear()
        return True

    def _setmycommands(self, arguments: Json) -> bool:
        if len(arguments["commands"]) > MOST_COMMANDS:
            raise Refused(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        for command in arguments["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        scope = arguments.get("scope", {}).get("type", "default")
        self.commands[scope] = arguments["commands"]
        return True

    def _sendmessage(self, arguments: Json) -> Json:
        text = arguments.get("text", "")
        if arguments.get("parse_mode") == "HTML":
            try:
                text = visible(text)
            except CannotParse as error:
                raise Refused(400, f"Bad Request: can't parse entities: {error}") from error
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if units(text) > LONGEST_TEXT:
            raise Refused(400, "Bad Request: message is too long")
        return self._message("sendMessage", arguments, text=text)

    def _sendvenue(self, arguments: Json) -> Json:
        for name in ("latitude", "longitude", "title", "address"):
            if name not in arguments:
                raise Refused(400, f"Bad Request: {name} is empty")
        place = {name: float(arguments[name]) for name in ("latitude", "longitude")}
        words = {name: arguments[name] for name in ("title", "address")}
        venue = {"location": place, **words}
        return self._message("sendVenue", arguments, venue=venue, location=place)

    def _senddocument(self, arguments: Json) -> Json:
        if "document" not in arguments:
            raise Refused(400, "Bad Request: there is no document in the request")
        name = arguments["document"]["file_name"]
        return self._message(
            "sendDocument", arguments, document={**self._file(), "file_name": name}
        )

    def _sendphoto(self, arguments: Json) -> Json:
        if "photo" not in arguments:
            raise Refused(400, "Bad Request: there is no photo in the request")
        photo = {**self._file(), "width": 1, "height": 1}
        return self._message("sendPhoto", arguments, photo=[photo])

    def _file(self) -> Json:
        return {"file_id": f"{self.number()}", "file_unique_id": f"{self.number()}"}

    def _sendchataction(self, arguments: Json) -> bool:
        self._check_chat(arguments)
        self.sent.append(Sent("sendChatAction", int(arguments["chat_id"]), arguments))
        return True

    def _answercallbackquery(self, arguments: Json) -> bool:
        query = arguments["callback_query_id"]
        if query in self.answered or query not in self._asked:
            raise Refused(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        if len(arguments.get("text", "")) > 200:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        self.answered[query] = arguments
        return True

    def _editmessagereplymarkup(self, arguments: Json) -> Json:
        chat, number = int(arguments["chat_id"]), int(arguments["message_id"])
        for sent in self.sent:
            if sent.chat == chat and sent.message.get("message_id") == number:
                markup = arguments.get("reply_markup")
                _check_markup(markup)
                if markup == sent.message.get("reply_markup"):
                    raise Refused(
                        400,
                        "Bad Request: message is not modified: specified new message content and "
                        "reply markup are exactly the same as a current content and reply markup "
                        "of the message",
                    )
                if markup:
                    sent.message["reply_markup"] = markup
                else:
                    sent.message.pop("reply_markup", None)
                return sent.message
        raise Refused(400, "Bad Request: message to edit not found")

    def _message(self, method: str, arguments: Json, **content: Any) -> Json:
        chat = self._check_chat(arguments)
        _check_markup(arguments.get("reply_markup"))
        if units(str(arguments.get("caption") or "")) > LONGEST_CAPTION:
            raise Refused(400, "Bad Request: message caption is too long")
        self._check_floods(chat)
        message = {
            "message_id": self.number(),
            "date": int(time.time()),
            "from": BOT,
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
            **content,
        }
        if "inline_keyboard" in (arguments.get("reply_markup") or {}):
            message["reply_markup"] = arguments["reply_markup"]
        self.sent.append(Sent(method, chat, arguments, message, time.perf_counter()))
        return message

    def _check_chat(self, arguments: Json) -> int:
        chat = int(arguments["chat_id"])
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat in self.unknown:
            raise Refused(400, "Bad Request: chat not found")
        return chat

    def _check_floods(self, chat: int) -> None:
        if not self.limits:
            return
        group = self._in_groups.setdefault(chat, deque()) if chat < 0 else deque()
        checks = (
            (self._recent, 1.0, MESSAGES_A_SECOND),
            (group, 60.0, MESSAGES_A_MINUTE_IN_A_GROUP),
        )
        now = time.monotonic()
        for recent, seconds, most in checks:
            while recent and recent[0] < now - seconds:
                recent.popleft()
            # Telegram forgives a short burst, as does a bucket that leaks.
            if len(recent) >= 2 * most:
                raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
            recent.append(now)

    # How updates are brought to a webhook.

    async def _bring(self) -> None:
        async with ClientSession(timeout=ClientTimeout(10)) as client:
            while True:
                if not (self.webhook and self._pending):
                    self._news.clear()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), 0.2)
                    continue
                update = self._pending[0]
                if not await self._brought(client, update):
                    await asyncio.sleep(0.1)
                elif self._pending and self._pending[0] is update:
                    self._pending.popleft()

    async def _brought(self, client: ClientSession, update: Json) -> bool:
        wanted = self.webhook.get("allowed_updates") or []
        if wanted and not _is_wanted(update, wanted):
            return True
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        try:
            async with client.post(self.webhook["url"], json=update, headers=headers) as response:
                return response.ok
        except (ClientError, TimeoutError, OSError):
            return False


async def _arguments(request: web.Request) -> Json:
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        arguments |= await request.json()
    elif request.body_exists:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                content = value.file.read()
                arguments[name] = {"file_name": value.filename, "content": content}
            else:
                arguments[name] = value
    for name, value in arguments.items():
        if isinstance(value, str) and name not in {"text", "caption"} and value[:1] in {"[", "{"}:
            arguments[name] = json.loads(value)
    # A document sent as attach://name stands under that name.
    for name, value in list(arguments.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            arguments[name] = arguments[value.removeprefix("attach://")]
    return arguments


def _check_markup(markup: Any) -> None:
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                raise Refused(400, "Bad Request: BUTTON_TEXT_INVALID")
            data, url = button.get("callback_data"), button.get("url")
            if data is not None and not 1 <= len(data.encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
            if url is not None and not re.match(r"(https?|tg)://", url):
                raise Refused(400, "Bad Request: BUTTON_URL_INVALID")
            if data is None and url is None:
                raise Refused(400, "Bad Request: BUTTON_TYPE_INVALID")


def _is_wanted(update: Json, wanted: list[str]) -> bool:
    return any(name in wanted for name in update if name != "update_id")

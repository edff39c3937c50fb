"""A visitor's hands and eyes in the browser."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Browser, Locator, Page, Request, expect

from tests.widget.scripted_site import Site

DESK = {"width": 1280, "height": 800}
FAILURES = ("ERR_", "status of 404", "WebSocket connection to")


class Visitor:
    """Somebody on the clinic's page. Use as an async context manager.

    On leaving, the test fails if the browser met an error or the page's policy was broken.
    ``expects_failures`` is for tests in which the network goes away.
    """

    def __init__(self, browser: Browser, site: Site, **context: Any) -> None:
        self._browser = browser
        self._site = site
        self._options = {"viewport": DESK, "reduced_motion": "reduce", **context}
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.expects_failures = False
        self.page: Page

    async def __aenter__(self) -> Visitor:
        self._context = await self._browser.new_context(**self._options)
        self.page = await self._context.new_page()
        self.page.on("request", self._note_request)
        self.page.on("websocket", lambda line: self.requests.append(line.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note_console)
        return self

    async def __aexit__(self, kind: object, *exception: object) -> None:
        await self._context.close()
        if kind is None:
            assert not self.errors, "\n".join(self.errors)

    def _note_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _note_console(self, message: Any) -> None:
        if message.type != "error":
            return
        if not (self.expects_failures and any(mark in message.text for mark in FAILURES)):
            self.errors.append(message.text)

    async def arrive(self, path: str = "/") -> None:
        """On the page, with the chat's button to be seen."""
        await self.page.goto(self._site.url + path)
        await expect(self.launcher).to_be_visible()

    async def open(self) -> None:
        """On the page, with the chat open and connected."""
        await self.arrive()
        await self.launcher.click()
        await self.connected()

    async def connected(self) -> None:
        """Waits for the first greeting, and for the session."""
        await expect(self.replies.first).to_be_visible()
        await self.until("localStorage.length > 0")

    async def until(self, condition: str) -> None:
        """Waits until it is true in the page. (Playwright's own way needs a policy with eval.)"""
        async with asyncio.timeout(10):
            while not await self.page.evaluate(condition):
                await asyncio.sleep(0.02)

    async def token(self) -> str:
        """The session's, as the browser keeps it."""
        return await self.page.evaluate("localStorage.getItem('milia-chat.session')")

    async def say(self, text: str) -> None:
        await self.input.fill(text)
        await self.input.press("Enter")

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name="Chat with us")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def input(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your message")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def answers(self) -> Locator:
        """What the assistant said, its greeting first."""
        return self.page.locator(".assistant:not(.typing)")

    @property
    def said(self) -> Locator:
        """What the visitor said."""
        return self.page.locator(".visitor")

    @property
    def replies(self) -> Locator:
        """The quick replies, inert ones too."""
        return self.page.locator(".replies button")

    @property
    def alert(self) -> Locator:
        return self.dialog.get_by_role("alert")

    def reply(self, title: str) -> Locator:
        """The newest quick reply so titled."""
        return self.replies.get_by_text(title, exact=True).last

    def button(self, name: str) -> Locator:
        return self.dialog.get_by_role("button", name=name, exact=True)

    async def focused(self) -> str:
        """What has the focus, in the chat or the page: its class, id or tag."""
        return await self.page.evaluate(
            """() => {
                let at = document.activeElement;
                while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
                return at.className || at.id || at.localName;
            }"""
        )

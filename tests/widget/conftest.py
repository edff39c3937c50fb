"""A real Chromium, and a real Socket.IO server for the widget to talk to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Error, async_playwright

from tests.widget.scripted_site import Site
from tests.widget.visitor import Visitor

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def browser_path() -> str | None:
    """The browser to test with: $CHROMIUM, or the system's; None means Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named and not Path(named).exists():
        pytest.fail(f"CHROMIUM={named}: there is no such file. Name a browser, or unset it.")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
async def browser():
    """One Chromium for all tests; each test has a context of its own in it."""
    async with async_playwright() as playwright:
        try:
            running = await playwright.chromium.launch(
                executable_path=browser_path(), args=SWITCHES
            )
        except Error as error:
            pytest.fail(
                "The widget's tests need a Chromium that starts. Install one (Debian: apt install "
                "chromium), or name one in CHROMIUM, or run `playwright install chromium`. "
                f"It said: {error.message}"
            )
        yield running
        await running.close()


@pytest.fixture(scope="session")
def running_site(tmp_path_factory):
    """The clinic's site with scripted answers, on a port of its own."""
    with Site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(running_site):
    """The site, in its first state."""
    running_site.reset()
    return running_site


@pytest.fixture
async def visitor(browser, site):
    """Somebody on the clinic's page, at a desk. Fails the test on any error in the browser."""
    async with Visitor(browser, site) as somebody:
        yield somebody

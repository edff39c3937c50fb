"""``python -m tests.widget.screenshots`` takes the pictures of the chat in docs/widget/."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright, expect

from tests.widget.conftest import SWITCHES, browser_path
from tests.widget.scripted_site import Site
from tests.widget.test_axe import (
    PHONE,
    answered_with_a_table,
    choosing_a_time,
    in_an_emergency,
    offline,
    opened,
)
from tests.widget.visitor import DESK, Visitor

FOLDER = Path("docs/widget")
SHOTS = {
    "first-open-desktop": (opened, DESK, "light"),
    "first-open-phone": (opened, PHONE, "light"),
    "table-desktop": (answered_with_a_table, DESK, "light"),
    "booking-phone": (choosing_a_time, PHONE, "light"),
    "emergency-phone": (in_an_emergency, PHONE, "light"),
    "offline-phone": (offline, PHONE, "light"),
    "dark-desktop": (answered_with_a_table, DESK, "dark"),
}


async def main() -> None:
    """Takes all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path(), args=SWITCHES)
        for name, (state, viewport, colours) in SHOTS.items():
            with tempfile.TemporaryDirectory() as folder, Site(Path(folder)) as site:
                async with Visitor(
                    browser, site, viewport=viewport, color_scheme=colours
                ) as visitor:
                    await state(visitor, site)
                    await expect(visitor.dialog).to_be_visible()
                    await visitor.page.screenshot(path=FOLDER / f"{name}.png")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())

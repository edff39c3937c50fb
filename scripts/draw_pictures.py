"""Draws the SVG pictures of the answers as PNG, which Telegram takes.

``python -m scripts.draw_pictures`` writes ``widget/pictures/*.png`` with a Chromium, and
``drawn.sha256``, by which a test knows that each was drawn from the picture as it is now.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from pathlib import Path

from playwright.async_api import async_playwright

PICTURES = Path("widget/pictures")
DRAWN = PICTURES / "drawn.sha256"
SCALE = 2
STYLE = "<style>body { margin: 0 } svg { width: 480px; display: block }</style>"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def digests() -> str:
    """The pictures' SHA-256 sums, in the form of `sha256sum`."""
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in sorted(PICTURES.glob("*.svg"))
    ]
    return "".join(lines)


async def draw() -> None:
    """Writes the PNG files."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        context = await browser.new_context(device_scale_factor=SCALE)
        page = await context.new_page()
        for file in sorted(PICTURES.glob("*.svg")):
            await page.set_content(f"{STYLE}{file.read_text(encoding='utf-8')}")
            await page.locator("svg").screenshot(path=file.with_suffix(".png"))
        await browser.close()
    DRAWN.write_text(digests(), encoding="ascii")


if __name__ == "__main__":
    asyncio.run(draw())

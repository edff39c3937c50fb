"""A first visit in a real browser: questions, then a consultation that the clinic can see."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest
from playwright.async_api import async_playwright, expect
from sqlalchemy import create_engine, text

from scripts.servers import PROJECT

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
async def page():
    """A desktop page in headless Chromium."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        yield await browser.new_page(viewport={"width": 1280, "height": 800})
        await browser.close()


async def ask(page, question):
    await page.get_by_role("textbox").fill(question)
    await page.get_by_role("textbox").press("Enter")


async def expect_answer(page, pattern):
    """The newest bubble of the assistant's says something of the kind."""
    await expect(page.locator(".bubble.assistant:not(.typing)").last).to_contain_text(
        re.compile(pattern, re.IGNORECASE), timeout=15_000
    )


async def test_questions_then_a_booked_consultation(servers, page, request):
    await page.goto(servers.url)
    await page.get_by_role("button", name="Chat with us").click()
    await expect(page.get_by_text("not a doctor").first).to_be_visible()

    await ask(page, "is it milia or baby acne?")
    await expect_answer(page, "baby acne")
    await ask(page, "what about epstein pearls")
    await expect_answer(page, "epstein")
    await ask(page, "how do you treat it?")
    await expect_answer(page, "doctor|clear|go away|treat")

    await ask(page, "can i book?")
    await page.get_by_role("button", name="For my baby").click()
    offers = page.locator(".replies:not(.inert) button")
    await expect(offers).to_have_count(5, timeout=15_000)
    chosen = await offers.first.inner_text()
    if shots := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=f"{shots}/booking.png")
    await offers.first.click()
    await expect_answer(page, "name")
    await ask(page, "Asha Patel")
    await expect_answer(page, "e-mail|phone")
    await ask(page, "asha@example.org")
    await expect_answer(page, re.escape(chosen))
    await page.get_by_role("button", name="Yes, book it").click()
    await expect_answer(page, "booked")
    said = await page.locator(".bubble.assistant:not(.typing)").last.inner_text()
    reference = re.search(r"[A-Z]{2}-[A-Z0-9]{4,}", said)[0]
    if shots:
        await page.screenshot(path=f"{shots}/booked.png")

    with create_engine(servers.database).connect() as database:
        row = database.execute(
            text("SELECT name, contact, patient FROM appointments WHERE reference = :reference"),
            {"reference": reference},
        ).one()
    assert tuple(row) == ("Asha Patel", "asha@example.org", "baby")

    listed = subprocess.run(
        [sys.executable, "-m", "clinic", "appointments"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": servers.database},
        capture_output=True,
        text=True,
        check=True,
    )
    assert reference in listed.stdout
    assert "Asha Patel" in listed.stdout

"""axe-core finds nothing, from WCAG 2.0 A to 2.2 AA, in any state of the chat."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.widget.visitor import Visitor

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
PHONE = {"width": 390, "height": 844}


async def clean(visitor: Visitor) -> None:
    """Fails with what axe-core finds."""
    found = await Axe().run(visitor.page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


async def closed(visitor, site):
    await visitor.arrive()


async def opened(visitor, site):
    await visitor.open()


async def answered_with_a_table(visitor, site):
    await visitor.open()
    await visitor.say("Is it milia or baby acne?")
    await expect(visitor.reply("For my baby")).to_be_visible()


async def typing(visitor, site):
    await visitor.open()
    site.answers.clear()
    await visitor.say("hello")
    await expect(visitor.page.locator(".typing")).to_be_visible()


async def commented(visitor, site):
    await answered_with_a_table(visitor, site)
    await visitor.button("No, not helpful").click()
    await expect(visitor.button("Send comment")).to_be_visible()


async def choosing_a_time(visitor, site):
    await visitor.open()
    await visitor.say("Book a consultation")
    await expect(visitor.reply("Later times")).to_be_visible()


async def booked(visitor, site):
    await choosing_a_time(visitor, site)
    await visitor.button("9:30, Thursday 26 November").click()
    await expect(visitor.answers.last).to_contain_text("booked")


async def in_an_emergency(visitor, site):
    await visitor.open()
    await visitor.say("my newborn has a fever")
    await expect(visitor.answers.last).to_contain_text("Please get help now")


async def with_a_picture(visitor, site):
    await visitor.open()
    await visitor.say("picture")
    await expect(visitor.answers.last.get_by_role("img")).to_be_visible()


async def offline(visitor, site):
    visitor.expects_failures = True
    await visitor.open()
    await visitor._context.set_offline(True)
    await expect(visitor.alert).to_contain_text("No connection")
    await visitor.say("hello?")
    await expect(visitor.button("Retry")).to_be_visible()


async def with_its_options(visitor, site):
    await visitor.open()
    await visitor.button("Options").click()
    await expect(visitor.button("Start over")).to_be_visible()


async def asked_whether_to_delete(visitor, site):
    await with_its_options(visitor, site)
    await visitor.button("Delete this chat").click()
    await expect(visitor.button("Keep it")).to_be_visible()


async def near_the_limit(visitor, site):
    await visitor.open()
    await visitor.input.fill("x" * 950)
    await expect(visitor.dialog).to_contain_text("50 characters left")


async def closed_with_something_unread(visitor, site):
    await visitor.open()
    site.answers.clear()
    await visitor.say("hello")
    await visitor.page.keyboard.press("Escape")
    site.answers.set()
    await expect(visitor.page.locator(".badge")).to_have_text("1")


STATES = [
    closed,
    opened,
    answered_with_a_table,
    typing,
    commented,
    choosing_a_time,
    booked,
    in_an_emergency,
    with_a_picture,
    offline,
    with_its_options,
    asked_whether_to_delete,
    near_the_limit,
    closed_with_something_unread,
]


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_axe_finds_nothing(browser, site, state, colours):
    viewport = {"light": {"width": 1280, "height": 800}, "dark": PHONE}[colours]
    async with Visitor(
        browser, site, viewport=viewport, color_scheme=colours, bypass_csp=True
    ) as visitor:
        await state(visitor, site)
        try:
            await clean(visitor)
        finally:
            site.answers.set()

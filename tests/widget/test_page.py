"""The widget as a guest on somebody's page: quiet before it is opened, and never a third party."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.widget.scripted_site import CLINIC, HOURS, WIDGET
from tests.widget.visitor import Visitor


async def test_before_it_is_opened_it_asks_nothing_and_keeps_nothing(visitor, site):
    await visitor.arrive()
    await visitor.page.wait_for_load_state("networkidle")
    assert {urlsplit(url).path for url in visitor.requests} == {
        "/",
        "/widget/demo.css",
        "/widget/logo.svg",
        "/widget/milium.svg",
        "/widget/milia-chat.js",
        "/widget/milia-chat.css",
    }
    kept = "[sessionStorage.length, localStorage.length, document.cookie]"
    assert await visitor.page.evaluate(kept) == [0, 0, ""]
    assert site.connections == 0


async def test_nothing_is_ever_sent_to_third_parties(visitor, site):
    await visitor.open()
    await visitor.say("Is it milia or baby acne?")
    await expect(visitor.dialog.get_by_role("table")).to_be_visible()
    await visitor.say("hostile")
    await expect(visitor.answers.last).to_contain_text("press me")
    assert {urlsplit(url).netloc for url in visitor.requests} == {urlsplit(site.url).netloc}
    assert any(url.startswith("ws:") for url in visitor.requests)
    assert await visitor._context.cookies() == []


async def test_one_conversation_however_often_the_page_loads_the_script(visitor, site):
    await visitor.arrive()
    await visitor.page.evaluate(
        """() => new Promise((loaded) => {
            const again = document.createElement('script');
            again.src = '/widget/milia-chat.js';
            again.onload = loaded;
            document.head.append(again);
        })"""
    )
    await expect(visitor.page.locator("milia-chat")).to_have_count(1)
    await visitor.launcher.dblclick()
    await visitor.connected()
    await expect(visitor.dialog).to_have_count(1)
    assert site.connections == 1


async def test_a_page_may_place_the_element_itself_and_hears_of_it(visitor):
    await visitor.arrive("/placed")
    await expect(visitor.page.locator("milia-chat")).to_have_count(1)
    await visitor.page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ['milia:open', 'milia:close'])
                document.addEventListener(name, () => heard.push(name));
        }"""
    )
    await visitor.launcher.click()
    await visitor.connected()
    await visitor.page.keyboard.press("Escape")
    assert await visitor.page.evaluate("heard") == ["milia:open", "milia:close"]


async def test_a_chat_that_cannot_be_loaded_says_so_and_can_be_tried_again(visitor):
    visitor.expects_failures = True
    await visitor.arrive()
    await visitor.page.route("**/panel.js", lambda route: route.abort())
    await visitor.launcher.click()
    trouble = visitor.page.get_by_role("alert")
    await expect(trouble).to_contain_text("could not be loaded")
    await expect(trouble).to_contain_text(CLINIC.phone)
    visitor.errors.clear()
    await visitor.launcher.click()
    await visitor.connected()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
async def test_nothing_scrolls_sideways(browser, site, width):
    async with Visitor(browser, site, viewport={"width": width, "height": 640}) as visitor:
        await visitor.open()
        await visitor.say("Is it milia or baby acne?")
        await expect(visitor.dialog.get_by_role("table").last).to_be_visible()
        await visitor.say("x" * 300)
        await expect(visitor.answers).to_have_count(3)
        too_wide = """() => {
            const root = document.querySelector('milia-chat').shadowRoot;
            return [document.scrollingElement, ...root.querySelectorAll('.panel, .log')]
                .filter((element) => element.scrollWidth > element.clientWidth + 1)
                .map((element) => element.className || element.localName);
        }"""
        assert await visitor.page.evaluate(too_wide) == []


async def test_on_a_phone_it_fills_the_screen(browser, site):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    async with Visitor(browser, site, **phone) as visitor:
        await visitor.arrive()
        await visitor.launcher.tap()
        await visitor.connected()
        assert await visitor.dialog.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
        await visitor.reply("Book a consultation").tap()
        await expect(visitor.answers).to_have_count(2)
        assert await visitor.focused() == "log"  # no screen keyboard over the answer


async def test_without_scripts_the_page_says_how_to_reach_the_clinic(browser, site):
    async with Visitor(browser, site, java_script_enabled=False) as visitor:
        await visitor.page.goto(site.url)
        fallback = visitor.page.locator("noscript .notice")
        await expect(fallback).to_be_visible()
        for way in (CLINIC.phone, CLINIC.email, CLINIC.address.split("\n")[0]):
            await expect(fallback).to_contain_text(way)


async def test_the_page_says_what_it_should(visitor):
    await visitor.arrive()
    for heading in ("What milia are", "Treatments", "Your consultation", "Visit us"):
        await expect(visitor.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    await expect(visitor.page.get_by_text(HOURS).first).to_be_visible()


def test_it_weighs_little():
    def weight(pattern: str) -> int:
        return sum(len(gzip.compress(file.read_bytes())) for file in WIDGET.glob(pattern))

    assert weight("milia-chat.*") <= 10_000
    assert weight("*.js") + weight("milia-chat.css") <= 50_000


def test_no_script_is_long():
    lines = {file.name: len(file.read_text().splitlines()) for file in WIDGET.glob("*.js")}
    assert {name: count for name, count in lines.items() if count > 250} == {}


def test_all_parts_of_the_open_chat_are_asked_for_at_once():
    launcher = (WIDGET / "milia-chat.js").read_text()
    named = set(re.search(r"const parts =(.*?);", launcher, re.S)[1].replace('"', " ").split())
    assert named - {"+"} == {file.stem for file in WIDGET.glob("*.js")} - {"milia-chat"}

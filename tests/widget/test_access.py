"""Keyboard, screen readers, small windows, and the visitor's own colours."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.widget.visitor import Visitor


async def tab(visitor: Visitor, *, until: str, back: bool = False) -> None:
    """Presses Tab until the focus is there."""
    for _ in range(40):
        await visitor.page.keyboard.press("Shift+Tab" if back else "Tab")
        if until in await visitor.focused():
            return
    raise AssertionError(f"Tab never came to {until}.")


async def test_a_whole_conversation_by_keyboard_alone(visitor, site):
    await visitor.arrive()
    keyboard = visitor.page.keyboard
    await tab(visitor, until="launcher")
    await keyboard.press("Enter")
    await visitor.connected()
    await keyboard.type("Is it milia or baby acne?")
    await keyboard.press("Enter")
    await expect(visitor.reply("For my baby")).to_be_visible()
    await tab(visitor, until="reply", back=True)
    await tab(visitor, until="reply", back=True)
    await keyboard.press("Space")
    await expect(visitor.answers.last).to_contain_text("leave them alone")
    assert site.uttered[-1]["message"] == '/inform{"patient": "baby"}'
    assert await visitor.focused() == "input"
    await tab(visitor, until="log", back=True)  # past no inert reply
    await keyboard.press("Escape")
    await expect(visitor.dialog).to_be_hidden()
    assert await visitor.focused() == "launcher"


async def test_tab_leaves_the_dialog_at_a_desk_but_not_where_it_fills_the_screen(browser, site):
    for width, stays in ((1280, False), (390, True)):
        async with Visitor(browser, site, viewport={"width": width, "height": 800}) as visitor:
            await visitor.open()
            inside = "document.activeElement?.localName === 'milia-chat'"
            places = set()
            for _ in range(14):
                await visitor.page.keyboard.press("Tab")
                places.add(await visitor.page.evaluate(inside))
            assert places == ({True} if stays else {True, False})


async def test_new_messages_are_in_a_polite_log_with_their_speaker(visitor):
    await visitor.open()
    await expect(visitor.log).to_have_attribute("aria-live", "polite")
    await visitor.say("hello")
    await expect(visitor.log).to_contain_text("You:hello")
    await expect(visitor.log).to_contain_text("Assistant:You said: hello")


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_targets_are_large_enough_and_text_has_contrast(browser, site, colours):
    async with Visitor(browser, site, color_scheme=colours) as visitor:
        await visitor.open()
        site.refusal = "One moment please."
        await visitor.say("refused")
        await expect(visitor.button("Retry")).to_be_visible()
        site.refusal = ""
        await visitor.say("Is it milia or baby acne?")
        await expect(visitor.reply("For my baby")).to_be_visible()
        small = """() => {
            const root = document.querySelector('milia-chat').shadowRoot;
            return [...root.querySelectorAll('button, textarea, .foot a')]
                .filter((element) => element.getClientRects().length)
                .map((element) => [element.className, element.getBoundingClientRect()])
                .filter(([, box]) => box.width < 44 || box.height < 43.5)
                .map(([name, box]) => `${name} ${box.width}x${box.height}`);
        }"""
        assert await visitor.page.evaluate(small) == []
        assert await visitor.page.evaluate(LOW_CONTRAST) == []


async def test_a_low_window_still_shows_where_to_write_and_the_answer(browser, site):
    """As at 400 % zoom."""
    async with Visitor(browser, site, viewport={"width": 320, "height": 256}) as visitor:
        await visitor.open()
        await visitor.say("hello")
        await expect(visitor.input).to_be_in_viewport(ratio=1)
        await expect(visitor.answers.last).to_be_in_viewport()


async def test_forced_colours_leave_edges_and_dots(browser, site):
    async with Visitor(browser, site, forced_colors="active") as visitor:
        await visitor.open()
        edges = """() => {
            const root = document.querySelector('milia-chat').shadowRoot;
            return [...root.querySelectorAll('button, textarea, .bubble')]
                .filter((element) => parseFloat(getComputedStyle(element).borderTopWidth) < 1)
                .map((element) => element.className);
        }"""
        assert await visitor.page.evaluate(edges) == []


async def test_nothing_moves_for_those_who_want_no_motion(visitor, site):
    await visitor.open()
    site.answers.clear()
    await visitor.say("slowly")
    await expect(visitor.page.locator(".typing")).to_be_visible()
    moving = """() => document.querySelector('milia-chat').shadowRoot.getAnimations()
        .map((animation) => animation.animationName).filter((name) => name !== 'appear')"""
    assert await visitor.page.evaluate(moving) == []
    site.answers.set()


async def test_a_right_to_left_page_is_mirrored(visitor):
    await visitor.open()
    await visitor.page.evaluate("document.documentElement.dir = 'rtl'")
    box = await visitor.dialog.bounding_box()
    assert box["x"] < 100


# Text whose contrast with the first painted background behind it is under 4.5:1.
LOW_CONTRAST = """() => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => {
        const [r, g, b] = numbers(colour).map((part) => part / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if ((numbers(colour)[3] ?? 1) === 1) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    const root = document.querySelector('milia-chat').shadowRoot;
    const found = [];
    for (const element of root.querySelectorAll('.panel *')) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!own || !element.getClientRects().length) continue;
        const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < 4.5) found.push(`${element.className || element.localName} ${contrast}`);
    }
    return found;
}"""

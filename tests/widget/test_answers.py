"""Answers that are more than words: times, cards, thumbs, and what the page hears of them."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.widget.scripted_site import TIMES
from tests.widget.visitor import Visitor

NEW_YORK = "America/New_York"
HEAR = """() => {
    window.heard = [];
    for (const name of ['message', 'booked', 'emergency', 'open', 'close'])
        document.addEventListener(`milia:${name}`, ({detail}) => heard.push([name, detail]));
}"""


async def test_times_are_buttons_under_their_days(visitor, site):
    await visitor.open()
    await visitor.say("Book a consultation")
    days = visitor.dialog.locator(".day")
    await expect(days.locator(".date")).to_have_text(["Thursday 26 November", "Friday 27 November"])
    await expect(days.first.get_by_role("button")).to_have_text(["9:00", "9:30"])
    await days.first.get_by_role("button", name="9:30, Thursday 26 November").click()
    await expect(visitor.answers.last).to_contain_text("is booked")
    assert site.uttered[-1]["message"] == TIMES[1].payload
    await expect(visitor.said.last).to_have_text(f"You:{TIMES[1].title}")
    await expect(visitor.dialog.locator(".time").first).to_be_disabled()


async def test_a_booking_by_keyboard_alone(visitor, site):
    await visitor.arrive()
    keyboard = visitor.page.keyboard
    while await visitor.focused() != "launcher":
        await keyboard.press("Tab")
    await keyboard.press("Enter")
    await visitor.connected()
    await keyboard.type("Book a consultation")
    await keyboard.press("Enter")
    await expect(visitor.reply("Later times")).to_be_visible()
    for _ in range(3):  # Later times, Friday, Thursday's second
        await keyboard.press("Shift+Tab")
    await keyboard.press("Space")
    await expect(visitor.answers.last).to_contain_text("is booked")
    assert await visitor.focused() == "input"


async def test_an_emergency_is_a_card_with_numbers_to_call(visitor):
    await visitor.open()
    await visitor.say("my newborn has a fever")
    card = visitor.page.locator(".emergency.card")
    await expect(card).to_contain_text("Please get help now")
    await expect(card.get_by_role("link", name="999")).to_have_attribute("href", "tel:999")


@pytest.mark.parametrize(("button", "thumb"), [("Yes, helpful", "up"), ("No, not helpful", "down")])
async def test_a_thumb_is_kept_with_the_answers_topic(visitor, site, button, thumb):
    await visitor.open()
    await visitor.say("Is it milia or baby acne?")
    await visitor.button(button).click()
    await expect(visitor.dialog.locator(".thanks")).to_have_text("Thank you.")
    await expect(visitor.button(button)).to_have_attribute("aria-pressed", "true")
    newest = site.log.rated()[0]
    assert (newest["topic"], newest["thumb"]) == ("milia_vs_baby_acne", thumb)


async def test_a_word_may_be_added_to_a_thumb_down(visitor, site):
    await visitor.open()
    await visitor.say("Is it milia or baby acne?")
    await visitor.button("No, not helpful").click()
    await visitor.dialog.locator(".word input").fill("which cream?")
    await visitor.button("Send comment").click()
    await expect(visitor.button("Send comment")).to_be_hidden()
    assert site.log.rated()[0]["word"] == "which cream?"


async def test_what_is_no_answer_has_no_thumbs(visitor):
    await visitor.open()
    await visitor.say("hello")
    await expect(visitor.answers).to_have_count(2)
    await expect(visitor.dialog.locator(".rating")).to_have_count(0)


async def test_the_page_hears_of_it(visitor):
    await visitor.arrive()
    await visitor.page.evaluate(HEAR)
    await visitor.launcher.click()
    await visitor.connected()
    await visitor.say(TIMES[1].payload.replace("/", "", 1))
    await expect(visitor.answers).to_have_count(2)
    await visitor.say("Book a consultation")
    await visitor.button("9:30, Thursday 26 November").click()
    await expect(visitor.answers.last).to_contain_text("is booked")
    heard = [name for name, _ in await visitor.page.evaluate("heard")]
    assert heard == ["open", "message", "message", "message", "booked"]


async def test_the_page_may_send_something(visitor):
    await visitor.arrive()
    await visitor.page.evaluate("document.querySelector('milia-chat').send('hello')")
    await expect(visitor.answers.last).to_contain_text("You said: hello")


async def test_a_person_is_always_in_reach(visitor, site):
    await visitor.open()
    await visitor.button("Talk to a person").click()
    await expect(visitor.answers.last).to_contain_text("I would like to talk to a person")


async def test_what_comes_while_it_is_closed_is_counted_on_the_button(visitor, site):
    await visitor.open()
    site.answers.clear()
    await visitor.say("two things")
    await visitor.page.keyboard.press("Escape")
    site.answers.set()
    await expect(visitor.page.locator(".badge")).to_have_text("2")
    await visitor.page.locator(".launcher").click()
    await expect(visitor.answers.last).to_contain_text("The second.")
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.locator(".badge")).to_be_hidden()


async def test_words_and_looks_may_be_the_pages_own(visitor, site):
    words = '{"lang": "de", "open": "Fragen Sie uns", "placeholder": "Ihre Frage", "close": 7}'
    await visitor.page.route(
        "**/words.de.json", lambda route: route.fulfill(body=words, content_type="application/json")
    )
    await visitor.page.route("**/widget/demo.css", lambda route: route.fulfill(body=""))
    await visitor.page.add_init_script(
        """document.addEventListener('DOMContentLoaded', () => {
            const chat = document.createElement('milia-chat');
            Object.assign(chat.dataset, {words: '/words.de.json', theme: 'dark', position: 'start'});
            document.body.prepend(chat);
        });"""
    )
    await visitor.page.goto(f"{site.url}/")
    await visitor.page.get_by_role("button", name="Fragen Sie uns").click()
    await expect(visitor.input).to_have_attribute("placeholder", "Ihre Frage")
    await expect(visitor.dialog).to_have_attribute("lang", "de")
    await expect(visitor.button("Close the chat")).to_be_visible()
    assert (await visitor.dialog.bounding_box())["x"] < 100
    ground = "getComputedStyle(document.querySelector('milia-chat').shadowRoot.querySelector('.panel')).backgroundColor"
    assert await visitor.page.evaluate(ground) == "rgb(17, 26, 26)"


async def test_where_clocks_differ_the_days_say_whose_time_it_is(browser, site):
    async with Visitor(browser, site, timezone_id=NEW_YORK) as visitor:
        await visitor.open()
        await visitor.say("Book a consultation")
        first = visitor.dialog.locator(".day").first
        await expect(first.locator(".date")).to_have_text("Thursday 26 November, London time")
        await expect(first.get_by_role("button")).to_have_text(["9:00", "9:30"])
        name = "9:30, Thursday 26 November, London time"
        await expect(first.get_by_role("button", name=name)).to_be_visible()


async def test_the_assistant_is_told_the_browsers_zone(browser, site):
    async with Visitor(browser, site, timezone_id=NEW_YORK) as visitor:
        await visitor.open()
        await visitor.say("hello")
        await expect(visitor.answers.last).to_contain_text("You said: hello")
    assert site.zones[-1] == NEW_YORK


@pytest.mark.parametrize("button", ["Yes, helpful", "No, not helpful"])
async def test_a_thumb_is_still_pressed_after_a_reload(visitor, button):
    await visitor.open()
    await visitor.say("Is it milia or baby acne?")
    await visitor.button(button).click()
    await expect(visitor.dialog.locator(".thanks")).to_have_text("Thank you.")
    await visitor.page.reload()
    await visitor.launcher.click()
    await expect(visitor.button(button)).to_have_attribute("aria-pressed", "true")
    others = visitor.dialog.locator(".thumb[aria-pressed=true]")
    await expect(others).to_have_count(1)

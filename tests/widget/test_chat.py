"""A conversation, as a visitor at a desk has it."""

from __future__ import annotations

from playwright.async_api import expect

from tests.widget.scripted_site import FACTS
from tests.widget.visitor import Visitor


async def test_it_opens_with_who_it_is_and_what_to_ask(visitor):
    await visitor.open()
    await expect(visitor.dialog).to_have_accessible_name(FACTS["name"])
    for words in ("Automated, not a doctor", FACTS["hours"], FACTS["privacy"]):
        await expect(visitor.dialog.get_by_text(words)).to_be_visible()
    await expect(visitor.answers).to_contain_text([FACTS["greeting"]])
    await expect(visitor.replies).to_have_text(
        [
            "What are milia?",
            "Is it milia or baby acne?",
            "How are milia treated?",
            "Book a consultation",
        ]
    )
    await expect(visitor.dialog.get_by_role("link", name="999")).to_have_attribute(
        "href", "tel:999"
    )
    clinic = visitor.dialog.get_by_role("link", name=FACTS["phone"])
    await expect(clinic).to_have_attribute("href", FACTS["phone_href"])


async def test_focus_goes_in_on_opening_and_back_on_closing(visitor):
    await visitor.open()
    assert await visitor.focused() == "input"
    await visitor.button("Close the chat").click()
    await expect(visitor.dialog).to_be_hidden()
    assert await visitor.focused() == "launcher"
    await visitor.launcher.click()
    assert await visitor.focused() == "input"
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.dialog).to_be_hidden()
    assert await visitor.focused() == "launcher"


async def test_closing_keeps_the_conversation_and_the_connection(visitor, site):
    await visitor.open()
    await visitor.say("good morning")
    await expect(visitor.answers).to_have_count(2)
    await visitor.page.keyboard.press("Escape")
    await visitor.launcher.click()
    await expect(visitor.answers).to_have_count(2)
    assert site.connections == 1


async def test_a_link_of_the_page_opens_it_and_gets_the_focus_back(visitor):
    await visitor.arrive()
    await visitor.page.get_by_role("link", name="Ask or book in the chat").click()
    await visitor.connected()
    await visitor.page.keyboard.press("Escape")
    assert await visitor.focused() == "button"


async def test_a_question_gets_its_answer(visitor, site):
    await visitor.open()
    await visitor.say("does it hurt?")
    await expect(visitor.said).to_contain_text(["does it hurt?"])
    await expect(visitor.answers.last).to_contain_text("You said: does it hurt?")
    (uttered,) = site.uttered
    assert uttered["message"] == "does it hurt?"
    assert len(uttered["id"]) == 36
    await expect(visitor.page.locator(".delivery")).to_have_text([""])


async def test_all_that_is_said_in_one_turn_is_shown(visitor):
    await visitor.open()
    await visitor.say("two things")
    await expect(visitor.answers).to_contain_text([FACTS["greeting"], "The first.", "The second."])


async def test_a_starter_is_sent_as_if_typed(visitor, site):
    await visitor.open()
    await visitor.reply("Is it milia or baby acne?").click()
    await expect(visitor.dialog.get_by_role("table")).to_be_visible()
    assert [uttered["message"] for uttered in site.uttered] == ["Is it milia or baby acne?"]


async def test_a_quick_reply_sends_its_payload_and_all_go_inert(visitor, site):
    await visitor.open()
    await visitor.say("Is it milia or baby acne?")
    await visitor.reply("For my baby").click()
    await expect(visitor.answers.last).to_contain_text("leave them alone")
    assert site.uttered[-1]["message"] == '/inform{"patient": "baby"}'
    await expect(visitor.said.last).to_contain_text("For my baby")
    await expect(visitor.replies).to_have_count(6)
    for reply in await visitor.replies.all():
        await expect(reply).to_be_disabled()
    assert await visitor.focused() == "input"


async def test_what_is_typed_makes_quick_replies_inert(visitor):
    await visitor.open()
    await visitor.say("something else")
    for reply in await visitor.replies.all():
        await expect(reply).to_be_disabled()


async def test_typing_is_shown_and_announced_once(visitor, site):
    await visitor.open()
    announced = visitor.dialog.get_by_role("status")
    site.answers.clear()
    await visitor.say("slowly")
    await expect(visitor.page.locator(".typing")).to_be_visible()
    await expect(announced).to_have_text("The assistant is typing.")
    site.answers.set()
    await expect(visitor.answers.last).to_contain_text("You said: slowly")
    await expect(visitor.page.locator(".typing")).to_be_hidden()
    await expect(announced).to_have_text("")


async def test_a_quick_answer_is_not_announced_as_typing(visitor):
    await visitor.open()
    await visitor.page.evaluate(
        """() => {
            const root = document.querySelector('milia-chat').shadowRoot;
            const status = root.querySelector('[role=status]');
            window.announced = [];
            new MutationObserver(() => announced.push(status.textContent))
                .observe(status, { childList: true, characterData: true, subtree: true });
        }"""
    )
    await visitor.say("quick")
    await expect(visitor.answers).to_have_count(2)
    await visitor.page.wait_for_timeout(900)
    assert "The assistant is typing." not in await visitor.page.evaluate("announced")


async def test_hostile_text_is_only_text(visitor):
    await visitor.open()
    await visitor.say("hostile")
    answer = visitor.answers.last
    await expect(answer).to_contain_text('<img src=x onerror="window.hacked=1">')
    await expect(answer).to_contain_text("[press me](javascript:window.hacked=1)")
    await expect(answer).to_contain_text("<script>window.hacked=1</script>")
    await expect(answer.get_by_role("link")).to_have_text(["good (opens in a new tab)"])
    await visitor.say("<b onclick=alert(1)>me too</b>")
    await expect(visitor.said.last).to_contain_text("<b onclick=alert(1)>me too</b>")
    assert await visitor.page.evaluate("window.hacked") is None
    assert await answer.locator("img, script").count() == 0


async def test_a_picture_is_shown_with_its_words_if_it_is_safe(visitor, site):
    await visitor.open()
    await visitor.say("picture")
    picture = visitor.answers.last.get_by_role("img", name="A cyst under the skin")
    await expect(picture).to_have_attribute("src", f"{site.url}/widget/milium.svg")
    await visitor.say("bad picture")
    await expect(visitor.answers.last).to_contain_text("Here.")
    assert await visitor.answers.last.locator("img").count() == 0


async def test_enter_sends_and_shift_enter_makes_a_line(visitor, site):
    await visitor.open()
    low = await visitor.input.bounding_box()
    await visitor.input.press_sequentially("one")
    await visitor.input.press("Shift+Enter")
    await visitor.input.press_sequentially("two")
    high = await visitor.input.bounding_box()
    assert high["height"] > low["height"]
    await visitor.input.press("Enter")
    await expect(visitor.answers.last).to_contain_text("two")
    assert site.uttered[0]["message"] == "one\ntwo"
    assert (await visitor.input.bounding_box())["height"] == low["height"]


async def test_nothing_is_sent_for_nothing(visitor, site):
    await visitor.open()
    await visitor.say("  \n ")
    await visitor.button("Send").click()
    assert await visitor.said.count() == 0
    assert await visitor.focused() == "input"
    assert site.uttered == []


async def test_the_count_shows_near_the_limit_and_nothing_goes_beyond(visitor, site):
    await visitor.open()
    count = visitor.page.locator(".count")
    await visitor.input.fill("x" * 899)
    await expect(count).to_be_hidden()
    await visitor.input.press("x")
    await expect(count).to_have_text("100 characters left")
    await expect(visitor.dialog.get_by_role("status")).to_have_text("100 characters left")
    await visitor.input.press_sequentially("x" * 120)
    await expect(count).to_have_text("0 characters left")
    await visitor.input.press("Enter")
    await expect(visitor.answers).to_have_count(2)
    assert len(site.uttered[0]["message"]) == 1000


async def test_a_long_answer_is_shown_from_its_question_on(visitor):
    await visitor.open()
    await visitor.say("long")
    await expect(visitor.answers.last).to_contain_text("Paragraph 59.")
    await expect(visitor.said.last).to_be_in_viewport(ratio=1)
    await expect(visitor.answers.last.get_by_text("Paragraph 0.")).to_be_in_viewport()
    await expect(visitor.answers.last.get_by_text("Paragraph 59.")).not_to_be_in_viewport()


async def test_on_a_phone_the_ways_to_get_help_stand_in_one_row(browser, site):
    async with Visitor(browser, site, viewport={"width": 390, "height": 844}) as visitor:
        await visitor.open()
        help_ = visitor.dialog.locator(".foot")
        middles = []
        for name in ("999", "Call us"):
            box = await help_.get_by_role("link", name=name, exact=True).bounding_box()
            middles.append(box["y"] + box["height"] / 2)
        box = await help_.get_by_role("button", name="Talk to a person").bounding_box()
        middles.append(box["y"] + box["height"] / 2)
        assert max(middles) - min(middles) < 10

"""What was not sent says so; what was sent is answered, or words say that it was not."""

from __future__ import annotations

import asyncio

from playwright.async_api import expect

from tests.widget.scripted_site import FACTS, Site

ACK_WITHIN = 8_000
ANSWER_WITHIN = 20_000


async def site_has(site: Site, count: int) -> None:
    """Waits until so many messages have come to the site."""
    async with asyncio.timeout(10):
        while len(site.uttered) < count:
            await asyncio.sleep(0.02)


async def test_without_an_ack_it_says_not_sent_and_retries_with_the_same_id(visitor, site):
    await visitor.page.clock.install()
    await visitor.open()
    site.loses_messages = True
    await visitor.say("hello?")
    await site_has(site, 1)
    await visitor.page.clock.fast_forward(ACK_WITHIN - 1_000)
    await expect(visitor.button("Retry")).to_be_hidden()
    await visitor.page.clock.fast_forward(1_000)
    await expect(visitor.log).to_contain_text("Not sent.")
    site.loses_messages = False
    await visitor.button("Retry").click()
    await expect(visitor.answers.last).to_contain_text("You said: hello?")
    await expect(visitor.button("Retry")).to_be_hidden()
    await expect(visitor.said).to_have_count(1)
    assert len({uttered["id"] for uttered in site.uttered}) == 1
    assert await visitor.focused() == "input"


async def test_a_late_ack_takes_not_sent_back(visitor, site):
    await visitor.page.clock.install()
    await visitor.open()
    site.acks.clear()
    await visitor.say("hello?")
    await site_has(site, 1)
    await visitor.page.clock.fast_forward(ACK_WITHIN)
    await expect(visitor.button("Retry")).to_be_visible()
    site.acks.set()
    await expect(visitor.button("Retry")).to_be_hidden()
    await expect(visitor.answers.last).to_contain_text("You said: hello?")


async def test_what_the_server_refuses_says_why(visitor, site):
    await visitor.open()
    site.refusal = "One moment please."
    await visitor.say("too fast")
    await expect(visitor.log).to_contain_text("Not sent. One moment please.")
    site.refusal = ""
    await visitor.button("Retry").click()
    await expect(visitor.answers.last).to_contain_text("You said: too fast")


async def test_offline_it_says_not_sent_at_once_and_retry_sends_it(visitor, site):
    visitor.expects_failures = True
    await visitor.open()
    await visitor._context.set_offline(True)
    await expect(visitor.alert).to_contain_text("No connection")
    await visitor.say("are you there?")
    await expect(visitor.log).to_contain_text("Not sent.")
    await visitor.button("Retry").click()
    await expect(visitor.log).to_contain_text("Not sent.")
    assert site.uttered == []
    await visitor._context.set_offline(False)
    await expect(visitor.alert).to_have_text("")
    await visitor.button("Retry").click()
    await expect(visitor.answers.last).to_contain_text("You said: are you there?")


async def test_an_acked_message_without_an_answer_gets_words_and_the_phone(visitor, site):
    await visitor.page.clock.install()
    await visitor.open()
    site.answers.clear()
    await visitor.say("hello?")
    await expect(visitor.page.locator(".typing")).to_be_visible()
    await visitor.page.clock.fast_forward(ANSWER_WITHIN)
    notice = visitor.dialog.locator(".notice")
    await expect(notice).to_contain_text("no answer has come")
    phone = notice.get_by_role("link", name=FACTS["phone"])
    await expect(phone).to_have_attribute("href", FACTS["phone_href"])
    await expect(visitor.page.locator(".typing")).to_be_hidden()
    site.answers.set()
    await expect(visitor.answers.last).to_contain_text("You said: hello?")


async def test_an_answered_message_gets_no_such_words(visitor):
    await visitor.page.clock.install()
    await visitor.open()
    await visitor.say("hello")
    await expect(visitor.answers).to_have_count(2)
    await visitor.page.clock.fast_forward(ANSWER_WITHIN + 1_000)
    await visitor.say("bye")
    await expect(visitor.answers).to_have_count(3)
    assert await visitor.dialog.locator(".notice").count() == 0

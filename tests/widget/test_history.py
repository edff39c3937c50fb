"""The conversation stays over reloads and tabs, and goes when the visitor wants it to."""

from __future__ import annotations

from playwright.async_api import expect

from tests.widget.visitor import Visitor


async def second_tab(visitor: Visitor) -> Visitor:
    """Another tab of the same browser, with the chat open."""
    other = Visitor(visitor._browser, visitor._site)
    other._context = visitor._context
    other.page = await visitor._context.new_page()
    await other.open()
    return other


async def test_a_reload_shows_the_conversation_and_goes_on_with_it(visitor, site):
    await visitor.open()
    await visitor.say("Is it milia or baby acne?")
    await expect(visitor.reply("For my baby")).to_be_visible()
    await visitor.page.reload()
    await visitor.launcher.click()
    await expect(visitor.said).to_have_text(["You:Is it milia or baby acne?"])
    await expect(visitor.answers.last).to_contain_text("red, some with pus")
    await visitor.reply("For my baby").click()
    await expect(visitor.answers.last).to_contain_text("leave them alone")
    assert site.uttered[-1]["message"] == '/inform{"patient": "baby"}'
    assert site.requested == [None, await visitor.token()]


async def test_what_is_said_in_one_tab_is_seen_in_the_other(visitor):
    await visitor.open()
    other = await second_tab(visitor)
    await visitor.say("hello")
    await expect(other.said).to_have_text(["You:hello"])
    await expect(other.answers.last).to_contain_text("You said: hello")


async def test_starting_over_leaves_the_conversation_in_all_tabs(visitor):
    await visitor.open()
    await visitor.say("hello")
    await expect(visitor.answers).to_have_count(2)
    other = await second_tab(visitor)
    await expect(other.answers).to_have_count(2)
    before = await visitor.token()
    await visitor.button("Options").click()
    await visitor.button("Start over").click()
    for tab in (visitor, other):
        await expect(tab.answers).to_have_count(1)
        await expect(tab.log).to_contain_text("This is a new conversation.")
    assert await visitor.token() != before
    await visitor.say("again")
    await expect(other.answers.last).to_contain_text("You said: again")


async def test_a_deleted_chat_is_gone_from_the_server_and_is_said_to_be(visitor, site):
    await visitor.open()
    await visitor.say("hello")
    await expect(visitor.answers).to_have_count(2)
    sender = next(iter(kept_senders(site)))
    await visitor.button("Options").click()
    await visitor.button("Delete this chat").click()
    assert await visitor.focused() != "body"
    await visitor.button("Delete").click()
    await expect(visitor.log).to_contain_text("The chat has been deleted.")
    await expect(visitor.said).to_have_count(0)
    assert site.log.after(sender, 0) == []


async def test_a_chat_that_cannot_be_deleted_is_not_said_to_be(visitor, site):
    await visitor.open()
    await visitor.say("hello")
    await expect(visitor.answers).to_have_count(2)
    site.can_forget = False
    await visitor.button("Options").click()
    await visitor.button("Delete this chat").click()
    await visitor.button("Delete").click()
    await expect(visitor.log).to_contain_text("could not be deleted")
    await expect(visitor.said).to_have_count(1)


async def test_the_transcript_holds_what_was_said(visitor, tmp_path):
    await visitor.open()
    await visitor.say("does it hurt?")
    await expect(visitor.answers.last).to_contain_text("You said")
    await visitor.button("Options").click()
    async with visitor.page.expect_download() as download:
        await visitor.button("Download this chat").click()
    file = tmp_path / "transcript.txt"
    await (await download.value).save_as(file)
    words = file.read_text()
    assert words.startswith("Conversation with Larkfield Skin Clinic")
    assert words.index("does it hurt?") < words.index("You said: does it hurt?")


def kept_senders(site):
    """Who has a conversation in the site's log, the newest first."""
    with site.log._engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sender FROM chat_messages GROUP BY sender ORDER BY max(id) DESC"
        )
        return [sender for (sender,) in rows]

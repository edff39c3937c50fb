"""The connection: made on opening, lost in words, found again, and the session with it."""

from __future__ import annotations

import asyncio
import json

from playwright.async_api import WebSocketRoute, expect

from tests.widget.scripted_site import CLINIC

MANGLED = (
    *("", "4", "47", "9", "42", "42{", "42[]", "42[7]", "43x", "439[1]"),
    '42/other,["bot_uttered",{"text":"elsewhere"}]',
    '42["bot_uttered"]',
    '42["bot_uttered",{"text":7}]',
    '42["session_confirm",7]',
)
CONFIRMED = '[{"ok":true,"token":"token","messages":[{}, 7, {"text": []}]}]'
HANDSHAKE = {"sid": "x", "upgrades": [], "pingInterval": 200, "pingTimeout": 100}


async def test_it_reconnects_after_the_server_restarts(visitor, site):
    visitor.expects_failures = True
    await visitor.open()
    await visitor.say("before")
    await expect(visitor.answers.last).to_contain_text("You said: before")
    site.stop()
    try:
        await expect(visitor.alert).to_contain_text(f"call us on {CLINIC.phone}")
    finally:
        site.start()
    await expect(visitor.alert).to_have_text("", timeout=15_000)
    await visitor.say("after")
    await expect(visitor.answers.last).to_contain_text("You said: after")
    assert site.requested == [None, await visitor.token()]


async def test_a_site_that_is_down_on_opening_gets_words_and_the_phone(visitor, site):
    visitor.expects_failures = True
    await visitor.arrive()
    await visitor.page.route("**/config.json", lambda route: route.abort())
    await visitor.page.route_web_socket("**/socket.io/**", lambda line: line.close())
    await visitor.launcher.click()
    await expect(visitor.alert).to_contain_text("No connection")
    await expect(visitor.alert.get_by_role("link", name=CLINIC.phone)).to_be_visible()
    await expect(visitor.dialog).to_contain_text("In an emergency call your local emergency number")
    await expect(visitor.answers).to_have_count(1)


async def test_it_does_without_the_clinics_facts(visitor, site):
    site.facts = None
    visitor.expects_failures = True
    await visitor.open()
    await expect(visitor.dialog).to_have_accessible_name("The clinic's assistant")
    await visitor.say("hello")
    await expect(visitor.answers.last).to_contain_text("You said: hello")


async def test_facts_of_the_wrong_kind_do_no_harm(visitor, site):
    site.facts = {"name": 7, "phone_href": "javascript:alert(1)", "emergency": None, "hours": []}
    await visitor.open()
    await expect(visitor.dialog).to_have_accessible_name("The clinic's assistant")
    phone = visitor.dialog.get_by_role("link", name=CLINIC.phone)
    await expect(phone).to_have_attribute("href", "tel:02079460321")


async def test_a_session_that_has_ended_is_said_to_be_new_and_what_was_not_sent_is_sent(
    visitor, site
):
    visitor.expects_failures = True
    await visitor.open()
    await visitor.say("before")
    await expect(visitor.answers).to_have_count(2)
    site.forgets_sessions = True
    await visitor._context.set_offline(True)
    await expect(visitor.alert).to_contain_text("No connection")
    await visitor.say("after")
    await visitor._context.set_offline(False)
    await expect(visitor.log).to_contain_text("This is a new conversation.")
    await expect(visitor.log).not_to_contain_text("before")
    await visitor.button("Retry").click()
    await expect(visitor.answers.last).to_contain_text("You said: after")


async def test_a_message_under_way_when_the_server_restarts_is_answered_once(visitor, site):
    visitor.expects_failures = True
    await visitor.open()
    site.answers.clear()
    await visitor.say("hello?")
    await expect(visitor.page.locator(".typing")).to_be_visible()
    site.stop()
    try:
        await expect(visitor.alert).to_contain_text("No connection")
    finally:
        site.answers.set()
        site.start()
    await expect(visitor.answers.last).to_contain_text("You said: hello?", timeout=15_000)
    await visitor.say("and now?")
    await expect(visitor.answers.last).to_contain_text("You said: and now?")
    await expect(visitor.answers).to_have_count(3)
    await expect(visitor.said).to_have_count(2)


async def test_a_silent_server_is_given_up(visitor):
    """One that greets, confirms, and then sends no heartbeat."""
    lines = 0

    def silent(line: WebSocketRoute) -> None:
        nonlocal lines
        lines += 1

        def answer(frame: str) -> None:
            if frame == "40":
                line.send('40{"sid":"x"}')
            elif "session_request" in frame:
                line.send(f"43{frame[2]}{CONFIRMED}")

        line.on_message(answer)
        line.send(f"0{json.dumps(HANDSHAKE)}")

    await visitor.page.route_web_socket("**/socket.io/**", silent)
    await visitor.open()
    await expect(visitor.alert).to_contain_text("No connection")
    async with asyncio.timeout(10):
        while lines < 2:
            await asyncio.sleep(0.05)


async def test_mangled_frames_are_survived_and_pings_and_acks_answered(visitor):
    frames: list[str] = []

    def mangling(line: WebSocketRoute) -> None:
        def answer(frame: str) -> None:
            frames.append(frame)
            if frame == "40":
                line.send('40{"sid":"x"}')
            elif "session_request" in frame:
                for bad in MANGLED:
                    line.send(bad)
                line.send(b"\x00\x01")
                line.send("2")
                line.send('4217["bot_uttered",{"text":"Still here."}]')
                line.send(f"43{frame[2]}{CONFIRMED}")

        line.on_message(answer)
        line.send(f"0{json.dumps({**HANDSHAKE, 'pingInterval': 25_000})}")

    await visitor.page.route_web_socket("**/socket.io/**", mangling)
    await visitor.open()
    await expect(visitor.answers.last).to_contain_text("Still here.")
    await expect(visitor.answers).to_have_count(2)
    assert {"3", "4317[]"} <= set(frames)


async def test_attempts_come_ever_later_and_not_in_step(visitor):
    """By the browser's clock, which the test winds on."""
    visitor.expects_failures = True
    await visitor.page.route_web_socket("**/socket.io/**", lambda line: line.close())
    await visitor.arrive()
    await visitor.page.evaluate(
        """() => {
            window.waits = [];
            const real = window.setTimeout;
            window.setTimeout = (act, wait) => {
                if (wait >= 500 && wait <= 30000 && waits.length < 9 && wait % 1 !== 0) {
                    waits.push(wait);
                    return real(act, 1);
                }
                return real(act, wait);
            };
        }"""
    )
    await visitor.launcher.click()
    await visitor.until("waits.length === 9")
    waits = await visitor.page.evaluate("waits")
    for attempt, wait in enumerate(waits):
        longest = min(30_000, 1_000 * 2**attempt)
        assert longest / 2 <= wait <= longest

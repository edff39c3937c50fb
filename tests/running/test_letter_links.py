"""From the chat to the letter, from its link to the page, and on to the next letter."""

from __future__ import annotations

import asyncio
import re
from email import message_from_bytes, policy

import httpx

from scripts.visitor import Visitor


async def letter(servers, address, subject):
    """The text and calendar file of the letter that the worker has written to an address."""
    for _ in range(300):
        for file in (servers.folder / "mail").glob("*.eml"):
            found = message_from_bytes(file.read_bytes(), policy=policy.default)
            if found["To"] == address and subject in found["Subject"]:
                (calendar,) = [part.get_content() for part in found.iter_attachments()] or [""]
                return found.get_body().get_content(), str(calendar)
        await asyncio.sleep(0.1)
    raise AssertionError(f"no letter {subject!r} to {address}")


async def test_what_was_booked_in_the_chat_is_moved_by_the_letters_link(servers):
    async with Visitor(servers.url) as visitor:
        for said in ("book a consultation for me", "in two weeks", "the first one", "Eve Moss"):
            await visitor.say(said)
        await visitor.say("eve@example.org")
        assert "You are booked" in (await visitor.say("yes")).text
    text, _ = await letter(servers, "eve@example.org", "Your appointment on")
    link = re.search(rf"{servers.url}/appointment/\S+", text)[0]
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        times = (await client.get(f"{link}/times")).text
        chosen = re.findall(r'name="starts_at" value="([^"]+)"', times)[7]
        moved = await client.post(
            f"{link}/times", data={"starts_at": chosen}, follow_redirects=True
        )
    assert "has been moved" in moved.text
    text, calendar = await letter(servers, "eve@example.org", "Your appointment is now on")
    assert f"{servers.url}/appointment/" in text
    assert "SEQUENCE:1" in calendar

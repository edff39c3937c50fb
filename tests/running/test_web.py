"""The socket, as the widget and other Socket.IO clients for Rasa use it."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
import socketio

from scripts.visitor import Visitor


async def test_a_token_goes_on_with_the_conversation(servers):
    async with Visitor(servers.url) as visitor:
        await visitor.say("can i book a consultation?")
        token = visitor.token
    again = Visitor(servers.url)
    await again.connect(token)
    assert again.token == token
    answer = await again.say("for my baby")
    assert "Later times" in answer.buttons
    await again._socket.disconnect()


async def test_a_conversation_cannot_be_named_by_another_visitor(servers):
    async with Visitor(servers.url) as visitor, Visitor(servers.url) as thief:
        await visitor.say("can i book a consultation?")
        await thief._socket.call(
            "user_uttered", {"message": "for my baby", "session_id": visitor.token[:36]}
        )
        answer = await thief.say("for my baby")
        assert "Later times" not in answer.buttons


async def test_a_typed_command_does_not_act_as_one(servers):
    async with Visitor(servers.url) as visitor:
        answer = await visitor.say('/inform{"patient": "baby"}')
        assert answer.text.strip()
        await visitor.say("/book_appointment")
        answer = await visitor.say('/inform{"appointment_time": "2031-01-01T03:00:00+00:00"}')
        assert "2031" not in answer.text


async def test_a_message_that_is_too_long_is_refused_in_words(servers):
    async with Visitor(servers.url) as visitor:
        reply = await visitor._socket.call("user_uttered", {"message": "x" * 1_001})
        assert reply["ok"] is False
        assert "too long" in reply["words"]


async def test_what_is_no_message_is_refused_in_words(servers):
    async with Visitor(servers.url) as visitor:
        for nothing in (None, 7, [], {}, {"message": " "}, {"message": {"a": 1}}):
            reply = await visitor._socket.call("user_uttered", nothing)
            assert reply["ok"] is False


async def test_a_client_for_rasas_own_channel_gets_its_answers(servers):
    """It chooses its own session id, sends it with every message, and starts by polling."""
    client = socketio.AsyncClient()
    confirmed, uttered = asyncio.Event(), asyncio.Queue()
    client.on("session_confirm", lambda token: confirmed.set())
    client.on("bot_uttered", uttered.put)
    await client.connect(servers.url)
    await client.emit("session_request", {"session_id": "its-own"})
    await asyncio.wait_for(confirmed.wait(), 10)
    await client.emit("user_uttered", {"message": "what are milia?", "session_id": "its-own"})
    utterance = await asyncio.wait_for(uttered.get(), 20)
    assert "milia" in utterance["text"].lower()
    assert utterance["quick_replies"][0].keys() == {"content_type", "title", "payload"}
    await client.disconnect()


@pytest.mark.parametrize(("origin", "status"), [("https://elsewhere.example", 400), (None, 200)])
def test_only_a_page_of_the_same_origin_may_open_a_socket(servers, origin, status):
    answer = httpx.get(
        f"{servers.url}/socket.io/?EIO=4&transport=polling",
        headers={"Origin": origin or servers.url},
        trust_env=False,
    )
    assert answer.status_code == status


def test_health_says_that_the_gateway_lives(servers):
    assert httpx.get(f"{servers.url}/healthz", trust_env=False).json() == {"status": "ok"}


def test_readiness_names_the_parts(servers):
    ready = httpx.get(f"{servers.url}/readyz", trust_env=False)
    assert ready.json() == {"ready": True, "rasa": True, "actions": True, "messages": True}


def test_the_page_and_the_widget_are_served(servers):
    page = httpx.get(servers.url, trust_env=False)
    assert "milia-chat.js" in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    script = httpx.get(f"{servers.url}/widget/milia-chat.js", trust_env=False)
    assert script.headers["cache-control"] == "no-cache"
    facts = httpx.get(f"{servers.url}/widget/config.json", trust_env=False).json()
    assert {"name", "phone", "phone_href", "emergency", "greeting", "hours"} <= facts.keys()
    assert json.dumps(facts)


@pytest.mark.parametrize(
    ("zone", "said"), [("Pacific/Honolulu", True), ("Europe/London", False), ("", False)]
)
async def test_times_offered_say_the_zone_to_a_visitor_whose_clock_differs(servers, zone, said):
    async with Visitor(servers.url, zone) as visitor:
        await visitor.say("can i book?")
        offered = await visitor.press("For me")
        times = [title for title in offered.buttons if " at " in title]
        assert times
        assert all(title.endswith(", London time") == said for title in times)
        await visitor.press(times[0])
        await visitor.say("Asha Patel")
        summary = await visitor.say("asha@example.org")
        assert ("London time" in summary.text) == said

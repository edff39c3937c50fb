"""Ready is who can answer: every part is asked, and named where it is away."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from channels.assistant import Assistant
from channels.health import Health
from channels.message_log import MessageLog
from scripts.postgres import Postgres
from tests.channels.own_gateway import OwnGateway


def readiness(gateway):
    answer = httpx.get(f"{gateway.url}/readyz", trust_env=False, timeout=30)
    return answer.status_code, answer.json()


def test_without_rasa_it_is_not_ready_and_lives(tmp_path):
    with OwnGateway(tmp_path) as gateway:
        status, parts = readiness(gateway)
        assert (status, parts["ready"]) == (503, False)
        assert (parts["rasa"], parts["messages"]) == (False, True)
        assert httpx.get(f"{gateway.url}/healthz", trust_env=False).is_success


@pytest.mark.postgresql
def test_when_the_message_logs_database_goes_away_it_says_so_and_lives(tmp_path):
    with Postgres() as own:
        gateway = OwnGateway(tmp_path, MESSAGES_URL=own.new_database())
        gateway.__enter__()
        before = readiness(gateway)[1]["messages"]
    try:
        assert before
        until = time.monotonic() + 10
        while readiness(gateway)[1]["messages"]:
            assert time.monotonic() < until
        assert httpx.get(f"{gateway.url}/healthz", trust_env=False).is_success
    finally:
        gateway.__exit__()


async def everything_is_well(request):
    return JSONResponse({"status": "ok"})


async def test_the_message_log_alone_makes_it_not_ready(tmp_path):
    log = MessageLog(f"sqlite:///{tmp_path}/messages.db")
    line = Assistant("http://rasa", "a secret for these tests", 5)
    health = Health(line, "http://actions", log)
    well = Starlette(
        routes=[
            Route("/webhooks/private_rest/", everything_is_well),
            Route("/health", everything_is_well),
        ]
    )
    behind = httpx.ASGITransport(app=well)
    line._http = httpx.AsyncClient(transport=behind, base_url="http://rasa")
    health._actions = httpx.AsyncClient(transport=behind, base_url="http://actions")
    assert (await health.readyz(None)).status_code == 200
    with log._writing() as connection:
        connection.exec_driver_sql("DROP TABLE chat_messages")
    while (await health.readyz(None)).status_code == 200:
        await asyncio.sleep(0.1)  # an answer holds for a second
    assert await health.parts() == {"rasa": True, "actions": True, "messages": False}

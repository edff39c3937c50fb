"""Real servers that faults are brought upon, and a visitor in the middle of a booking."""

from __future__ import annotations

import time

import httpx
import pytest

from clinic.profile import load_clinic
from scripts.servers import Servers
from scripts.visitor import Visitor
from tests.clinic.conftest import clinic, clock, database, now, request_, storage, url
from tests.conftest import METRICS_TOKEN
from tests.faults.disk import Disk
from tests.faults.said import until_answered

__all__ = ["clinic", "clock", "database", "now", "request_", "storage", "url"]


@pytest.fixture(scope="session")
def disk(tmp_path_factory):
    """A small disk of its own where this machine lets a test mount one, else a folder."""
    with Disk(tmp_path_factory.mktemp("faults")) as mounted:
        yield mounted


@pytest.fixture(scope="session")
def failing(disk):
    """The servers, whose turns may take ten seconds; what a test breaks it mends itself."""
    settings = {"TURN_TIMEOUT": "10", "METRICS_TOKEN": METRICS_TOKEN}
    with Servers(disk.folder, **settings) as running:
        yield running


@pytest.fixture
async def visitor(failing):
    """Somebody who books for themselves and is asked when to come."""
    failing.wait_until_ready()
    async with Visitor(failing.url) as talking:
        await until_answered(talking, "can i book?")
        await until_answered(talking, talking.buttons["For me"])
        yield talking


@pytest.fixture(scope="session")
def readiness(failing):
    """Waits until /readyz says of a part what is expected; all the while the gateway lives."""

    def wait(part, expected):
        until = time.monotonic() + 10
        while True:
            answer = httpx.get(f"{failing.url}/readyz", trust_env=False, timeout=10)
            assert httpx.get(f"{failing.url}/healthz", trust_env=False).is_success
            parts = answer.json()
            assert answer.is_success == parts["ready"]
            if parts[part] == expected:
                return parts["ready"]
            assert time.monotonic() < until, f"{part} is still said to be {parts[part]}"
            time.sleep(0.1)

    return wait


@pytest.fixture(scope="session")
def is_apology():
    """Whether an answer says, in words, that something went wrong and how to reach the clinic."""
    phone = load_clinic().phone

    def judge(answer):
        words = ("something went wrong", "If somebody may be in danger, call", phone)
        return all(one in answer.text for one in words)

    return judge

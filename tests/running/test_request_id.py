"""One booking is found by one id: in the log of each process, and in the database's rows."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid

import pytest
from sqlalchemy import create_engine, text

from scripts.environment import environment
from scripts.servers import Servers
from scripts.visitor import Visitor

PROCESSES = ("gateway", "rasa", "actions", "worker")
EMAIL = "quillfeather@example.org"


class WithIds(Visitor):
    """A visitor whose messages have ids, as the widget's have."""

    async def say(self, message):
        self.message_id = str(uuid.uuid4())
        return await super().say(message, id=self.message_id)


@pytest.fixture(scope="module")
def json_servers(tmp_path_factory):
    """Their logs in JSON, as they are deployed."""
    with Servers(tmp_path_factory.mktemp("json"), LOG_FORMAT="json") as running:
        yield running


@pytest.fixture(scope="module")
async def booked(json_servers):
    """The id of the message that booked, once its letter has gone out."""
    async with WithIds(json_servers.url) as visitor:
        await visitor.say("can i book?")
        await visitor.press("For me")
        times = [title for title in visitor._answer.buttons if title[-1].isdigit()]
        await visitor.press(times[0])
        await visitor.say("my name is Zebedee Quillfeather")
        await visitor.say(EMAIL)
        said = await visitor.press("Yes, book it")
    assert "booked" in said.text
    until = time.monotonic() + 30
    while "outbox.sent" not in log(json_servers, "worker") and time.monotonic() < until:
        time.sleep(0.2)
    return visitor.message_id


def log(servers, process):
    return (servers.folder / f"{process}.log").read_text()


def lines(servers, process):
    """The log's JSON lines."""
    return [json.loads(line) for line in log(servers, process).splitlines() if line[:1] == "{"]


@pytest.mark.parametrize("process", PROCESSES)
def test_each_process_logs_it_with_what_came_of_it(json_servers, booked, process):
    mine = [line for line in lines(json_servers, process) if line.get("request_id") == booked]
    assert mine
    for line in mine:
        assert line["process"] == process
        assert {"time", "level", "event"} <= line.keys()
    if process != "worker":
        assert all(line["outcome"] in ("answered", "done") for line in mine)
        assert all(isinstance(line["milliseconds"], int) for line in mine)


@pytest.mark.parametrize("process", ["gateway", "rasa"])
def test_a_turn_is_one_line(json_servers, booked, process):
    mine = [line for line in lines(json_servers, process) if line.get("request_id") == booked]
    assert [line["event"] for line in mine] == ["turn"]


@pytest.mark.parametrize("process", PROCESSES)
def test_nobody_is_in_it(json_servers, booked, process):
    said = log(json_servers, process).lower()
    assert [mark for mark in ("zebedee", "quillfeather", "can i book") if mark in said] == []


@pytest.mark.parametrize(
    "rows",
    ["SELECT request_id FROM audit_trail WHERE did = 'booked'", "SELECT request_id FROM outbox"],
)
def test_the_rows_that_it_wrote_have_it(json_servers, booked, rows):
    with create_engine(json_servers.database).connect() as database:
        assert set(database.execute(text(rows)).scalars()) == {booked}


@pytest.mark.parametrize(
    "process",
    ["channels", "clinic.worker", "scripts.serve_rasa", "scripts.quietly rasa_sdk"],
)
def test_another_format_ends_the_process_with_the_fix(process):
    ended = subprocess.run(
        [sys.executable, "-m", *process.split()],
        env={**environment(), "LOG_FORMAT": "xml"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode != 0
    assert 'LOG_FORMAT "xml": take one of text, json' in ended.stderr
    assert "Traceback" not in ended.stderr

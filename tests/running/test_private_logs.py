"""Whoever reads the logs, at the loudest level, learns nothing of the visitors."""

from __future__ import annotations

import signal
import time

import pytest
from sqlalchemy import create_engine, text

from scripts.servers import Servers
from scripts.visitor import Visitor

NAME, EMAIL, PHONE = "Zebedee Quillfeather", "quillfeather@example.org", "07700 900 531"
QUESTION = "my aunt marzipana asked what milia are"
MARKS = ("zebedee", "quillfeather", "900531", "900 531", "marzipana")


@pytest.fixture(scope="module", params=["text", "json"])
def loud_servers(request, tmp_path_factory):
    """The assistant with every log at DEBUG, the libraries' too, in each form."""
    folder = tmp_path_factory.mktemp("loud")
    loud = {"LOG_LEVEL": "DEBUG", "LOG_LEVEL_LIBRARIES": "DEBUG", "LOG_FORMAT": request.param}
    with Servers(folder, **loud) as running:
        yield running


async def book(visitor, contact):
    await visitor.say("can i book?")
    await visitor.press("For me")
    times = [title for title in visitor._answer.buttons if title[-1].isdigit()]
    await visitor.press(times[0])
    await visitor.say(f"my name is {NAME}")
    return await visitor.say(contact)


@pytest.fixture(scope="module")
async def logs(loud_servers):
    """What the processes logged of bookings, letters, failures and a form left half-way."""
    async with Visitor(loud_servers.url) as visitor:
        await visitor.say(QUESTION)
        await book(visitor, EMAIL)
        booked = await visitor.press("Yes, book it")
        assert "booked" in booked.text
    async with Visitor(loud_servers.url) as visitor:
        await book(visitor, PHONE)
        loud_servers.stop("actions", signal.SIGKILL)
        await visitor.press("Yes, book it")
        loud_servers.start("actions")
        loud_servers.wait_until_ready()
    letters = loud_servers.folder / "mail"
    until = time.monotonic() + 30
    while not list(letters.glob("*.eml")) and time.monotonic() < until:
        time.sleep(0.2)
    assert any(EMAIL in letter.read_text() for letter in letters.glob("*.eml"))
    return {
        name: (loud_servers.folder / f"{name}.log").read_text()
        for name in ("gateway", "rasa", "actions", "worker")
    }


@pytest.mark.parametrize("process", ["gateway", "rasa", "actions", "worker"])
def test_no_log_line_says_what_a_visitor_wrote_or_left(logs, process):
    said = logs[process].lower()
    assert [mark for mark in MARKS if mark in said] == []


@pytest.mark.parametrize(
    ("process", "line"),
    [
        ("gateway", "httpx"),
        ("rasa", "Predicted next action"),
        ("rasa", "processor.message.parse"),
        ("actions", "Received request to run '{action_name}'"),
        ("worker", "outbox.sent"),
    ],
)
def test_the_logs_still_say_what_happens(logs, process, line):
    assert line in logs[process]


def test_the_marks_were_left_indeed_and_the_booked_conversation_has_them_no_more(
    loud_servers, logs
):
    with create_engine(loud_servers.database).connect() as database:
        kept = database.execute(text("SELECT sender, name, contact FROM appointments")).one()
    assert tuple(kept)[1:] == (NAME, EMAIL)
    tracker = create_engine(f"sqlite:///{loud_servers.folder}/conversations.db", future=True)
    said = text("SELECT data FROM events WHERE sender_id = :sender")
    until = time.monotonic() + 60
    while time.monotonic() < until:  # the worker looks every half minute
        with tracker.connect() as connection:
            events = "".join(connection.execute(said, {"sender": kept.sender}).scalars())
        if "Quillfeather" not in events:
            break
        time.sleep(0.5)
    assert [mark for mark in MARKS[:-1] if mark in events.lower()] == []
    assert "marzipana" in events

"""PostgreSQL or Redis goes away and comes back: words meanwhile, nothing lost or doubled after."""

from __future__ import annotations

import time
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import create_engine, text

from scripts.own_redis import OwnRedis
from scripts.servers import PROJECT, Servers
from scripts.visitor import Visitor
from tests.faults.said import sender_of

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]

QUESTION = "what are your opening hours?"


@pytest.fixture(scope="module")
def redis():
    with OwnRedis() as running:
        yield running


@pytest.fixture(scope="module")
def deployed(tmp_path_factory, postgres, redis):
    """The servers with all that they keep in one PostgreSQL, and their locks in a Redis."""
    database = postgres.new_database()
    with Servers(
        tmp_path_factory.mktemp("services"),
        database=database,
        endpoints=PROJECT / "deploy" / "endpoints.yml",
        MESSAGES_URL=database,
        TRACKER_URL=database,
        REDIS_URL=redis.url,
    ) as running:
        yield running


@pytest.fixture
async def visitor(deployed):
    """Somebody who books for themselves and is asked when to come."""
    async with Visitor(deployed.url) as talking:
        await talking.say("can i book?")
        await talking.press("For me")
        yield talking


def counted(servers, query, **values):
    engine = create_engine(servers.database)
    with engine.connect() as connection:
        number = connection.execute(text(query), values).scalar_one()
    engine.dispose()
    return number


def turns_kept(servers, visitor):
    """What Rasa keeps of the visitor's turns, and the chat of their messages."""
    rasas = "SELECT count(*) FROM events WHERE sender_id = :sender AND type_name = 'user'"
    chats = "SELECT count(*) FROM chat_messages WHERE sender = :sender AND author = 'visitor'"
    sender = sender_of(visitor)
    return counted(servers, rasas, sender=sender), counted(servers, chats, sender=sender)


def goes_on(answer):
    return "Monday" in answer.text and "Later times" in answer.buttons


async def test_postgresql(deployed, visitor, is_apology, postgres):
    rasas, chats = turns_kept(deployed, visitor)
    postgres.stop()
    try:
        assert is_apology(await visitor.say(QUESTION))
    finally:
        postgres.start()
    assert goes_on(await visitor.say(QUESTION))
    assert turns_kept(deployed, visitor) == (rasas + 1, chats + 1)


async def test_postgresql_starts_anew_and_nobody_notices(deployed, visitor, postgres):
    postgres.stop()
    postgres.start()
    assert goes_on(await visitor.say(QUESTION))


async def test_a_booking_that_postgresql_did_not_take_is_made_once(
    deployed, visitor, is_apology, postgres
):
    await visitor.press(next(title for title in visitor.buttons if ":" in title))
    await visitor.say("Asha Patel")
    yes = (await visitor.say("once@example.org")).buttons["Yes, book it"]
    postgres.stop()
    try:
        assert is_apology(await visitor.say(yes))
    finally:
        postgres.start()
    assert "booked" in (await visitor.say(yes)).text.lower()
    query = "SELECT count(*) FROM appointments WHERE contact = :contact"
    assert counted(deployed, query, contact="once@example.org") == 1


@contextmanager
def read_only(database):
    """PostgreSQL gives what it has and takes nothing: what one that is looked after does when its
    disk is nearly full."""
    writing = {"options": "-c default_transaction_read_only=off"}
    engine = create_engine(database, isolation_level="AUTOCOMMIT", connect_args=writing)

    def becomes(state):
        with engine.connect() as connection:
            connection.execute(text(f"ALTER SYSTEM SET default_transaction_read_only = {state}"))
            connection.execute(text("SELECT pg_reload_conf()"))

    becomes("on")
    try:
        yield
    finally:
        becomes("off")
        engine.dispose()


def until_ready_is(servers, expected):
    deadline = time.monotonic() + 15
    while httpx.get(f"{servers.url}/readyz", trust_env=False, timeout=10).is_success != expected:
        assert time.monotonic() < deadline
        time.sleep(0.1)


async def test_a_postgresql_that_is_full_and_takes_nothing(deployed, visitor, is_apology):
    await visitor.press(next(title for title in visitor.buttons if ":" in title))
    await visitor.say("Asha Patel")
    yes = (await visitor.say("full@example.org")).buttons["Yes, book it"]
    kept = turns_kept(deployed, visitor)
    with read_only(deployed.database):
        until_ready_is(deployed, False)
        assert is_apology(await visitor.say(yes))
        assert turns_kept(deployed, visitor) == kept
    until_ready_is(deployed, True)
    assert "booked" in (await visitor.say(yes)).text.lower()
    query = "SELECT count(*) FROM appointments WHERE contact = :contact"
    assert counted(deployed, query, contact="full@example.org") == 1


async def test_redis(deployed, visitor, is_apology, redis):
    rasas, chats = turns_kept(deployed, visitor)
    redis.stop()
    try:
        assert is_apology(await visitor.say(QUESTION))
        until_ready_is(deployed, False)
    finally:
        redis.start()
    assert goes_on(await visitor.say(QUESTION))
    # The chat kept what it answered with words.
    assert turns_kept(deployed, visitor) == (rasas + 1, chats + 2)

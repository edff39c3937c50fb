"""Two of every process over one PostgreSQL and one Redis: one of each is killed while visitors book,
and no message, appointment or letter is lost or doubled."""

from __future__ import annotations

import asyncio
import json
import random
import re
import signal
from collections import Counter
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import create_engine, text

from scripts.own_redis import OwnRedis
from scripts.replicas import Replicas
from scripts.servers import free_ports
from tests.replicas.visitor import PatientVisitor

pytestmark = [pytest.mark.postgresql, pytest.mark.redis, pytest.mark.nginx]
VISITORS = 10
APOLOGY = "something went wrong on our side"
PROCESSES = ("rasa", "actions", "gateway", "worker")


class Letters:
    """A mail server that takes a moment for each letter, as they do."""

    def __init__(self):
        self.received = []

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(0.05)
        self.received.append(message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture(scope="module")
def letters():
    return Letters()


@pytest.fixture(scope="module")
def redis():
    with OwnRedis() as running:
        yield running


@pytest.fixture(scope="module")
def replicas(tmp_path_factory, postgres, redis, letters):
    (port,) = free_ports(1)
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    databases = tuple(postgres.new_database() for _ in range(3))
    settings = {"SMTP_URL": f"smtp://127.0.0.1:{port}", "TURN_TIMEOUT": "8"}
    folder = tmp_path_factory.mktemp("replicas")
    try:
        with Replicas(folder, 2, databases, redis.url, **settings) as running:
            yield running
    finally:
        server.stop()


class Booker:
    """Somebody who books a consultation for themselves, and asks something before."""

    def __init__(self, url, number):
        self.line = PatientVisitor(url)
        self.number = number
        self.chance = random.Random(number)
        self.email = f"visitor{number}@example.org"
        self.references = []
        self.answers = []

    async def say(self, words):
        await asyncio.sleep(self.chance.uniform(0, 0.6))
        told = await self.line.say(words)
        self.answers.append(told)
        return told

    async def book(self):
        await self.come_to_the_last_question()
        await self.confirm()

    async def come_to_the_last_question(self):
        await self.say("what are milia")
        told = await self.say("can i book for me")
        while told[-1].get("kind") == "times":  # and again, where somebody else was faster
            times = [
                button["payload"]
                for button in told[-1]["quick_replies"]
                if "appointment_time" in button["payload"]
            ]
            told = await self.say(self.chance.choice(times))
        if "What name" in told[-1]["text"]:
            await self.say(f"Visitor {chr(65 + self.number % 26)}son")
            await self.say(self.email)

    async def confirm(self):
        told = await self.say("/affirm")
        assert told[-1].get("kind") == "booked", self.said()
        self.references.append(re.search(r"MS-\w{5}", told[-1]["text"])[0])

    def said(self):
        return [[said["text"][:80] for said in told] for told in self.answers]


def rows(url, statement):
    with create_engine(url).connect() as database:
        return database.execute(text(statement)).all()


async def until(true, seconds):
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.2)


@pytest.fixture
def whole(replicas):
    """The replicas, with every process running."""
    for one in replicas.sets:
        for name in PROCESSES:
            if not one.running(name):
                one.start(name)
    replicas.wait_until_ready()
    return replicas


def assert_nothing_is_lost_or_doubled(replicas, bookers):
    """Rasa took each message once, and the appointments are those that visitors were told of."""
    sent = [message for booker in bookers for message in booker.line.sent]
    events = rows(replicas.conversations, "SELECT data FROM events WHERE type_name = 'user'")
    taken = Counter(json.loads(row.data)["message_id"] for row in events)
    assert {message: taken[message] for message in sent} == dict.fromkeys(sent, 1)

    emails = tuple(booker.email for booker in bookers)
    booked = rows(replicas.database, "SELECT reference, contact FROM appointments")
    theirs = [row.reference for row in booked if row.contact in emails]
    assert sorted(theirs) == sorted(one for booker in bookers for one in booker.references)


async def assert_answered_once(booker):
    """Every message is in the conversation once, in order, and has an answer, not an apology."""
    history = await booker.line.history()
    said = [message["id"] for message in history if message["author"] == "visitor"]
    assert said == booker.line.sent
    assert {message["reply_to"] for message in history if "reply_to" in message} == set(said)
    assert not [message for message in history if APOLOGY in message.get("text", "")]


async def killed_one_after_the_other(replicas):
    """One of each is killed while visitors talk. The Rasa server stays away."""
    for number, name in enumerate(PROCESSES):
        await asyncio.sleep(2)
        replicas.sets[number % 2].stop(name, signal.SIGKILL)
        if name != "rasa":
            replicas.sets[number % 2].start(name)


async def test_after_a_restart_of_redis_and_postgresql_conversations_go_on(whole, postgres, redis):
    booker = Booker(whole.url, 30)
    await booker.come_to_the_last_question()
    redis.stop()
    redis.start()
    await booker.say("what are milia")
    postgres.stop()
    postgres.start()
    await booker.say("how long do they last")
    await booker.confirm()
    await assert_answered_once(booker)
    await booker.line.leave()
    assert_nothing_is_lost_or_doubled(whole, [booker])


async def test_one_of_each_dies_and_nothing_is_lost_or_doubled(whole, letters):
    bookers = [Booker(whole.url, number) for number in range(VISITORS)]
    dying = asyncio.create_task(killed_one_after_the_other(whole))

    async def visits(booker):
        while not dying.done() or not booker.references:
            await booker.book()

    await asyncio.gather(dying, *map(visits, bookers))
    for booker in bookers:
        await assert_answered_once(booker)
        await booker.line.leave()
    assert_nothing_is_lost_or_doubled(whole, bookers)

    # A letter each. What the worker that was killed had in hand, another takes when it may.
    with create_engine(whole.database).begin() as database:
        database.execute(text("UPDATE outbox SET claimed_until = NULL"))
    due = "SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= now() AT TIME ZONE 'utc'"
    await until(lambda: not rows(whole.database, due), 30)
    told = Counter(letter["Message-ID"] for letter in letters.received)
    number = len(rows(whole.database, "SELECT id FROM appointments"))
    assert len(told) == number
    assert sum(told.values()) <= number + 1  # what was in hand may come twice, with the same id


async def test_turns_in_hand_when_their_servers_die_are_taken_once_by_the_others(whole):
    bookers = [Booker(whole.url, VISITORS + number) for number in range(6)]
    await asyncio.gather(*(booker.come_to_the_last_question() for booker in bookers))
    with create_engine(whole.database, future=True).connect() as database:
        # Booking waits for the table, so that all of the turns are half done when servers die.
        database.execute(text("LOCK TABLE appointments IN ACCESS EXCLUSIVE MODE"))
        confirming = [asyncio.create_task(booker.confirm()) for booker in bookers]
        await asyncio.sleep(2)
        for name in ("actions", "rasa", "gateway"):
            whole.sets[0].stop(name, signal.SIGKILL)
        await asyncio.sleep(0.5)
        database.rollback()
    await asyncio.gather(*confirming)
    for booker in bookers:
        await booker.say("what are milia")
        await assert_answered_once(booker)
        await booker.line.leave()
    assert_nothing_is_lost_or_doubled(whole, bookers)

"""What the two records of a conversation hold: Rasa's own, and the chat's log."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from itsdangerous import URLSafeTimedSerializer

from scripts.environment import environment


def sender_of(visitor):
    """Who a visitor is to the assistant."""
    secret = environment()["ASSISTANT_SECRET"]
    return "web:" + URLSafeTimedSerializer(secret, salt="web-session").loads(visitor.token)


async def until_answered(visitor, message):
    """The answer to a message that is said again where there was an apology for it: on a busy
    machine a turn may take longer than it has."""
    for _ in range(5):
        answer = await visitor.say(message)
        if "something went wrong" not in answer.text:
            break
    return answer


def turns_in_rasa(servers, visitor):
    """How many of the visitor's turns Rasa has stored."""
    query = "SELECT count(*) FROM events WHERE sender_id = ? AND type_name = 'user'"
    return _count(servers.folder / "conversations.db", query, visitor)


def messages_in_the_chat(servers, visitor):
    """How many messages of the visitor's the chat's log holds."""
    query = "SELECT count(*) FROM chat_messages WHERE sender = ? AND author = 'visitor'"
    return _count(servers.folder / "messages.db", query, visitor)


def _count(database, query, visitor):
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query, (sender_of(visitor),)).fetchone()[0]

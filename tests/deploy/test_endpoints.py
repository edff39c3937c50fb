"""deploy/endpoints.yml, read by Rasa itself, on a real PostgreSQL and a real Redis."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from nlu.conversation_locks import ConversationLocks
from nlu.conversation_store import ConversationStore

ENDPOINTS = "deploy/endpoints.yml"


@pytest.fixture
def endpoints(postgres, redis, monkeypatch):
    monkeypatch.setenv("ACTIONS_URL", "http://actions:5055")
    monkeypatch.setenv("TRACKER_URL", postgres.new_database())
    monkeypatch.setenv("REDIS_URL", redis.url)
    return AvailableEndpoints.read_endpoints(ENDPOINTS)


async def test_conversations_are_kept_in_the_database_of_tracker_url(endpoints):
    store = TrackerStore.create(endpoints.tracker_store, Domain.empty())
    store = getattr(store, "_tracker_store", store)
    assert isinstance(store, ConversationStore)
    assert store.engine.dialect.name == "postgresql"
    tracker = await store.get_or_create_tracker("web:1")
    tracker.update(UserUttered("hello"))
    await store.save(tracker)
    assert (await store.retrieve("web:1")).latest_message.text == "hello"


def test_turns_of_a_conversation_are_locked_in_redis(endpoints):
    assert isinstance(LockStore.create(endpoints.lock_store), ConversationLocks)


def test_the_actions_are_asked_where_actions_url_says(endpoints):
    assert endpoints.action.url == "http://actions:5055/webhook"


def test_on_one_machine_and_on_several_the_assistant_speaks_and_remembers_alike():
    # Two files, since Rasa knows no defaults for what it reads from the environment.
    one, several = (yaml.safe_load(Path(file).read_text()) for file in ("endpoints.yml", ENDPOINTS))
    for same in (one, several):
        del same["action_endpoint"]["url"]
    assert one["nlg"] == several["nlg"]
    assert one["action_endpoint"] == several["action_endpoint"]
    assert one["tracker_store"]["type"] == several["tracker_store"]["type"]

"""deploy/endpoints.yml, read by Rasa itself, on a real PostgreSQL and a real Redis."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from rasa.core.lock_store import LockStore, RedisLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from nlu.conversation_store import ConversationStore

ENDPOINTS = "deploy/endpoints.yml"


@pytest.fixture
def endpoints(postgres, redis, monkeypatch):
    monkeypatch.setenv("ACTIONS_URL", "http://actions:5055")
    monkeypatch.setenv("TRACKER_URL", postgres.new_database())
    monkeypatch.setenv("REDIS_HOST", "127.0.0.1")
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


async def test_turns_of_a_conversation_are_locked_in_redis(endpoints, redis):
    endpoints.lock_store.kwargs["port"] = urlsplit(redis.url).port
    store = LockStore.create(endpoints.lock_store)
    assert isinstance(store, RedisLockStore)
    async with store.lock("web:1"):
        assert store.get_lock("web:1").is_someone_waiting()


def test_the_actions_are_asked_where_actions_url_says(endpoints):
    assert endpoints.action.url == "http://actions:5055/webhook"

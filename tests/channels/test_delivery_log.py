"""The log of a channel that sends: how far it has come, over restarts and several gateways."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels import message_log
from channels.delivery_log import DeliveryLog


@pytest.fixture
def log(messages_url):
    opened = DeliveryLog(messages_url)
    yield opened
    opened.close()


@pytest.fixture
def other(messages_url):
    """Another gateway's."""
    opened = DeliveryLog(messages_url)
    yield opened
    opened.close()


def texts(unsent):
    return [message["text"] for message in unsent.messages]


def test_what_is_told_is_to_be_sent_in_order(log):
    log.tell("tg:1", "a", [{"text": "one"}, {"text": "two"}])
    assert log.undelivered("tg:") == ["tg:1"]
    assert texts(log.unsent("tg:1", 60)) == ["one", "two"]


def test_what_is_told_under_one_key_is_told_once(log):
    for _ in range(2):
        log.tell("tg:1", "a", [{"text": "one"}])
    assert texts(log.unsent("tg:1", 60)) == ["one"]


def test_what_was_sent_is_not_to_be_sent_again(log):
    log.tell("tg:1", "a", [{"text": "one"}])
    log.sent("tg:1", 1, "")
    assert log.unsent("tg:1", 60) is None
    assert log.undelivered("tg:") == []
    log.tell("tg:1", "b", [{"text": "two"}])
    assert texts(log.unsent("tg:1", 60)) == ["two"]


def test_parts_that_were_sent_are_remembered(log):
    log.tell("tg:1", "a", [{"text": "one"}])
    log.sent("tg:1", 0, "", 2, 60)
    assert log.unsent("tg:1", 60).parts == 2


def test_the_kind_of_the_message_before_is_known(log):
    log.tell("tg:1", "a", [{"text": "one", "kind": "contact"}])
    log.sent("tg:1", 1, "contact")
    assert log.kind_of_last("tg:1") == "contact"
    log.tell("tg:1", "b", [{"text": "two"}])
    assert log.unsent("tg:1", 60).before == "contact"


def test_one_gateway_sends_at_a_time(log, other):
    log.tell("tg:1", "a", [{"text": "one"}])
    assert log.unsent("tg:1", 60)
    assert other.unsent("tg:1", 60) is None
    assert other.undelivered("tg:") == []
    log.sent("tg:1", 0, "")
    assert other.unsent("tg:1", 60)


@pytest.mark.parametrize("messages_url", ["sqlite"], indirect=True)
def test_what_a_stopped_gateway_was_sending_is_free_at_the_next_start(log, other):
    # In PostgreSQL others may be at work: there the claim runs out.
    log.tell("tg:1", "a", [{"text": "one"}])
    log.unsent("tg:1", 60)
    other.begin_alone("tg:")
    assert texts(other.unsent("tg:1", 60)) == ["one"]


def test_other_channels_are_let_be(log):
    log.tell("web:1", "a", [{"text": "one"}])
    assert log.undelivered("tg:") == []


@pytest.mark.parametrize("how", ["at once", "by age"])
def test_a_forgotten_conversation_begins_again_at_its_first_message(log, monkeypatch, how):
    log.tell("tg:1", "a", [{"text": "one"}, {"text": "two"}])
    log.sent("tg:1", 2, "")
    if how == "at once":
        log.forget("tg:1")
    else:
        later = message_log.now() + 3600
        monkeypatch.setattr(message_log, "now", lambda: later)
        log.forget_older_than(timedelta(minutes=30))
    log.tell("tg:1", "b", [{"text": "new"}])
    assert texts(log.unsent("tg:1", 60)) == ["new"]

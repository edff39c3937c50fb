"""The log: in order, once, and by nobody but its visitor."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from channels import message_log
from channels.message_log import MessageLog, MessageLogError

BUTTON = {"content_type": "text", "title": "Yes", "payload": "/affirm"}


def said(messages, sender="web:1"):
    return [message.get("text") or message["title"] for message in messages.after(sender, 0)]


def turn(messages, text="hi", reply="Hello.", sender="web:1", id="a"):
    messages.hear(sender, id, text, text)
    return messages.answer(messages.claim(sender, 10), [{"text": reply, "topic": "causes"}])


def test_what_is_said_has_numbers_from_one_on(messages):
    turn(messages)
    turn(messages, "more", "Sure.", id="b")
    assert [message["seq"] for message in messages.after("web:1", 0)] == [1, 2, 3, 4]
    assert said(messages) == ["hi", "Hello.", "more", "Sure."]
    assert [message["seq"] for message in messages.after("web:1", 3)] == [4]


def test_an_answer_names_the_message_that_it_answers(messages):
    assert turn(messages, id="the-id")[0]["reply_to"] == "the-id"


def test_a_message_sent_again_is_heard_once(messages):
    assert messages.hear("web:1", "a", "hi", "hi")[0]
    assert messages.hear("web:1", "a", "hi", "hi")[0] is None
    assert messages.hear("web:2", "a", "hi", "hi")[0]
    assert said(messages) == ["hi"]


def test_a_turn_is_claimed_by_one_and_answered_once(messages):
    messages.hear("web:1", "a", "hi", "hi")
    claimed = messages.claim("web:1", 10)
    assert messages.claim("web:1", 10) is None
    assert messages.answer(claimed, [{"text": "Hello."}])
    assert messages.answer(claimed, [{"text": "Hello."}]) == []
    assert said(messages) == ["hi", "Hello."]


def test_the_oldest_message_comes_first(messages):
    for name in ("one", "two"):
        messages.hear("web:1", name, name, name)
    first = messages.claim("web:1", 10)
    assert first.text == "one"
    messages.answer(first, [{"text": "1"}])
    assert messages.claim("web:1", 10).text == "two"


def test_a_stopped_gateways_turn_is_taken_again_and_known_to_be(tmp_path):
    url = f"sqlite:///{tmp_path / 'messages.db'}"
    before = MessageLog(url)
    before.hear("web:1", "a", "hi", "hi")
    assert not before.claim("web:1", 60).again
    after = MessageLog(url)
    assert after.unanswered("web:") == []
    after.begin_alone("web:")
    assert after.unanswered("web:") == ["web:1"]
    assert after.claim("web:1", 10).again


def test_a_claim_that_ran_out_is_taken_by_another(messages):
    messages.hear("web:1", "a", "hi", "hi")
    messages.claim("web:1", -1)
    assert messages.unanswered("web:") == ["web:1"]
    assert messages.claim("web:1", 10).again


def test_a_button_is_known_to_those_who_were_offered_it(messages):
    messages.hear("web:1", "a", "hi", "hi")
    messages.answer(messages.claim("web:1", 10), [{"text": "?", "quick_replies": [BUTTON]}])
    assert messages.offered("web:1", "/affirm") == "Yes"
    assert messages.offered("web:1", "/deny") is None
    assert messages.offered("web:2", "/affirm") is None


def test_a_rating_is_kept_without_its_visitor_and_the_last_counts(messages):
    (answer,) = turn(messages)
    assert messages.rate("web:1", answer["seq"], "up", "")
    assert messages.rate("web:1", answer["seq"], "down", "too long")
    messages.forget("web:1")
    (rating,) = messages.rated()
    assert (rating["topic"], rating["thumb"], rating["word"]) == ("causes", "down", "too long")
    assert "sender" not in rating


@pytest.mark.parametrize(("sender", "seq"), [("web:1", 1), ("web:1", 9), ("web:2", 2)])
def test_only_an_answer_of_ones_own_can_be_rated(messages, sender, seq):
    turn(messages)
    assert not messages.rate(sender, seq, "up", "")
    assert messages.rated() == []


def test_a_deleted_conversation_is_gone_and_others_stay(messages):
    turn(messages)
    turn(messages, sender="web:2")
    messages.forget("web:1")
    assert (said(messages), said(messages, "web:2")) == ([], ["hi", "Hello."])


def test_the_answer_to_a_deleted_conversation_is_not_kept(messages):
    messages.hear("web:1", "a", "hi", "hi")
    claimed = messages.claim("web:1", 10)
    messages.forget("web:1")
    assert messages.answer(claimed, [{"text": "Hello."}]) == []
    assert said(messages) == []


def test_quiet_conversations_are_deleted_and_others_stay(messages, monkeypatch):
    turn(messages, sender="web:old")
    later = message_log.now() + 3600
    monkeypatch.setattr(message_log, "now", lambda: later)
    turn(messages, sender="web:new")
    messages.forget_older_than(timedelta(minutes=30))
    assert (said(messages, "web:old"), said(messages, "web:new")) == ([], ["hi", "Hello."])


@pytest.mark.parametrize("url", ["nonsense", "oracle9://x/y", "sqlite:////proc/none/m.db"])
def test_a_log_that_cannot_be_opened_names_the_setting_and_the_fix(url):
    with pytest.raises(MessageLogError, match="MESSAGES_URL.*sqlite:///var/messages.db"):
        MessageLog(url)


def test_the_zone_in_which_a_message_was_written_stays_with_it_and_is_not_shown(messages):
    messages.hear("web:1", "a", "hi", "hi", "Asia/Tokyo")
    assert messages.claim("web:1", 10).zone == "Asia/Tokyo"
    assert "zone" not in messages.after("web:1", 0)[0]


def test_a_thumb_comes_back_with_its_answer(messages):
    (answer,) = turn(messages)
    assert "thumb" not in messages.after("web:1", 0)[1]
    messages.rate("web:1", answer["seq"], "down", "")
    assert messages.after("web:1", 0)[1]["thumb"] == "down"


def test_a_new_answer_never_has_the_thumb_of_one_that_was_deleted(messages):
    (answer,) = turn(messages)
    messages.rate("web:1", answer["seq"], "up", "")
    messages.forget("web:1")
    turn(messages, sender="web:2")
    assert "thumb" not in messages.after("web:2", 0)[1]
    assert len(messages.rated()) == 1


def at_once(number, do):
    """What ``do`` returns for each of so many threads."""
    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(do, range(number)))


def test_of_many_gateways_one_takes_a_turn(messages, messages_url):
    messages.hear("web:1", "a", "hi", "hi")
    other = MessageLog(messages_url)
    claims = at_once(20, lambda n: (messages, other)[n % 2].claim("web:1", 60))
    other.close()
    assert len([claim for claim in claims if claim]) == 1


def test_a_message_that_comes_to_many_gateways_at_once_is_heard_once(messages, messages_url):
    other = MessageLog(messages_url)
    heard = at_once(20, lambda n: (messages, other)[n % 2].hear("web:1", "a", "hi", "hi")[0])
    other.close()
    assert len([message for message in heard if message]) == 1
    assert said(messages) == ["hi"]


def test_messages_that_come_at_once_get_numbers_without_gap_or_twin(messages):
    at_once(20, lambda n: messages.hear("web:1", f"{n}", "hi", "hi"))
    assert [message["seq"] for message in messages.after("web:1", 0)] == list(range(1, 21))

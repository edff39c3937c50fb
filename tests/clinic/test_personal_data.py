"""What is kept about somebody: exported whole, deleted whole, and not kept for longer than said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, select, text

from clinic.appointments import book, upcoming
from clinic.audit import trail
from clinic.conversations import Conversations
from clinic.enquiries import EnquiryRequest, ask, open_enquiries
from clinic.errors import ConversationsUnreachable
from clinic.free_times import Wanted
from clinic.holds import hold
from clinic.outbox import messages
from clinic.personal_data import erase, export
from clinic.retention import carry_out
from clinic.storage import reading
from clinic.tables import tables


@pytest.fixture
def conversations(tmp_path, now):
    """A tracker store such as Rasa makes, with one conversation of each of two visitors."""
    address = f"sqlite:///{tmp_path}/conversations.db"
    with create_engine(address, future=True).begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id, type_name, "
                "action_name, timestamp FLOAT, data TEXT)"
            )
        )
        for sender in ("web:1", "web:2"):
            row = {"s": sender, "t": now.timestamp(), "d": json.dumps({"text": "im asha"})}
            connection.execute(
                text("INSERT INTO events (sender_id, timestamp, data) VALUES (:s, :t, :d)"), row
            )
    return Conversations(address)


@pytest.fixture
def asha(storage, clinic, request_, now, conversations):
    """Somebody of whom everything is kept that can be; and somebody else."""
    booked = book(storage, clinic, request_, now)
    enquiry = EnquiryRequest(
        "callback", "Asha Patel", request_.contact, "noon", "?", "", False, "web:1", "e"
    )
    ask(storage, clinic, enquiry, now)
    later = booked.starts_at + timedelta(hours=2)
    hold(storage, clinic, Wanted("consultation", holder="web:1"), later, now)
    other = replace(
        request_,
        starts_at=booked.starts_at + timedelta(hours=1),
        idempotency_key="other",
        sender="web:2",
        contact=replace(request_.contact, value="sam@example.org"),
        name="Sam",
    )
    book(storage, clinic, other, now)
    return booked


def everything(storage):
    with reading(storage) as connection:
        return str([connection.execute(select(table)).all() for table in tables.sorted_tables])


@pytest.mark.parametrize("who", ["web:1", "asha@example.org"])
def test_everything_kept_is_exported(storage, asha, conversations, who):
    found = json.loads(json.dumps(export(storage, who, conversations)))
    assert [row["reference"] for row in found["appointments"]] == [asha.reference]
    assert len(found["enquiries"]) == 1
    assert found["outbox"]
    assert found["conversations"] == {"web:1": [{"text": "im asha"}]}
    assert "sam@" not in json.dumps(found)


@pytest.mark.parametrize("who", ["web:1", "asha@example.org"])
def test_everything_kept_is_deleted_and_nothing_of_others(storage, asha, conversations, now, who):
    gone = erase(storage, who, now, "visitor", conversations)
    assert (gone["appointments"], gone["enquiries"], gone["events"]) == (1, 1, 1)
    left = everything(storage)
    assert "Asha" not in left and "asha@" not in left and "web:1" not in left
    assert [one.name for one in upcoming(storage, now)] == ["Sam"]
    assert conversations.of("web:2") and not conversations.of("web:1")
    assert [entry.did for entry in trail(storage, asha.reference)] == ["booked", "erased"]


def test_what_has_been_kept_for_long_enough_goes(storage, clinic, asha, conversations, now):
    kept = clinic.retention
    late = asha.ends_at + timedelta(days=kept.appointments_days, hours=2)
    gone = carry_out(storage, clinic, late, conversations)
    assert (gone["appointments"], gone["enquiries"], gone["events"]) == (2, 1, 2)
    assert "Asha" not in everything(storage)
    assert messages(storage, "waiting") == []


def test_nothing_goes_before_its_time(storage, clinic, asha, conversations, now):
    assert not any(carry_out(storage, clinic, now + timedelta(days=29), conversations).values())
    assert carry_out(storage, clinic, now + timedelta(days=31), conversations)["events"] == 2
    assert open_enquiries(storage)


def test_before_the_first_conversation_there_is_nothing_to_forget(tmp_path, now):
    none = Conversations(f"sqlite:///{tmp_path}/none.db")
    assert (none.of("web:1"), none.forget("web:1"), none.forget_before(now)) == ([], 0, 0)
    assert not (tmp_path / "none.db").exists()


def test_conversations_that_do_not_answer_are_named_without_their_password():
    away = Conversations("postgresql://rasa:secret@127.0.0.1:1/conversations")
    with pytest.raises(ConversationsUnreachable, match="TRACKER_URL postgresql://rasa:") as error:
        away.of("web:1")
    assert "Is it there" in str(error.value)
    assert "secret" not in str(error.value)

"""Who somebody is stays in a conversation only while a form needs it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from clinic.conversations import Conversations
from clinic.left_contacts import take_out_contacts, without_contacts

MARKS = ("Zebedee", "Quillfeather", "900531", "900 531")


def user(said, intent="inform"):
    read = {"text": said, "intent": {"name": intent}, "entities": [{"value": said}]}
    return {"event": "user", "text": said, "parse_data": read}


def slot(name, value):
    return {"event": "slot", "name": name, "value": value}


def bot(said):
    return {"event": "bot", "text": said, "data": {"buttons": [{"title": said}]}}


ASKED = [
    user("is it contagious?", "faq"),
    slot("requested_slot", "visitor_name"),
    user("my name is Zebedee Quillfeather"),
    slot("visitor_name", "Zebedee Quillfeather"),
    slot("requested_slot", "contact"),
    user("ring 07700 900 531"),
    slot("contact", "+447700900531"),
    slot("requested_slot", "booking_confirmed"),
    bot("For Zebedee Quillfeather, on 07700 900531. Shall I book, Zebedee?"),
]
DONE = [
    user("/affirm", "affirm"),
    slot("requested_slot", None),
    slot("visitor_name", None),
    slot("contact", None),
    bot("Booked: MS-AB12C."),
]


@pytest.fixture
def keep(tmp_path, now):
    """Writes a conversation down, as Rasa does."""
    address = f"sqlite:///{tmp_path}/conversations.db"
    engine = create_engine(address, future=True)
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id, type_name, action_name, "
                "timestamp FLOAT, data TEXT)"
            )
        )
    insert = text(
        "INSERT INTO events (sender_id, type_name, action_name, timestamp, data) "
        "VALUES (:sender, :type, :name, :at, :data)"
    )

    def written(events, sender="web:1", at=now):
        with engine.begin() as connection:
            for event in events:
                event = event | {"timestamp": at.timestamp()}
                row = {"type": event["event"], "name": event.get("name"), "at": at.timestamp()}
                row |= {"sender": sender, "data": json.dumps(event)}
                connection.execute(insert, row)
        return Conversations(address)

    return written


def marks(events):
    return [mark for mark in MARKS if mark in json.dumps(events)]


def test_a_booking_that_is_done_leaves_no_name_and_no_number(keep, now):
    conversations = keep(ASKED + DONE)
    assert take_out_contacts(conversations, now) == 1
    kept = conversations.of("web:1")
    assert marks(kept) == []
    assert len(kept) == len(ASKED + DONE)


def test_the_rest_of_the_conversation_stays(keep, now):
    conversations = keep(ASKED + DONE)
    take_out_contacts(conversations, now)
    kept = conversations.of("web:1")
    assert kept[0]["text"] == "is it contagious?"
    assert kept[2]["parse_data"]["intent"] == {"name": "inform"}
    assert kept[8]["text"].startswith("For …, on …. Shall I book")
    assert kept[-1]["text"] == "Booked: MS-AB12C."


def test_it_is_done_once(keep, now):
    conversations = keep(ASKED + DONE)
    take_out_contacts(conversations, now)
    assert take_out_contacts(conversations, now) == 0


def test_while_the_form_goes_on_they_stay(keep, now):
    conversations = keep(ASKED)
    assert take_out_contacts(conversations, now + timedelta(minutes=59)) == 0
    assert marks(conversations.of("web:1")) == list(MARKS)


def test_a_form_that_was_walked_away_from_is_given_up_after_an_hour(keep, now):
    conversations = keep(ASKED)
    assert take_out_contacts(conversations, now + timedelta(hours=1, seconds=1)) == 1
    assert marks(conversations.of("web:1")) == []


def test_an_answer_that_was_not_understood_goes_too(keep, now):
    conversations = keep(
        [
            slot("requested_slot", "contact"),
            user("+44 7700 900 531 9999"),
            slot("contact", None),
            slot("requested_slot", None),
        ]
    )
    take_out_contacts(conversations, now)
    assert marks(conversations.of("web:1")) == []


def test_a_proof_that_an_appointment_is_ones_own_goes(keep, now):
    conversations = keep(
        [slot("requested_slot", "own_proof"), user("900531"), slot("requested_slot", None)]
    )
    take_out_contacts(conversations, now)
    assert marks(conversations.of("web:1")) == []


def test_of_other_conversations_nothing_is_changed(keep, now):
    keep(ASKED + DONE)
    conversations = keep([user("im Zebedee and I ask")], sender="web:2")
    take_out_contacts(conversations, now)
    assert conversations.of("web:2")[0]["text"] == "im Zebedee and I ask"


def test_a_name_is_not_taken_out_of_other_words():
    events = [slot("visitor_name", "Ann Will"), bot("Announced. Ann, I will say: Will.")]
    assert without_contacts(events)[1]["text"] == "Announced. …, I will say: …."


def test_an_event_that_came_meanwhile_is_left_as_it_is(keep, now):
    conversations = keep(ASKED + DONE)
    shorter = without_contacts(conversations.of("web:1"))[:-1]
    conversations.rewrite("web:1", shorter)
    assert conversations.of("web:1")[-1]["text"] == "Booked: MS-AB12C."


def test_before_the_first_conversation_there_is_nothing_to_take_out(tmp_path, now):
    assert take_out_contacts(Conversations(f"sqlite:///{tmp_path}/none.db"), now) == 0

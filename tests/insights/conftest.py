"""Databases as a week of visitors left them, in SQLite and in PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine

from channels.message_log import MessageLog
from clinic.audit import record
from clinic.conversations import events
from clinic.storage import open_storage, writing

# A Monday; the clinic of clinic.yml opens at nine.
OPEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
AT_NIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def databases(request, tmp_path, monkeypatch):
    """Empty ones, which the environment names."""
    names = ("DATABASE_URL", "MESSAGES_URL", "TRACKER_URL")
    if request.param == "sqlite":
        urls = {name: f"sqlite:///{tmp_path}/{name}.db" for name in names}
    else:
        urls = dict.fromkeys(names, request.getfixturevalue("postgres").new_database())
    for name, url in urls.items():
        monkeypatch.setenv(name, url)
    return urls


def user(text, intent, confidence=0.95, at=OPEN, guess="help"):
    """A visitor's message as Rasa keeps it; ``guess`` is the best where it was unsure."""
    ranking = [{"name": name} for name in (intent, guess.partition("/")[0])]
    full = {"full_retrieval_intent_name": intent} if "/" in intent else {}
    name = intent.partition("/")[0]
    selected = {"faq": {"response": {"intent_response_key": guess}}} if "/" in guess else {}
    return {
        "event": "user",
        "text": text,
        "timestamp": at.timestamp(),
        "parse_data": {
            "text": text,
            "intent": {"name": name, "confidence": confidence, **full},
            "intent_ranking": ranking,
            "response_selector": selected,
        },
    }


def slot(name, value):
    return {"event": "slot", "name": name, "value": value, "timestamp": OPEN.timestamp()}


@pytest.fixture
def conversations(databases):
    """Writes conversations as Rasa does: a list of events for each sender."""

    def write(**by_sender):
        engine = create_engine(databases["TRACKER_URL"], future=True)
        events.create(engine, checkfirst=True)
        with engine.begin() as connection:
            for sender, said in by_sender.items():
                for event in said:
                    row = {
                        "sender_id": sender,
                        "type_name": event["event"],
                        "action_name": event.get("name"),
                        "timestamp": event["timestamp"],
                        "data": json.dumps(event),
                    }
                    connection.execute(events.insert().values(**row))
        engine.dispose()

    return write


@pytest.fixture
def a_week(databases, conversations):
    """Questions, a booking by day and two by night, and a thumb down."""
    conversations(
        one=[
            user("what are milia", "faq/what_are_milia"),
            user(
                "can u zap them wiv a laser thing",
                "nlu_fallback",
                0.3,
                guess="faq/treatment_options",
            ),
            user(
                "can you zap them with a laser", "nlu_fallback", 0.3, guess="faq/treatment_options"
            ),
            user("do you sell bicycles", "out_of_scope/unrelated", at=AT_NIGHT),
        ],
        two=[
            user("what are milia", "faq/what_are_milia", at=AT_NIGHT),
            slot("requested_slot", "visitor_name"),
            user("Zebedee Quillfeather", "nlu_fallback", 0.2),
            slot("visitor_name", "Zebedee Quillfeather"),
            slot("requested_slot", "best_time"),
            user("when the marzipan is ready", "nlu_fallback", 0.2),
            slot("requested_slot", None),
            user(
                "i am Zebedee, ring 07700 900531 or z@example.org about my goose",
                "nlu_fallback",
                0.2,
            ),
        ],
    )
    storage = open_storage(databases["DATABASE_URL"])
    with writing(storage) as transaction:
        for at in (OPEN, AT_NIGHT, AT_NIGHT + timedelta(hours=1)):
            record(transaction, at, "visitor", "booked", "MS-7K4QP")
    storage.dispose()
    log = MessageLog(databases["MESSAGES_URL"])
    log.hear("web:1", "a", "does it hurt", "does it hurt")
    answer = {"text": "A little.", "topic": "treatment_pain"}
    (said,) = log.answer(log.claim("web:1", 60), [answer])
    log.rate("web:1", said["seq"], "down", "my son Zebedee cried")
    log.close()

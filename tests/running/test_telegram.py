"""The whole assistant on Telegram: gateway, Rasa and action server really running, and a server
that speaks the Bot API in Telegram's place."""

from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path

import pytest
import yaml

from channels.telegram_text import as_html
from scripts.bot_api import TOKEN, BotApi
from scripts.bot_api_html import visible
from scripts.telegram_visitor import TelegramVisitor
from tests.conversations.recorded import Recorded
from tests.conversations.test_conversations import HERE, REFERENCE, check

CHATS = itertools.count(70_001)
# Whole conversations whose outcome could depend on the channel: danger, bookings, buttons,
# and what people type that is no plain text.
FOLDERS = ("red_flags", "first_visit", "bad_input", "interruptions")
REPLAYED = sorted(file for folder in FOLDERS for file in (HERE / folder).glob("*.yml"))


@pytest.fixture(scope="module")
def api(servers):
    """Telegram, and the gateway with a bot there."""
    with BotApi(limits=False) as running:
        servers.settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": running.url}
        _restart(servers)
        yield running
        servers.settings = {}
        _restart(servers)


@pytest.fixture
def asha(api):
    """Somebody who has never written to the bot."""
    return TelegramVisitor(api, next(CHATS))


def _restart(servers):
    servers.stop("gateway")
    servers.start("gateway")
    servers.wait_until_ready()


async def _up_to_the_name(asha):
    await asha.say("/start")
    await asha.press("Book a consultation")
    times = await asha.press("For me")
    return await asha.press(next(title for title in times.buttons if ":" in title))


async def test_a_consultation_is_booked_from_start_to_confirmation(servers, asha):
    hello = await asha.say("/start")
    assert "automated assistant" in hello.text
    question = await asha.press("Book a consultation")
    assert "Who is the consultation for?" in question.text
    times = await asha.press("For me")
    await asha.press(next(title for title in times.buttons if ":" in title))
    await asha.say("Asha Patel")
    asked = asha.sent()[-1]
    assert asked.arguments["reply_markup"]["keyboard"][0][0]["request_contact"] is True
    asha.send(contact={"phone_number": "447911123456", "first_name": "Asha", "user_id": asha.id})
    summary = await asha.answer()
    assert summary.texts[0] == "Thank you."
    assert "+447911123456" in summary.text
    booked = await asha.press("Yes, book it")
    reference = REFERENCE.findall(booked.text)[0]
    file = asha.sent()[-1]
    assert file.method == "sendDocument"
    assert f"UID:{reference}@".encode() in file.arguments["document"]["content"]
    with sqlite3.connect(servers.folder / "clinic.db") as clinic:
        row = clinic.execute(
            "SELECT name, contact, sender FROM appointments WHERE reference = ?", [reference]
        ).fetchone()
    assert row == ("Asha Patel", "+447911123456", f"tg:{asha.id}")
    # What the button under a reminder says.
    proof = await asha.say(f"cancel my appointment {reference}")
    assert "last four digits" in " ".join(proof.text.split())
    found = await asha.say("3456")
    assert "Yes, cancel it" in found.buttons or "less than 24 hours" in found.text
    assert [sent.method for sent in asha.sent()].count("sendDocument") == 1


async def test_who_joins_the_waiting_list_with_a_number_is_asked_for_no_address(servers, asha):
    await asha.say("/start")
    await asha.say("put me on the waiting list")
    await asha.press("For me")
    await asha.say("Asha Patel")
    assert asha.sent()[-1].arguments["reply_markup"]["keyboard"][0][0]["request_contact"] is True
    summary = await asha.say("07911 123457")
    assert "write to you here" in summary.text
    assert "on the waiting list" in (await asha.press("Yes, put me on it")).text
    with sqlite3.connect(servers.folder / "clinic.db") as clinic:
        query = "SELECT contact, sender FROM wait_list WHERE sender = ?"
        assert clinic.execute(query, [f"tg:{asha.id}"]).fetchall() == [
            ("+447911123457", f"tg:{asha.id}")
        ]


async def test_a_link_begins_a_booking_at_once(asha):
    answer = await asha.say("/start book")
    assert "automated assistant" in answer.text
    assert "For my baby" in answer.buttons


async def test_a_red_flag_gets_its_card_and_nothing_to_press(asha):
    answer = await asha.say("hiya my 3 week old has a fever of 39 and wont feed")
    assert "999" in answer.text
    assert answer.buttons == {}
    assert "*" not in answer.text


async def test_a_red_flag_in_the_middle_of_a_booking_comes_first_and_the_booking_waits(asha):
    await _up_to_the_name(asha)
    answer = await asha.say("wait he is floppy and wont wake up")
    assert "999" in answer.texts[0]
    assert "Go on" in answer.buttons
    assert "name" in (await asha.press("Go on")).text


async def test_a_red_flag_in_answer_to_the_question_for_a_contact_is_not_put_off(asha):
    await _up_to_the_name(asha)
    await asha.say("Asha Patel")
    answer = await asha.say("my baby cant breathe")
    assert "999" in answer.texts[0]


async def test_a_red_flag_is_answered_with_the_action_server_down(servers, asha):
    await asha.say("/start")
    servers.stop("actions")
    try:
        answer = await asha.say("my baby cant breathe and is going blue")
        assert "999" in answer.text
    finally:
        servers.start("actions")
        servers.wait_until_ready()


async def test_cancel_leaves_the_booking(asha):
    await _up_to_the_name(asha)
    assert "nothing was booked" in (await asha.say("/cancel")).text


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/help", "milia"),
        ("/hours", "Monday"),
        ("/appointments", "reference"),
        ("/privacy", "kept"),
        ("/delete", "delete"),
        ("/book", "Who is the consultation for?"),
    ],
)
async def test_each_command_does_what_the_menu_says(asha, command, words):
    assert words in (await asha.say(command)).text


async def test_delete_deletes_the_gateways_record_too(servers, asha):
    await asha.say("hello")
    await asha.say("/delete")
    answer = await asha.press(
        next(title for title in asha.last.buttons if "delete" in title.lower())
    )
    assert "deleted" in answer.text
    with sqlite3.connect(servers.folder / "messages.db") as messages:
        query = "SELECT count(*) FROM chat_messages WHERE sender = ?"
        assert messages.execute(query, [f"tg:{asha.id}"]).fetchone() == (0,)
    assert (await asha.say("what are milia?")).text


async def test_the_way_to_the_clinic_comes_with_a_place_on_the_map(asha):
    await asha.say("where are you?")
    venue = asha.sent()[-1]
    assert venue.method == "sendVenue"
    assert venue.arguments["address"] == "14 Larkfield Lane, London N1 9MC"
    assert float(venue.arguments["latitude"]) == pytest.approx(51.5465)


async def test_a_comparison_is_readable_without_a_table(asha):
    answer = await asha.say("milia or baby acne?")
    assert "|" not in answer.text
    assert "• Baby acne: leave alone, wash gently" in answer.text


async def test_a_stopped_gateway_answers_what_came_meanwhile(servers, asha):
    await asha.say("hello")
    servers.stop("gateway")
    asha.write("what are milia?")
    servers.start("gateway")
    servers.wait_until_ready()
    assert "keratin" in (await asha.answer()).text


def test_the_token_stands_in_no_log(servers, api):
    logs = [log.read_text(errors="replace") for log in Path(servers.folder).glob("*.log")]
    assert any("telegram: on as" in log for log in logs)
    secret = TOKEN.partition(":")[2]
    assert not any(secret in log for log in logs)


@pytest.mark.parametrize("file", REPLAYED, ids=[str(f.relative_to(HERE)) for f in REPLAYED])
async def test_a_conversation_goes_on_telegram_as_it_goes_on_the_website(servers, asha, file):
    reference, answers = "", []
    turns = yaml.safe_load(file.read_text())
    for turn in turns:
        if "says" in turn:
            answers.append(await asha.say(turn["says"].replace("{reference}", reference)))
        else:
            answers.append(await asha.press(turn["presses"]))
        reference = next(iter(REFERENCE.findall(answers[-1].text)), reference)
    recorded = Recorded.of_sender(servers.folder / "conversations.db", f"tg:{asha.id}")
    for number, (turn, answer) in enumerate(zip(turns, answers, strict=True), 1):
        said = recorded.said[number - 1] if number <= len(recorded.said) else []
        check(_as_read(turn), answer, said, f"{file.name}, turn {number}, which said {said}")


def _as_read(turn):
    """A turn whose phrases stand as they are read on Telegram, without the widget's Markdown."""
    phrases = {name: turn[name] for name in ("answer", "never") if name in turn}
    read = {name: [_read(phrase) for phrase in every] for name, every in phrases.items()}
    return {**turn, **read}


def _read(phrase):
    return visible("\n".join(as_html(phrase)))

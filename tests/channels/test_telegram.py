"""The bot with people on Telegram, over a server that speaks the Bot API."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from channels.assistant import Button, Reply
from scripts.bot_api import BOT
from scripts.telegram_visitor import TelegramVisitor, said_by_bot
from tests.channels.telegram_bot import SECRET, Bot, until

NAME = f"@{BOT['username']}"


@pytest.fixture(params=["polling", "webhook"])
async def either_way(api, tmp_path, monkeypatch, request):
    """The bot, once asking for its updates and once being brought them."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'clinic.db'}")
    running = Bot(api, tmp_path, webhook=request.param == "webhook")
    await running.start()
    yield running
    await running.stop()


async def test_a_message_is_answered(either_way, asha):
    answer = await asha.say("what are milia?")
    assert answer.texts == ["You said: what are milia?"]


async def test_a_button_may_be_pressed_once_is_answered_and_goes_inert(either_way, api, asha):
    either_way.echo.replies["book"] = [
        Reply("For whom?", [Button("For me", '/inform{"patient": "adult"}'), Button("No", "/deny")])
    ]
    await asha.say("book")
    question = asha.sent()[-1]
    token = question.buttons["For me"]
    assert len(token.encode()) <= 64
    assert "adult" not in token
    press = asha.tap("For me")
    await asha.answer()
    assert either_way.echo.texts[-1] == '/inform{"patient": "adult"}'
    await until(lambda: press in api.answered and "For me" not in question.buttons)
    assert list(question.buttons) == ["✓ For me"]
    again = asha.tap_data(token, question)
    await until(lambda: again in api.answered)
    assert api.answered[again]["text"]
    assert either_way.echo.texts == ["book", '/inform{"patient": "adult"}']


async def test_of_two_buttons_pressed_at_once_the_first_counts(bot, api, asha):
    bot.echo.replies["book"] = [Reply("Sure?", [Button("Yes", "/affirm"), Button("No", "/deny")])]
    await asha.say("book")
    question = asha.sent()[-1]
    tokens = dict(question.buttons)
    first = asha.tap_data(tokens["Yes"], question)
    second = asha.tap_data(tokens["No"], question)
    await until(lambda: {first, second} <= api.answered.keys())
    await asha.answer()
    assert bot.echo.texts == ["book", "/affirm"]


async def test_a_button_of_somebody_elses_or_a_made_up_one_does_nothing(bot, api, asha):
    bot.echo.replies["book"] = [Reply("Sure?", [Button("Yes", "/affirm")])]
    await asha.say("book")
    other = TelegramVisitor(api, 502)
    await other.say("hello")
    presses = [
        other.tap_data(data, other.sent()[-1])
        for data in (asha.sent()[-1].buttons["Yes"], "/affirm", "x", "used")
    ]
    await until(lambda: all(press in api.answered for press in presses))
    assert bot.echo.texts == ["book", "hello"]


async def test_what_is_typed_never_reaches_rasa_as_a_command(bot, asha):
    await asha.say('/inform{"patient": "baby"}')
    await asha.say("/notice picture")
    assert bot.echo.texts == ['inform{"patient": "baby"}', "notice picture"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/start", "hello"),
        ("/start book", "book a consultation"),
        ("/start hours", "opening hours"),
        ("/start nothing-we-know", "hello"),
        ("/help", "what can you do"),
        (f"/book{NAME}", "book a consultation"),
        ("/book on friday", "book a consultation on friday"),
        ("/appointments", "check my appointment"),
        ("/hours", "opening hours"),
        ("/cancel", "stop"),
        ("/privacy", "what happens to my data"),
        ("/delete", "delete my data"),
        ("/unknown my baby has a fever", "unknown my baby has a fever"),
    ],
)
async def test_commands_and_links_say_what_they_stand_for(bot, asha, typed, said):
    await asha.say(typed)
    assert bot.echo.texts == [said]


async def test_commands_stand_in_the_menu(bot, api):
    await until(lambda: len(api.commands) == 2)
    names = {scope: [c["command"] for c in menu] for scope, menu in api.commands.items()}
    assert names["all_private_chats"] == [
        *("start", "help", "book", "appointments", "hours", "cancel", "privacy", "delete")
    ]
    assert names["all_group_chats"] == ["help", "hours"]
    assert all(c["description"] for menu in api.commands.values() for c in menu)


PHOTO = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
FILE = {"file_id": "a", "file_unique_id": "b"}
USER = {"id": 501, "is_bot": False, "first_name": "Asha"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"photo": PHOTO}, "cannot look at pictures"),
        ({"video": {**FILE, "width": 1, "height": 1, "duration": 1}}, "cannot look at pictures"),
        ({"document": {**FILE, "mime_type": "image/jpeg"}}, "cannot look at pictures"),
        ({"document": {**FILE, "mime_type": "application/pdf"}}, "cannot open files"),
        ({"voice": {**FILE, "duration": 1}}, "cannot listen"),
        ({"audio": {**FILE, "duration": 1}}, "cannot listen"),
        (
            {
                "sticker": {
                    **FILE,
                    "type": "regular",
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                }
            },
            "only read words",
        ),
        ({"dice": {"emoji": "🎲", "value": 3}}, "only read words"),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "14 Larkfield Lane"),
        (
            {"contact": {"phone_number": "447911123456", "first_name": "A", "user_id": 501}},
            "did not need",
        ),
        ({"contact": {"phone_number": "447911123456", "first_name": "B"}}, "somebody else's"),
        ({"text": "x" * 1001}, "too long"),
        ({"text": " / "}, "nothing"),
    ],
)
async def test_what_is_no_text_is_answered_in_words(bot, api, asha, content, words):
    asha.send(**content)
    answer = await asha.answer()
    assert words in answer.text
    assert bot.echo.heard == []
    assert not [method for method, _ in api.calls if method == "getfile"]


async def test_pictures_and_recordings_come_with_the_numbers_for_an_emergency(bot, asha):
    for content in ({"photo": PHOTO}, {"voice": {**FILE, "duration": 1}}):
        asha.send(**content)
        assert "999" in (await asha.answer()).text


async def test_words_under_a_picture_are_read(bot, asha):
    asha.send(photo=PHOTO, caption="my baby has a fever")
    answer = await asha.answer()
    assert "cannot look at pictures" in answer.texts[0]
    assert answer.texts[1] == "You said: my baby has a fever"


async def test_an_album_is_answered_once(bot, asha):
    for _ in range(3):
        asha.send(photo=PHOTO, media_group_id="77")
    await asha.say("well?")
    answers = [sent.text for sent in asha.sent()]
    assert len(answers) == 2


async def test_edited_text_is_answered_anew_and_other_edits_are_let_be(bot, asha):
    message = asha.write("tusday")
    await asha.answer()
    asha.send("edited_message", text="tuesday", edit_date=2, message_id=message["message_id"])
    asha.send("edited_message", location={"latitude": 1.0, "longitude": 2.0}, edit_date=2)
    await asha.answer()
    assert bot.echo.texts == ["tusday", "tuesday"]


async def test_what_is_no_message_to_it_is_let_be(bot, api, asha):
    chat = {"id": 501, "type": "private", "first_name": "Asha"}
    api.update(
        channel_post={
            "message_id": 1,
            "date": 1,
            "chat": {"id": -7, "type": "channel"},
            "text": "x",
        }
    )
    api.update(poll={"id": "1", "question": "?", "options": []})
    asha.send(pinned_message={"message_id": 2, "date": 1, "chat": chat, "text": "x"})
    await asha.say("hello")
    assert bot.echo.texts == ["hello"]


async def test_a_drawing_comes_with_its_description_before_the_words(bot, api, asha):
    drawing = Reply(
        "One is a cyst.",
        [Button("Tell me more", "tell me more")],
        "answer",
        "milia_vs_other",
        "/pictures/milium-and-whitehead.svg",
        "A milium beside a whitehead",
    )
    bot.echo.replies["whitehead?"] = [drawing]
    await asha.say("whitehead?")
    photo, words = asha.sent()
    assert photo.method == "sendPhoto"
    assert photo.arguments["caption"] == "A milium beside a whitehead"
    assert photo.arguments["photo"]["content"].startswith(b"\x89PNG")
    assert words.text == "One is a cyst."
    assert list(words.buttons) == ["Tell me more"]


async def test_a_failing_assistant_gives_the_apology(bot, asha):
    bot.echo.fails = True
    answer = await asha.say("hello")
    assert "something went wrong" in answer.text
    assert "999" in answer.text


async def test_typing_is_shown_while_an_answer_takes_its_time(bot, api, asha):
    bot.echo.slow = 0.8
    await asha.say("hello")
    assert [s.arguments["action"] for s in api.sent if s.method == "sendChatAction"] == ["typing"]


async def test_an_answer_that_comes_at_once_needs_no_typing(bot, api, asha):
    await asha.say("hello")
    assert not [s for s in api.sent if s.method == "sendChatAction"]


async def test_the_kill_switch_works_here_too_without_a_restart(api, tmp_path, monkeypatch, asha):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'clinic.db'}")
    on = Path("clinic.yml").read_text()
    clinic_file = tmp_path / "clinic.yml"
    clinic_file.write_text(on)
    bot = Bot(api, tmp_path, clinic_file=clinic_file)
    await bot.start()
    assert (await asha.say("hello")).text == "You said: hello"
    clinic_file.write_text(on.replace("\nassistant: on", "\nassistant: off"))
    for send in ({"text": "hello"}, {"photo": PHOTO}):
        asha.send(**send)
        answer = await asha.answer()
        assert "switched off" in answer.text
        assert "999" in answer.text
    assert bot.echo.texts == ["hello"]
    await bot.stop()


async def test_somebody_who_writes_too_fast_is_told_so_once(api, tmp_path, asha):
    bot = Bot(api, tmp_path)
    bot.messages_a_minute = 5
    await bot.start()
    for number in range(9):
        asha.write(str(number))
    await until(lambda: len(asha.sent()) == 6)
    await asha.answer()
    assert bot.echo.texts == list("01234")
    assert sum("One moment" in sent.text for sent in asha.sent()) == 1
    await bot.stop()


@pytest.mark.parametrize(
    ("header", "body", "status"),
    [
        ({}, "{}", 403),
        ({"X-Telegram-Bot-Api-Secret-Token": "wrong"}, "{}", 403),
        ("right", "no json", 400),
        ("right", '{"update_id": "x"', 400),
        ("right", "[]", 400),
        ("right", "{}", 400),
        ("right", '{"update_id": 1, "message": {"text": 7}}', 400),
    ],
)
async def test_a_webhook_takes_updates_from_telegram_only(api, tmp_path, header, body, status):
    bot = Bot(api, tmp_path, webhook=True)
    await bot.start()
    await until(lambda: api.webhook)
    if header == "right":
        header = {"X-Telegram-Bot-Api-Secret-Token": api.webhook["secret_token"]}
    assert SECRET not in api.webhook["secret_token"]
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{bot.public_url}/telegram", content=body, headers=header)
    assert answer.status_code == status
    await bot.stop()


class TestInAGroup:
    """Where others read."""

    GROUP = -100777

    @pytest.fixture
    def member(self, api):
        return TelegramVisitor(api, 501, group=self.GROUP)

    async def test_only_what_is_addressed_to_it_is_answered(self, bot, api, member):
        bot.echo.replies["what are milia?"] = [Reply("Small cysts.", kind="answer")]
        chat = {"id": self.GROUP, "type": "supergroup", "title": "Parents"}
        member.write("does anybody know milia?")
        member.write("@another_bot what are milia?")
        member.write("/hours@another_bot")
        member.write("/roll")
        await member.say(f"{NAME} what are milia?")
        reply = said_by_bot("Small cysts.", 99, chat)
        member.write("what are milia?", reply_to_message=reply)
        await member.answer()
        assert bot.echo.texts == ["what are milia?"] * 2

    async def test_an_answer_is_a_reply_without_buttons(self, bot, member):
        bot.echo.replies["what are milia?"] = [
            Reply("Small cysts.", [Button("More", "tell me more")], kind="answer")
        ]
        message = member.write(f"what are milia? {NAME}")
        await member.answer()
        sent = member.sent()[-1]
        assert sent.arguments["reply_parameters"]["message_id"] == message["message_id"]
        assert sent.buttons == {}

    async def test_what_is_personal_moves_to_a_private_chat_and_leaves_nothing_open(
        self, bot, member
    ):
        bot.echo.replies["book me in"] = [Reply("Who is it for?", [Button("For me", "/me")])]
        answer = await member.say(f"{NAME} book me in")
        assert "Who is it for?" not in answer.text
        assert answer.buttons == {"Write to me alone": f"https://t.me/{BOT['username']}"}
        assert bot.echo.forgotten == [f"tg:{self.GROUP}-501"]

    async def test_a_personal_command_goes_on_in_private(self, bot, member):
        answer = await member.say(f"/book{NAME}")
        assert answer.buttons == {"Write to me alone": f"https://t.me/{BOT['username']}?start=book"}
        assert bot.echo.heard == []

    async def test_danger_is_answered_where_it_is_said(self, bot, member):
        bot.echo.replies["my baby is floppy"] = [
            Reply("**Call [999](tel:999) now**", kind="emergency"),
            Reply("Shall we go on?", [Button("Yes", "/affirm")]),
        ]
        answer = await member.say(f"{NAME} my baby is floppy")
        assert answer.texts == ["Call 999 now"]

    async def test_each_member_has_a_conversation_of_their_own(self, bot, api, member):
        await member.say(f"{NAME} one")
        other = TelegramVisitor(api, 502, group=self.GROUP)
        await other.say(f"{NAME} two")
        assert {sender for sender, _ in bot.echo.heard} == {
            f"tg:{self.GROUP}-501",
            f"tg:{self.GROUP}-502",
        }

    async def test_it_says_what_it_does_when_it_is_taken_in(self, bot, api, member):
        me = {**BOT}
        api.update(
            my_chat_member={
                "chat": {"id": self.GROUP, "type": "supergroup", "title": "Parents"},
                "from": USER,
                "date": 1,
                "old_chat_member": {"user": me, "status": "left"},
                "new_chat_member": {"user": me, "status": "member"},
            }
        )
        answer = await member.answer()
        assert NAME in answer.text
        assert "alone" in answer.text

"""The bot on bad days: lost connections, errors, floods, blocked chats, restarts."""

from __future__ import annotations

import asyncio
import random

import pytest

from channels.assistant import Reply
from channels.settings import read_settings
from scripts.bot_api import TOKEN, BotApi
from scripts.telegram_visitor import TelegramVisitor
from tests.channels.telegram_bot import Bot, until

CHATS, EACH, DROPS = 100, 10, 20


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_thousand_updates_of_a_hundred_chats_survive_twenty_lost_connections(
    tmp_path, monkeypatch, webhook
):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'clinic.db'}")
    with BotApi() as api:
        bot = Bot(api, tmp_path, webhook=webhook)
        await bot.start()
        people = [TelegramVisitor(api, 1 + number) for number in range(CHATS)]
        chance = random.Random(8)
        written = {person.id: [str(number) for number in range(EACH)] for person in people}
        order = [person for person in people for _ in range(EACH)]
        chance.shuffle(order)
        waiting = {person.id: iter(written[person.id]) for person in people}
        pause = len(order) // DROPS
        for number, person in enumerate(order):
            person.write(next(waiting[person.id]))
            if number % pause == pause // 2:
                api.drop(away=chance.choice((0, 0.05, 0.3)))
                await asyncio.sleep(0.5)
        assert api.drops == DROPS

        def answers():
            return [sent for sent in api.sent if sent.method == "sendMessage"]

        await until(lambda: len(answers()) >= CHATS * EACH and not api.pending(), 120)
        await asyncio.sleep(1)  # for what might come twice
        for person in people:
            sender = f"tg:{person.id}"
            assert [text for who, text in bot.echo.heard if who == sender] == written[person.id]
            shown = [sent.text for sent in person.sent()]
            assert shown == [f"You said: {text}" for text in written[person.id]]
        await bot.stop()


async def test_an_update_that_is_brought_again_is_answered_once(api, tmp_path, asha):
    bot = Bot(api, tmp_path, webhook=True)
    await bot.start()
    message = asha.write("hello")
    await asha.answer()
    for _ in range(2):
        api.repeat({"update_id": message["message_id"] + 1, "message": message})
    await asha.say("bye")
    assert bot.echo.texts == ["hello", "bye"]
    await bot.stop()


@pytest.mark.parametrize("status", [500, 502])
async def test_errors_of_the_server_are_tried_again(bot, api, asha, status):
    api.fail("sendMessage", status, times=3)
    assert (await asha.say("hello")).texts == ["You said: hello"]
    api.fail("getUpdates", status, times=2)
    assert (await asha.say("bye")).texts == ["You said: bye"]


async def test_being_asked_to_slow_down_is_obeyed(bot, api, asha):
    api.fail("sendMessage", 429, times=2, retry_after=1)
    assert (await asha.say("hello")).texts == ["You said: hello"]


async def test_an_answer_whose_receipt_was_lost_is_sent_again_rather_than_lost(bot, api, asha):
    api.lose_answer("sendmessage")
    await asha.say("hello")
    await until(lambda: len(asha.sent()) == 2)
    assert {sent.text for sent in asha.sent()} == {"You said: hello"}
    assert bot.echo.texts == ["hello"]


async def test_a_blocked_bot_and_a_chat_that_is_gone_end_quietly(bot, api, asha, capsys):
    other = TelegramVisitor(api, 502)
    api.blocked.add(asha.id)
    api.unknown.add(other.id)
    asha.write("hello")
    other.write("hello")
    await until(lambda: sum(method == "sendmessage" for method, _ in api.calls) == 2)
    chats = [f"tg:{asha.id}", f"tg:{other.id}"]
    await until(lambda: not any(bot.channel._sender.sends_to(chat) for chat in chats))
    assert bot.log.undelivered("tg:") == []
    api.blocked.clear()
    assert (await asha.say("i am back")).texts == ["You said: i am back"]
    assert "Traceback" not in capsys.readouterr().out


async def test_html_that_telegram_refuses_is_sent_as_plain_text(bot, api, asha):
    api.fail("sendMessage", 400)
    assert (await asha.say("hello")).texts == ["You said: hello"]


async def test_a_killed_gateway_loses_and_repeats_nothing(api, tmp_path, asha):
    bot = Bot(api, tmp_path)
    await bot.start()
    bot.echo.slow = 0.3
    await asha.say("one")
    asha.write("two")
    asha.write("three")
    await until(lambda: len(bot.log.after(f"tg:{asha.id}", 0)) >= 4)
    await bot.kill()
    again = Bot(api, tmp_path)
    await again.start()
    await until(lambda: len(asha.sent()) == 3)
    await asha.answer()
    await asha.say("four")
    assert [sent.text for sent in asha.sent()] == [
        f"You said: {text}" for text in ("one", "two", "three", "four")
    ]
    await again.stop()


async def test_a_long_answer_goes_on_where_a_killed_gateway_stopped(api, tmp_path, asha):
    pages = [f"{name} {'word ' * 700}end." for name in ("First", "Second", "Third")]
    bot = Bot(api, tmp_path)
    await bot.start()
    bot.echo.replies["tell me all"] = [Reply("\n\n".join(pages))]
    api.fail("sendMessage", 500, times=1000, after=1)
    asha.write("tell me all")
    await until(lambda: sum(method == "sendmessage" for method, _ in api.calls) == 1)
    await asyncio.sleep(0.3)  # in which it notes what it has sent, and tries again
    await bot.kill()
    api.fail_no_more()
    again = Bot(api, tmp_path)
    await again.start()
    await until(lambda: len(asha.sent()) >= 3)
    assert [sent.text.split()[0] for sent in asha.sent()] == ["First", "Second", "Third"]
    await again.stop()


async def test_another_program_with_the_same_token_does_not_end_it(bot, api, asha):
    other = Bot(api, bot.folder / "other")
    (bot.folder / "other").mkdir()
    await other.start()
    await until(lambda: sum(method == "getme" for method, _ in api.calls) == 2)
    await asyncio.sleep(0.5)
    await other.stop()
    await asha.say("hello")
    assert len(asha.sent()) == 1


async def test_a_token_that_telegram_refuses_turns_the_channel_off_and_is_not_repeated(
    api, tmp_path, monkeypatch, capsys
):
    wrong = f"{TOKEN[:-3]}999"
    monkeypatch.setattr("tests.channels.telegram_bot.TOKEN", wrong)
    bot = Bot(api, tmp_path)
    await bot.start()
    await until(lambda: bot._running.done())
    said = capsys.readouterr().out
    assert said.count("telegram: off") == 1
    assert "@BotFather" in said
    assert wrong not in said
    await bot.stop()


async def test_a_telegram_that_cannot_be_reached_is_waited_for(tmp_path, monkeypatch, capsys):
    with BotApi() as api:
        api.drop(away=1.5)
        bot = Bot(api, tmp_path)
        await bot.start()
        asha = TelegramVisitor(api, 501)
        assert (await asha.say("hello")).texts == ["You said: hello"]
        await bot.stop()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"TELEGRAM_TOKEN": "abc"}, "@BotFather"),
        ({"TELEGRAM_WEBHOOK": "chat.example.org"}, "https://chat.example.org"),
        ({"TELEGRAM_WEBHOOK": "http://chat.example.org"}, "https"),
        ({"TELEGRAM_API": "ftp://x"}, "TELEGRAM_API"),
    ],
)
def test_a_wrong_setting_is_named_with_its_fix(monkeypatch, settings, words):
    monkeypatch.setenv("ASSISTANT_SECRET", "x" * 32)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=next(iter(settings))) as error:
        read_settings()
    assert words in str(error.value)


def test_the_settings_do_not_show_the_token(monkeypatch):
    monkeypatch.setenv("ASSISTANT_SECRET", "x" * 32)
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    assert TOKEN not in repr(read_settings())

"""The assistant's Markdown as Telegram's HTML, in messages that Telegram takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.telegram_text import LONGEST, as_html
from scripts.answers import all_answers
from scripts.bot_api_html import units, visible


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Plain words.", "Plain words."),
        ("**Call** now", "<b>Call</b> now"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<b>not ours</b>", "&lt;b&gt;not ours&lt;/b&gt;"),
        ("[NHS](https://nhs.uk/?a=1&b=2)", '<a href="https://nhs.uk/?a=1&amp;b=2">NHS</a>'),
        ('[x](https://e.org/"><b>)', '<a href="https://e.org/&quot;&gt;&lt;b&gt;">x</a>'),
        ("call [999](tel:999)", "call <b>999</b>"),
        ("**call [999](tel:999) now**", "<b>call </b><b>999</b><b> now</b>"),
        ("[us](mailto:a@b.org)", "us"),
        ("[bad](javascript:alert(1))", "[bad](javascript:alert(1))"),
        ("- one\n- two", "• one\n• two"),
        ("2 * 3 ** 4", "2 * 3 ** 4"),
    ],
)
def test_markdown_becomes_html_and_all_else_is_escaped(text, html):
    assert as_html(text) == [html]


def test_a_table_becomes_a_heading_and_lines_for_each_row():
    table = (
        "Two things.\n\n| | Milia | Acne |\n| --- | --- | --- |\n"
        "| Where | nose | cheeks |\n| **When** | birth | later |\n\nThat is all."
    )
    assert as_html(table) == [
        "Two things.\n\n<b>Where</b>\n• Milia: nose\n• Acne: cheeks\n\n"
        "<b>When</b>\n• Milia: birth\n• Acne: later\n\nThat is all."
    ]


def test_a_long_text_is_cut_after_a_paragraph_else_a_sentence_else_a_word():
    assert as_html("aaaa bbbb.\n\ncccc dddd. eeee", 20) == ["aaaa bbbb.", "cccc dddd. eeee"]
    assert as_html("aaaa bbbb. cccc dddd. eeee", 22) == ["aaaa bbbb. cccc dddd.", "eeee"]
    assert as_html("aaaa bbbb cccc", 10) == ["aaaa bbbb", "cccc"]
    assert as_html("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_what_is_bold_over_a_cut_is_bold_on_both_sides():
    assert as_html("**One is here. Two is there.**", 16) == [
        "<b>One is here.</b>",
        "<b>Two is there.</b>",
    ]


PIECES = [*"ab .!\n*|-[]()<>&\"'😀é", "**", "(https://x.y)", "| --- |\n"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_html_that_telegram_takes_and_nothing_is_lost(text):
    messages = as_html(text, 40)
    for message in messages:
        assert units(visible(message)) <= 40
    letters = "".join(character for character in text if character in "ab😀é")
    if "|" not in text and "[" not in text:
        shown = "".join(visible(message) for message in messages)
        assert "".join(character for character in shown if character in "ab😀é") == letters


def test_all_our_answers_are_taken_and_show_no_markdown():
    for answer in all_answers():
        for message in as_html(answer.text):
            shown = visible(message)
            assert units(shown) <= LONGEST
            assert "**" not in shown, answer.response
            assert "](" not in shown, answer.response
            assert "---" not in shown, answer.response

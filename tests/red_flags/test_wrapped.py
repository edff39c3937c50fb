"""What stands around a danger, or how it is typed, never hides it."""

from __future__ import annotations

import string
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.red_flags_lexicon import RedFlagLexicon
from scripts.danger_messages import messages
from scripts.safety import LEXICON
from tests.red_flags.test_published_set import kinds

CAUGHT = list(messages("caught"))
CHATTER = ["hi there sorry to bother you", "thank you for your time", "i love your website"]
BEFORE = """Hello, we found you through a friend who had two spots taken off last spring and was so
pleased. We live near the park, my husband works nights and I am at home with the children, the
eldest has just started school. I have read your page about milia twice. I wanted to ask about
prices and about parking."""
AFTER = """Anyway, do you have anything on a Thursday? We could come by bus, the 43 stops outside. My
sister would come too, she wants to ask about a facial. Many thanks, and sorry for going on."""
VOCABULARY = RedFlagLexicon.load(LEXICON).vocabulary
MOST_HIDDEN_BY_A_SLIP = 0.03


@given(st.sampled_from(CAUGHT), st.sampled_from(CHATTER), st.sampled_from(CHATTER))
def test_chatter_around_a_danger_never_hides_it(message, before, after):
    kind, text = message
    assert kind in kinds(f"{before}. {text}. {after}")


@pytest.mark.parametrize(("kind", "text"), CAUGHT)
def test_a_long_story_never_hides_the_danger_in_its_middle(kind, text):
    assert kind in kinds(f"{BEFORE} {text}. {AFTER}")


def test_neither_chatter_nor_a_long_story_hides_a_danger_from_the_whole_model(model):
    for _, text in CAUGHT:
        assert model(f"{CHATTER[0]}. {text}. {CHATTER[1]}"), text
        assert model(f"{BEFORE} {text}. {AFTER}"), text


@given(st.data(), st.sampled_from(CAUGHT))
def test_the_whole_model_alarms_however_a_danger_is_dressed(model, data, message):
    _, text = message
    change = data.draw(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
    before, after = (data.draw(st.text("!.?… \n", max_size=4)) for _ in "ab")
    around = st.sampled_from(["", *CHATTER])
    dressed = f"{data.draw(around)}. {before}{change(text)}{after}. {data.draw(around)}"
    assert model(dressed), dressed


@given(st.sampled_from(CAUGHT), st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_capital_letters_never_hide_a_danger(message, change):
    kind, text = message
    assert kind in kinds(change(text))


@given(st.sampled_from(CAUGHT), st.text("!.?… ", max_size=6), st.text(" \n", max_size=3))
def test_punctuation_around_a_danger_never_hides_it(message, after, before):
    kind, text = message
    assert kind in kinds(before + text + after)


@given(st.data(), st.sampled_from(CAUGHT))
def test_spaces_and_emoji_between_its_words_never_hide_a_danger(data, message):
    kind, text = message
    gaps = st.sampled_from([" ", "  ", "\t", " 😭 ", " 🙏🏽 ", " ❤️  "])
    first, *others = text.split()
    assert kind in kinds(first + "".join(data.draw(gaps) + word for word in others))


def slips(text: str) -> Iterator[str]:
    """The text with one slip in one of the lexicon's longer words: left out, swapped, doubled."""
    words = text.split()
    for place, word in enumerate(words):
        if len(word) < 6 or word.lower() not in VOCABULARY:
            continue
        m = len(word) // 2
        for slip in (
            word[:m] + word[m + 1 :],
            word[:m] + word[m + 1 : m + 2] + word[m] + word[m + 2 :],
            word[:m] + word[m] + word[m:],
        ):
            yield " ".join([*words[:place], slip, *words[place + 1 :]])


def test_one_slip_of_the_pen_seldom_hides_a_danger():
    """The limit: a slip that makes another word ("buring", "filed") may hide it from the rules."""
    typed = [slip for _, text in CAUGHT for slip in slips(text)]
    hidden = [text for text in typed if not kinds(text)]
    assert len(typed) > 3000
    assert len(hidden) <= MOST_HIDDEN_BY_A_SLIP * len(typed), hidden


@given(st.text(string.printable + "😭…’£", max_size=300))
def test_any_text_is_read_safely(text):
    kinds(text)

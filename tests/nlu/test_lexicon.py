"""The lexicon's rules, and what is said when it breaks one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.lexicon import NOT_MEANT, Lexicon, LexiconError, Meaning, split_words, with_plural

LEXICON = Lexicon.load("data/lexicon/milia.yml")


def words(text):
    return [word.text for word in split_words(text)]


# --- words ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Milia, again?", ["milia", ",", "again", "?"]),
        ("De-Roofing", ["de", "roofing"]),
        ("baby's nose; babies' noses", ["baby", "nose", ";", "babies", "noses"]),
        ("Epstein’s", ["epstein"]),
        ("I’m 3wk", ["i'm", "3", "wk"]),
        ("milia/acne", ["milia", "/", "acne"]),
        ("", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


@given(st.text())
def test_words_stand_where_they_say(text):
    for word in split_words(text):
        assert text[word.start : word.end].lower().replace("’", "'") == word.text


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("stye", ["stye", "styes"]),
        ("baby", ["baby", "babies", "babys"]),
        ("boy", ["boy", "boys"]),
        ("lo", ["lo"]),
        ("16", ["16"]),
    ],
)
def test_plurals(word, forms):
    assert with_plural(word) == forms


# --- the file ------------------------------------------------------------------


def test_a_filler_stands_for_nothing_or_for_whose():
    under_eye = Meaning("body_area", "under_eye")
    for phrase in ["under eye", "under my eyes", "under her left eye", "under both eyes"]:
        assert LEXICON.phrases[tuple(phrase.split())] == under_eye


def test_what_babies_only_have_is_marked():
    assert Meaning("condition", "baby_acne") in LEXICON.babies_only
    assert Meaning("condition", "milia") not in LEXICON.babies_only


def test_it_survives_being_packed():
    assert Lexicon.from_dict(LEXICON.to_dict()) == LEXICON


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({}, "no top-level key 'lexicon'"),
        ({"lexicon": {}, "nlu": []}, "unknown key 'nlu'"),
        (
            {"lexicon": {"condition": {"milia": ["milium"], "wart": ["milium"]}}},
            "'milium' is both condition milia and condition wart",
        ),
        ({"lexicon": {"condition": {"milia": [2]}}}, "condition.milia: 2 is no phrase"),
        ({"lexicon": {"condition": {"milia": ["  "]}}}, "is no phrase"),
        (
            {"lexicon": {"condition": {"milia": ["milia"]}}, "babies_only": {"condition": ["x"]}},
            "babies_only names condition x",
        ),
    ],
)
def test_errors_name_the_thing(source, message):
    with pytest.raises(LexiconError, match=message):
        Lexicon.from_dict(source)


def test_a_missing_file_says_where_to_set_it(tmp_path):
    with pytest.raises(LexiconError, match=r"set `lexicon` of LexiconEntityExtractor"):
        Lexicon.load(tmp_path / "none.yml")


def test_all_words_whose_slips_are_met_occur_in_a_phrase():
    assert set(LEXICON.slips_of) <= LEXICON.vocabulary


def test_no_real_word_is_also_in_the_lexicon():
    assert not LEXICON.not_slips & LEXICON.vocabulary


def test_swallowed_phrases_hold_a_word_of_ours():
    ours = {
        word
        for phrase, meaning in LEXICON.phrases.items()
        if meaning.entity != NOT_MEANT
        for word in phrase
    }
    for phrase, meaning in LEXICON.phrases.items():
        if meaning.entity == NOT_MEANT:
            assert ours.intersection(phrase), f"{' '.join(phrase)!r} swallows nothing"

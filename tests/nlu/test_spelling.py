"""Which slips of the pen are met, and which words are not taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.lexicon import Lexicon
from nlu.spelling import LONGEST, Speller, slips_allowed, slips_between

LEXICON = Lexicon.load("data/lexicon/milia.yml")
SPELLER = Speller(LEXICON.vocabulary, LEXICON.slips_of, LEXICON.not_slips)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("millia", "milia"),
        ("melia", "milia"),
        ("mlia", "milia"),
        ("mliia", "milia"),
        ("milai", "milia"),
        ("epstien", "epstein"),
        ("cryotheropy", "cryotherapy"),
        ("cryothrapy", "cryotherapy"),
        ("currettage", "curettage"),
        ("syringomma", "syringoma"),
        ("syrngomas", "syringomas"),
        ("xanthalasma", "xanthelasma"),
        ("salycilic", "salicylic"),
        ("saliclyic", "salicylic"),
        ("niacinimide", "niacinamide"),
        ("tretonoin", "tretinoin"),
        ("moisteriser", "moisturiser"),
        ("daugther", "daughter"),
        ("eyleid", "eyelid"),
        ("forehed", "forehead"),
        ("keratosus", "keratosis"),
        ("babyyyy", "baby"),
    ],
)
def test_slips_are_met(typed, meant):
    assert SPELLER.read(typed) == (meant, True)


@pytest.mark.parametrize("typed", ["mila", "miliums", "curretage", "milkspots", "syringomas"])
def test_common_misspellings_stand_in_the_lexicon(typed):
    assert SPELLER.read(typed) == (typed, False)


REAL_WORDS = """
    mild media familia similar million millions malaria emilia style warm feel rash milk mile miles
    militia cilia amelia malia milan mafia maria villa check cheer scale plate palace premier
    plague pear pearly comedy feeling differ different accurate provide creek cheeky
    poignant pennant infertile infect insane instant forehand whitened blacked blockhead
    electrolytes extinction eruption contagious primarily premises children childish
    minute minimal minor manual minecraft lotion later latest acid citrus civic
    castro coaster pastor water matter later letter curtain curate
    steamed stream streamer cleaner cleanse retainer retina rental virtually
    newton news newport band daunting laughter slaughter
    lo so style stylish tie sty story wart want wants work warts salad scalding
    peel feel peer reel heel laser later fever forever moisture mixture
"""


@pytest.mark.parametrize("word", sorted(set(REAL_WORDS.split())))
def test_real_words_are_not_taken_for_slips(word):
    read = SPELLER.read(word)
    assert read is None or read == (word, False)


def test_the_stated_limits():
    assert slips_allowed("milz", "mila") == 0  # four letters: none,
    assert slips_allowed("imla", "mila") == 1  # but a swap
    assert slips_allowed("mil", "mila") == 0
    assert slips_allowed("mlia", "milia") == 1  # five: one, though a letter was lost
    assert slips_allowed("epstien", "epstein") == 1  # seven: one
    assert slips_allowed("retinoid", "retinoid") == 2  # eight: two
    assert slips_allowed("syringom", "syringoma") == 2
    assert slips_allowed("syringo", "syringoma") == 1  # fewer than eight typed: one


@pytest.mark.parametrize("typed", ["filia", "emilia", "bilia", "ilia"])
def test_the_first_letter_must_be_right(typed):
    assert SPELLER.read(typed) is None


@pytest.mark.parametrize("typed", ["mi", "mia", "milaii", "maliua", "syrxxxoma", "m1lia"])
def test_more_slips_than_allowed_are_not_met(typed):
    assert SPELLER.read(typed) is None


def test_a_very_long_word_is_no_slip():
    assert SPELLER.read("m" + "i" * LONGEST) is None


@pytest.mark.parametrize(
    ("typed", "meant", "slips"),
    [("ab", "ba", 1), ("abc", "abc", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3)],
)
def test_counting_slips(typed, meant, slips):
    assert slips_between(typed, meant) == slips


LONG_WORDS = sorted(word for word in LEXICON.slips_of if len(word) >= 5)


@given(
    st.sampled_from(LONG_WORDS), st.integers(min_value=1), st.sampled_from(["swap", "drop", "add"])
)
def test_one_slip_in_an_important_word_is_met(word, at, slip):
    at = 1 + at % (len(word) - 2)
    typed = {
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "drop": word[:at] + word[at + 1 :],
        "add": word[:at] + "z" + word[at:],
    }[slip]
    if typed in LEXICON.vocabulary | LEXICON.not_slips:
        return
    read = SPELLER.read(typed)
    assert read is not None
    assert slips_between(typed, read[0]) <= 1

"""Answers are said in the clinic's own spelling."""

from __future__ import annotations

import re

import pytest

from nlu.house_spelling import PAIRS, house_spelling, spelling_of_the_clinic, spelt
from scripts.answers import all_answers

US = house_spelling("US")
# Endings that British English has, and words that end so in both.
BRITISH = re.compile(
    r"\b[a-z]+(?:isers?|ising|ised|isation|our|ours|oured|tre)\b|\b(?:oedema|paediatric|anaesthe)\w*",
    re.IGNORECASE,
)
BOTH = {
    *(
        "four",
        "hour",
        "hours",
        "your",
        "yours",
        "our",
        "ours",
        "pour",
        "pours",
        "advised",
        "raised",
    ),
    *("bruised", "rising", "surprised", "raising", "promised"),
}


def test_british_words_become_american_with_their_capital():
    assert US("Colour and moisturiser. Ring your health visitor.") == (
        "Color and moisturizer. Call your pediatrician."
    )


def test_whole_words_only():
    assert US("spring, string and scar") == "spring, string and scar"


def test_placeholders_and_links_are_left_alone():
    text = "{ring} https://example.org/colour/mum"
    assert US(text) == text


def test_a_british_clinic_says_what_is_written():
    assert house_spelling("UK")("colour") == "colour"


def test_another_spelling_is_refused_with_the_setting_and_the_fix():
    with pytest.raises(ValueError, match='spelling "AU": write UK or US'):
        house_spelling("AU")


def test_what_a_button_sends_is_left_as_the_examples_have_it():
    said = {
        "text": "colour",
        "buttons": [{"title": "Colour", "payload": "does it change colour"}],
        "metadata": {"more": "mum", "alt": "a grey dot", "sources": ["colour"]},
    }
    assert spelt(said, US) == {
        "text": "color",
        "buttons": [{"title": "Color", "payload": "does it change colour"}],
        "metadata": {"more": "mom", "alt": "a gray dot", "sources": ["colour"]},
    }
    assert said["text"] == "colour"


def test_the_clinics_spelling_is_read_from_its_file(tmp_path, monkeypatch):
    clinic = tmp_path / "clinic.yml"
    clinic.write_text("name: A\nspelling: US\n")
    monkeypatch.setenv("CLINIC_FILE", str(clinic))
    assert spelling_of_the_clinic() == "US"
    clinic.write_text("name: A\n")
    assert spelling_of_the_clinic() == "UK"


@pytest.mark.parametrize("answer", all_answers(), ids=str)
def test_no_british_word_is_left_in_american_answers(answer):
    titles = " ".join(button["title"] for button in answer.buttons)
    said = US(f"{answer.text} {answer.more} {titles}")
    left = {word for word in BRITISH.findall(said) if word.lower() not in BOTH}
    assert not left, f"add a pair to {PAIRS}"

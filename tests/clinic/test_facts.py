"""The clinic's facts for the answers."""

from __future__ import annotations

from clinic.facts import facts


def test_every_fact_is_words_and_none_is_empty(clinic, now):
    assert all(isinstance(words, str) and words.strip() for words in facts(clinic, now).values())


def test_the_facts_are_those_of_clinic_yml(clinic, now):
    said = facts(clinic, now)
    assert said["clinic_phone"] == clinic.phone
    assert said["open_now"] == "We are open now, until 17:30."
    assert "- Consultation: £60" in said["prices"]
    assert said["poison_number"] == "111"

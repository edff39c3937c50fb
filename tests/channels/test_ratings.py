"""The ratings as the clinic reads them."""

from __future__ import annotations

from channels.ratings import in_words


def test_a_rating_is_a_line_with_its_topic_and_word():
    rating = {"at": "2026-11-25T10:00:00+00:00", "thumb": "down", "topic": "causes", "word": "why?"}
    line = in_words([rating])
    assert [part in line for part in rating.values()] == [True] * 4


def test_no_ratings_are_said_in_words():
    assert "Nobody" in in_words([])

"""docs/coverage.md: the clinic's whole page, and the answers that carry it."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from scripts.answers import all_answers

PAGE = (Path(__file__).parents[2] / "docs/coverage.md").read_text(encoding="utf-8")
# Of the page's words in their order, in small letters with a space between.
WORDS_OF_THE_PAGE = "d0a7205a869bf8b62c60a854056061a8b7029573c9e4dab06951e45470840860"


class Row(NamedTuple):
    number: str
    statement: str
    answer: str
    says: str
    differs: str


STATEMENTS = [
    Row(*(cell.strip() for cell in line.strip("|").split("|")))
    for line in re.findall(r"^\| \d+ \|.*\|$", PAGE, re.M)
]
NAMED = set(re.findall(r"\bfaq/\w+", PAGE))


def _said() -> dict[str, str]:
    """All that each answer says, in any of its variations, buttons included."""
    said: dict[str, str] = defaultdict(str)
    for answer in all_answers():
        titles = " ".join(button["title"] for button in answer.buttons)
        words = " ".join(f"{answer.text} {answer.more} {titles}".split())
        said[answer.response.removeprefix("utter_")] += f"{words.lower()} | "
    return said


SAID = _said()


def test_every_word_of_the_page_is_listed_in_its_order():
    words = re.findall(r"\w+", " ".join(row.statement for row in STATEMENTS).lower())
    assert hashlib.sha256(" ".join(words).encode()).hexdigest() == WORDS_OF_THE_PAGE


def test_the_statements_are_counted():
    assert [row.number for row in STATEMENTS] == [str(n) for n in range(1, len(STATEMENTS) + 1)]


@pytest.mark.parametrize("row", STATEMENTS, ids=lambda row: row.number)
def test_the_answer_named_says_the_words_quoted(row):
    assert row.answer in SAID, f"there is no answer {row.answer}"
    assert row.says, "quote the words of the answer"
    assert row.says.lower() in SAID[row.answer]


@pytest.mark.parametrize("answer", sorted(NAMED))
def test_an_answer_named_anywhere_on_the_page_exists(answer):
    assert answer in SAID

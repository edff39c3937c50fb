"""The reading age of every answer, medical names set aside: a US school grade each."""

from __future__ import annotations

import re
from pathlib import Path

import textstat
import yaml

from scripts.answers import ROOT, all_answers

GRADE = 8
NAMES = ROOT / "data/medical_names.yml"


def medical_names(path: Path = NAMES) -> list[str]:
    """The names that no plainer word can stand for, the longest first."""
    names = yaml.safe_load(path.read_text(encoding="utf-8"))["medical_names"]
    return sorted(names, key=len, reverse=True)


def set_aside(text: str, names: list[str]) -> str:
    """The text with a short word for each medical name and placeholder, and no Markdown."""
    text = re.sub(r"\{\w+\}", "this", text)
    text = re.sub(rf"\b(?:{'|'.join(map(re.escape, names))})\b", "name", text, flags=re.IGNORECASE)
    lines = (line.strip().removeprefix("- ") for line in text.splitlines())
    # A line that ends without a full stop, an item of a list for example, is a sentence too.
    return " ".join(line if line[-1] in ".?:" else f"{line}." for line in lines if line)


def grade(text: str, names: list[str]) -> float:
    """The Flesch-Kincaid grade: the US school year in which it is read with ease."""
    return float(textstat.flesch_kincaid_grade(set_aside(text, names)))


def main() -> None:
    """Prints a line an answer, the hardest first."""
    names = medical_names()
    said = [
        (grade(words, names), f"{answer}{part}")
        for answer in all_answers()
        for words, part in ((answer.prose, ""), (answer.more, " (more)"))
        if words
    ]
    for reading_grade, answer in sorted(said, reverse=True):
        print(f"{reading_grade:5.1f}  {answer}")
    median = sorted(said)[len(said) // 2][0]
    over = sum(reading_grade > GRADE for reading_grade, _ in said)
    print(f"{len(said)} texts, median grade {median:.1f}, {over} above grade {GRADE}")


if __name__ == "__main__":
    main()

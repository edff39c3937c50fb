"""docs/intents.md, the domain and the examples name the same intents."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text())
CONFIG = yaml.safe_load((ROOT / "config.yml").read_text())
EXPLAINED = set(
    re.findall(r"^\| ([a-z_]+(?:/\w+)?) \|", (ROOT / "docs/intents.md").read_text(), re.M)
) - {"intent"}


def examples():
    """The examples of each intent in data/nlu."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "data/nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text())["nlu"]:
            lines = [line.strip().removeprefix("- ") for line in block["examples"].splitlines()]
            found.setdefault(block["intent"], []).extend(lines)
    return found


EXAMPLES = examples()


def test_every_intent_of_the_examples_is_explained_and_no_other():
    assert EXAMPLES.keys() == EXPLAINED


def test_the_domain_lists_the_intents_that_are_no_retrieval_intents():
    assert set(DOMAIN["intents"]) == {name for name in EXPLAINED if "/" not in name}


def test_the_importer_is_told_the_retrieval_intents():
    retrieval = {name.partition("/")[0] for name in EXPLAINED if "/" in name}
    assert set(CONFIG["importers"][0]["retrieval_intents"]) == retrieval


def test_every_question_is_a_topic():
    questions = {name.removeprefix("faq/") for name in EXPLAINED if name.startswith("faq/")}
    assert set(DOMAIN["slots"]["topic"]["values"]) == questions | {"follow_up"}


@pytest.mark.parametrize("intent", sorted(EXPLAINED))
def test_an_intent_has_enough_examples(intent):
    assert len(EXAMPLES[intent]) >= (30 if "/" in intent else 20)


def test_an_example_stands_once():
    times = Counter(line.lower() for lines in EXAMPLES.values() for line in lines)
    assert not [line for line, count in times.items() if count > 1]

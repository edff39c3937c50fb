"""Messages that neither the rules nor the second opinion have learnt from."""

from __future__ import annotations

import csv
from pathlib import Path

from scripts.safety import (
    LEAST_CAUGHT_OF_STRANGERS,
    MOST_FALSE_ALARMS_OF_STRANGERS,
    messages,
    trained_model,
)

CAUGHT, HARMLESS = (list(messages(f"strangers {name}")) for name in ("caught", "harmless"))


def learnt():
    """What the second opinion, the encoder and the classifier have learnt from."""
    for table in ("data/red_flags/messages.tsv", "data/tuning/messages.tsv"):
        with Path(table).open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            yield from (row["text"].lower() for row in rows)
    for name in ("caught", "harmless"):
        yield from (text.lower() for _, text in messages(name))


def test_nothing_has_learnt_from_strangers():
    strangers = {text.lower() for _, text in [*CAUGHT, *HARMLESS]}
    assert len(strangers) >= 1000
    assert strangers.isdisjoint(learnt())
    examples = "".join(path.read_text("utf-8").lower() for path in Path("data/nlu").glob("*.yml"))
    assert [text for text in strangers if f"- {text}\n" in examples] == []


def test_of_their_dangers_97_in_100_are_caught_and_of_the_rest_3_alarm():
    alarm = trained_model()
    missed = [text for _, text in CAUGHT if not alarm(text)]
    false = [text for _, text in HARMLESS if alarm(text)]
    assert len(missed) <= (1 - LEAST_CAUGHT_OF_STRANGERS) * len(CAUGHT), missed
    assert len(false) <= MOST_FALSE_ALARMS_OF_STRANGERS * len(HARMLESS), false

"""Messages that neither the rules nor the second opinion have learnt from."""

from __future__ import annotations

from pathlib import Path

from scripts.danger_messages import LEARNT, TUNING, messages, rows, strangers
from scripts.safety import LEAST_CAUGHT_OF_STRANGERS, MOST_FALSE_ALARMS_OF_STRANGERS

CAUGHT, HARMLESS = list(strangers("caught")), list(strangers("harmless"))


def learnt():
    """What the second opinion, the encoder and the classifier have learnt from."""
    yield from (row["text"].lower() for table in (LEARNT, TUNING) for row in rows(table))
    yield from (text.lower() for _, text in [*messages("caught"), *messages("harmless")])


def test_nothing_has_learnt_from_strangers():
    unknown = {text.lower() for _, text in [*CAUGHT, *HARMLESS]}
    assert len(unknown) >= 1000
    assert unknown.isdisjoint(learnt())
    examples = "".join(path.read_text("utf-8").lower() for path in Path("data/nlu").glob("*.yml"))
    assert [text for text in unknown if f"- {text}\n" in examples] == []


def test_of_their_dangers_97_in_100_are_caught_and_of_the_rest_3_alarm(model):
    missed = [text for _, text in CAUGHT if not model(text)]
    false = [text for _, text in HARMLESS if model(text)]
    assert len(missed) <= (1 - LEAST_CAUGHT_OF_STRANGERS) * len(CAUGHT), missed
    assert len(false) <= MOST_FALSE_ALARMS_OF_STRANGERS * len(HARMLESS), false

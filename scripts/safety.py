"""Measures the red flags on the sets in tests/red_flags/ (`make safety`).

The published set is what the rules were mended by and the second opinion learnt from: it shows
that nothing known is lost. The strangers' messages were kept from both, and tell how it fares with
people nobody has met. Prints recall by kind and false alarms by reason with their 95 % intervals
(Wilson), of the rules alone and of the whole trained model, and what the red flags add to a
message. Fails where CI would.
"""

from __future__ import annotations

import asyncio
import csv
import logging
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from nlu.danger_reader import danger_reader
from nlu.encoder import TUNED, SentenceEncoder
from nlu.red_flags_finder import RedFlagFinder
from nlu.red_flags_lexicon import RedFlagLexicon

SET = Path("tests/red_flags")
LEXICON = Path("data/lexicon/red_flags.yml")
STRANGERS = SET / "strangers.tsv"
LEAST_CAUGHT, MOST_FALSE_ALARMS = 1.0, 0.02  # of the published set
LEAST_CAUGHT_OF_STRANGERS, MOST_FALSE_ALARMS_OF_STRANGERS = 0.97, 0.03
ALARMS = {"urgent", "distress"}

Alarm = Callable[[str], bool]


def main() -> int:
    """Prints the measures; 1 if they are not good enough."""
    finder = RedFlagFinder(RedFlagLexicon.load(LEXICON))

    def rules(text: str) -> bool:
        return any(flag.there for flag in finder.find(text))

    model = trained_model()
    report("The published set, the rules alone", "", rules)
    caught, false = report("The published set, the whole model", "", model)
    fine = caught >= LEAST_CAUGHT and false <= MOST_FALSE_ALARMS
    report("Strangers' messages, the rules alone", "strangers ", rules)
    caught, false = report("Strangers' messages, the whole model", "strangers ", model)
    fine = fine and caught >= LEAST_CAUGHT_OF_STRANGERS
    print_times(finder)
    return int(not (fine and false <= MOST_FALSE_ALARMS_OF_STRANGERS))


def print_times(finder: RedFlagFinder) -> None:
    """What is added to a message that the encoder has read already."""
    texts = [text for name in ("caught", "harmless") for _, text in messages(name)]
    encoder, reader = SentenceEncoder(TUNED), danger_reader()
    rules, second = [], []
    for text in texts:
        encoded = encoder.encode_tokens(text)
        began = time.perf_counter()
        finder.find(text)
        between = time.perf_counter()
        reader.read(encoded)
        rules.append((between - began) * 1000)
        second.append((time.perf_counter() - between) * 1000)
    both = statistics.median(map(sum, zip(rules, second, strict=True)))
    print(
        f"The rules take {statistics.median(rules):.2f} ms a message, the second opinion "
        f"{statistics.median(second):.2f} ms, both {both:.2f} ms (medians of {len(texts)})."
    )


def messages(name: str) -> Iterator[tuple[str, str]]:
    """The messages that must be ``caught``, or the ``harmless`` ones, each with its kind, of the
    published set; those of strangers as ``strangers caught`` and ``strangers harmless``."""
    if name.startswith("strangers "):
        alarm = {"strangers caught": "yes", "strangers harmless": "no"}[name]
        with STRANGERS.open(encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["alarm"] == alarm:
                    yield row["sort"], row["text"]
        return
    file = {"caught": "caught.yml", "harmless": "not_alarming.yml"}[name]
    for kind, texts in yaml.safe_load((SET / file).read_text(encoding="utf-8")).items():
        for text in texts:
            yield kind, str(text)


def trained_model() -> Alarm:
    """Whether the newest model takes a message for urgent or for distress."""
    from rasa.core.agent import Agent  # noqa: PLC0415
    from rasa.model import get_latest_model  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    configure_structlog(logging.ERROR)
    agent = Agent.load(get_latest_model("models"))
    loop = asyncio.new_event_loop()

    def alarm(text: str) -> bool:
        parsed = loop.run_until_complete(agent.parse_message(text))
        return parsed["intent"]["name"] in ALARMS

    return alarm


def report(title: str, of: str, alarm: Alarm) -> tuple[float, float]:
    """Prints what alarms and what does not, and returns the share of dangers and of harmless
    messages that alarm."""
    print(f"\n{title}")
    caught, missed = measured(f"{of}caught", alarm, wanted=True)
    false, false_alarms = measured(f"{of}harmless", alarm, wanted=False)
    for text in [*missed, *false_alarms]:
        print(f"  wrong: {text}")
    print()
    return caught, false


def measured(name: str, alarm: Alarm, wanted: bool) -> tuple[float, list[str]]:
    """The share of a set's messages that alarm, and those that should not or do not."""
    by_kind: dict[str, list[bool]] = {}
    wrong = []
    for kind, text in messages(name):
        alarmed = alarm(text)
        by_kind.setdefault(kind, []).append(alarmed)
        if alarmed != wanted:
            wrong.append(f"{kind}: {text}")
    print("  caught" if wanted else "  false alarms")
    every = [alarmed for found in by_kind.values() for alarmed in found]
    for kind, found in {**by_kind, "all": every}.items():
        low, high = wilson(sum(found), len(found))
        share = sum(found) / len(found)
        print(
            f"    {kind:28} {sum(found):4} of {len(found):4} {share:6.1%} [{low:.1%}, {high:.1%}]"
        )
    return sum(every) / len(every), wrong


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share, square = hits / of, z * z / of
    centre = (share + square / 2) / (1 + square)
    half = z / (1 + square) * (share * (1 - share) / of + square / (4 * of)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


if __name__ == "__main__":
    sys.exit(main())

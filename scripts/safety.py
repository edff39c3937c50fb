"""Measures the red flags on the published set, tests/red_flags/ (`make safety`).

Prints recall by kind and false alarms by reason with their 95 % intervals (Wilson), of the
rules alone and of the whole trained model, and what the rules add to a message. Fails if a
danger is missed, or if more than 2 % of the harmless messages alarm.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from nlu.red_flags_finder import RedFlagFinder
from nlu.red_flags_lexicon import RedFlagLexicon

SET = Path("tests/red_flags")
LEXICON = Path("data/lexicon/red_flags.yml")
MOST_FALSE_ALARMS = 0.02
ALARMS = {"urgent", "distress"}

Alarm = Callable[[str], bool]


def main() -> int:
    """Prints the measures; 1 if they are not good enough."""
    finder = RedFlagFinder(RedFlagLexicon.load(LEXICON))

    def rules(text: str) -> bool:
        return any(flag.there for flag in finder.find(text))

    fine = [report("The rules alone", rules), report("The whole model", trained_model())]
    texts = [text for _, text in messages("caught")] + [text for _, text in messages("harmless")]
    took = []
    for text in texts:
        began = time.perf_counter()
        finder.find(text)
        took.append((time.perf_counter() - began) * 1000)
    print(f"The rules take {statistics.median(took):.2f} ms a message (median of {len(took)}).")
    return int(not all(fine))


def messages(name: str) -> Iterator[tuple[str, str]]:
    """The messages that must be `caught`, or the `harmless` ones, each with its kind."""
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


def report(title: str, alarm: Alarm) -> bool:
    """Prints what alarms and what does not; whether that is good enough."""
    print(f"\n{title}")
    caught, missed = measured("caught", alarm, wanted=True)
    false, false_alarms = measured("harmless", alarm, wanted=False)
    for text in [*missed, *false_alarms]:
        print(f"  wrong: {text}")
    print()
    return caught == 1 and false <= MOST_FALSE_ALARMS


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

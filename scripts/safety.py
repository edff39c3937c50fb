"""Measures the red flags on the sets in tests/red_flags/ (`make safety`).

The published set is what the rules were mended by and the second opinion learnt from: it shows
that nothing known is lost. The strangers' messages were kept from both, and tell how it fares with
people nobody has met. Prints recall by kind and false alarms by reason with their 95 % intervals
(Wilson), of the rules alone and of the whole trained model, and what the red flags add to a
message. Fails where CI would.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from nlu.danger_reader import danger_reader
from nlu.encoder import TUNED, SentenceEncoder
from nlu.red_flags_finder import RedFlagFinder
from nlu.red_flags_lexicon import RedFlagLexicon
from scripts.danger_messages import Message, Which, messages, strangers

LEXICON = Path("data/lexicon/red_flags.yml")
LEAST_CAUGHT, MOST_FALSE_ALARMS = 1.0, 0.02  # of the published set
LEAST_CAUGHT_OF_STRANGERS, MOST_FALSE_ALARMS_OF_STRANGERS = 0.97, 0.03
ALARMS = {"urgent", "distress"}

Alarm = Callable[[str], bool]
Set = Callable[[Which], Iterable[Message]]


def main() -> int:
    """Prints the measures; 1 if they are not good enough."""
    finder = RedFlagFinder(RedFlagLexicon.load(LEXICON))

    def rules(text: str) -> bool:
        return any(flag.there for flag in finder.find(text))

    model = trained_model()
    fine = True
    for title, of, least, most in (
        ("The published set", messages, LEAST_CAUGHT, MOST_FALSE_ALARMS),
        (
            "Strangers' messages",
            strangers,
            LEAST_CAUGHT_OF_STRANGERS,
            MOST_FALSE_ALARMS_OF_STRANGERS,
        ),
    ):
        report(f"{title}, the rules alone", of, rules)
        caught, false = report(f"{title}, the whole model", of, model)
        fine = fine and caught >= least and false <= most
    print_times(finder)
    return int(not fine)


def print_times(finder: RedFlagFinder) -> None:
    """What is added to a message that the encoder has read already."""
    texts = [text for _, text in [*messages("caught"), *messages("harmless")]]
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


def report(title: str, of: Set, alarm: Alarm) -> tuple[float, float]:
    """Prints what alarms and what does not, and returns the share of dangers and of harmless
    messages that alarm."""
    print(f"\n{title}")
    caught, missed = measured(of("caught"), alarm, wanted=True)
    false, false_alarms = measured(of("harmless"), alarm, wanted=False)
    for text in [*missed, *false_alarms]:
        print(f"  wrong: {text}")
    print()
    return caught, false


def measured(told: Iterable[Message], alarm: Alarm, wanted: bool) -> tuple[float, list[str]]:
    """The share of messages that alarm, and those that should not or do not."""
    by_kind: dict[str, list[bool]] = {}
    wrong = []
    for kind, text in told:
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

"""Measures how well visitors are understood, and writes docs/nlu.md (`make nlu`).

python -m nlu.report                    this engine, without encoder, Rasa's default pipeline
python -m nlu.report --skip-default     keeps the default pipeline's figures of last time
python -m nlu.report --check            writes nothing; fails below a floor or above a ceiling
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from nlu.examples import read_examples
from nlu.finder import EntityFinder
from nlu.lexicon import Lexicon
from nlu.report_engines import (
    Engine,
    OwnEngine,
    RasaDefaultEngine,
    Trial,
    cross_validate,
)
from nlu.report_measures import MEASURES, measure
from nlu.report_page import draw, write_page

FLOORS = {
    "intent_accuracy": 0.91,
    "macro_f1": 0.91,
    "in_scope_accuracy": 0.93,
    "in_scope_guess": 0.935,
    "right_when_answered": 0.95,
    "out_of_scope_recall": 0.90,
    "entity_f1": 0.97,
}
CEILINGS = {"false_rejection": 0.05, "calibration_error": 0.05}
"""What `--check` asks for at least and at most, cross-validated, at one and the same threshold."""

DATA, DOCS = Path("data/nlu"), Path("docs")
LEXICON, ENTITIES = Path("data/lexicon/milia.yml"), Path("tests/nlu/entities.yml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the report from the command line, at the project's root."""
    parser = argparse.ArgumentParser(prog="python -m nlu.report", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--folds", type=int, default=5, help="of the cross-validation (5)")
    parser.add_argument("--skip-default", action="store_true", help="skip Rasa's default pipeline")
    parser.add_argument("--default-epochs", type=int, default=100, help="of DIET and selector")
    parser.add_argument("--default-folds", type=int, help="how many folds it is tried on (all)")
    parser.add_argument("--check", action="store_true", help="only compare with the floors")
    options = parser.parse_args(arguments)
    examples = read_examples(DATA)
    own = OwnEngine(lexicon=LEXICON)
    trial = cross_validate(own, examples, options.folds, say("this engine"))
    engines = {"own": figures(trial)}
    if options.check:
        return check({**engines["own"], "entity_f1": entity_f1()})
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    before = committed()
    sparse = cross_validate(OwnEngine(encoder=False), examples, options.folds, say("sparse"))
    engines["sparse"] = figures(sparse)
    if not options.skip_default:
        default: Engine = RasaDefaultEngine(options.default_epochs)
        turns = min(options.default_folds or options.folds, options.folds)
        of_default = cross_validate(default, examples, options.folds, say("Rasa's default"), turns)
        about = {"date": today, "examples": len(examples), "epochs": options.default_epochs}
        engines["default"] = figures(of_default) | about | {"folds": turns}
    elif "default" in before.get("engines", {}):
        engines["default"] = before["engines"]["default"]
    report = {
        "date": today,
        "examples": len(examples),
        "intents": len({intent for _, intent in examples}),
        "folds": options.folds,
        "threshold": round(own.threshold, 4),
        "entity_f1": entity_f1(),
        "floors": FLOORS,
        "ceilings": CEILINGS,
        "engines": engines,
    }
    DOCS.mkdir(exist_ok=True)
    (DOCS / "nlu.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    write_page(report, trial.outcomes, DOCS)
    draw(trial.outcomes, own.threshold, DOCS)
    print((DOCS / "nlu.md").read_text(encoding="utf-8").partition("## How")[0])
    print("\n".join(changes(before, report)))
    return 0


def say(who: str) -> Any:
    """Says how far it is, on the error stream."""
    return lambda what: print(f"{who}: {what}", file=sys.stderr, flush=True)


def figures(trial: Trial) -> dict[str, Any]:
    """All that the report says of an engine."""
    return {
        **measure(trial.outcomes),
        "ms_p50": round(float(np.percentile(trial.milliseconds, 50)), 2),
        "ms_p99": round(float(np.percentile(trial.milliseconds, 99)), 2),
        "training_seconds": round(trial.training_seconds, 1),
    }


def check(engine: dict[str, Any]) -> int:
    """Compares an engine's figures with the floors and ceilings; 1 if one is past them."""
    missed = 0
    for name, limit in {**FLOORS, **CEILINGS}.items():
        value = first(engine[name]) or 0.0
        good = value <= limit if name in CEILINGS else value >= limit
        missed += not good
        side = "at most" if name in CEILINGS else "at least"
        words = MEASURES.get(name, "entities, F1")
        print(f"{'ok' if good else 'MISSED':6}  {words}: {value:.1%}, {side} {limit:.1%}")
    if missed:
        print("Find the confused intents with `make nlu`, and add examples where they meet.")
    return int(missed > 0)


def committed() -> dict[str, Any]:
    """The report that was committed last; nothing, if none was."""
    command = ["git", "show", f"HEAD:./{DOCS}/nlu.json"]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    found: dict[str, Any] = json.loads(shown.stdout) if shown.returncode == 0 else {}
    return found


def changes(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What is different from the committed report, a line each."""
    if not before:
        return ["No report was committed before this one."]
    lines = []
    for key in ("examples", "intents", "folds", "entity_f1"):
        if before.get(key) != now[key]:
            lines.append(f"{key}: {before.get(key)} -> {now[key]}")
    for name, engine in now["engines"].items():
        earlier = before.get("engines", {}).get(name, {})
        for measure_name in (*MEASURES, "ms_p50", "ms_p99", "training_seconds"):
            old, new = (first(part.get(measure_name)) for part in (earlier, engine))
            if old is not None and new is not None and abs(new - old) >= 0.0005:
                lines.append(f"{name}: {measure_name} {old:.3f} -> {new:.3f} ({new - old:+.3f})")
    return ["Against the committed report:", *lines] if lines else ["Nothing changed."]


def first(figure: Any) -> float | None:
    """A figure without its interval."""
    return figure[0] if isinstance(figure, list) else figure


def entity_f1() -> float | None:
    """F1 of the entities over the collection in tests/nlu/entities.yml, if there is one."""
    if not ENTITIES.is_file():
        return None
    finder = EntityFinder(Lexicon.load(LEXICON))
    hits = misses = false = 0
    for message in yaml.safe_load(ENTITIES.read_text(encoding="utf-8")):
        wanted = set(expected_entities(message["expect"]))
        found = {(e.entity, in_days(e.entity, e.value)) for e in finder.find(message["text"])}
        for entity, value in found:
            match = next((w for w in wanted if same_entity(w, (entity, value))), None)
            hits += match is not None
            false += match is None
            wanted.discard(match)  # type: ignore[arg-type]
        misses += len(wanted)
    return round(2 * hits / (2 * hits + misses + false), 4)


def expected_entities(expect: dict[str, Any]) -> list[tuple[str, str | float]]:
    """The entities a message should have; an age such as 3w in days."""
    days = {"d": 1.0, "w": 7.0, "m": 30.4375, "y": 365.25}
    pairs: list[tuple[str, str | float]] = []
    for entity, values in expect.items():
        for value in values if isinstance(values, list) else [values]:
            age = float(value[:-1]) * days[value[-1]] if entity == "age" else value
            pairs.append((entity, age))
    return pairs


def in_days(entity: str, value: str | float) -> str | float:
    """An age from months to days; any other value as it is."""
    return float(value) * 30.4375 if entity == "age" else value


def same_entity(one: tuple[str, str | float], other: tuple[str, str | float]) -> bool:
    """Whether two entities are the same; ages, within two days."""
    if one[0] == other[0] == "age":
        return abs(float(one[1]) - float(other[1])) < 2
    return one == other


if __name__ == "__main__":
    sys.exit(main())

"""What the conversations visit, of all intents, answers with their variations, and rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.conversations.recorded import Recorded, called, full_intent, name_of

ROOT = Path(__file__).parents[2]
# Said in a chat on Telegram alone: tests/running/test_telegram.py visits it.
ON_TELEGRAM = {"ask_waiting_confirmed_in_this_chat"}


def _yaml(folder: str) -> Iterator[dict[str, Any]]:
    for file in sorted((ROOT / "data" / folder).glob("*.yml")):
        yield yaml.safe_load(file.read_text())


def intents() -> set[str]:
    """Every intent, retrieval intents in full."""
    return {block["intent"] for file in _yaml("nlu") for block in file["nlu"]}


def variations() -> list[Variation]:
    """Every answer with its conditions, and every text that an action says."""
    found = []
    for file in _yaml("answers"):
        for response, contents in file.get("responses", {}).items():
            name = called(response)
            found += [Variation(name, _values(content)) for content in contents]
        by_actions = [name for name in file.get("said_by_actions", {}) if name not in ON_TELEGRAM]
        found += [Variation(name, {}) for name in by_actions]
    return found


class Variation(NamedTuple):
    """One way to give an answer: its name, and the values of slots under which it is given."""

    name: str
    values: dict[str, list[str | None]]

    def __str__(self) -> str:
        conditions = (f"{slot}={'|'.join(map(str, of))}" for slot, of in self.values.items())
        return " ".join([self.name, *conditions])

    def is_said_by(self, name: str, conditions: dict[str, str | None]) -> bool:
        """Whether what was said under these conditions is this."""
        return (
            name == self.name
            and conditions.keys() == self.values.keys()
            and all(value in self.values[slot] for slot, value in conditions.items())
        )


def _values(content: dict[str, Any]) -> dict[str, list[str | None]]:
    return {
        one["name"]: one["value"] if isinstance(one["value"], list) else [one["value"]]
        for one in content.get("condition") or []
    }


def rules() -> dict[str, dict[str, Any]]:
    """Every rule by its name."""
    return {rule["rule"]: rule for file in _yaml("rules") for rule in file["rules"]}


class Coverage:
    """Collects what conversations visit."""

    def __init__(self) -> None:
        self.conversations = 0
        self._intents: set[str] = set()
        self._answers = variations()
        self._rules: set[str] = set()
        self._all_rules = rules()

    def add(self, recorded: Recorded) -> None:
        """What one conversation visited."""
        self.conversations += 1
        for event in recorded.events:
            if event["event"] == "user":
                self._intents.add(full_intent(event["parse_data"]))
            elif event["event"] == "bot" and (name := name_of(event)):
                said = (event.get("metadata") or {}).get("condition") or []
                conditions = {one["name"]: one["value"] for one in said}
                self._answers = [v for v in self._answers if not v.is_said_by(name, conditions)]
        for turn in list(_turns(recorded)):  # a turn is whole when the next begins
            for name, rule in self._all_rules.items():
                if _follows(turn, rule):
                    self._rules.add(name)

    def unvisited(self) -> dict[str, list[str]]:
        """What no conversation visited, by kind."""
        return {
            "intents": sorted(intents() - self._intents),
            "answers": sorted(map(str, self._answers)),
            "rules": sorted(self._all_rules.keys() - self._rules),
        }

    def report(self) -> str:
        """How much is visited, and by name what is not."""
        totals = {"intents": len(intents()), "answers": len(variations())}
        totals["rules"] = len(self._all_rules)
        lines = [f"{self.conversations} conversations visit"]
        for kind, missing in self.unvisited().items():
            lines.append(f"  {totals[kind] - len(missing)} of {totals[kind]} {kind}")
            lines += [f"    not {name}" for name in missing]
        return "\n".join(lines)


def _turns(recorded: Recorded) -> Iterator[dict[str, Any]]:
    """Each message with the loop it met, the slots then known, and the actions after it."""
    loop, slots, turn, first = None, {}, None, True
    for event in recorded.events:
        match event["event"]:
            case "user":
                data = event["parse_data"]
                turn = {
                    "intent": (data.get("intent") or {}).get("name"),
                    "entities": {one["entity"] for one in data.get("entities") or []},
                    "loop": loop,
                    "slots": slots,
                    "first": first,
                    "actions": [],
                }
                first = False
                yield turn
            case "active_loop":
                loop = event["name"]
            case "slot":
                slots[event["name"]] = event["value"]
                if turn is not None and not turn["actions"]:
                    turn["slots"] = dict(slots)
            case "action" if turn is not None and event["name"] != "action_listen":
                if event["name"] not in ("action_extract_slots", "action_session_start"):
                    turn["actions"].append(event["name"])


def _follows(turn: dict[str, Any], rule: dict[str, Any]) -> bool:
    """Whether a turn went as a rule says."""
    steps = rule["steps"]
    wanted = [step["action"] for step in steps if "action" in step]
    loops = [one["active_loop"] for one in rule.get("condition", []) if "active_loop" in one]
    if loops and turn["loop"] != loops[0] or rule.get("conversation_start") and not turn["first"]:
        return False
    conditions = [step.get("or", [step]) for step in steps if "action" not in step]
    for options in conditions:
        if "intent" in options[0] and not any(_asks(turn, one) for one in options):
            return False
        if "slot_was_set" in options[0] and not loops and not _slot(turn, options):
            return False
    done = turn["actions"]
    return any(done[at : at + len(wanted)] == wanted for at in range(len(done)))


def _asks(turn: dict[str, Any], step: dict[str, Any]) -> bool:
    # An entity is named, or given as {name: value}.
    entities = {name for entity in step.get("entities", []) for name in _names(entity)}
    return turn["intent"] == step["intent"] and entities <= turn["entities"]


def _names(entity: str | dict[str, str]) -> list[str]:
    return [entity] if isinstance(entity, str) else list(entity)


def _slot(turn: dict[str, Any], options: list[dict[str, Any]]) -> bool:
    pairs = [pair for one in options for slot in one["slot_was_set"] for pair in slot.items()]
    return any(turn["slots"].get(name) == value for name, value in pairs)

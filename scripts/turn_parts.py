"""Where the milliseconds of a turn go, measured in one process without any network.

The conversations of tests/ are held with the newest model; a stopwatch stands at each part of the
graph, at the tracker store and at the actions. What is left is Rasa's own work in between.
"""

from __future__ import annotations

import inspect
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from scripts.bench_turn import conversation
from scripts.in_process import AssistantHere
from scripts.load import CONVERSATIONS

PARTS = {
    "MiniLMFeaturizer": "encoder",
    "MiliaIntentClassifier": "classifier",
    "SafetyPolicy": "policies",
    "QuickRulePolicy": "policies",
    "DefaultPolicyPredictionEnsemble": "policies",
}
"""What the parts of Rasa's graph count as; all others are "rules and entities"."""
OTHER = "Rasa in between"


class Stopwatch:
    """Adds up the seconds that calls take, by part. A part inside another counts for itself."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    def at(self, owner: Any, method: str, part: str) -> None:
        """Measures a method of one object from now on."""
        setattr(owner, method, self._timed(getattr(owner, method), part))

    def _timed(self, call: Callable[..., Any], part: str) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(call):

            async def timed(*given: Any, **named: Any) -> Any:
                began = self._begin()
                try:
                    return await call(*given, **named)
                finally:
                    self._end(began, part)

            return timed

        def timed_too(*given: Any, **named: Any) -> Any:
            began = self._begin()
            try:
                return call(*given, **named)
            finally:
                self._end(began, part)

        return timed_too

    def _begin(self) -> float:
        self._inside.append(0.0)
        return time.perf_counter()

    def _end(self, began: float, part: str) -> None:
        taken = time.perf_counter() - began
        self.seconds[part] += taken - self._inside.pop()
        if self._inside:
            self._inside[-1] += taken


async def parts_of_a_turn(assistant: AssistantHere, every: int = 4) -> dict[str, float]:
    """Milliseconds of a turn on average, by part; of every so many-th conversation."""
    watch = Stopwatch()
    processor = assistant.agent.processor
    for node in processor.graph_runner._instantiated_nodes.values():
        name = node._component_class.__name__
        if name in {"DomainForCoreTrainingProvider", "DomainProvider", "RuleOnlyDataProvider"}:
            continue
        watch.at(node, "_fn", PARTS.get(name, "rules and entities"))
    store = processor.tracker_store
    watch.at(store, "retrieve", "tracker store")
    watch.at(store, "save", "tracker store")
    watch.at(assistant.actions, "request", "actions")
    turns = 0
    whole = time.perf_counter()
    for number, file in enumerate(CONVERSATIONS[::every]):
        turns += len(await conversation(assistant, f"web:parts-{number}", file))
    whole = time.perf_counter() - whole
    watch.seconds[OTHER] = whole - sum(watch.seconds.values())
    longest_first = sorted(watch.seconds.items(), key=lambda part: -part[1])
    return {part: 1000 * taken / turns for part, taken in longest_first}

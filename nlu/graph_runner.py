"""Rasa's graph of components, run step by step in an order that is worked out once."""

from __future__ import annotations

from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner

Step = tuple[str, tuple[str, ...]]


class StepByStep(DaskGraphRunner):
    """Rasa's graph runner, without Dask, which looks for the order anew in each of the four runs
    that a turn takes, and without a line for the log that writes out the whole graph each time."""

    @classmethod
    def in_place_of(cls, runner: DaskGraphRunner) -> StepByStep:
        """A runner of the same graph, with the same components."""
        steps = cls.__new__(cls)
        steps.__dict__.update(runner.__dict__)
        steps._orders = {}
        return steps

    _orders: dict[tuple[str, ...], list[Step]]

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """What the components called ``targets`` give for these inputs."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._orders:
            self._orders[wanted] = self._order(wanted)
        given: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._orders[wanted]:
            given[name] = self._instantiated_nodes[name](*(given.get(n, n) for n in needs))
        return dict(given[name] for name in wanted)

    def _order(self, targets: tuple[str, ...]) -> list[Step]:
        """The components that the targets need, each after those that it needs itself."""
        nodes = self._graph_schema.nodes
        order: dict[str, tuple[str, ...]] = {}

        def add(name: str) -> None:
            if name in nodes and name not in order:
                needs = tuple(nodes[name].needs.values())
                for one in needs:
                    add(one)
                order[name] = needs

        for target in targets:
            add(target)
        return list(order.items())

"""The graph of components is run in an order in which each finds what it needs."""

from __future__ import annotations

import pytest
from rasa.engine.exceptions import GraphComponentException
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from nlu.graph_runner import StepByStep


class Adding(GraphComponent):
    """Adds two numbers, and counts how often."""

    added = 0

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        return cls()

    def add(self, one: int, two: int) -> int:
        Adding.added += 1
        if two > 100:
            raise RuntimeError("too much")
        return one + two


def node(**needs):
    return SchemaNode(
        needs=needs, uses=Adding, fn="add", constructor_name="create", config={}, eager=True
    )


SCHEMA = GraphSchema(
    {
        "last": node(one="middle", two="first"),
        "middle": node(one="first", two="given"),
        "first": node(one="given", two="given"),
        "apart": node(one="given", two="given"),
    }
)


@pytest.fixture
def runner():
    rasas = DaskGraphRunner.create(SCHEMA, None, ExecutionContext(SCHEMA))
    return StepByStep.in_place_of(rasas)


def test_each_component_gets_what_it_needs(runner):
    assert runner.run({"given": 1}, ["last"]) == {"last": 5}
    assert runner.run({"given": 2}, ["last"]) == {"last": 10}


def test_what_no_target_needs_is_not_run(runner):
    Adding.added = 0
    runner.run({"given": 1}, ["middle"])
    assert Adding.added == 2


def test_several_targets_are_given_together(runner):
    assert runner.run({"given": 1}, ["apart", "middle"]) == {"apart": 2, "middle": 3}


def test_a_component_that_fails_fails_the_run(runner):
    with pytest.raises(GraphComponentException):
        runner.run({"given": 101}, ["first"])

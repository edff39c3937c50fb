"""What several rooms' tests share: the running assistant."""

from __future__ import annotations

import os

import pytest

from scripts.postgres import HOW_TO_GET_IT, Postgres, programs
from scripts.servers import Servers

LEFT_OUT = pytest.StashKey[int]()


def pytest_collection_modifyitems(config, items):
    """Without PostgreSQL its tests are left out, and that is said; with REQUIRE_POSTGRESQL, as
    in continuous integration, it is an error."""
    theirs = [item for item in items if item.get_closest_marker("postgresql")]
    if not theirs or programs() is not None:
        return
    if os.environ.get("REQUIRE_POSTGRESQL"):
        raise pytest.UsageError(HOW_TO_GET_IT)
    items[:] = [item for item in items if item not in theirs]
    config.hook.pytest_deselected(items=theirs)
    config.stash[LEFT_OUT] = len(theirs)


def pytest_terminal_summary(terminalreporter, config):
    if number := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{number} tests on PostgreSQL were left out. {HOW_TO_GET_IT}")


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL server."""
    with Postgres() as running:
        yield running


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """Gateway, Rasa and action server, really running, with databases of their own."""
    with Servers(tmp_path_factory.mktemp("servers")) as running:
        yield running
